"""Processing the invoices one receives, under /recues/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import assigning, lists, paying, processing, views

urlpatterns: list[URLPattern] = [
    path("", lists.to_process, name="received_to_process"),
    path("toutes/", lists.list_invoices, name="received_list"),
    path("export/<slug:extension>/", lists.export, name="received_export"),
    path("telecharger/<slug:kind>/", lists.bundle, name="received_bundle"),
    path("paiements/", paying.payments, name="received_payments"),
    path("paiements/modele.csv", paying.template, name="received_payments_template"),
    path("<uuid:uid>/", views.show, name="received_invoice"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="received_page"),
    path("<uuid:uid>/document/", views.document, name="received_document"),
    path("<uuid:uid>/copie/", views.copy, name="received_copy"),
    path("<uuid:uid>/traiter/<slug:action>/", processing.process, name="received_process"),
    path("<uuid:uid>/payer/<slug:action>/", processing.pay, name="received_pay"),
    path("<uuid:uid>/attribuer/", assigning.assign, name="received_assign"),
    path("lot/attribuer/", assigning.assign_many, name="received_assign_many"),
    path("lot/attribuer/moi/", assigning.assign_many, {"to_me": True}, name="received_take_many"),
    path("lot/traiter/<slug:action>/", processing.process_many, name="received_process_many"),
    path("lot/payer/<slug:action>/", processing.pay_many, name="received_pay_many"),
    path("piece/<uuid:uid>/", views.file, name="received_file"),
]
