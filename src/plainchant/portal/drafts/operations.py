"""Enter an invoice on screen: begin, save what is typed, check, send what it becomes; begin again from another one.

An entry is closed without a billing mandate: by it the supplier lets the portal draw up the invoice. Sending composes
the sheet, draws it with its data inside, keeps the file, and goes the way of every deposit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from plainchant.einvoice.codes.cadres import ORDINARY, is_paid
from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE, INVOICE_TYPE_OF
from plainchant.einvoice.making.composing import SheetTotals, totals_of
from plainchant.einvoice.making.composing.totals import line_net, totals
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import DraftHasChanged, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.writing import write_draft, write_file
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import discard, store
from plainchant.portal.structures.models import BankAccount, Service, Structure
from plainchant.portal.structures.queries import public_bodies, services_open_on, with_siret

from . import files, notifications
from .checking import check
from .documents import submit as submit_deposit
from .models import Certificate, Entry, InvoiceSettings
from .numbering import next_number
from .permissions import MANAGE_INVOICE_SETTINGS
from .queries import settings_of
from .sheets import to_json
from .typed import Understood, cleaned, understand


class MandateMissing(Refused):
    """The structure has given no mandate: its invoices cannot be entered."""

    code = "mandate_missing"

    def __init__(self, *, structure: Structure) -> None:
        self.structure = structure
        super().__init__(
            f"Pour saisir une facture au nom de « {structure} », il faut d’abord un mandat de facturation. "
            "Son gestionnaire le souscrit en une minute. Déposer une facture déjà faite n’en demande pas."
        )


class EntryHasChanged(Refused):
    """Another tab, or another person, has saved this draft since it was shown. Nothing has been overwritten."""

    code = "entry_has_changed"

    def __init__(self, *, entry: Entry) -> None:
        self.entry = entry
        super().__init__(
            "Ce brouillon a été modifié ailleurs, peut-être dans un autre onglet. Rien n’a été écrasé : "
            "choisissez quelle version garder."
        )


class NotReissuable(Refused):
    """This invoice cannot be begun again in the way that was asked."""

    code = "not_reissuable"


# -- Drafts -----------------------------------------------------------------------------------------------------


@transaction.atomic
def start(
    *,
    seller: Structure,
    user: User,
    at: datetime,
    fields: Mapping[str, str] | None = None,
    lines: list[dict[str, str]] | None = None,
    answers: Mapping[str, str] | None = None,
    origin: Invoice | None = None,
    origin_kind: str = "",
) -> Entry:
    """A new draft, with what is always the same filled in. Raises MandateMissing."""
    if in_force(structure=seller) is None:
        raise MandateMissing(structure=seller)
    invoice = invoices.create_draft(seller=seller, deposit_mode=DepositMode.ENTRY, actor=Actor(user), at=at)
    entry = Entry.objects.create(invoice=invoice, origin=origin, origin_kind=origin_kind)
    proposed = {**_proposed(seller, at), **(fields or {})}
    typed = cleaned({"fields": proposed, "lines": lines or [{}], "answers": dict(answers or {})})
    return save(entry=entry, typed=typed, revision=0, at=at)


def _proposed(seller: Structure, at: datetime) -> dict[str, str]:
    """What a new invoice of this supplier begins with."""
    today = day_in_paris(at)
    accounts = list(seller.bank_accounts.filter(is_active=True)[:2])
    settings = settings_of(structure=seller)
    return {
        "number": next_number(structure=seller, on=today),
        "issue_date": f"{today:%d/%m/%Y}",
        "type_code": INVOICE,
        "currency": "EUR",
        "billing_framework": ORDINARY,
        "payment_mode": "VIREMENT",
        "bank_account": str(accounts[0].uid) if len(accounts) == 1 else "",
        "vat_regime": settings.vat_regime if settings else "",
        "exemption": settings.exemption if settings else "",
    }


@transaction.atomic
def save(*, entry: Entry, typed: Mapping[str, Any], revision: int, at: datetime, tab: str = "") -> Entry:
    """Keep what is typed, whatever it is worth. ``revision`` is the one that was shown, ``tab`` the page it stood in.

    Raises EntryHasChanged (somebody saved in between) and StatusHasChanged (sent or deleted): nothing is kept then.
    """
    typed = cleaned(typed)
    entry.refresh_from_db()
    entry.invoice.refresh_from_db()
    if entry.invoice.status != Status.DRAFT:
        raise StatusHasChanged(status=Status(entry.invoice.status))
    if entry.typed == typed:  # a retry, two tabs that agree, an autosave that comes after the button: nothing changed
        return entry
    own = Q(revision=revision)
    if tab:  # a page that types on while its last saving is on its way
        own |= Q(saved_by_tab=tab[:32], revision__gt=revision)
    changed = Entry.objects.filter(own, pk=entry.pk, invoice__status=Status.DRAFT).update(
        typed=typed, revision=F("revision") + 1, saved_by_tab=tab[:32]
    )
    if not changed:
        entry.refresh_from_db()
        raise EntryHasChanged(entry=entry)
    told = understand(typed)
    write_draft(
        invoice=entry.invoice, typed=typed["fields"], values=_columns(told, seller=entry.invoice.seller, at=at), at=at
    )
    entry.refresh_from_db()
    return entry


def _columns(told: Understood, *, seller: Structure, at: datetime) -> dict[str, Any]:
    """What of a form the invoice's row holds, to be listed and searched by; empty where nothing could be understood."""
    values = told.values
    buyer = _body(values["buyer"])
    sums = totals_so_far(told)
    is_whole = bool(told.lines) and all(told.lines)
    return {
        "buyer": buyer,
        "buyer_service": _service(buyer, values["buyer_service"], seller=seller, at=at),
        "bank_account": _account(seller, values["bank_account"]),
        "number": values["number"],
        "type_code": values["type_code"] if values["type_code"] in INVOICE_TYPE_OF else INVOICE,
        "issue_date": values["issue_date"],
        "currency": values["currency"] if values["currency"] in CURRENCIES else "EUR",
        "billing_framework": values["billing_framework"],
        "vat_regime": values["vat_regime"],
        "commitment": values["commitment"],
        "contract": values["contract"],
        "preceding_number": values["preceding_number"] if values["type_code"] == CREDIT_NOTE else "",
        "tax_exclusive_amount": sums.tax_exclusive if is_whole else None,
        "tax_amount": sums.tax if is_whole else None,
        "tax_inclusive_amount": sums.tax_inclusive if is_whole else None,
        "payable_amount": sums.payable if is_whole else None,
        "comment": values["comment"],
    }


