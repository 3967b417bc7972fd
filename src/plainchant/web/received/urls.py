"""Processing the invoices one receives, under /recues/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.to_process, name="received_to_process"),
    path("toutes/", views.list_invoices, name="received_list"),
    path("<uuid:uid>/", views.show, name="received_invoice"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="received_page"),
    path("<uuid:uid>/document/", views.document, name="received_document"),
    path("<uuid:uid>/copie/", views.copy, name="received_copy"),
    path("<uuid:uid>/traiter/<slug:action>/", views.process, name="received_process"),
    path("<uuid:uid>/payer/<slug:action>/", views.pay, name="received_pay"),
    path("piece/<uuid:uid>/", views.file, name="received_file"),
]
