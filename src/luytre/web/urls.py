"""Every address of the web. Each route's name stands in civic.access.permissions."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from luytre.web.views import (
    account,
    audit,
    bookmarks,
    cameras,
    entry,
    errors,
    finding,
    health,
    install,
    internal,
    media,
    pages,
    people,
    quick,
    regulation,
    sheets,
    start,
    wall,
)

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("audit", audit.page, name="audit"),
    path("audit/sheet", audit.sheet, name="audit_sheet"),
    path("audit/verify", audit.verify, name="audit_verify"),
    path("audit/sign", audit.sign_now, name="audit_sign"),
    path("audit/checkpoint", audit.checkpoint, name="audit_checkpoint"),
    path("login", LoginView.as_view(), name="account_login"),
    path("logout", LogoutView.as_view(), name="account_logout"),
    path("password", account.password, name="password"),
    path("enter/<str:secret>", entry.enter, name="enter"),
    path("account", account.page, name="account"),
    path("account/sessions/<int:pk>/end", account.end_session, name="account_session_end"),
    path("account/sessions/end", account.end_other_sessions, name="account_sessions_end"),
    path("account/again", ReauthenticateView.as_view(), name="account_reauthenticate"),
    # allauth's own names for its pages: it leads from one to the other by them.
    path("account/second-step", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("account/second-step/code", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-step/again", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/again/key", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-step/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/keys", RedirectView.as_view(pattern_name="account"), name="mfa_list_webauthn"),
    path("account/second-step/keys/add", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-step/keys/<int:pk>/edit", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-step/keys/<int:pk>/remove", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/second-step/codes", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("people", people.listing, name="people"),
    path("people/add", people.add, name="person_add"),
    path("people/<int:pk>", people.one, name="person"),
    path("people/<int:pk>/edit", people.edit, name="person_edit"),
    path("people/<int:pk>/assign", people.give_role, name="person_assign"),
    path("people/<int:pk>/assignments/<int:number>/end", people.end_role, name="person_assignment_end"),
    path("people/<int:pk>/link", people.link, name="person_link"),
    path("people/<int:pk>/switch", people.switch_account, name="person_switch"),
    path("people/<int:pk>/sessions/end", people.end_sessions, name="person_sessions"),
    path("people/<int:pk>/second-step/remove", people.remove_second_step, name="person_second_step"),
    path("language", account.language, name="language"),
    path("theme", account.theme, name="theme"),
    path("wall", pages.wall, name="wall"),
    path("wall/order", wall.order, name="wall_order"),
    path("playback", pages.playback, name="playback"),
    path("cameras", cameras.listing, name="cameras"),
    path("cameras/add", cameras.add, name="camera_add"),
    path("cameras/try", cameras.try_out, name="camera_try"),
    path("cameras/sheet/<str:kind>", sheets.export, name="camera_export"),
    path("cameras/import", sheets.bring_in, name="camera_import"),
    path("cameras/find", finding.page, name="camera_find"),
    path("cameras/find/now", finding.now, name="camera_find_now"),
    path("cameras/find/device", finding.device, name="camera_device"),
    path("cameras/<str:key>", cameras.one, name="camera"),
    path("cameras/<str:key>/edit", cameras.edit, name="camera_edit"),
    path("cameras/<str:key>/switch", cameras.switch, name="camera_switch"),
    path("cameras/<str:key>/remove", cameras.remove, name="camera_remove"),
    path("start", start.guide, name="start"),
    path("start/leave", start.leave, name="start_leave"),
    path("settings", start.settings_page, name="settings"),
    path("regulation", regulation.page, name="regulation"),
    path("regulation/version/<int:version>", regulation.one, name="regulation_version"),
    path("regulation/version/<int:version>/paper/<str:form>", regulation.paper, name="regulation_paper"),
    path("regulation/draft", regulation.draft_page, name="regulation_draft"),
    path("regulation/draft/approve", regulation.approving, name="regulation_approve"),
    path("regulation/draft/discard", regulation.discard, name="regulation_discard"),
    path("regulation/draft/paper/<str:form>", regulation.draft_paper, name="regulation_draft_paper"),
    path("regulation/draft/<str:section>", regulation.section, name="regulation_section"),
    path("find", quick.find, name="find"),
    path("health", health.page, name="health"),
    path("health/now", health.now, name="health_now"),
    path("cameras/<str:key>/health", health.of_camera, name="camera_health"),
    path("media/token", media.token, name="media_token"),
    path("export", media.export, name="export"),
    path("bookmarks", bookmarks.bookmarks, name="bookmarks"),
    path("bookmarks/<str:key>/delete", bookmarks.bookmark_delete, name="bookmark_delete"),
    path("bookmarks/<str:key>/restore", bookmarks.bookmark_restore, name="bookmark_restore"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.service_worker, name="service_worker"),
    path("offline", install.offline, name="offline"),
    path("alive", internal.alive, name="alive"),
    path("internal/recorder/config", internal.recorder_config, name="recorder_config"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