def totals_so_far(told: Understood) -> SheetTotals:
    """The totals of the lines that are whole: what the screen shows while one types, by the engine's own arithmetic."""
    return totals(
        [(line.vat, line_net(line)) for line in told.whole_lines],
        discount=told.values["discount"] or Decimal(0),
        is_paid=is_paid(told.values["billing_framework"]),
    )


def _body(typed: str) -> Structure | None:
    siret = re.sub(r"\D", "", typed)
    return public_bodies().filter(identifier=siret).first() if len(siret) == 14 else None


def _service(buyer: Structure | None, code: str, *, seller: Structure, at: datetime) -> Service | None:
    if buyer is None or not code:
        return None
    found = services_open_on(structure=buyer, day=day_in_paris(at), to_private_supplier=not seller.is_public)
    # A service that closed since is kept, so that the check can say so.
    return found.filter(code=code).first() or Service.objects.filter(structure=buyer, code=code).first()


def _account(seller: Structure, uid: str) -> BankAccount | None:
    return next((account for account in seller.bank_accounts.all() if str(account.uid) == uid), None)


# -- Sending ----------------------------------------------------------------------------------------------------


def submit(*, entry: Entry, user: User, at: datetime, revision: int) -> Certificate:
    """Send the entry as it was looked at: drawn, kept, deposited. Sending twice answers with the same certificate.

    Raises DraftHasChanged (saved since), WouldBeRefused with every finding, MandateMissing, NumberTaken,
    StatusHasChanged (deleted): nothing has been sent then.
    """
    entry.refresh_from_db()
    invoice = entry.invoice
    invoice.refresh_from_db()
    if invoice.status not in (Status.DRAFT, Status.DELETED):
        return Certificate.objects.get(invoice=invoice)
    if invoice.status == Status.DELETED:
        raise StatusHasChanged(status=Status.DELETED)
    if entry.revision != revision:
        raise DraftHasChanged
    if in_force(structure=invoice.seller) is None:
        raise MandateMissing(structure=invoice.seller)
    checked = check(entry=entry, at=at)
    if checked.stops or checked.sheet is None:
        raise WouldBeRefused(findings=checked.findings)
    sheet = checked.sheet
    pdf = files.facturx(sheet=sheet, settings=settings_of(structure=invoice.seller), at=at)
    name = files.name_of(sheet=sheet, extension="pdf")
    stored = store(file=ContentFile(pdf, name=name), name=name, media_type="application/pdf", at=at)
    try:
        with transaction.atomic():
            Invoice.objects.select_for_update().get(pk=invoice.pk)
            invoice.refresh_from_db()
            if invoice.status == Status.DRAFT:
                # Under the lock: what is sent is what was drawn.
                kept = Entry.objects.filter(pk=entry.pk, revision=revision).update(composed=to_json(sheet))
                if not kept:
                    raise DraftHasChanged
                sums = totals_of(sheet)
                values = {
                    **_columns(checked.told, seller=invoice.seller, at=at),
                    "payable_amount": sums.payable,
                }
                write_draft(invoice=invoice, typed=invoice.typed, values=values, at=at)
                write_file(invoice=invoice, stored=stored, role=InvoiceFile.Role.INVOICE, name=name, user=user, at=at)
                certificate = submit_deposit(invoice=invoice, user=user, at=at)
                validator = with_siret(siret=sheet.validator.siret) if sheet.validator else None
                if validator is not None:
                    notifications.tell_validator(invoice=invoice, validator=validator, at=at)
                return certificate
    except Exception:
        discard(stored=stored, at=at)
        raise
    discard(stored=stored, at=at)  # sent by the other press of the button, which kept its own
    return submit_deposit(invoice=invoice, user=user, at=at)


