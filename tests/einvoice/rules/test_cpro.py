"""BR-FR-CPRO on the model: each known rule broken by the smallest change; a directory asked, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

import pytest
from lxml import etree

from plainchant.einvoice.directory import Recipient, RecipientService
from plainchant.einvoice.model import (
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Note,
    Party,
    PaymentMeans,
    SupportingDocument,
)
from plainchant.einvoice.rule import Context, Report, Vocabulary
from plainchant.einvoice.rules import cpro, cpro_table
from tests.einvoice.rules import smallest_fr as smallest

AT = date(2026, 11, 3)
SYNTAXES: tuple[Vocabulary, ...] = ("ubl", "cii")
BUYER = smallest.siret(smallest.BUYER_SIREN).value


@dataclass(frozen=True)
class Known:
    """A directory of one."""

    one: Recipient

    def recipient(self, siret: str) -> Recipient | None:
        return self.one if siret == self.one.siret else None


def run(invoice: Invoice, syntax: Vocabulary = "cii", recipient: Recipient | None = None) -> Report:
    report = Report()
    directory = Known(recipient) if recipient is not None else None
    cpro.run(invoice, Context(syntax=syntax, at=AT, directory=directory), report)
    for failure in report.failures:
        sentence = cpro.RULES[failure.rule].french.format(**{"value": "", "path": "", **failure.details})
        assert "{" not in sentence
        assert "None" not in sentence
    return report


def broken(invoice: Invoice, syntax: Vocabulary = "cii", recipient: Recipient | None = None) -> set[str]:
    return {failure.rule for failure in run(invoice, syntax, recipient).failures}


def seller(*identifiers: Identifier, **changes: object) -> Invoice:
    return smallest.valid(seller=smallest.party(smallest.SELLER_SIREN, identifiers=identifiers, **changes))


def known_as(scheme: str, value: str) -> Invoice:
    return seller(Identifier(value, scheme), legal_registration=None)


def document(**changes: str) -> Invoice:
    return smallest.valid(supporting_documents=(SupportingDocument(**changes),))


def paid_to(account: str) -> Invoice:
    return smallest.valid(payment_means=(PaymentMeans(credit_transfer=CreditTransfer(account=account)),))


def long_place(line: bool) -> Invoice:
    place = Delivery(location=Identifier("x" * 21))
    return smallest.with_line(delivery=place) if line else smallest.valid(delivery=place)


CITED = smallest.correcting()
CASES = {
    "BR-FR-CPRO-01": smallest.valid(contract_type="BC"),
    "BR-FR-CPRO-02": smallest.valid(number="F" * 21),
    "BR-FR-CPRO-03": known_as("0088", "3012345678901"),
    "BR-FR-CPRO-04": known_as("0223", "x" * 18),
    "BR-FR-CPRO-05": known_as("0227", "x" * 18),
    "BR-FR-CPRO-06": known_as("0228", "12345678"),
    "BR-FR-CPRO-07": known_as("0229", "12345678901"),
    "BR-FR-CPRO-08": known_as("0226", "DUPONT1234"),
    "BR-FR-CPRO-09": seller(Identifier("DE123", "0223")),
    "BR-FR-CPRO-10": smallest.valid(buyer=smallest.party(smallest.BUYER_SIREN, identifiers=())),
    "BR-FR-CPRO-14": smallest.valid(contract_reference="x" * 51),
    "BR-FR-CPRO-15": smallest.valid(purchase_order_reference="x" * 51),
    "BR-FR-CPRO-17": smallest.valid(payee=smallest.party(smallest.OTHER_SIREN, identifiers=())),
    "BR-FR-CPRO-20": smallest.valid(preceding_invoices=CITED * 2),
    "BR-FR-CPRO-24": smallest.valid(business_process="S5"),
    "BR-FR-CPRO-30": document(reference="x" * 51),
    "BR-FR-CPRO-31": smallest.with_line(item=Item(description="x" * 1025)),
    "BR-FR-CPRO-32": smallest.valid(
        seller=smallest.party(smallest.SELLER_SIREN, address=smallest.Address(line_1="x" * 401))
    ),
    "BR-FR-CPRO-33": smallest.valid(
        seller=smallest.party(smallest.SELLER_SIREN, address=smallest.Address(city="x" * 401))
    ),
    "BR-FR-CPRO-34": smallest.valid(buyer=smallest.party(smallest.BUYER_SIREN, trading_name="x" * 100)),
    "BR-FR-CPRO-35": smallest.valid(payment_terms="x" * 1025),
    "BR-FR-CPRO-36": smallest.valid(seller=smallest.party(smallest.SELLER_SIREN, trading_name="x" * 100)),
    "BR-FR-CPRO-37": smallest.valid(payee=Party(name="x" * 100)),
    "BR-FR-CPRO-38": long_place(line=False),
    "BR-FR-CPRO-39": paid_to("x" * 28),
    "BR-FR-CPRO-40": long_place(line=True),
    "BR-FR-CPRO-41": document(filename="x" * 47 + ".pdf"),
    "BR-FR-CPRO-42": smallest.valid(notes=(Note(text="x" * 1025),)),
    "BR-FR-CPRO-43": smallest.valid(seller=smallest.party(smallest.SELLER_SIREN, name="x" * 100)),
    "BR-FR-CPRO-44": smallest.valid(buyer=smallest.party(smallest.BUYER_SIREN, name="x" * 100)),
}
# What each demands, and what an invoice that gives nothing then breaks.
DEMANDS = {
    "BR-FR-CPRO-11": Recipient(BUYER, "Commune de Vézelay", service_required=True),
    "BR-FR-CPRO-12": Recipient(BUYER, "Commune de Vézelay", commitment_required=True),
    "BR-FR-CPRO-13": Recipient(BUYER, "Commune de Vézelay", service_or_commitment_required=True),
}
OF_A_FILE = {"BR-FR-CPRO-25", "BR-FR-CPRO-26", "BR-FR-CPRO-27"}
OF_A_HEAP = {"BR-FR-CPRO-19"}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("invoice", [smallest.valid(), smallest.paid(), smallest.grouped(), smallest.both_ways()])
def test_a_valid_invoice_has_no_finding(invoice, syntax):
    assert broken(invoice, syntax) == set()


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("rule", CASES)
def test_the_smallest_failing_invoice_breaks_its_rule_and_nothing_else(rule, syntax):
    assert broken(CASES[rule], syntax) == {rule}


@pytest.mark.parametrize("rule", DEMANDS)
def test_what_a_recipient_demands_must_be_there(rule):
    assert broken(smallest.valid(), recipient=DEMANDS[rule]) == {rule}
    assert broken(smallest.valid()) == set(), "without a directory nothing is demanded"


def test_every_rule_is_tested_or_told_not_to_be_run():
    tested = {*CASES, *DEMANDS, *OF_A_FILE, *OF_A_HEAP}
    assert set(cpro.RULES) == tested
    numbers = {f"BR-FR-CPRO-{number:02}" for number in range(1, 45)}
    assert tested | set(cpro_table.NOT_RUN) == numbers
    assert not tested & set(cpro_table.NOT_RUN)


def test_numbers_of_cited_invoices_are_held_to_the_same_length():
    long = smallest.correcting(number="F" * 21)
    assert broken(smallest.valid(preceding_invoices=long)) == {"BR-FR-CPRO-02"}
    assert broken(smallest.with_line(preceding_invoices=long)) == {"BR-FR-CPRO-02"}
    assert broken(smallest.valid(number="F" * 20)) == set()


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("0009", "12345678200012"),
        ("0223", "DE" + "1" * 15),
        ("0227", "KRSAMSUNG"),
        ("0228", "123456789"),
        ("0229", "1234567890"),
        ("0226", "1234567890"),
        ("0226", "1234567890" + "é" * 70),
    ],
)
def test_each_kind_of_seller_may_be_known_by_its_own_identifier(scheme, value):
    assert broken(known_as(scheme, value)) == set()


def test_an_individual_is_known_by_ten_digits_first():
    assert broken(known_as("0226", "123456789x" + "é" * 10)) == {"BR-FR-CPRO-08"}
    assert broken(known_as("0226", "1234567890" + "é" * 71)) == {"BR-FR-CPRO-08"}


def test_an_iban_of_france_fits_and_a_longer_one_does_not():
    assert broken(paid_to("FR7630006000011234567890189")) == set()
    assert broken(paid_to("MT84MALT011000012345MTLCAST001S")) == {"BR-FR-CPRO-39"}


def test_more_lines_than_chorus_pro_counts(monkeypatch):
    monkeypatch.setattr(cpro_table, "MAX_LINES", 3)
    assert broken(smallest.valid(lines=(smallest.line(),) * 3)) == set()
    assert broken(smallest.valid(lines=(smallest.line(),) * 4)) == {"BR-FR-CPRO-19"}


CII = "<CrossIndustryInvoice xmlns='urn:x'><SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>{}"
CII += "</ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>"


@pytest.mark.parametrize(
    ("syntax", "written"),
    [("ubl", "<Invoice xmlns='urn:x'>{}</Invoice>"), ("cii", CII)],
)
def test_terms_of_payment_stand_once(syntax, written):
    name = "PaymentTerms" if syntax == "ubl" else "SpecifiedTradePaymentTerms"
    for times, found in ((1, set()), (2, {"BR-FR-CPRO-25"})):
        source = etree.fromstring(written.format(f"<{name}/>" * times))
        assert broken(smallest.valid(source=source), syntax) == found


@pytest.mark.parametrize(("side", "rule"), [("seller", "BR-FR-CPRO-26"), ("buyer", "BR-FR-CPRO-27")])
@pytest.mark.parametrize(("syntax", "name"), [("ubl", "Contact"), ("cii", "DefinedTradeContact")])
def test_each_side_has_one_contact(side, rule, syntax, name):
    for times, found in ((1, set()), (2, {rule})):
        source = etree.fromstring(f"<a xmlns='urn:x'>{f'<{name}/>' * times}</a>")
        whole = smallest.valid()
        invoice = replace(whole, **{side: replace(getattr(whole, side), source=source)})
        assert broken(invoice, syntax) == found


def test_a_service_is_found_at_both_places_and_must_be_the_buyers():
    demanding = replace(DEMANDS["BR-FR-CPRO-11"], services={"CULTURE": RecipientService("CULTURE")})
    buyer = smallest.valid().buyer
    routed = replace(buyer, identifiers=(*buyer.identifiers, Identifier("CULTURE", "0224")))
    assert broken(smallest.valid(buyer=routed), recipient=demanding) == set()
    assert broken(smallest.valid(buyer_reference="CULTURE"), recipient=demanding) == set()
    assert broken(smallest.valid(buyer_reference="VOIRIE"), recipient=demanding) == {"BR-FR-CPRO-11"}


def test_a_service_may_demand_a_commitment():
    demanding = Recipient(
        BUYER,
        "Lycée",
        services={"A": RecipientService("A", commitment_required=True), "B": RecipientService("B")},
    )
    assert broken(smallest.valid(buyer_reference="A"), recipient=demanding) == {"BR-FR-CPRO-12"}
    assert broken(smallest.valid(buyer_reference="B"), recipient=demanding) == set()
    given = smallest.valid(buyer_reference="A", purchase_order_reference="4500012345")
    assert broken(given, recipient=demanding) == set()


def test_one_of_service_and_commitment_is_enough_where_one_is_demanded():
    demanding = replace(DEMANDS["BR-FR-CPRO-13"], services={"A": RecipientService("A")})
    assert broken(smallest.valid(buyer_reference="A"), recipient=demanding) == set()
    assert broken(smallest.valid(purchase_order_reference="4500012345"), recipient=demanding) == set()


def test_the_buyer_is_found_by_14_digits_in_its_registration_too():
    old = smallest.party(smallest.BUYER_SIREN, identifiers=(), legal_registration=Identifier(BUYER, "1"))
    found = broken(smallest.valid(buyer=old), recipient=DEMANDS["BR-FR-CPRO-12"])
    assert found == {"BR-FR-CPRO-10", "BR-FR-CPRO-12"}


def test_a_buyer_that_the_directory_does_not_know_demands_nothing():
    stranger = replace(DEMANDS["BR-FR-CPRO-11"], siret="11111111100011")
    assert broken(smallest.valid(), recipient=stranger) == set()


def test_the_book_says_which_rules_it_holds_and_until_when_they_only_warn():
    book = cpro.BOOK
    assert (book.name, book.version, book.published) == ("BR-FR-CPRO", "1.4", date(2026, 6, 30))
    assert book.warning_until == date(2026, 9, 30)
    assert book.applies(AT)


@pytest.mark.parametrize("sentence", [*(rule.french for rule in cpro.RULES.values()), *cpro_table.NOT_RUN.values()])
def test_each_sentence_is_french_as_it_is_printed(sentence):
    assert sentence.endswith(".")
    assert not re.search("(?<!\u00a0)[;:?!»]", sentence)
    assert "'" not in sentence
    assert "« " not in sentence
    assert not re.search(r"veuillez|!", sentence, re.IGNORECASE)
