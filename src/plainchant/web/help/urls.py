"""The addresses under /aide/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="help"),
    path("chercher/", views.search, name="help_search"),
    path("mots/", views.terms, name="help_terms"),
    path("questions/", views.questions, name="help_questions"),
    path("qui-aide/", views.who_helps, name="help_who"),
    path("etat/", views.state, name="help_state"),
    path("<slug:slug>/", views.guide, name="help_guide"),
]
