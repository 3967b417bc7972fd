"""The public directory, under /annuaire/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.search, name="directory_search"),
    path("<str:siret>/", views.sheet, name="directory_sheet"),
]
