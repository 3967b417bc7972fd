"""Drop a file, read whether it will be accepted. No row, no stored file, no name in a log: the answer is the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import PUBLIC
from plainchant.einvoice.channels import CHANNEL_OF, CHANNELS, CHORUS, Channel
from plainchant.einvoice.codes.attachments import MEBIBYTE, megabytes
from plainchant.portal.directory.verdicts import recipient_layer
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.reader.sandbox import Pool, check_invoice
from plainchant.web.account.limits import too_many
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.verify.holding import held_in_memory

MAX_MB = 20
SHOWN = 60  # findings of one layer on the page

# Layer → (its name in words, what it is).
LAYERS = {
    "wellformed": ("Le fichier se lit", "Il s’ouvre, et contient bien des données de facture."),
    "schema": ("Il suit son format", "Chaque élément est à la place prévue par le format."),
    "chorus": ("Chorus Pro", "Ce que Chorus Pro demande. Cela décide pour une facture déposée chez lui."),
    "recipient": ("Le destinataire", "Ce que l’annuaire dit qu’il demande : service, numéro d’engagement."),
    "en16931": (
        "La norme européenne",
        "EN 16931. Elle décide pour une plateforme agréée ; Chorus Pro ne la contrôle pas.",
    ),
    "fr": (
        "Les règles françaises de la réforme",
        "BR-FR. Elles décident pour une plateforme agréée depuis le 1er septembre 2026.",
    ),
    "cpro": (
        "La réforme, pour le secteur public",
        "BR-FR-CPRO. Ce que Chorus Pro attend d’une plateforme ; une remarque ne bloque rien ici.",
    ),
}


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="Votre facture",
        help_text="Un fichier XML (UBL, CII) ou un PDF Factur-X, 20 Mo au plus.",
        error_messages={
            "required": "Choisissez un fichier : cliquez sur le champ, ou faites-le glisser dessus.",
            "empty": "Ce fichier est vide. Choisissez celui qui contient la facture.",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_MB * MEBIBYTE:
            raise forms.ValidationError(
                f"Ce fichier pèse {megabytes(file.size)} ; {MAX_MB} Mo au plus peuvent être vérifiés ici. "
                "Allégez les pièces jointes."
            )
        return file


@held_in_memory(MAX_MB * MEBIBYTE)
@page(get=PUBLIC, post=PUBLIC)
def verify(request: HttpRequest) -> HttpResponse:
    """The form; and after it, the answer."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if request.method == "POST":
        answer = too_many(request, action="verify")
        if answer is not None:
            return answer
        if form.is_valid():
            file = form.cleaned_data["file"]
            with refusals_on(form):
                # Who has no account takes no place of those who deposit.
                pool = Pool.PEOPLE if request.user.is_authenticated else Pool.STRANGERS
                verdict = check_invoice(file.read(), at=day_in_paris(now()), pool=pool)
                shown = _shown(verdict, recipient_layer(verdict["addressed"], day=day_in_paris(now())))
                return render(request, "verify/result.html", {"verdict": shown, "name": file.name[:80]})
    return render(request, "verify/form.html", {"form": form}, status=422 if form.errors else 200)


def _shown(verdict: dict[str, Any], recipient: dict[str, Any] | None) -> dict[str, Any]:
    """The verdict in the words of the page: what stops first, the rest folded."""
    layers = list(verdict["layers"])
    channel = CHANNEL_OF.get(verdict["channel"], CHORUS)
    deciding = (*channel.deciding, *(("recipient",) if channel is CHORUS else ()))
    if recipient is not None:
        layers.insert(layers.index(next(story for story in layers if story["name"] == "chorus")) + 1, recipient)
    stops = [
        _finding(finding)
        for layer in layers
        if layer["name"] in deciding
        for finding in layer["findings"]
        if finding["severity"] == "fatal"
    ]
    is_plain_pdf = any(finding["rule"] == "FX-ABSENT" for layer in layers for finding in layer["findings"])
    return {
        "accepted": verdict["verdict"] == "accepted" and not stops,
        "is_plain_pdf": is_plain_pdf,
        "through": channel.through,
        "channels": [_channel(row, verdict["channels"].get(row.name.value)) for row in CHANNELS],
        "kind": verdict["kind"],
        "facts": [{"label": label, "value": value} for label, value in verdict["facts"]],
        "stops": stops[:SHOWN],
        "more_stops": max(0, len(stops) - SHOWN),
        "layers": [_layer(layer, deciding) for layer in layers],
    }


def _channel(channel: Channel, answer: dict[str, Any] | None) -> dict[str, Any]:
    """What one channel would say, with the first reason it gives."""
    answer = answer or {"verdict": "refused", "why": []}
    why = answer["why"]
    return {
        "label": channel.label,
        "accepted": answer["verdict"] == "accepted",
        "why": why[0]["message"] if why else "",
        "more": max(0, len(why) - 1),
    }


def _layer(layer: dict[str, Any], deciding: tuple[str, ...]) -> dict[str, Any]:
    title, explanation = LAYERS[layer["name"]]
    fatal = sum(finding["severity"] == "fatal" for finding in layer["findings"])
    words = {"valid": "rien à redire", "skipped": "non vérifié"}.get(layer["status"], "")
    if layer["status"] == "invalid" and layer["name"] not in deciding:
        words = "une remarque, sans effet aujourd’hui" if fatal == 1 else f"{fatal} remarques, sans effet aujourd’hui"
    elif layer["status"] == "invalid":
        words = "un point à corriger" if fatal == 1 else f"{fatal} points à corriger"
    warnings = len(layer["findings"]) - fatal
    if warnings:
        looked_at = "un point à regarder" if warnings == 1 else f"{warnings} points à regarder"
        words = looked_at if layer["status"] == "valid" else f"{words}, {looked_at}"
    return {
        "title": title,
        "told": layer.get("why") or explanation,
        "words": words,
        "findings": [_finding(finding) for finding in layer["findings"][:SHOWN]],
        "more": max(0, len(layer["findings"]) - SHOWN),
    }


def _finding(finding: dict[str, Any]) -> dict[str, str]:
    where = f"ligne {finding['line']} du fichier" if finding["line"] else ""
    terms = ", ".join(finding["terms"])
    return {
        "what": finding["message"],
        "official": " · ".join(part for part in (finding["rule"], terms, where) if part),
    }
