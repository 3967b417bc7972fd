"""The content of the style pages: invented people, every part in every state."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace as Part
from typing import Any

from django import forms
from django.core.paginator import Paginator

from plainchant.web.forms_rendering import DayInput
from plainchant.web.templatetags.plainchant import money

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 13, 32, tzinfo=dt.UTC)


class QuestionsForm(forms.Form):
    """One field of each kind."""

    buyer = forms.CharField(
        label="Le nom ou le SIRET de la mairie",
        help_text="Par exemple « Saint-Amarin » ou 219 900 014 00019.",
        error_messages={"required": "Écrivez le nom ou le SIRET de la mairie qui a commandé."},
    )
    service = forms.CharField(
        label="Le service à facturer (code service)",
        required=False,
        max_length=20,
        help_text="Il est écrit sur la commande. Sans indication, laissez vide.",
    )
    number = forms.CharField(label="Le numéro de votre facture", max_length=20)
    issue_date = forms.DateField(label="La date de la facture", widget=DayInput)
    amount = forms.DecimalField(
        label="Le total à payer, en euros",
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}),
    )
    framework = forms.ChoiceField(
        label="Quelle facture est-ce ? (cadre de facturation)",
        choices=[
            ("A1", "Une facture que la mairie doit payer (A1)"),
            ("A2", "Une facture déjà payée par la mairie (A2)"),
        ],
        widget=forms.RadioSelect,
        help_text="La plupart des artistes choisissent la première.",
    )
    kind = forms.ChoiceField(label="Facture ou avoir", choices=[("380", "Facture"), ("381", "Avoir")])
    notify = forms.BooleanField(
        label="M’écrire à chaque changement", required=False, help_text="À marie@lumen.example."
    )
    comment = forms.CharField(label="Un mot pour la mairie", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    locked = forms.CharField(label="Votre structure", disabled=True, initial="Atelier Lumen")
    document = forms.FileField(
        label="Votre facture",
        help_text="Un PDF ou une photo, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,image/*", "data-max-bytes": 10 * 1024 * 1024}),
    )

    def clean_number(self) -> None:
        raise forms.ValidationError(
            "Le numéro F-2026-001 existe déjà : vous l’avez utilisé le 12 mars. "
            "Choisissez-en un autre ; nous proposons F-2026-014."
        )


class ReasonForm(forms.Form):
    """What a refusal must say."""

    reason = forms.CharField(
        label="Le motif, tel que l’artiste le lira", max_length=255, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReadingForm(forms.Form):
    """What was read from a document."""

    doc_number = forms.CharField(label="Numéro de la facture", max_length=20)
    doc_date = forms.DateField(label="Date de la facture", widget=DayInput)
    doc_total = forms.CharField(
        label="Total à payer, en euros", widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10})
    )
    doc_order = forms.CharField(
        label="Numéro de commande (engagement)", required=False, help_text="Nous ne l’avons pas trouvé sur le document."
    )


def status(shape: str, word: str, official: str) -> Part:
    return Part(shape=shape, word=word, official=official)


STATUSES = [
    status("waiting", "Chez la mairie", "Mise à disposition du destinataire (03)"),
    status("needs_you", "À vous de compléter", "Suspendue (06)"),
    status("moving", "Paiement ordonné", "Mandatée (08)"),
    status("paid", "Payée", "Mise en paiement (11)"),
    status("stopped", "Rejetée", "Rejetée (05)"),
]

SELLERS = [
    "Atelier Lumen",
    "Compagnie du Grand Pas",
    "Marie-Ange de La Tour, céramiste",
    "Quatuor Orlando",
    "Studio Ébène",
]


def row(number: int) -> Part:
    received = dt.date(2026, 10, 28) + dt.timedelta(days=number)
    return Part(
        id=f"f{number}",
        url=f"#facture-{number}",
        name=f"la facture F-2026-{number:03}",
        cells=[
            f"F-2026-{number:03}",
            SELLERS[number % 5],
            "48213097600015",
            received,
            received + dt.timedelta(days=30),
            money(Decimal("1234.56") * number),
            STATUSES[number % 5],
        ],
    )


def place(field: str, label: str, value: str, box: tuple[float, float, float, float]) -> Part:
    x, y, w, h = box
    return Part(field_id=f"id_{field}", label=label, value=value, x=x, y=y, w=w, h=h)


def content() -> dict[str, Any]:
    """The context of the style pages."""
    data = {
        "issue_date": "2026-11-03",
        "amount": "1 240,00",
        "number": "F-2026-001",
        "framework": "A1",
        "kind": "380",
        "notify": "on",
    }
    return {
        "now": NOW,
        "today": TODAY,
        "due": dt.date(2026, 12, 3),
        "siret": "48213097600015",
        "size": 1_284_000,
        "amount": Decimal("1240.00"),
        "sentence": "La mairie a votre facture depuis le 3 novembre. "
        "Elle doit vous payer avant le jeudi 3 décembre 2026.",
        "steps": [
            Part(label="Votre document", state="done", url="#document"),
            Part(label="Ce qui est lu", state="done", url="#lecture"),
            Part(label="La mairie", state="current", url=""),
            Part(label="Relire et envoyer", state="next", url=""),
        ],
        "form": QuestionsForm(data),
        "reason": ReasonForm(),
        "reading": ReadingForm(
            initial={"doc_number": "2026-014", "doc_date": dt.date(2026, 11, 3), "doc_total": "1 240,00"}
        ),
        "statuses": STATUSES,
        "findings": [
            Part(
                where="Numéro de commande",
                field_id="id_service",
                what="cette mairie l’exige et il manque.",
                mend="Il est en haut de la lettre de commande. Sans lettre, demandez-le à la mairie.",
                official="Contrôle du destinataire : engagement obligatoire",
            ),
            Part(
                where="Total à payer",
                field_id="id_amount",
                what="1 240,00 € ne suit pas des lignes, qui font 1 204,00 €.",
                mend="Corrigez le total ou la ligne 2.",
            ),
        ],
        "warnings": [
            Part(
                where="Date", field_id="id_issue_date", what="la facture a plus de deux mois.", mend="Vérifiez l’année."
            )
        ],
        "facts": [
            Part(label="De", value="Atelier Lumen", note="SIRET 482 130 976 00015"),
            Part(
                label="À",
                value="Commune de Saint-Amarin-sur-Loue",
                note="Service des affaires culturelles (code service CULT-02)",
                change_url="#mairie",
            ),
            Part(label="Numéro de commande", value="BC-2026-0418", note="Engagement juridique", change_url="#commande"),
            Part(label="À payer avant", value="jeudi 3 décembre 2026"),
        ],
        "amounts": [
            Part(label="Total hors taxes", amount=Decimal("1033.33")),
            Part(label="TVA", amount=Decimal("206.67"), note="20 %", changed=True),
            Part(label="À payer", amount=Decimal("1240.00")),
        ],
        "events": [
            Part(sentence="La mairie doit vous payer.", expected_on=dt.date(2026, 12, 3)),
            Part(
                sentence="La mairie demande une pièce : le délai s’arrête.",
                at=dt.datetime(2026, 11, 12, 9, 5, tzinfo=dt.UTC),
                who="Service comptable, Saint-Amarin",
                why="Merci de joindre le bon de livraison signé.",
                official="Suspendue (06)",
                shape="needs_you",
            ),
            Part(
                sentence="La mairie a votre facture : elle a trente jours pour payer.",
                at=dt.datetime(2026, 11, 3, 14, 2, tzinfo=dt.UTC),
                official="Mise à disposition (03)",
            ),
            Part(
                sentence="Vous envoyez la facture.",
                at=dt.datetime(2026, 11, 3, 13, 58, tzinfo=dt.UTC),
                who="Marie Lumen",
                official="Déposée (01)",
            ),
        ],
        "views": [
            Part(label="À traiter", url="#1", count=12, current=True),
            Part(label="Délai proche", url="#2", count=3, current=False),
            Part(label="Sans commande", url="#3", count=0, current=False),
            Part(label="Toutes", url="#4", count=683, current=False),
        ],
        "columns": [
            Part(label="Numéro", kind="number", sort_url="#n"),
            Part(label="De", kind="text", sort_url="#d"),
            Part(label="SIRET", kind="siret"),
            Part(label="Reçue", kind="day", sort_url="#r", sorted="ascending"),
            Part(label="À payer avant", kind="day", sort_url="#p"),
            Part(label="À payer", kind="money", sort_url="#m"),
            Part(label="Où en est-elle", kind="status"),
        ],
        "rows": [row(number) for number in range(1, 9)],
        "bulk_actions": [
            Part(name="action", value="take", label="Prendre en compte"),
            Part(name="action", value="download", label="Télécharger"),
        ],
        "page": Paginator(range(683), 50).page(3),
        "unseen": Part(
            title="2026-015.xml",
            data_url="#xml",
            trouble="Sa page n’a pas pu être dessinée. Toutes ses données sont là : téléchargez-les.",
        ),
        "viewer": Part(
            title="facture-atelier-lumen.pdf",
            download_url="#pdf",
            pages=[
                Part(
                    number=1,
                    image_url="/page.png",
                    width=827,
                    height=1170,
                    alt="Facture 2026-014 de l’Atelier Lumen",
                    places=[
                        place("doc_number", "Numéro de la facture", "2026-014", (0.62, 0.085, 0.22, 0.03)),
                        place("doc_date", "Date de la facture", "3 novembre 2026", (0.62, 0.125, 0.26, 0.03)),
                        place("doc_total", "Total à payer", "1 240,00", (0.74, 0.605, 0.17, 0.035)),
                    ],
                    words=[Part(text="BC-2026-0418", x=0.25, y=0.315, w=0.18, h=0.025)],
                )
            ],
        ),
    }
