"""The number proposed for the next invoice: the last one's, plus one, in the series the supplier keeps.

A sheet whose number was left as proposed keeps none: it takes the next one when it is sent. Drafts that are given up
leave no hole in the series.
"""

from __future__ import annotations

import re
from datetime import date

from plainchant.einvoice.chorus import MAX_NUMBER
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import number_taken
from plainchant.portal.invoices.queries import free_number
from plainchant.portal.structures.models import Structure

from .models import Draft

_STRANGE = re.compile(r"[^0-9A-Za-z +_/-]")
_TAIL = re.compile(r"(?P<head>.*?)(?P<tail>[0-9]+)\Z")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def next_number(*, structure: Structure, on: date) -> str:
    """A number that ``structure`` has not used, following its last invoice; a new year begins a new series."""
    last = (
        Invoice.objects.filter(seller=structure, deposited_at__isnull=False)
        .exclude(number="")
        .order_by("-deposited_at", "-pk")
        .values_list("number", flat=True)
        .first()
    )
    tail = _TAIL.fullmatch(last or "")
    if tail is None:
        head, count, width = f"F-{on:%Y}-", 0, 3
    else:
        head, count, width = tail["head"], int(tail["tail"]), len(tail["tail"])
        year = _YEAR.search(head)
        if year and int(year[0]) < on.year:  # the series carries its year, which is over
            head, count = head.replace(year[0], f"{on:%Y}"), 0
    return free_number(seller=structure, head=head, after=count, width=width)


def trouble_with(*, draft: Draft, number: str) -> str:
    """What is wrong with a number as it is typed, in one sentence; "" when nothing is."""
    shown = " ".join(number.split())
    if not shown:
        return "Donnez un numéro à cette facture."
    if len(shown) > MAX_NUMBER:
        return f"{len(shown)} caractères : {MAX_NUMBER} au plus sont acceptés."
    strange = sorted(set(_STRANGE.findall(shown)))
    if strange:
        return (
            "Seuls les lettres sans accent, les chiffres, l’espace et les signes - + _ / sont acceptés. "
            f"Retirez : {' '.join(strange[:10])}"
        )
    seller = draft.invoice.seller
    sent = Invoice.objects.filter(seller=seller, number=shown, deposited_at__isnull=False)
    if sent.exclude(pk=draft.invoice_id).exists():
        return number_taken(seller=seller, number=shown).sentence
    return ""
