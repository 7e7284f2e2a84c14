"""Addresses of what leaves the station: requests, packages, blurs, and the page that checks packages."""

from __future__ import annotations

from django.urls import URLPattern, path

from luytre.web.views import blurs, evidence, packages

EVIDENCE: list[URLPattern] = [
    path("evidence", evidence.page, name="evidence"),
    path("evidence/blurs", blurs.listing, name="blurs"),
    path("evidence/blurs/new", blurs.new, name="blur_new"),
    path("evidence/blurs/<str:key>", blurs.page, name="blur"),
    path("evidence/blurs/<str:key>/save", blurs.save_drawn, name="blur_save"),
    path("evidence/ask", evidence.ask_for_clip, name="clip_ask"),
    path("evidence/packages", packages.listing, name="packages"),
    path("evidence/packages/new", packages.new, name="package_new"),
    path("evidence/packages/<str:key>", packages.page, name="package"),
    path("evidence/packages/<str:key>/again", packages.try_again, name="package_again"),
    path("evidence/packages/<str:key>/look", packages.look, name="package_look"),
    path("evidence/packages/<str:key>/file", packages.whole, name="package_file"),
    path("evidence/packages/<str:key>/verify", packages.verify_kept, name="package_verify"),
    path("evidence/packages/<str:key>/hand", packages.hand, name="package_hand"),
    path("evidence/packages/<str:key>/destroy", packages.destroy, name="package_destroy"),
    path("evidence/packages/<str:key>/minutes/<int:seq>.pdf", packages.minutes, name="package_minutes"),
    path("kiem-tra-chung-cu", packages.offline_page, name="verifier"),
    path("evidence/<str:key>", evidence.one, name="clip_request"),
    path("evidence/<str:key>/decide", evidence.decide_on_clip, name="clip_decide"),
    path("evidence/<str:key>/package", packages.from_request, name="clip_package"),
]
