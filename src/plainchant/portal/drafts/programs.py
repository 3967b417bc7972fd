"""Invoices that a program hands in ready to leave: checked and sent at once, or refused, and nothing is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from plainchant.einvoice.amounts import ZERO, to_cents
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.wording import amount
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure

from .attachments import attach
from .checking import Checked, check
from .documents import deposit_document
from .fields import DraftSource, cleaned
from .models import Certificate, Draft
from .operations import change, delete, start, submit
from .typed import totals_so_far, understand
from .uploads import Upload
from .values import written

_CENT = Decimal("0.01")
_ROUNDINGS = 10  # cents to each side, in which a discount before VAT is looked for


@dataclass(frozen=True, kw_only=True)
class ExpectedTotals:
    """What a program has computed itself; None where it says nothing."""

    tax_exclusive: Decimal | None = None
    tax: Decimal | None = None
    payable: Decimal | None = None


_NAMES = {"tax_exclusive": "le total HT", "tax": "la TVA", "payable": "le montant à payer"}


def send_sheet(
    *,
    seller: Structure,
    typed: Mapping[str, Any],
    expected: ExpectedTotals,
    uploads: Sequence[Upload],
    actor: Actor,
    at: datetime,
) -> Certificate:
    """Make an invoice of what would be typed on screen (`fields`), and send it.

    Raises NotAllowed, MandateMissing, WouldBeRefused (``expected`` is not what the lines come to, too), NumberTaken,
    UploadRefused, QuotaReached.
    """
    with transaction.atomic():  # what is refused was never begun
        draft = start(seller=seller, actor=actor, at=at)
        draft = change(draft=draft, fields=typed["fields"], lines=list(typed["lines"]), actor=actor, at=at)
        checked = check(draft=draft, at=at)
        findings = [*checked.findings, *_differences(checked, expected)]
        if checked.stops or checked.sheet is None or len(findings) > len(checked.findings):
            raise WouldBeRefused(findings=findings)
    with _or_nothing(draft, actor, at):
        attach(draft=draft, uploads=uploads, actor=actor, at=at)
        draft.refresh_from_db()  # as it is with them
        return submit(draft=draft, actor=actor, at=at)


def send_document(
    *,
    seller: Structure,
    upload: Upload,
    fields: Mapping[str, str],
    uploads: Sequence[Upload],
    actor: Actor,
    at: datetime,
) -> Certificate:
    """Send a document that was made elsewhere. ``fields``: what it says; what is left out is as it was read.

    Raises NotAllowed, WouldBeRefused, NumberTaken, UploadRefused, QuotaReached, ReaderFailed.
    """
    draft = deposit_document(seller=seller, upload=upload, actor=actor, at=at)
    with _or_nothing(draft, actor, at):
        change(draft=draft, fields=dict(fields), actor=actor, at=at)
        attach(draft=draft, uploads=uploads, actor=actor, at=at)
        draft.refresh_from_db()  # as it is with them
        return submit(draft=draft, actor=actor, at=at)


@contextmanager
def _or_nothing(draft: Draft, actor: Actor, at: datetime) -> Iterator[None]:
    """Delete the draft if it does not leave: a program starts again from nothing, and nobody finds it on a page."""
    try:
        yield
    except Exception:
        delete(draft=draft, actor=actor, at=at)
        raise


def _differences(checked: Checked, expected: ExpectedTotals) -> list[Finding]:
    """Where what the program computed is not what the lines come to."""
    sums = totals_so_far(checked.understood)
    return [
        _differs(
            f"Les lignes donnent {amount(getattr(sums, each.name))} pour {_NAMES[each.name]}, et la requête "
            f"{amount(wanted)}. Vérifiez les lignes, ou ce total.",
            each.name,
        )
        for each in fields(expected)
        if (wanted := getattr(expected, each.name)) is not None and wanted != getattr(sums, each.name)
    ]


def _differs(sentence: str, field: str) -> Finding:
    return make_finding("SAISIE-TOTAUX-DIFFERENTS", sentence, field)


def discount_before_vat(*, typed: Mapping[str, Any], discount: Decimal) -> Decimal:
    """The discount before VAT that takes ``discount``, which is with VAT, off what is due.

    Raises WouldBeRefused where none does to the cent.
    """

    def due(before_vat: Decimal) -> Decimal:
        named = {**typed["fields"], "discount": written(before_vat, places=2), "discount_reason": "-"}
        content = cleaned({"fields": named, "lines": typed["lines"]}, source=DraftSource.SHEET)
        return totals_so_far(understand(content, source=DraftSource.SHEET)).payable

    content = cleaned(typed, source=DraftSource.SHEET)
    whole = totals_so_far(understand(content, source=DraftSource.SHEET))
    wanted = whole.payable - discount
    near = to_cents(discount * whole.tax_exclusive / whole.tax_inclusive) if whole.tax_inclusive else ZERO
    steps = sorted(range(-_ROUNDINGS, _ROUNDINGS + 1), key=abs)
    candidates = (near + step * _CENT for step in steps)
    found = next((each for each in candidates if each > ZERO and due(each) == wanted), None)
    if found is None:
        sentence = "Aucune remise hors taxes ne donne cette remise au centime. Mettez-la sur une ligne, hors taxes."
        raise WouldBeRefused(findings=[_differs(sentence, "discount")])
    return found
