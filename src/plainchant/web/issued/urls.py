"""Following one's own invoices, under /factures/."""

from __future__ import annotations

from django.urls import URLPattern, path

from plainchant.web.works import acting_on

from . import claiming, dashboard, expected, payment, reminding, views, works

urlpatterns: list[URLPattern] = [
    path("", views.list_invoices, name="issued_list"),
    path("export/<slug:extension>/", views.export, name="issued_export"),
    path("telecharger/<slug:kind>/", views.bundle, name="issued_bundle"),
    path("<uuid:uid>/", views.show, name="issued_invoice"),
    path("<uuid:uid>/page/<int:number>.png", views.page_picture, name="issued_page"),
    path("<uuid:uid>/document/", views.document, name="issued_document"),
    path("<uuid:uid>/copie/", views.copy, name="issued_copy"),
    path("<uuid:uid>/completer/", views.complete, name="issued_complete"),
    path("<uuid:uid>/recycler/", views.recycle, name="issued_recycle"),
    path("<uuid:uid>/classer-le-refus/", views.close_rejection, name="issued_close_rejection"),
    path("<uuid:uid>/valideur/", views.name_validator, name="issued_name_validator"),
    path("<uuid:uid>/maitre-d-oeuvre/", works.name_moe, name="issued_name_moe"),
    path("<uuid:uid>/maitre-d-ouvrage/", works.name_moa, name="issued_name_moa"),
    path("<uuid:uid>/completer-la-piece/", works.complete_for_moe, name="issued_complete_for_moe"),
    path("<uuid:uid>/refuser-le-decompte/", works.refuse_general, name="issued_refuse_general"),
    path("<uuid:uid>/suivante/<slug:cadre>/", acting_on.next_as_seller, name="issued_next_piece"),
    path("<uuid:uid>/paiement/", payment.payment, name="issued_payment"),
    path("<uuid:uid>/relancer/", reminding.remind, name="issued_remind"),
    path("<uuid:uid>/demande-interets/", claiming.letter, name="issued_claim_letter"),
    path("<uuid:uid>/facturer-interets/", claiming.invoice_it, name="issued_claim_invoice"),
    path("<uuid:uid>/dossier/", claiming.dossier, name="issued_dossier"),
    path("tableau-de-bord/", dashboard.show, name="issued_dashboard"),
    path("tableau-de-bord/<slug:table>.csv", dashboard.file, name="issued_dashboard_file"),
    path("echeances/", expected.expected, name="issued_expected"),
    path("echeances/<str:token>.ics", expected.feed, name="issued_calendar"),
    path("piece/<uuid:uid>/", views.file, name="issued_file"),
]
