"""The addresses under /aide/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="help"),
    path("chercher/", views.search, name="help_search"),
    path("<slug:slug>/", views.guide, name="help_guide"),
]
