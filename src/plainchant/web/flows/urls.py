"""Flows, under /flux/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.list_flows, name="flows_list"),
    path("deposer/", views.start, name="flows_start"),
    path("<uuid:uid>/", views.show, name="flows_show"),
    path("<uuid:uid>/compte-rendu.csv", views.report, name="flows_report"),
]
