"""The public directory, under /annuaire/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.search, name="directory_search"),
    path("choisir/", views.picker, name="directory_picker"),
    path("<str:siret>/", views.sheet, name="directory_sheet"),
]
