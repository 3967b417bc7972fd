"""The forms of a deposit. They read what French people type; they never decide whether an invoice is acceptable."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from plainchant.capture.amounts import parse_digits
from plainchant.capture.dates import dates_in
from plainchant.einvoice.codes.cadres import DEPOSITED, ORDINARY
from plainchant.einvoice.codes.invoice_types import CHOICES, INVOICE
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import BankAccount, Service, Structure
from plainchant.portal.structures.queries import public_bodies, services_open_on
from plainchant.reader.text import storable

_AMOUNT = re.compile(r"(?P<sign>[-−]\s?)?(?P<digits>\d[\d\s.,'’]*)")


class AmountField(forms.CharField):
    """1 234,56 as French people write it → Decimal('1234.56'). Empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "size": 14}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip().rstrip("€").strip()
        if not text:
            return None
        written = _AMOUNT.fullmatch(text)
        try:
            amount = parse_digits(written["digits"]) if written else None
        except InvalidOperation:
            amount = None
        if written is None or amount is None:
            raise forms.ValidationError(
                f"« {text[:30]} » n’est pas un montant. Écrivez par exemple 1 234,56.", code="amount"
            )
        if written["sign"]:
            amount = -amount
        exponent = amount.as_tuple().exponent
        if abs(amount) >= Decimal(10) ** 12 or (isinstance(exponent, int) and exponent < -6):
            raise forms.ValidationError(
                "Un montant compte au plus 12 chiffres avant la virgule et 6 après.", code="amount"
            )
        return amount


