"""Prepare an invoice: begin it, save what is typed, send it, let it go. The same for a document and for a sheet.

A page that saves names the revision it shows and the tab it stands in: two tabs, or two people, never overwrite each
other in silence. Sending names the revision that was looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.invoice_types import INVOICE
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices import rejections
from plainchant.portal.invoices.errors import DraftHasChanged, NumberTaken, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action, Status
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.moves import move_lot
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, PREPARE_INVOICE, SEND_INVOICE
from plainchant.portal.invoices.writing import write_draft, write_file
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import keep, register
from plainchant.portal.structures.closing import require_open
from plainchant.portal.structures.models import Structure

from . import deposits, files
from .certificate import facts_of, fingerprint
from .checking import Checked, check
from .fields import DraftSource, cleaned
from .headers import columns_of
from .models import Certificate, DocumentReading, Draft
from .parties import parties_of
from .queries import settings_of, untouched
from .sheets import to_json
from .typed import understand

# By whether a program prepares it.
_DEPOSIT_MODE = {
    (DraftSource.DOCUMENT, False): DepositMode.PDF,
    (DraftSource.DOCUMENT, True): DepositMode.PDF_BY_PROGRAM,
    (DraftSource.SHEET, False): DepositMode.ENTRY,
    (DraftSource.SHEET, True): DepositMode.ENTRY_BY_PROGRAM,
}
UNTOUCHED_FOR = timedelta(days=7)  # then a draft in which nobody has typed is deleted


class MandateMissing(Refused):
    """The structure has given no mandate: its invoices cannot be entered."""

    code = "mandate_missing"

    def __init__(self, *, structure: Structure) -> None:
        self.structure = structure
        super().__init__(
            f"Pour saisir une facture au nom de « {structure} », il faut d’abord un mandat de facturation. "
            "Son gestionnaire le souscrit en une minute. Déposer une facture déjà faite n’en demande pas."
        )


class DraftSavedElsewhere(Refused):
    """Another tab, or another person, has saved this draft since it was shown. Nothing has been overwritten.

    ``draft`` is as they saved it.
    """

    code = "draft_saved_elsewhere"

    def __init__(self, *, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            "Ce brouillon a été modifié ailleurs, peut-être dans un autre onglet. Rien n’a été écrasé : "
            "choisissez quelle version garder."
        )


class NumberHasMoved(Refused):
    """Another invoice has taken the number that was shown; nobody had chosen it."""

    code = "number_has_moved"

    def __init__(self, *, shown: str) -> None:
        super().__init__(
            f"Le numéro {shown} vient de servir à une autre de vos factures. Celle-ci prend le suivant : relisez-la, "
            "puis envoyez-la. Rien n’est encore parti."
        )


# -- Begin ------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(*, seller: Structure, actor: Actor, at: datetime, fields: Mapping[str, str] | None = None) -> Draft:
    """A new sheet, with what is always the same filled in. Raises NotAllowed, MandateMissing.

    Asked again before anything was typed, it is the same draft: whoever presses « Commencer » three times has one.
    """
    require(actor, BEGIN_INVOICE, seller)
    if in_force(structure=seller) is None:
        raise MandateMissing(structure=seller)
    Structure.objects.select_for_update(no_key=True).get(pk=seller.pk)  # two presses at once: one after the other
    typed = cleaned({"fields": {**proposed_for(seller, at), **(fields or {})}, "lines": [{}]}, source=DraftSource.SHEET)
    known = (
        untouched().filter(invoice__seller=seller, invoice__created_by=actor.author).select_related("invoice").first()
    )
    if known is None:
        return _begin(seller=seller, source=DraftSource.SHEET, typed=typed, actor=actor, at=at)
    Draft.objects.filter(pk=known.pk).update(typed=typed)
    Invoice.objects.filter(pk=known.invoice_id).update(updated_at=at)
    known.refresh_from_db()
    return known


@transaction.atomic
def begin_from(*, origin: Invoice, kind: str, typed: Mapping[str, Any], actor: Actor, at: datetime) -> Draft:
    """A sheet that begins from another invoice of the same seller. Raises NotAllowed, MandateMissing."""
    seller = origin.seller
    if in_force(structure=seller) is None:
        raise MandateMissing(structure=seller)
    filled = {**typed, "fields": {**proposed_for(seller, at), **typed["fields"]}}
    draft = _begin(
        seller=seller,
        source=DraftSource.SHEET,
        typed=cleaned(filled, source=DraftSource.SHEET),
        actor=actor,
        at=at,
        origin=origin,
        origin_kind=kind,
    )
    write_columns(draft, at=at)
    return draft


def begin_with_document(*, seller: Structure, typed: Mapping[str, str], actor: Actor, at: datetime) -> Draft:
    """The draft of a document that was handed in; ``typed``: what was read on it, as the form shows it.

    In the caller's transaction. Raises NotAllowed, QuotaReached.
    """
    source = DraftSource.DOCUMENT
    content = cleaned({"fields": typed}, source=source)
    values = _columns(content, source, Invoice(seller=seller))
    return _begin(seller=seller, source=source, values=values, actor=actor, at=at, typed=content)


def proposed_for(seller: Structure, at: datetime) -> dict[str, str]:
    """What a new sheet of this supplier begins with."""
    today = day_in_paris(at)
    accounts = list(seller.bank_accounts.filter(is_active=True)[:2])
    settings = settings_of(structure=seller)
    return {
        "number": "",  # the next one, given when it is sent
        "issue_date": f"{today:%d/%m/%Y}",
        "type_code": INVOICE,
        "currency": "EUR",
        "billing_framework": ORDINARY,
        "payment_mode": "VIREMENT",
        "bank_account": str(accounts[0].uid) if len(accounts) == 1 else "",
        "vat_regime": settings.vat_regime if settings else "",
        "exemption": settings.exemption if settings else "",
    }


def _begin(
    *,
    seller: Structure,
    source: DraftSource,
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] = MappingProxyType({}),
    **columns: Any,
) -> Draft:
    require_open(seller)
    mode = _DEPOSIT_MODE[source, actor.software is not None]
    invoice = invoices.create_draft(seller=seller, deposit_mode=mode, values=values, actor=actor, at=at)
    return Draft.objects.create(invoice=invoice, source=source, **columns)


# -- Save -------------------------------------------------------------------------------------------------------


@transaction.atomic
def save(
    *,
    draft: Draft,
    typed: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    revision: int | None,
    tab: str = "",
    was_being_read: bool = False,
) -> Draft:
    """Keep what is typed, whatever it is worth. ``revision`` is the one that was shown, ``tab`` the page it stood in.

    A page that was shown before its scan had been read (``was_being_read``) leaves empty what has been read since.
    ``revision`` None: by a program, which has seen the draft as it is. Raises NotAllowed, DraftSavedElsewhere (somebody
    typed in between) and StatusHasChanged (sent or deleted): nothing is kept then.
    """
    require(actor, PREPARE_INVOICE, draft.invoice)
    _lock(draft)
    if draft.invoice.status != Status.DRAFT:
        raise StatusHasChanged(status=Status(draft.invoice.status))
    content = cleaned(typed, source=DraftSource(draft.source))
    if was_being_read:
        content["fields"] = filled_from(content["fields"], read=draft.fields)
    if draft.typed == content:  # a retry, two tabs that agree, an autosave that comes after the button: nothing changed
        return draft
    shown = draft.revision if revision is None else revision
    is_latest = Q(typed_revision__lte=shown, revision__gte=shown)
    if tab:  # a page that types on while its last saving is on its way
        is_latest |= Q(saved_by_tab=tab[:32], revision__gt=shown)
    saved = Draft.objects.filter(is_latest, pk=draft.pk).update(
        typed=content, revision=F("revision") + 1, typed_revision=F("revision") + 1, saved_by_tab=tab[:32]
    )
    if not saved:
        raise DraftSavedElsewhere(draft=draft)
    reread(draft)
    write_columns(draft, at=at)
    return draft


@transaction.atomic
def change(
    *,
    draft: Draft,
    actor: Actor,
    at: datetime,
    fields: Mapping[str, str] | None = None,
    lines: list[dict[str, str]] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Draft:
    """Replace some of what is typed, on top of what stands there now: what one question changes.

    Raises NotAllowed, StatusHasChanged (sent or deleted).
    """
    _lock(draft)
    typed = {
        "fields": {**draft.fields, **(fields or {})},
        "lines": draft.typed["lines"] if lines is None else lines,
        "answers": draft.typed["answers"] if answers is None else dict(answers),
    }
    return save(draft=draft, typed=typed, revision=None, actor=actor, at=at)


@transaction.atomic
def fill(*, draft: Draft, read: Mapping[str, str], at: datetime) -> Draft:
    """Put what was read where nothing is typed. Pages shown before do not lose it: see ``was_being_read`` of `save`."""
    _lock(draft)
    content = {**draft.typed, "fields": filled_from(draft.fields, read=read)}
    if draft.invoice.status == Status.DRAFT and content != draft.typed:
        Draft.objects.filter(pk=draft.pk).update(
            typed=cleaned(content, source=DraftSource(draft.source)), revision=F("revision") + 1
        )
        reread(draft)
        write_columns(draft, at=at)
    return draft


def filled_from(fields: Mapping[str, str], *, read: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with what was read where nothing was."""
    return {**fields, **{name: value for name, value in read.items() if not fields.get(name, "").strip()}}


