"""The forms of a draft: texts as they were typed. What is wrong with them is said by `portal.drafts`, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.drafts.deposits import open_deposits
from plainchant.portal.drafts.fields import FIELD_OF, FIELDS, KEPT_LINES, LINE_FIELDS, DraftSource, fields_of
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.parties import body_of
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Service
from plainchant.portal.structures.queries import services_open_on

# One name a box: what is ticked, whatever reads the form; and the mark of a page that shows the boxes.
_DEPOSIT, _DEPOSITS_SHOWN = "deducts-", "deposits"
_LINE_KEY = re.compile(r"lines-(\d{1,4})-([a-z]+)")


def typed_of(post: QueryDict, draft: Draft) -> dict[str, Any]:
    """What came with a request, as `portal.drafts.fields.cleaned` takes it: lines in the order of the page.

    A page that does not show a field leaves it as it was.
    """
    lines: dict[int, dict[str, str]] = {}
    for key in post:
        named = _LINE_KEY.fullmatch(key)
        if named and named[2] in LINE_FIELDS:
            lines.setdefault(int(named[1]), {})[named[2]] = post.get(key, "")
    names = [field.name for field in fields_of(DraftSource(draft.source))]
    fields = {name: post.get(name, draft.fields.get(name, "")) for name in names}
    if _DEPOSITS_SHOWN in post:
        ticked = [key.removeprefix(_DEPOSIT) for key in post if key.startswith(_DEPOSIT)]
        fields["deducts"] = " ".join(ticked)
    if fields["number"].strip() == post.get("next_number"):  # left as proposed: given when it is sent
        fields["number"] = ""
    return {
        "fields": fields,
        "lines": [lines[place] for place in sorted(lines)][:KEPT_LINES],
        "answers": draft.typed.get("answers", {}),
    }


def deposit_boxes(draft: Draft) -> list[dict[str, Any]]:
    """The deposits that this invoice may take off, each with whether its box is ticked."""
    chosen = draft.fields.get("deducts", "").split()
    return [
        {"invoice": row.invoice, "is_chosen": str(row.invoice.uid) in chosen}
        for row in open_deposits(seller=draft.invoice.seller, buyer=draft.invoice.buyer)
    ]


class RoutingForm(forms.Form):
    """Where an invoice goes."""

    marks_optional = False

    buyer = forms.CharField(
        label="Destinataire : son SIRET",
        help_text="14 chiffres. Vous ne l’avez pas ? Cherchez par nom ou par ville dans l’annuaire.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric", "autocomplete": "off"}),
    )
    buyer_service = forms.ChoiceField(label="Service à facturer (code service)")
    commitment = forms.CharField(
        label="Numéro d’engagement",
        help_text="Ou numéro de bon de commande. C’est l’acheteur qui vous le donne avec sa commande.",
        widget=forms.TextInput(attrs={"size": 30}),
    )
    contract = forms.CharField(label="Numéro de marché (facultatif)", widget=forms.TextInput(attrs={"size": 30}))

    def __init__(self, *, typed: Mapping[str, str], invoice: Invoice, findings: Iterable[Finding] = ()) -> None:
        super().__init__(data={name: typed.get(name, "") or self._default(name) for name in self.base_fields})
        self.invoice = invoice
        self.body = body_of(typed["buyer"])
        for field in self.fields.values():
            field.required = False
        self._offer("buyer_service", self._services(typed.get("buyer_service", "")))
        # A form of texts: Django has nothing to add to what the findings say.
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        self.show(findings)

    def show(self, findings: Iterable[Finding]) -> None:
        """Write what stops the sending beside its field; what belongs to none of the fields is left out."""
        for finding in refusals(list(findings)):
            if finding.field in self.fields:
                self.add_error(finding.field, finding.message)

    @staticmethod
    def _default(name: str) -> str:
        return FIELD_OF[name].default if name in FIELD_OF else ""

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def _services(self, chosen: str) -> list[tuple[str, str]]:
        if self.body is None:
            return [("", "Choisissez d’abord le destinataire")]
        open_services = services_open_on(
            structure=self.body,
            day=day_in_paris(now()),
            to_private_supplier=not self.invoice.seller.is_public,
        )
        services = {service.code: service for service in open_services}
        if chosen and chosen not in services:  # closed since, or another body's: shown so that it can be refused
            other = Service.objects.filter(structure=self.body, code=chosen).first()
            if other:
                services[chosen] = other
        none = "Aucun service en particulier" if services else "Ce destinataire n’a pas de service à choisir"
        return [("", none), *((code, f"{service.name} ({code})") for code, service in services.items())]


class DraftForm(RoutingForm):
    """What every draft has besides: the invoice's own references, and how it is paid."""

    field_order = tuple(field.name for field in FIELDS)
    no_account = "Choisissez"  # what the list of accounts says where none is chosen

    number = forms.CharField(
        label="Numéro de la facture", widget=forms.TextInput(attrs={"size": 22, "autocomplete": "off"})
    )
    issue_date = forms.CharField(
        label="Date de la facture", help_text="Par exemple 12/03/2026.", widget=forms.TextInput(attrs={"size": 14})
    )
    preceding_number = forms.CharField(
        label="Numéro de la facture d’origine", widget=forms.TextInput(attrs={"size": 22})
    )
    currency = forms.CharField(label="Monnaie", help_text="EUR pour l’euro.", widget=forms.TextInput(attrs={"size": 4}))
    bank_account = forms.ChoiceField(label="Sur quel compte ?")
    deducts = forms.CharField(label="Acomptes déjà facturés, à retirer")
    validator = forms.CharField(
        label="Qui valide avant l’acheteur ? Son SIRET",
        help_text="Sous-traitant : le titulaire du marché. Cotraitant : le mandataire du groupement.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    moe = forms.CharField(
        label="Travaux : le SIRET du maître d’œuvre",
        help_text="Il examine votre projet de décompte. Vide : celui de votre dernier dossier du même marché.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    moa = forms.CharField(
        label="Travaux : le SIRET du maître d’ouvrage",
        help_text="Vide : celui de votre dernier dossier du même marché, ou bien le destinataire lui-même.",
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    comment = forms.CharField(
        label="Un mot pour le destinataire (facultatif)", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *, draft: Draft, findings: Iterable[Finding] = ()) -> None:
        super().__init__(typed=draft.fields, invoice=draft.invoice)
        self.draft = draft
        self._offer("bank_account", self._accounts(draft.fields["bank_account"]))
        self.fields["buyer"].widget.attrs |= self.routing_attributes()
        self.show(findings)

    def routing_attributes(self) -> dict[str, str]:
        """How the page asks anew what the recipient demands when another is typed."""
        return {"hx-trigger": "change", "hx-target": "#routing", "hx-swap": "outerHTML"}

    def _accounts(self, chosen: str) -> list[tuple[str, str]]:
        accounts = self.invoice.seller.bank_accounts.order_by("label")
        # One that was closed since is shown, so that it can be refused.
        shown = [account for account in accounts if account.is_active or str(account.uid) == chosen]
        return [
            ("", self.no_account),
            *((str(account.uid), f"{account.label} (…{account.iban[-4:]})") for account in shown),
        ]