class DateField(forms.CharField):
    """12/03/2026 or « 12 mars 2026 » → date. Empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 14, "placeholder": ""}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        found = dates_in(plain)
        if len(found) != 1 or plain[: found[0].start].strip() or plain[found[0].end :].strip():
            raise forms.ValidationError(
                f"« {text[:30]} » n’est pas une date. Écrivez le jour, le mois et l’année : 12/03/2026.", code="date"
            )
        return found[0].value


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        # Sizes, names and extensions are the operation's to judge: one sentence, in one place.
        return [item for item in (data if isinstance(data, list) else [data]) if item]

    def to_python(self, data: Any) -> Any:
        return data


class UploadForm(forms.Form):
    """The document, and in whose name."""

    seller = forms.ModelChoiceField(
        label="Au nom de quelle structure ?", queryset=Structure.objects.none(), to_field_name="uid", empty_label=None
    )
    file = forms.FileField(
        label="Le fichier de votre facture",
        help_text="PDF, classeur (.xlsx, .xls, .ods) ou image (.jpg, .png). "
        "10 Mo au plus, une seule facture par fichier.",
        allow_empty_file=True,  # an empty file gets the operation's own sentence
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".pdf,.xlsx,.xls,.ods,.jpg,.jpeg,.png"}),
        error_messages={
            "required": "Choisissez le fichier de votre facture.",
            "invalid": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
            "missing": "Le fichier n’est pas arrivé. Choisissez-le de nouveau.",
        },
    )

    def __init__(self, *args: Any, sellers: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seller"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = sellers
        only = list(sellers[:2])
        if len(only) == 1:
            field.widget = forms.HiddenInput()
            self.initial["seller"] = only[0].uid


class InvoiceForm(forms.Form):
    """What the portal must know of a deposited invoice. Every field may stay empty in a draft."""

    marks_optional = False

    buyer = forms.CharField(
        label="Destinataire : son SIRET",
        help_text="14 chiffres. Vous ne l’avez pas ? Cherchez par nom ou par ville dans l’annuaire.",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric", "autocomplete": "off"}),
    )
    buyer_service = forms.ChoiceField(label="Service à facturer (code service)", required=False)
    commitment = forms.CharField(
        label="Numéro d’engagement",
        help_text="Ou numéro de bon de commande. C’est l’acheteur qui vous le donne avec sa commande.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 30}),
    )
    contract = forms.CharField(
        label="Numéro de marché (facultatif)",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 30}),
    )
    type_code = forms.ChoiceField(
        label="Est-ce une facture ou un avoir ?",
        choices=CHOICES,
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label="Numéro de facture",
        help_text="Celui qui est écrit sur la facture. 20 caractères au plus.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 22, "autocomplete": "off"}),
    )
    preceding_number = forms.CharField(
        label="Pour un avoir : numéro de la facture d’origine",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 22}),
    )
    issue_date = DateField(label="Date de la facture", help_text="Par exemple 12/03/2026.", required=False)
    vat_regime = forms.ChoiceField(
        label="Comment la TVA s’applique-t-elle ?",
        choices=[(regime.code, regime.label) for regime in VAT_REGIMES],
        required=False,
        widget=forms.RadioSelect,
    )
    tax_exclusive_amount = AmountField(label="Total hors taxes (HT)", required=False)
    tax_amount = AmountField(label="Montant de TVA", help_text="0 si vous n’en facturez pas.", required=False)
    tax_inclusive_amount = AmountField(label="Total toutes taxes comprises (TTC)", required=False)
    payable_amount = AmountField(label="Montant à payer", required=False)
    currency = forms.CharField(
        label="Monnaie",
        help_text="EUR pour l’euro.",
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"size": 4}),
    )
    bank_account = forms.ChoiceField(label="Sur quel compte être payé ? (facultatif)", required=False)
    billing_framework = forms.ChoiceField(
        label="Est-elle déjà payée ?",
        choices=DEPOSITED,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label="Un mot pour le destinataire (facultatif)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attachments = FilesField(
        label="Pièces jointes (facultatif)",
        help_text="Bon de commande, RIB, attestation… 10 Mo et un nom de 50 caractères au plus par fichier.",
        required=False,
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        self.body = self._find_body()
        if "attachments" in self.fields:  # the draft's own form: what the recipient demands follows what is typed
            self.fields["buyer"].widget.attrs |= {
                "hx-post": reverse("deposit_prepare", args=[invoice.uid]),
                "hx-vals": '{"go": "routing"}',
                "hx-trigger": "change",
                "hx-target": "#routing",
                "hx-swap": "outerHTML",
            }
        self._offer("buyer_service", self._services())
        self._offer("bank_account", self._accounts())
        self.initial.setdefault("type_code", INVOICE)
        self.initial.setdefault("currency", "EUR")
        self.initial.setdefault("billing_framework", ORDINARY)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def _find_body(self) -> Structure | None:
        siret = _digits(self["buyer"].value() or "")
        return public_bodies().filter(identifier=siret).first() if len(siret) == 14 else None

    def _services(self) -> list[tuple[str, str]]:
        if self.body is None:
            return [("", "Choisissez d’abord le destinataire")]
        today = day_in_paris(self.invoice.updated_at)
        self.services = {
            service.code: service
            for service in services_open_on(
                structure=self.body, day=today, to_private_supplier=not self.invoice.seller.is_public
            )
        }
        chosen = self["buyer_service"].value() or ""
        if chosen and chosen not in self.services:  # closed since, or another body's: shown so that it can be refused
            other = Service.objects.filter(structure=self.body, code=chosen).first()
            if other:
                self.services[chosen] = other
        none = "Aucun service en particulier" if self.services else "Ce destinataire n’a pas de service à choisir"
        return [("", none), *((code, f"{service.name} ({code})") for code, service in self.services.items())]

    def _accounts(self) -> list[tuple[str, str]]:
        self.accounts: dict[str, BankAccount] = {
            str(account.uid): account
            for account in self.invoice.seller.bank_accounts.filter(is_active=True).order_by("label")
        }
        return [("", "Celui qui est écrit sur la facture")] + [
            (uid, f"{account.label} (…{account.iban[-4:]})") for uid, account in self.accounts.items()
        ]

    def clean_buyer(self) -> Structure | None:
        typed = self.cleaned_data["buyer"].strip()
        if not typed:
            return None
        siret = _digits(typed)
        if len(siret) != 14:
            raise forms.ValidationError(
                f"Un SIRET compte 14 chiffres ; « {typed[:30]} » en compte {len(siret)}. "
                "Cherchez le destinataire par son nom dans l’annuaire."
            )
        if self.body is None:
            raise forms.ValidationError(
                f"Aucune structure publique n’a le SIRET {siret} dans l’annuaire. Vérifiez les chiffres, "
                "ou cherchez le destinataire par son nom."
            )
        return self.body

    def clean_buyer_service(self) -> Service | None:
        return getattr(self, "services", {}).get(self.cleaned_data["buyer_service"])

    def clean_bank_account(self) -> BankAccount | None:
        return self.accounts.get(self.cleaned_data["bank_account"])

    def clean_number(self) -> str:
        return " ".join(self.cleaned_data["number"].split())

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper() or "EUR"

    def typed(self) -> dict[str, str]:
        """What was typed, field by field, to be kept whatever it is worth."""
        return {name: storable(str(self.data.get(name, "")))[:2000] for name in self.fields if name != "attachments"}

    def values(self) -> dict[str, Any]:
        """The draft's columns: what could be understood; what could not is empty."""
        empty: dict[str, Any] = {
            "buyer": None,
            "buyer_service": None,
            "bank_account": None,
            "issue_date": None,
            "tax_exclusive_amount": None,
            "tax_amount": None,
            "tax_inclusive_amount": None,
            "payable_amount": None,
            "type_code": INVOICE,
            "currency": "EUR",
            "billing_framework": ORDINARY,
        }
        understood = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "attachments" and value not in ("", None)
        }
        texts = dict.fromkeys(("number", "commitment", "contract", "preceding_number", "vat_regime", "comment"), "")
        return {**empty, **texts, **understood}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", str(text))
