"""An invoice of every kind that a recipient may get, and what is said of each: the right words, written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_structure, a_town
from tests.portal.flows.making_flows import invoice as an_xml
from tests.portal.flows.making_flows import sent
from tests.portal.invoices.arrivals import carry

Make = Callable[[str, Structure, Structure, User, datetime], None]


@dataclass(frozen=True)
class Expected:
    """``listed``: what a list has under « Montant à payer ». ``why`` is empty where a delay runs."""

    number: str
    name: str
    the: str
    label: str
    amount: str
    listed: str
    make: Make
    why: str = ""
    e: str = "e"


def _typed(**values: Any) -> Make:
    def make(number: str, seller: Structure, town: Structure, user: User, at: datetime) -> None:
        amounts = {"tax_exclusive_amount": Decimal(120), "tax_inclusive_amount": Decimal(120)}
        filled = {**amounts, "payable_amount": Decimal(120), **values}
        draft = a_draft(seller=seller, user=user, at=at, buyer=town, number=number, **filled).draft
        submit(draft=draft, actor=Actor(user), at=at)

    return make


def _in_a_flow(*changes: tuple[str, str]) -> Make:
    def make(number: str, seller: Structure, town: Structure, user: User, at: datetime) -> None:
        xml = an_xml(number, seller=seller.identifier, buyer=town.identifier).decode()
        for before, after in changes:
            assert before in xml
            xml = xml.replace(before, after)
        flow = sent(xml.encode(), structure=seller, user=user, at=at, name="f.xml")
        assert flow.accepted == 1

    return make


_CLOCK = "Rien n’est à payer et aucun délai de paiement ne court\u00a0: "
KINDS = (
    Expected("F-1", "Facture", "La facture", "À payer", "120,00", "120,00", _typed()),
    Expected(
        "AV-1", "Avoir", "L’avoir", "À déduire", "120,00", "−120,00",
        _typed(type_code="381", preceding_number="F-0"), why=f"{_CLOCK}c’est un avoir.", e="",
    ),
    Expected(
        "P-1", "Facture déjà payée", "La facture déjà payée", "Déjà payé", "120,00", "0,00",
        _typed(billing_framework="A2"), why=f"{_CLOCK}cette facture est déjà payée.",
    ),
    Expected(
        "Z-1", "Facture", "La facture", "À payer", "0,00", "0,00",
        _typed(payable_amount=Decimal(0)), why="Il ne reste rien à payer\u00a0: aucun délai de paiement ne court.",
    ),
    Expected(
        "N-1", "Facture négative", "La facture négative", "En faveur de l’acheteur", "120,00", "−120,00",
        _in_a_flow((">100.00<", ">-100.00<"), (">20.00<", ">-20.00<"), (">120.00<", ">-120.00<")),
        why=f"{_CLOCK}le montant est négatif.",
    ),
    Expected(
        "R-1", "Facture rectificative", "La facture rectificative", "À payer", "120,00", "120,00",
        _in_a_flow((">380<", ">384<")),
    ),
    Expected(
        "AC-1", "Facture d’acompte", "La facture d’acompte", "À payer", "120,00", "120,00",
        _in_a_flow((">380<", ">386<")),
    ),
    Expected("AU-1", "Autofacture", "L’autofacture", "À payer", "120,00", "120,00", _in_a_flow((">380<", ">389<"))),
)  # fmt: skip
by_number = {"argnames": "expected", "argvalues": KINDS, "ids": [expected.number for expected in KINDS]}


def all_arrived(at: datetime) -> tuple[User, User]:
    """One of each, from one supplier to one town, which has been told of each; who sent them, who received them."""
    seller, town = a_structure(at=at), a_town(at=at)
    user, agent = a_member(structure=seller, at=at), a_member(structure=town, at=at, name="Basile")
    for expected in KINDS:
        expected.make(expected.number, seller, town, user, at)
        carry(Invoice.objects.get(number=expected.number), at)
    return user, agent
