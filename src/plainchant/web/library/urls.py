"""Documents kept at hand, under /pieces/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.shelves, name="library_list"),
    path("ajouter/", views.add_own, name="library_add"),
    path("structure/<uuid:uid>/ajouter/", views.add_for_structure, name="library_structure_add"),
    path("<uuid:uid>/", views.edit, name="library_edit"),
    path("<uuid:uid>/fichier/", views.file, name="library_file"),
    path("<uuid:uid>/retirer/", views.remove, name="library_remove"),
]