# -- Beginning again ----------------------------------------------------------------------------------------------


@transaction.atomic
def duplicate(*, entry: Entry, user: User, at: datetime) -> Entry:
    """The same invoice again, under the next number and today's date. Raises MandateMissing."""
    return _again(entry=entry, kind=Entry.Origin.COPY, user=user, at=at, fields={})


@transaction.atomic
def reissue(*, entry: Entry, user: User, at: datetime) -> Entry:
    """The replacement of a rejected invoice, under a new number. Asked twice, it is the same draft.

    Raises NotReissuable (it is not rejected), MandateMissing.
    """
    if entry.invoice.status != Status.REJECTED:
        raise NotReissuable("Seule une facture rejetée se refait. Celle-ci ne l’est pas.")
    known = _begun(entry, Entry.Origin.REISSUE)
    return known or _again(entry=entry, kind=Entry.Origin.REISSUE, user=user, at=at, fields={})


@transaction.atomic
def credit(*, entry: Entry, user: User, at: datetime) -> Entry:
    """A credit note on a sent invoice: its lines, its number as origin, and no means of payment.

    Raises NotReissuable (a draft, a credit note), MandateMissing.
    """
    invoice = entry.invoice
    if invoice.deposited_at is None or invoice.is_credit_note:
        raise NotReissuable("Un avoir corrige une facture déjà envoyée. Celle-ci n’en est pas une.")
    issued = f"{invoice.issue_date:%d/%m/%Y}" if invoice.issue_date else ""
    fields = {
        "type_code": CREDIT_NOTE,
        "preceding_number": invoice.number,
        "preceding_date": issued,
        "payment_mode": "",
        "billing_framework": ORDINARY if is_paid(invoice.billing_framework) else invoice.billing_framework,
    }
    return _again(entry=entry, kind=Entry.Origin.CREDIT, user=user, at=at, fields=fields)


def _begun(entry: Entry, kind: Entry.Origin) -> Entry | None:
    return (
        Entry.objects.filter(origin=entry.invoice, origin_kind=kind)
        .exclude(invoice__status__in=[Status.DELETED, Status.REJECTED])
        .select_related("invoice")
        .first()
    )


def _again(*, entry: Entry, kind: Entry.Origin, user: User, at: datetime, fields: Mapping[str, str]) -> Entry:
    # What belongs to the old one only: its number and date are proposed anew, its origin is not the new one's.
    kept = {
        name: text
        for name, text in entry.typed["fields"].items()
        if name not in ("number", "issue_date", "preceding_number", "preceding_date")
    }
    return start(
        seller=entry.invoice.seller,
        user=user,
        at=at,
        fields={**kept, **fields},
        lines=[dict(line) for line in entry.typed["lines"]],
        answers=entry.typed.get("answers"),
        origin=entry.invoice,
        origin_kind=kind,
    )


# -- What a supplier's invoices always say --------------------------------------------------------------------------


@transaction.atomic
def save_settings(
    *, structure: Structure, values: Mapping[str, Any], user: User, at: datetime, logo: StoredFile | None = None
) -> InvoiceSettings:
    """Keep a structure's settings. ``values`` are columns, already clean; ``logo`` replaces the one there was.

    Raises NotAllowed.
    """
    require(Actor(user), MANAGE_INVOICE_SETTINGS, structure)
    columns = {**values, "updated_at": at, "updated_by": user}
    if logo is not None:
        columns["logo"] = logo
    kept, _ = InvoiceSettings.objects.update_or_create(structure=structure, defaults=columns)
    return kept
