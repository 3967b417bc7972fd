"""Billing mandates, under /mandats/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("structure/<uuid:uid>/", views.list_mandates, name="mandate_list"),
    path("structure/<uuid:uid>/donner/", views.subscribe, name="mandate_subscribe"),
    path("<uuid:uid>/mandat.pdf", views.document, name="mandate_document"),
    path("<uuid:uid>/revoquer/", views.revoke, name="mandate_revoke"),
    path("<uuid:uid>/joindre/", views.attach, name="mandate_attach"),
    path("piece/<uuid:uid>/", views.file, name="mandate_file"),
]
