"""Pieces of works, for those who direct the works or for whom they are done, under /travaux/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import acting_on, views

urlpatterns: list[URLPattern] = [
    path("", views.to_do, name="works_list"),
    path("toutes/", views.list_pieces, name="works_all"),
    path("<uuid:uid>/", views.show, name="works_piece"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="works_page"),
    path("<uuid:uid>/document/", views.document, name="works_document"),
    path("<uuid:uid>/copie/", views.copy, name="works_copy"),
    path("<uuid:uid>/oeuvre/repondre/<slug:action>/", acting_on.answer_as_moe, name="works_answer_moe"),
    path("<uuid:uid>/ouvrage/repondre/<slug:action>/", acting_on.answer_as_moa, name="works_answer_moa"),
    path("<uuid:uid>/oeuvre/suivante/<slug:cadre>/", acting_on.next_as_moe, name="works_next_moe"),
    path("<uuid:uid>/ouvrage/suivante/<slug:cadre>/", acting_on.next_as_moa, name="works_next_moa"),
    path("piece/<uuid:uid>/", views.file, name="works_file"),
]