def _lock(draft: Draft) -> None:
    """Hold the draft until the transaction ends, and bring it up to date."""
    reread(draft, Invoice.objects.select_for_update(of=("self",)))


def reread(draft: Draft, invoices: QuerySet[Invoice] | None = None) -> None:
    """Bring a draft and its invoice up to date, in the caller's own objects."""
    invoice = draft.invoice
    rows = Invoice.objects.all() if invoices is None else invoices
    invoice.refresh_from_db(from_queryset=rows.select_related("seller"))
    draft.refresh_from_db()
    draft.invoice = invoice


def write_columns(draft: Draft, *, at: datetime) -> None:
    values = _columns(draft.typed, DraftSource(draft.source), draft.invoice)
    write_draft(invoice=draft.invoice, values=values, at=at)


def _columns(typed: Mapping[str, Any], source: DraftSource, invoice: Invoice) -> dict[str, Any]:
    """What an invoice's row holds of what is typed."""
    understood = understand(typed, source=source)
    parties = parties_of(understood, seller=invoice.seller)
    invoice.buyer = parties.buyer  # whose deposits may be taken off
    deposits.read_deposits(understood, invoice=invoice)
    return columns_of(understood, parties)


# -- Let it go --------------------------------------------------------------------------------------------------


def delete(*, draft: Draft, actor: Actor, at: datetime) -> None:
    """Put a draft out of sight. Raises NotAllowed, StatusHasChanged (it was sent)."""
    invoices.delete_draft(invoice=draft.invoice, actor=actor, at=at)


