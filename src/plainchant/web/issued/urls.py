"""Following one's own invoices, under /factures/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import payment, views

urlpatterns: list[URLPattern] = [
    path("", views.list_invoices, name="issued_list"),
    path("<uuid:uid>/", views.show, name="issued_invoice"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="issued_page"),
    path("<uuid:uid>/document/", views.document, name="issued_document"),
    path("<uuid:uid>/copie/", views.copy, name="issued_copy"),
    path("<uuid:uid>/completer/", views.complete, name="issued_complete"),
    path("<uuid:uid>/recycler/", views.recycle, name="issued_recycle"),
    path("<uuid:uid>/paiement/", payment.payment, name="issued_payment"),
    path("piece/<uuid:uid>/", views.file, name="issued_file"),
]
