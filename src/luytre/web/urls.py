"""Every address of the web. Each route's name stands in civic.access.permissions."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.urls import URLPattern, path

from luytre.web.views import account, bookmarks, cameras, errors, health, internal, media, pages

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("login", LoginView.as_view(), name="account_login"),
    path("logout", LogoutView.as_view(), name="account_logout"),
    path("password", account.password, name="password"),
    path("language", account.language, name="language"),
    path("theme", account.theme, name="theme"),
    path("wall", pages.wall, name="wall"),
    path("playback", pages.playback, name="playback"),
    path("cameras", cameras.listing, name="cameras"),
    path("cameras/add", cameras.add, name="camera_add"),
    path("cameras/try", cameras.try_out, name="camera_try"),
    path("cameras/<str:key>", cameras.one, name="camera"),
    path("cameras/<str:key>/edit", cameras.edit, name="camera_edit"),
    path("cameras/<str:key>/switch", cameras.switch, name="camera_switch"),
    path("cameras/<str:key>/remove", cameras.remove, name="camera_remove"),
    path("health", health.page, name="health"),
    path("health/now", health.now, name="health_now"),
    path("media/token", media.token, name="media_token"),
    path("export", media.export, name="export"),
    path("bookmarks", bookmarks.bookmarks, name="bookmarks"),
    path("bookmarks/<str:key>/delete", bookmarks.bookmark_delete, name="bookmark_delete"),
    path("bookmarks/<str:key>/restore", bookmarks.bookmark_restore, name="bookmark_restore"),
    path("alive", internal.alive, name="alive"),
    path("internal/recorder/config", internal.recorder_config, name="recorder_config"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