@transaction.atomic
def delete_untouched(*, at: datetime, at_once: int) -> int:
    """For the portal: delete the sheets that were begun long ago and in which nobody has typed; how many."""
    forgotten = untouched().filter(invoice__updated_at__lt=at - UNTOUCHED_FOR)
    keys = list(forgotten.values_list("invoice", flat=True)[:at_once])
    # Held, then looked at again: somebody may begin to type at this moment.
    list(Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    uids = forgotten.filter(invoice__in=keys).values_list("invoice__uid", flat=True)
    return len(move_lot(uids=[str(uid) for uid in uids], moves=[MOVE_OF[Action.DELETE]], at=at))


# -- Send -------------------------------------------------------------------------------------------------------


def submit(
    *, draft: Draft, actor: Actor, at: datetime, revision: int | None = None, number: str | None = None
) -> Certificate:
    """Check once more, then send what was looked at: status, frozen document, certificate and mails in one transaction.

    A sheet is drawn and its file kept before. ``revision`` and ``number``: as the page showed them. A program has seen
    ``draft`` as it is handed in, and takes whatever number comes next. Sending twice answers twice with the same
    certificate. Raises NotAllowed, DraftHasChanged, MandateMissing, WouldBeRefused with every finding, NumberTaken,
    NumberHasMoved, StatusHasChanged (deleted): nothing has been sent then.
    """
    require(actor, SEND_INVOICE, draft.invoice)
    seen = draft.revision if revision is None else revision
    reread(draft)
    sent = _sent(draft.invoice)
    if sent is not None:
        return sent
    if draft.revision != seen:
        raise DraftHasChanged
    if draft.source == DraftSource.SHEET and in_force(structure=draft.invoice.seller) is None:
        raise MandateMissing(structure=draft.invoice.seller)
    checked = check(draft=draft, at=at)
    if checked.stops or (draft.source == DraftSource.SHEET and checked.sheet is None):
        raise WouldBeRefused(findings=checked.findings)
    if number is not None and checked.header.number != number:
        raise NumberHasMoved(shown=number)
    try:
        return _deposit(draft=draft, checked=checked, drawn=_drawn(checked, at), actor=actor, at=at)
    except NumberTaken:
        if draft.fields["number"].strip():
            raise
        raise NumberHasMoved(shown=checked.header.number) from None


def _sent(invoice: Invoice) -> Certificate | None:
    if invoice.status == Status.DELETED:
        raise StatusHasChanged(status=Status.DELETED)
    return None if invoice.status == Status.DRAFT else Certificate.objects.get(invoice=invoice)


def _drawn(checked: Checked, at: datetime) -> StoredFile | None:
    """The file that a sheet becomes."""
    if checked.sheet is None:
        return None
    pdf = files.facturx(sheet=checked.sheet, settings=settings_of(structure=checked.parties.seller), at=at)
    name = files.name_of(sheet=checked.sheet, extension="pdf")
    return keep(file=ContentFile(pdf, name=name), name=name, media_type="application/pdf", at=at)


@transaction.atomic
def _deposit(*, draft: Draft, checked: Checked, drawn: StoredFile | None, actor: Actor, at: datetime) -> Certificate:
    """Under the lock, what is sent is what was checked. Sent by the other press of the button: what that one made."""
    revision = draft.revision
    _lock(draft)
    invoice = draft.invoice
    sent = _sent(invoice)
    if sent is not None:
        return sent
    if draft.revision != revision:
        raise DraftHasChanged
    if drawn is not None and checked.sheet is not None:
        typed = {**draft.typed, "fields": {**draft.fields, "number": checked.header.number}}
        Draft.objects.filter(pk=draft.pk).update(composed=to_json(checked.sheet), typed=typed)
        register(kept=[drawn])
        role = InvoiceFile.Role.INVOICE
        write_file(invoice=invoice, stored=drawn, role=role, name=drawn.name, user=actor.account, at=at)
    deposits.record(draft=draft, understood=checked.understood)
    sending = invoices.submit(
        invoice=invoice,
        document=checked.header,
        values=checked.columns,
        findings=checked.findings,
        actor=actor,
        at=at,
    )
    if draft.origin is not None and draft.origin_kind == Draft.Origin.REISSUE:
        rejections.close_by_replacement(invoice=draft.origin, actor=actor, at=at)
    if checked.reading is not None:
        # The words were there to be clicked on while the draft was prepared; they weigh more than all the rest.
        pages = [{**page, "words": []} for page in checked.reading.pages]
        DocumentReading.objects.filter(pk=checked.reading.pk).update(pages=pages)
    facts = facts_of(invoice=invoice, sender=sending.actor_name, deposited_at=invoice.deposited_at or at)
    return Certificate.objects.create(invoice=invoice, facts=facts, sha256=fingerprint(facts), created_at=at)
