"""A sheet as a whole invoice: both codings, both syntaxes, judged by the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.making.composing import Coding, Sheet, compose, differences, totals_of
from plainchant.einvoice.making.composing.totals import line_net
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import Verdict, check
from tests.einvoice.making.composing.sheets import (
    CREDIT,
    DEPOSIT,
    FINAL,
    FINAL_OF_TWO,
    MIXED,
    PAID,
    PARTLY_PAID,
    SCULPTURE,
    SHEETS,
    SUBCONTRACTED,
    VISIT,
)

TODAY = date(2026, 11, 26)
# Without a place in EN 16931, and for a supplier who bears no VAT: worth a look, never refused.
OF_NOTHING = {"paid nothing": {"CPRO-FACTURE-NEGATIVE"}}
# The classic cadre A1 does not say that an invoice cites a deposit; the reform's B4 does.
CITING = {name: {"CPRO-ORIGINE"} for name in ("final", "final without VAT")}
VALIDATOR = {"CII-SR-351", "UBL-CR-259", "XSD-PROFIL"}


def verdict(sheet: Sheet, coding: Coding, syntax: str) -> Verdict:
    written = (write_cii if syntax == "cii" else write_ubl)(compose(sheet, coding=coding))
    return check(written, at=TODAY)


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
@pytest.mark.parametrize("name", SHEETS)
def test_in_the_classic_coding_chorus_pro_and_the_norm_have_nothing_to_say(name: str, syntax: str) -> None:
    told = verdict(SHEETS[name], Coding.CLASSIC, syntax)
    assert told.accepted
    for layer in ("wellformed", "schema", "chorus", "en16931"):
        found = {finding.rule for finding in told.layer(layer).findings}
        assert found <= (VALIDATOR if SHEETS[name].validator else (OF_NOTHING | CITING).get(name, set())), layer


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
@pytest.mark.parametrize("name", SHEETS)
def test_in_the_reforms_coding_only_chorus_pro_refuses_the_process(name: str, syntax: str) -> None:
    told = verdict(SHEETS[name], Coding.REFORM, syntax)
    found = {finding.rule for finding in told.layer("chorus").findings}
    assert found == {"CPRO-G1.02-REFORME", *OF_NOTHING.get(name, set())}
    for layer in ("wellformed", "schema", "en16931", "fr", "cpro"):
        found = {finding.rule for finding in told.layer(layer).findings}
        assert found <= (VALIDATOR if SHEETS[name].validator else set()), layer


@pytest.mark.parametrize(
    ("sheet", "process"),
    [
        (VISIT, "S1"),
        (SCULPTURE, "B1"),
        (MIXED, "M1"),
        (PAID, "S2"),
        (SUBCONTRACTED, "S3"),
        (FINAL, "B4"),
        (DEPOSIT, "M1"),
    ],
)
def test_the_process_of_the_reform_says_what_is_sold(sheet: Sheet, process: str) -> None:
    assert compose(sheet, coding=Coding.REFORM).business_process == process


def test_the_amounts_are_those_of_the_one_arithmetic() -> None:
    invoice, sums = compose(MIXED), totals_of(MIXED)
    assert invoice.totals is not None
    assert invoice.totals.payable_amount == sums.payable
    assert invoice.tax_amount == sums.tax
    assert [line.net_amount for line in invoice.lines] == [line_net(line) for line in MIXED.lines]


def test_a_supplier_without_vat_number_gives_its_siren_for_the_tax_office() -> None:
    seller = compose(VISIT).seller
    assert seller is not None
    assert (seller.vat_identifier, seller.tax_registration) == (None, "902100015")
    assert seller.name == "Camille Rivet EI"


@pytest.mark.parametrize("name", ["Camille Rivet EI", "EI Camille Rivet"])
def test_a_name_that_says_so_already_does_not_say_it_twice(name: str) -> None:
    seller = compose(replace(VISIT, seller=replace(VISIT.seller, name=name))).seller
    assert seller is not None
    assert seller.name == name


def test_the_three_mentions_of_the_law_are_there_once_each() -> None:
    assert [note.subject_code for note in compose(VISIT).notes] == ["PMD", "PMT", "AAB"]
    texts = " ".join(note.text or "" for note in compose(VISIT).notes)
    assert "8 points" in texts
    assert "40 €" in texts


def test_a_credit_note_cites_its_invoice_and_names_no_means_of_payment() -> None:
    invoice = compose(CREDIT)
    assert invoice.payment_means == ()
    assert [one.number for one in invoice.preceding_invoices] == ["F-2026-000"]
    assert invoice.totals is not None
    assert invoice.totals.payable_amount == 250


def test_a_final_invoice_takes_off_the_deposit_with_its_vat_and_says_what_the_whole_was() -> None:
    invoice, sums, whole = compose(FINAL), totals_of(FINAL), totals_of(SCULPTURE)
    assert (sums.tax_exclusive, sums.deposits, sums.whole) == (
        whole.tax_exclusive - Decimal("300.10"),
        Decimal("300.10"),
        whole.tax_exclusive,
    )
    assert sums.payable == sums.tax_inclusive == sums.tax_exclusive + sums.tax
    assert abs(whole.tax - sums.tax - Decimal("300.10") * Decimal("5.5") / 100) <= Decimal("0.01")
    assert invoice.totals is not None
    assert invoice.totals.prepaid_amount is None, "what was invoiced is taken off by lines, what was paid by BT-113"
    taken = invoice.lines[-1]
    assert (taken.quantity, taken.net_amount, taken.item and taken.item.description) == (
        -1,
        Decimal("-300.10"),
        "Facture d’acompte F-2026-009 du 3\u00a0mars\u00a02026",
    )
    assert [(one.number, one.issue_date) for one in invoice.preceding_invoices] == [("F-2026-009", date(2026, 3, 3))]
    assert "dont 300,10" in (invoice.notes[-1].text or "")


def test_two_deposits_are_named_by_the_lines_since_chorus_pro_takes_one_preceding_invoice() -> None:
    invoice = compose(FINAL_OF_TWO)
    assert invoice.preceding_invoices == ()
    named = " ".join(line.item.description or "" for line in invoice.lines if line.item)
    assert "F-2026-007" in named
    assert "F-2026-008" in named
    assert totals_of(FINAL_OF_TWO).discount == totals_of(MIXED).discount


def test_what_was_paid_without_an_invoice_is_taken_off_what_is_due_alone() -> None:
    invoice, sums = compose(PARTLY_PAID), totals_of(PARTLY_PAID)
    assert invoice.totals is not None
    assert (invoice.totals.prepaid_amount, invoice.totals.payable_amount) == (
        Decimal("120.50"),
        sums.tax_inclusive - Decimal("120.50"),
    )
    assert sums.tax_inclusive == totals_of(VISIT).tax_inclusive
    assert (invoice.notes[-1].text or "").startswith("Déjà reçu le 3")


def test_the_differences_between_the_codings_are_found_and_nothing_else() -> None:
    told = {one.path: (one.classic, one.reform) for one in differences(VISIT)}
    assert told == {
        "business_process": ("A1", "S1"),
        "seller.legal_registration": ("90210001500012 (0009)", "902100015 (0002)"),
        "seller.electronic_address": ("", "902100015_90210001500012 (0225)"),
        "buyer.legal_registration": ("21990001600011 (0009)", "219900016 (0002)"),
        "buyer.electronic_address": ("", "219900016_21990001600011_CULT-01 (0225)"),
    }
