"""Figures of public bodies, under /statistiques/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.bodies, name="open_figures"),
    path("organismes.csv", views.file, name="open_figures_file"),
    path("<str:siret>/", views.body, name="open_figures_body"),
]
