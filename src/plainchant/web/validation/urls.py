"""What one has to validate before the buyer sees it, under /a-valider/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import deciding, views

urlpatterns: list[URLPattern] = [
    path("", views.to_validate, name="validation_list"),
    path("toutes/", views.list_invoices, name="validation_all"),
    path("<uuid:uid>/", views.show, name="validation_invoice"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="validation_page"),
    path("<uuid:uid>/document/", views.document, name="validation_document"),
    path("<uuid:uid>/copie/", views.copy, name="validation_copy"),
    path("<uuid:uid>/repondre/<slug:action>/", deciding.answer, name="validation_answer"),
    path("<uuid:uid>/repondre-en-second/<slug:action>/", deciding.answer_as_second, name="validation_answer_second"),
    path("piece/<uuid:uid>/", views.file, name="validation_file"),
]
