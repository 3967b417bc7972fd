"""Whatever is entered, screen, page, CII and UBL show the same cents, and the official rules accept it.

A hundred and a half in the suite; PLAINCHANT_RANDOM_INVOICES=10000 tries as many as one wants.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from plainchant.capture.pdf import read_document
from plainchant.einvoice.drawing import draw
from plainchant.einvoice.making.composing import Coding, Sheet, compose, totals_of
from plainchant.einvoice.making.composing.totals import line_net
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import LayerName, Verdict, check
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.models import InvoiceSettings
from plainchant.portal.drafts.parties import DraftParties
from plainchant.portal.drafts.sheets import from_json, sheet_of, to_json
from plainchant.portal.drafts.typed import totals_so_far, understand
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.web.templatetags.plainchant import money
from tests.einvoice.conformance.oracle import Oracle
from tests.portal.drafts.random_forms import form

MANY = int(os.environ.get("PLAINCHANT_RANDOM_INVOICES", "0"))
COUNT, DRAWN, JUDGED = (MANY, MANY, MANY) if MANY else (150, 25, 20)
AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SELLER = Structure(
    name="Camille Rivet",
    identifier="90210001500012",
    vat_number="FR57902100015",
    address_line="1 rue des Essais",
    postcode="31000",
    city="Toulouse",
)
TOWN = Structure(
    name="Ville de Fable", identifier="21990001600011", postcode="06999", city="Fable", payer_category="LOCAL"
)
ACCOUNT = BankAccount(label="Courant", iban="FR1420041010050500013M02606")


def entered(seed: int) -> tuple[Sheet, str]:
    """The sheet that the form's own code makes of what was typed, and the totals the screen shows."""
    understood = understand(cleaned(form(seed), source=DraftSource.SHEET), source=DraftSource.SHEET)
    assert [finding.message for finding in understood.findings] == [], seed
    sheet = sheet_of(
        understood=understood,
        parties=DraftParties(seller=SELLER, buyer=TOWN, account=ACCOUNT),
        validator=None,
        settings=InvoiceSettings(is_sole_trader=True),
    )
    screen = render_to_string("entry/_totals.html", {"sums": totals_so_far(understood), "currency": sheet.currency})
    return sheet, screen


def amounts(invoice: Invoice) -> tuple[Decimal | None, ...]:
    assert invoice.totals is not None
    return (
        invoice.totals.line_extension_amount,
        invoice.totals.tax_exclusive_amount,
        invoice.tax_amount,
        invoice.totals.tax_inclusive_amount,
        invoice.totals.payable_amount,
        *(line.net_amount for line in invoice.lines),
        *(amount for row in invoice.vat_breakdown for amount in (row.taxable_amount, row.tax_amount)),
    )


def wrong(verdict: Verdict, layers: Collection[LayerName]) -> list[str]:
    """What is found, besides that the total is below zero: a form drawn by lot may fall there."""
    sense = {"CPRO-AVOIR-NEGATIF", "CPRO-FACTURE-NEGATIVE"}
    findings = [finding for name in layers for finding in verdict.layer(name).findings]
    return [finding.message for finding in findings if finding.rule not in sense]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-")


def test_screen_cii_and_ubl_agree_to_the_cent_and_nothing_is_wrong_with_them() -> None:
    for seed in range(COUNT):
        sheet, screen = entered(seed)
        sums = totals_of(sheet)
        shown = squeezed(screen)
        for amount in (sums.tax_exclusive, sums.tax_inclusive, sums.payable, *(rate.tax for rate in sums.rates)):
            assert squeezed(money(amount, sheet.currency)) in shown, seed
        assert from_json(to_json(sheet)) == sheet
        invoice = compose(sheet)
        for write in (write_cii, write_ubl):
            told = check(write(invoice), at=AT.date())
            assert told.reading is not None
            judged: tuple[LayerName, ...] = ("wellformed", "schema", "chorus", "en16931")
            assert wrong(told, judged) == [], seed
            reform = check(write(compose(sheet, coding=Coding.REFORM)), at=AT.date())
            judged = ("wellformed", "schema", "en16931", "fr")
            assert wrong(reform, judged) == [], seed


def test_the_drawn_page_shows_the_same_cents() -> None:
    for seed in range(DRAWN):
        sheet, _ = entered(seed)
        invoice = compose(replace(sheet, number=f"R-{seed}"))
        pdf = draw(invoice, at=AT, xml=write_cii(invoice))
        text = squeezed("".join(word.text for page in read_document(pdf).pages for word in page.words))
        sums = totals_of(sheet)
        for amount in (sums.tax_exclusive, sums.tax, sums.tax_inclusive, sums.payable, *map(line_net, sheet.lines)):
            assert squeezed(money(amount, sheet.currency)).removesuffix("€") in text, (seed, amount)


def test_the_official_rules_accept_them(shared: Path) -> None:
    pytest.importorskip("saxonche", reason="no saxonche: `uv sync` installs it with the dev group")
    oracle = Oracle(shared=shared)
    try:
        for seed in range(JUDGED):
            sheet, _ = entered(seed)
            for write, syntax in ((write_cii, "cii"), (write_ubl, "ubl")):
                invoice = compose(sheet, coding=Coding.REFORM)
                for rules in ("en16931", "fr"):
                    told = oracle.judge(write(invoice), rules=rules, syntax=syntax)  # type: ignore[arg-type]
                    assert not told.aborted, seed
                    assert told.ids("fatal") == frozenset(), (seed, syntax, rules)
    finally:
        oracle.close()
