"""What was worth a look when an invoice was taken is kept with it, the same whichever way it came in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from plainchant.einvoice.finding import Finding
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.remarks import MAX_EACH, remarks_of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.making import a_draft, a_mandate, a_member, a_structure, a_town, an_entry, mandated
from tests.portal.flows.making_flows import invoice as an_xml
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table


def warned(rule: str, message: str = "Regardez.", **fields: str) -> Finding:
    return Finding(rule, message, severity="warning", **fields)


def test_the_warnings_of_the_layers_that_decide_are_kept() -> None:
    findings = [
        Finding("CPRO-DATE", "La date manque.", "issue_date"),
        warned("CPRO-DATE-FUTURE", "Dans l’avenir.", field="issue_date"),
        warned("XML-ESSAI", "Un essai."),
        warned("XSD-PROFIL"),  # for whoever made the software
        warned("BR-01"),  # a layer that does not decide
        warned("CPRO-IBAN-DIFFERENT"),  # between the supplier and the page it handed in
    ]
    assert remarks_of(findings) == [
        {"rule": "CPRO-DATE-FUTURE", "message": "Dans l’avenir.", "field": "issue_date"},
        {"rule": "XML-ESSAI", "message": "Un essai.", "field": ""},
    ]


def test_one_rule_hides_no_other_and_what_is_left_of_it_is_counted() -> None:
    many = [warned("XML-NON-REPRIS", f"Non repris : {n}.") for n in range(MAX_EACH + 5)]
    remarks = remarks_of([*many, warned("CPRO-A-PAYER-TROP")])
    assert [remark["rule"] for remark in remarks] == ["XML-NON-REPRIS"] * MAX_EACH + ["CPRO-A-PAYER-TROP"]
    assert remarks[MAX_EACH - 1]["message"] == f"Non repris : {MAX_EACH - 1}. Et 5 de plus du même genre."
    assert remarks_of(many[:MAX_EACH])[-1]["message"] == f"Non repris : {MAX_EACH - 1}."


def deposited(seller: Structure, town: Structure, at: datetime, day: str) -> None:
    user = a_member(structure=seller, at=at)
    draft = a_draft(seller=seller, user=user, at=at, buyer=town, issue_date=day, number="F-1").draft
    submit(draft=draft, actor=Actor(user), at=at)


def entered(seller: Structure, town: Structure, at: datetime, day: str) -> None:
    user = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=user, at=at)
    draft = an_entry(seller=seller, user=user, at=at, buyer=town, issue_date=day, number="F-1")
    submit(draft=draft, actor=Actor(user), at=at)


def in_a_table(seller: Structure, town: Structure, at: datetime, day: str) -> None:
    user = a_member(structure=seller, at=at)
    BankAccount.objects.create(
        structure=seller, label="A", iban="FR7600000000010000000017736", created_at=at, created_by=user
    )
    mandated(seller, by=user, at=at)
    row = a_row("F-1", seller=seller.identifier, buyer=town.identifier, issue_date=day)
    sent(a_table([row]), structure=seller, user=user, at=at, name="novembre.xlsx")


def in_a_flow(seller: Structure, town: Structure, at: datetime, day: str) -> None:
    user = a_member(structure=seller, at=at)
    iso = "-".join(reversed(day.split("/")))
    xml = an_xml("F-1", seller=seller.identifier, buyer=town.identifier).replace(b"2026-11-02", iso.encode())
    sent(xml, structure=seller, user=user, at=at, name="f.xml")


@pytest.mark.django_db
@pytest.mark.parametrize("take", [deposited, entered, in_a_table, in_a_flow])
def test_every_way_in_keeps_the_same_remark(take: Callable[..., None], at: datetime) -> None:
    seller = a_structure(at=at, address_line="1 rue des Essais", postcode="99120")
    town = a_town(at=at, address_line="1 place du Marché", postcode="99120")
    day = day_in_paris(at) + timedelta(days=9)
    take(seller, town, at, f"{day:%d/%m/%Y}")
    assert Invoice.objects.get().remarks == [
        {
            "rule": "CPRO-DATE-FUTURE",
            "message": f"La facture est datée du {day:%d/%m/%Y}, dans l’avenir. "
            "Vérifiez : beaucoup d’acheteurs la rejetteront.",
            "field": "issue_date",
        }
    ]


@pytest.mark.django_db
def test_a_draft_has_none_and_what_is_in_order_has_none(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)
    invoice = a_draft(seller=seller, user=user, at=at, buyer=town, issue_date=day_in_paris(at) + timedelta(days=9))
    assert invoice.remarks == []
    deposited(seller, town, at, f"{day_in_paris(at):%d/%m/%Y}")
    assert Invoice.objects.get(number="F-1").remarks == []
