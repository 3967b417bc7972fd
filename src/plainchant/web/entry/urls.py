"""Entering an invoice on screen, under /saisir/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import again, attachments, commitment, questions, sending, settings, sheet, start

urlpatterns: list[URLPattern] = [
    path("", start.start, name="entry_start"),
    path("structure/<uuid:uid>/", settings.settings, name="entry_settings"),
    path("<uuid:uid>/", sheet.sheet, name="entry_sheet"),
    path("<uuid:uid>/qui-etes-vous/", questions.preset, name="entry_preset"),
    path("<uuid:uid>/destinataire/", questions.recipient, name="entry_recipient"),
    path("<uuid:uid>/travail/", questions.work, name="entry_work"),
    path("<uuid:uid>/montant/", questions.amount, name="entry_amount"),
    path("<uuid:uid>/totaux/", sheet.totals, name="entry_totals"),
    path("<uuid:uid>/adresse/", sheet.routing, name="entry_routing"),
    path("<uuid:uid>/numero/", sheet.number, name="entry_number"),
    path("<uuid:uid>/coller/", sheet.paste, name="entry_paste"),
    path("<uuid:uid>/engagement/", commitment.commitment, name="entry_commitment"),
    path("<uuid:uid>/pieces/", attachments.attachments, name="entry_attachments"),
    path("<uuid:uid>/verifier/", sending.check_entry, name="entry_check"),
    path("<uuid:uid>/apercu/<int:number>.png", sending.preview, name="entry_preview"),
    path("<uuid:uid>/apercu.pdf", sending.preview_file, name="entry_preview_file"),
    path("<uuid:uid>/envoyer/", sending.send, name="entry_send"),
    path("<uuid:uid>/envoyee/", sending.sent, name="entry_sent"),
    path("<uuid:uid>/donnees/", sending.codings, name="entry_codings"),
    path("<uuid:uid>/donnees/<str:coding>/<str:syntax>.xml", sending.file, name="entry_file"),
    path("<uuid:uid>/note/", sending.note, name="entry_note"),
    path("<uuid:uid>/copier/", again.duplicate, name="entry_duplicate"),
    path("<uuid:uid>/refaire/", again.reissue, name="entry_reissue"),
    path("<uuid:uid>/avoir/", again.credit, name="entry_credit"),
    path("<uuid:uid>/supprimer/", again.delete, name="entry_delete"),
]
