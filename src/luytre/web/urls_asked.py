"""Addresses of what residents and authorities ask: to see footage, and about data; the breach file beside them."""

from __future__ import annotations

from django.urls import URLPattern, path

from luytre.web.views import breaches, petition_public, petitions, rights, rights_public

ROUTES: list[URLPattern] = [
    path("xin-xem-hinh", petition_public.ask, name="petition_ask"),
    path("quyen-du-lieu", rights_public.ask, name="rights_ask"),
    path("petitions", petitions.listing, name="petitions"),
    path("petitions/new", petitions.new, name="petition_new"),
    path("petitions/<str:key>", petitions.one, name="petition"),
    path("petitions/<str:key>/hold", petitions.hold, name="petition_hold"),
    path("petitions/<str:key>/write", petitions.write, name="petition_write"),
    path("petitions/<str:key>/note", petitions.note, name="petition_note"),
    path("petitions/<str:key>/decide", petitions.decide, name="petition_decide"),
    path("petitions/<str:key>/show", petitions.show, name="petition_show"),
    path("petitions/<str:key>/absent", petitions.absent, name="petition_absent"),
    path("petitions/<str:key>/sender", petitions.sender, name="petition_sender"),
    path("petitions/<str:key>/clip", petitions.clip, name="petition_clip"),
    path("petitions/<str:key>/scan", petitions.scan, name="petition_scan"),
    path("petitions/<str:key>/paper", petitions.paper, name="petition_paper"),
    path("rights", rights.listing, name="rights"),
    path("rights/new", rights.new, name="right_new"),
    path("rights/breaches", breaches.listing, name="breaches"),
    path("rights/breaches/new", breaches.new, name="breach_new"),
    path("rights/breaches/<str:key>", breaches.one, name="breach"),
    path("rights/breaches/<str:key>/change", breaches.change, name="breach_change"),
    path("rights/breaches/<str:key>/notified", breaches.notified, name="breach_notified"),
    path("rights/breaches/<str:key>/telling", breaches.telling, name="breach_telling"),
    path("rights/breaches/<str:key>/close", breaches.close, name="breach_close"),
    path("rights/breaches/<str:key>/paper", breaches.paper, name="breach_paper"),
    path("rights/dossier", breaches.dossier, name="dossier"),
    path("rights/<str:key>", rights.one, name="right"),
    path("rights/<str:key>/write", rights.write, name="right_write"),
    path("rights/<str:key>/note", rights.note, name="right_note"),
    path("rights/<str:key>/which", rights.which, name="right_which"),
    path("rights/<str:key>/extend", rights.extend, name="right_extend"),
    path("rights/<str:key>/decide", rights.decide, name="right_decide"),
    path("rights/<str:key>/carry", rights.carry, name="right_carry"),
    path("rights/<str:key>/lift", rights.lift, name="right_lift"),
    path("rights/<str:key>/sender", rights.sender, name="right_sender"),
    path("rights/<str:key>/paper", rights.paper, name="right_paper"),
]
