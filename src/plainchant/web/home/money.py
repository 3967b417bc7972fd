"""What the first page says to a supplier of their money: what is to come and when, what is late, client by client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from plainchant.portal.drafts.queries import MOST_COUNTED, Work, work_by_structure
from plainchant.portal.invoices.dashboard import SellerExpected, StretchStep, expected_by, expected_by_seller
from plainchant.portal.invoices.expected import next_payment
from plainchant.portal.invoices.queries import issued_for
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.issued.dashboard import money_expected
from plainchant.web.showing import amount_of, amounts_in_words, counted

MOST_CLIENTS = 300  # structures looked at, by name: whoever has more finds them under « Mes structures »
_SHOWN_CLIENTS = 50
_CLIENT_COLUMNS = [
    {"label": "Structure", "kind": "name"},
    {"label": "À vous d’agir", "kind": "text"},
    {"label": "En retard", "kind": "money"},
    {"label": "À recevoir", "kind": "money"},
]


@dataclass(frozen=True)
class Headline:
    """A number that one reads first. ``note`` says what it counts; ``mood`` colours it: "needs_you" or "stopped"."""

    label: str
    value: str
    note: str
    url: str
    mood: str = ""


def of_supplier(request: HttpRequest, *, work: Work, today: date) -> dict[str, Any]:
    """What the template shows; of the structure that one has chosen to act for, or of all. {} before anything was sent.

    As many queries for one structure as for forty.
    """
    actor = acting(request)
    structures = reached(actor=actor, right=Right.SEE_ISSUED).order_by("name", "pk")
    chosen = chosen_among(request, structures)
    issued = issued_for(actor=actor, right=Right.SEE_ISSUED)
    if chosen:
        issued = issued.filter(seller=chosen)
    stretches = expected_by(issued=issued, step=StretchStep.WEEK, today=today)
    several = list(structures[: MOST_CLIENTS + 1]) if chosen is None else [chosen]
    shown: dict[str, Any] = {}
    if stretches:
        shown["money"] = _figures(stretches, work)
        shown["expected"] = money_expected(stretches, step=StretchStep.WEEK, url=lambda _stretch: "")
        coming = next_payment(issued=issued, today=today)
        if coming:
            shown["next"] = {
                "amount": amount_of(coming.invoice),
                "buyer": str(coming.invoice.buyer),
                "number": coming.invoice.number,
                "day": coming.due_on,
                "url": reverse("issued_invoice", args=[coming.invoice.uid]),
            }
    if len(several) > 1:
        clients = several[:MOST_CLIENTS]
        of_each = work_by_structure(actor=actor, structures=clients)
        money = expected_by_seller(issued=issued, today=today)
        shown["clients"] = _clients(clients, of_each, money)[:_SHOWN_CLIENTS]
        shown["client_columns"] = _CLIENT_COLUMNS
    return shown


def to_do(work: Work) -> int:
    """How many invoices wait for their supplier."""
    return work.drafts + work.to_answer + work.refused


def _figures(stretches: list[Any], work: Work) -> list[Headline]:
    """``stretches``: what is late first, if anything is."""
    everything: dict[str, Decimal] = {}
    for stretch in stretches:
        for currency, value in stretch.totals.amounts.items():
            everything[currency] = everything.get(currency, Decimal(0)) + value
    late = stretches[0].totals if stretches[0].first is None else None
    waiting, count = to_do(work), sum(stretch.totals.count for stretch in stretches)
    late_list = f"{reverse('issued_list')}?retard=on&tri=echeance"
    return [
        Headline(
            "À recevoir",
            amounts_in_words(everything),
            counted(count, "facture", "factures"),
            reverse("issued_expected"),
        ),
        Headline(
            "Dont en retard",
            amounts_in_words(late.amounts if late else {}),
            counted(late.count, "facture", "factures") if late else "aucune facture",
            late_list,
            "stopped" if late else "",
        ),
        Headline(
            "À faire",
            counted(waiting, "facture", "factures", most=MOST_COUNTED) if waiting else "Rien",
            "à vous d’agir" if waiting else "rien ne vous attend",
            f"{reverse('issued_list')}?vue=a-faire",
            "needs_you" if waiting else "",
        ),
    ]


def _clients(
    structures: list[Structure], work: dict[int, Work], money: dict[int, SellerExpected]
) -> list[dict[str, Any]]:
    """A row for each structure where something waits, refusals first, then for each to whom something is owed late."""
    nothing = SellerExpected()

    def urgency(structure: Structure) -> tuple[bool, bool, Decimal]:
        of_it = work[structure.pk]
        return not _waiting(of_it), not of_it.refused, -money.get(structure.pk, nothing).late.euros

    rows = []
    for structure in sorted(structures, key=urgency):
        of_it, owed = work[structure.pk], money.get(structure.pk, nothing)
        waits = bool(to_do(of_it))
        if not _waiting(of_it) and not owed.late.count:
            continue
        where = reverse("received_to_process" if of_it.to_process and not waits else "issued_list")
        rows.append(
            {
                "url": f"{where}?structure={structure.uid}" + ("&vue=a-faire" if waits else ""),
                "cells": [
                    str(structure),
                    _waiting(of_it) or "rien",
                    amounts_in_words(owed.late.amounts) if owed.late.count else "",
                    amounts_in_words(owed.all.amounts) if owed.all.count else "",
                ],
            }
        )
    return rows


def _waiting(work: Work) -> str:
    counts = [
        (work.to_process, "à traiter", "à traiter"),
        (work.to_answer, "réponse", "réponses"),
        (work.refused, "refus", "refus"),
        (work.drafts, "brouillon", "brouillons"),
    ]
    return ", ".join(counted(count, singular, many) for count, singular, many in counts if count)
