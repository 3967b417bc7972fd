"""Handing in an invoice, under /deposer/."""

from __future__ import annotations

from django.urls import URLPattern, path

from plainchant.web.drafts import attachments

from . import issuers, lots, sending, several, views

urlpatterns: list[URLPattern] = [
    path("", views.start, name="deposit_start"),
    path("modele/", views.template, name="deposit_template"),
    path("<uuid:uid>/", views.prepare, name="deposit_prepare"),
    path("<uuid:uid>/lecture/", views.reading_progress, name="deposit_recognition"),
    path("<uuid:uid>/destinataire/", views.recipient, name="deposit_recipient"),
    path("<uuid:uid>/emetteur/", issuers.of_draft, name="deposit_issuer"),
    path("fichier/<uuid:uid>/", issuers.of_file, name="drop_issuer"),
    path("fichier/<uuid:uid>/page/<int:number>.png", issuers.page_picture, name="drop_page"),
    path("lot/<uuid:uid>/", lots.show, name="drop_show"),
    path("lot/<uuid:uid>/envoyer/", lots.send, name="drop_send"),
    path("lot/<uuid:uid>/electroniques/", lots.send_electronic, name="drop_electronic"),
    path("<uuid:uid>/electronique/", sending.as_flow, name="deposit_as_flow"),
    path("<uuid:uid>/verifier/", sending.check, name="deposit_check"),
    path("<uuid:uid>/separer/", several.split, name="deposit_split"),
    path("<uuid:uid>/document-entier/", several.original, name="deposit_original"),
    path("<uuid:uid>/envoyer/", sending.send, name="deposit_send"),
    path("<uuid:uid>/envoyee/", sending.sent, name="deposit_sent"),
    path("<uuid:uid>/certificat/", sending.certificate, name="deposit_certificate"),
    path("<uuid:uid>/supprimer/", views.delete, name="deposit_delete"),
    path("piece/<uuid:uid>/retirer/", attachments.detach, name="deposit_detach"),
]
