"""The forms of a deposit: the file and in whose name, then what the portal must know of the invoice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from plainchant.capture.kinds import kinds_in_words
from plainchant.einvoice.codes.cadres import DEPOSITED
from plainchant.einvoice.codes.invoice_types import CHOICES
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drops.operations import MOST_FILES
from plainchant.portal.structures.models import Structure
from plainchant.reader.text import storable
from plainchant.web.drafts.forms import DraftForm
from plainchant.web.fields import FilesField, MultipleFileInput, StructureField

MOST_TOGETHER = 100  # files a browser sends at once: more is an archive (DATA_UPLOAD_MAX_NUMBER_FILES)


class UploadForm(forms.Form):
    """The document; and in whose name, where that is not left to the SIRET that stands on it."""

    seller = StructureField(
        label="Au nom de qui ?", empty_label="La structure dont le SIRET est écrit sur la facture", required=False
    )
    file = FilesField(
        label="Le fichier de votre facture, ou vos fichiers",
        help_text=f"PDF, classeur, traitement de texte, photo ou scan ({kinds_in_words()}) : 10 Mo au plus chacun. "
        f"Plusieurs factures ? Choisissez {MOST_TOGETHER} fichiers au plus, ou une archive .zip de {MOST_FILES}. "
        "Les factures électroniques (XML) vont ici aussi.",
        allow_empty_file=True,  # an empty file gets the operation's own sentence
        max_length=None,
        widget=MultipleFileInput(attrs={"data-max-files": MOST_TOGETHER}),
        error_messages={
            "required": "Choisissez le fichier de votre facture.",
            "invalid": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
            "missing": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
        },
    )

    def __init__(
        self, *args: Any, sellers: QuerySet[Structure], chosen: Structure | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seller"]
        assert isinstance(field, StructureField)  # noqa: S101 - declared above
        proposed = field.offer(sellers) or chosen
        if proposed is not None:
            self.initial["seller"] = proposed.uid

    def clean_file(self) -> list[Upload]:
        files = self.cleaned_data["file"]
        if not files:
            raise forms.ValidationError(self.fields["file"].error_messages["required"])
        return [Upload(file=file, name=storable(file.name or ""), size=file.size or 0) for file in files]


def _amount(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 14})
    )


class InvoiceForm(DraftForm):
    """What the portal must know of a deposited invoice. Every field may stay empty in a draft."""

    no_account = "Celui qui est écrit sur la facture"

    type_code = forms.ChoiceField(label="Est-ce une facture ou un avoir ?", choices=CHOICES, widget=forms.RadioSelect)
    number = forms.CharField(
        label="Numéro de facture",
        help_text="Celui qui est écrit sur la facture. 20 caractères au plus.",
        widget=forms.TextInput(attrs={"size": 22, "autocomplete": "off"}),
    )
    preceding_number = forms.CharField(
        label="Pour un avoir : numéro de la facture d’origine", widget=forms.TextInput(attrs={"size": 22})
    )
    vat_regime = forms.ChoiceField(
        label="Comment la TVA s’applique‑t‑elle ?",
        choices=[(regime.code, regime.label) for regime in VAT_REGIMES],
        widget=forms.RadioSelect,
    )
    tax_exclusive_amount = _amount("Total hors taxes (HT)")
    tax_amount = _amount("Montant de TVA", "0 si vous n’en facturez pas.")
    tax_inclusive_amount = _amount("Total toutes taxes comprises (TTC)")
    payable_amount = _amount("Montant à payer")
    bank_account = forms.ChoiceField(label="Sur quel compte être payé ? (facultatif)")
    billing_framework = forms.ChoiceField(
        label="Dans quel cas êtes-vous ?", choices=DEPOSITED, widget=forms.RadioSelect
    )
    attachments = FilesField(
        label="Pièces jointes (facultatif)",
        help_text="Bon de commande, RIB, attestation… 10 Mo et un nom de 50 caractères au plus par fichier.",
        required=False,
    )

    def routing_attributes(self) -> dict[str, str]:
        address = reverse("deposit_prepare", args=[self.invoice.uid])
        return {**super().routing_attributes(), "hx-post": address, "hx-vals": '{"go": "routing"}'}
