"""Chorus Pro's own acceptance: each rule broken by the smallest change, in a file of each syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest

from plainchant.einvoice.directory import Recipient, RecipientService
from plainchant.einvoice.model import AllowanceCharge, Identifier, Invoice, Price
from plainchant.einvoice.rules import choruspro, own
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import Verdict, check
from tests.einvoice.rules import smallest_chorus as smallest
from tests.spellings import spellings

AT = smallest.AT
# Chorus Pro wants the root Invoice for every type of document.
WRITERS = {"ubl": lambda invoice: write_ubl(invoice, root="invoice"), "cii": write_cii}


@dataclass(frozen=True)
class Known:
    """A directory of one."""

    one: Recipient

    def recipient(self, siret: str) -> Recipient | None:
        return self.one if siret == self.one.siret else None


def verdict(invoice: Invoice, syntax: str, recipient: Recipient | None = None) -> Verdict:
    directory = Known(recipient) if recipient is not None else None
    return check(WRITERS[syntax](invoice), at=AT, directory=directory)


def broken(invoice: Invoice, syntax: str, recipient: Recipient | None = None) -> set[str]:
    return {finding.rule for finding in verdict(invoice, syntax, recipient).layer("chorus").findings}


@pytest.mark.parametrize("syntax", WRITERS)
def test_a_valid_invoice_is_accepted_and_has_no_finding(syntax):
    found = verdict(smallest.valid(), syntax)
    assert found.accepted
    assert {layer.name: layer.findings for layer in found.layers[:4]} == dict.fromkeys(
        ("wellformed", "schema", "chorus", "en16931"), ()
    )


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("case", smallest.CASES, ids=lambda case: case.rule)
def test_the_smallest_wrong_invoice_breaks_its_rule_and_nothing_else(case, syntax, monkeypatch):
    for name, value in case.limits.items():
        monkeypatch.setattr(choruspro, name, value)
    found = verdict(case.invoice, syntax, case.recipient)
    if syntax not in choruspro.BOOK.rules[case.rule].syntaxes:
        assert found.layer("chorus").findings == ()
        return
    severity = choruspro.BOOK.rules[case.rule].severity
    assert found.accepted == (severity == "warning")
    findings = found.layer("chorus").findings
    assert {finding.rule for finding in findings} == {case.rule}
    for finding in findings:
        assert finding.severity == severity
        assert finding.terms
        assert finding.path.startswith(("/ubl:Invoice", "/rsm:CrossIndustryInvoice"))
        assert finding.line
        assert not re.search(r"[{}]|None|  |: \.|[=«] *,|est \.", finding.message)


STATED = [("CPRO-TVA-NON-NULLE", "SANS_TVA", "20.00"), ("CPRO-TVA-NULLE", "TVA_SUR_DEBIT", "0.00")]


@pytest.mark.parametrize(("rule", "regime", "tax"), STATED)
def test_a_regime_that_the_file_states_agrees_with_its_vat(rule, regime, tax):
    stated = rb"<cbc:ID>VAT</cbc:ID><cbc:TaxTypeCode>%b</cbc:TaxTypeCode>" % regime.encode()
    data, found = re.subn(rb"<cbc:ID>VAT</cbc:ID>", stated, WRITERS["ubl"](smallest.valid()), count=1)
    assert found == 1
    data, found = re.subn(rb'(<cac:TaxTotal>\s*<cbc:TaxAmount currencyID="EUR">)[\d.]+', rb"\g<1>" + tax.encode(), data)
    assert found == 1
    assert rule in {finding.rule for finding in check(data, at=AT).layer("chorus").findings}


def test_every_rule_has_its_smallest_wrong_invoice():
    assert [case.rule for case in smallest.CASES if case.rule not in choruspro.BOOK.rules] == []
    assert {case.rule for case in smallest.CASES} | {rule for rule, _, _ in STATED} == set(choruspro.BOOK.rules)
    assert {case.rule for case in smallest.ODDITIES} == set(own.RULES)


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("case", smallest.ODDITIES, ids=lambda case: case.rule)
def test_what_only_we_tell_is_a_warning(case, syntax):
    findings = check(case.spoil(WRITERS[syntax](case.invoice)), at=AT).layer("en16931").findings
    assert {finding.rule for finding in findings} == {case.rule}
    for finding in findings:
        assert finding.severity == "warning"
        assert finding.path
        assert finding.line
        assert finding.value in finding.message.replace(",", ".")


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("cadre", ["A1", "A9", "A25", None, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"])
def test_a_cadre_may_be_absent_or_be_a_peppol_process(cadre, syntax):
    assert broken(smallest.valid(business_process=cadre), syntax) == set()


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize(
    ("scheme", "value"),
    [("0223", "DE123456789"), ("0227", "KRSAMSUNG"), ("0228", "123456789"), ("0229", "A12345"), ("6", "À venir")],
)
def test_a_supplier_without_siret_is_known_by_its_own_identifier(scheme, value, syntax):
    assert broken(smallest.known_as("seller", Identifier(value, scheme)), syntax) == set()


@pytest.mark.parametrize("syntax", WRITERS)
def test_an_identifier_is_read_however_it_is_written(syntax):
    known = Recipient(smallest.BUYER, smallest.COMMUNE)
    for side, number in (("seller", smallest.SELLER), ("buyer", smallest.BUYER)):
        for text in spellings(number):
            assert broken(smallest.known_as(side, smallest.siret(text)), syntax, known) == set(), text
    for text in spellings(smallest.IBAN):
        assert broken(smallest.valid(payment_means=(smallest.paid_to(text),)), syntax) == set(), text


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_key_of_an_identifier_is_counted_however_it_is_written(syntax):
    def oddities(invoice: Invoice) -> set[str]:
        return {finding.rule for finding in verdict(invoice, syntax).layer("en16931").findings} & set(own.RULES)

    for text in spellings("73282932000075"):
        assert oddities(smallest.known_as("buyer", smallest.siret(text))) == {"PLC-SIRET"}, text
    for text in spellings("FR7630006000011234567890188"):
        assert oddities(smallest.valid(payment_means=(smallest.paid_to(text),))) == {"PLC-IBAN"}, text
    siren = Identifier(smallest.SELLER[:9], "0002")
    for text in spellings("FR32123456782"):
        assert oddities(smallest.taxed_as(text)) == {"PLC-TVA"}, text
    for text in spellings("FR44732829320"):
        assert oddities(smallest.taxed_as(text)) == set(), text
        assert oddities(smallest.taxed_as(text, siren)) == {"PLC-TVA-SIREN"}, text


def test_a_reference_with_its_file_and_a_price_with_its_discount_are_what_chorus_pro_takes():
    data = write_cii(smallest.valid(tender_reference="MAPA-12", invoiced_object=Identifier("COMPTEUR-7")))
    file = (
        b'<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="a.pdf">JVBERi0=</ram:AttachmentBinaryObject>'
    )
    whole = re.sub(rb"(<ram:TypeCode>(50|130)</ram:TypeCode>)", rb"\1" + file, data)
    assert whole.count(file) == 2
    assert {finding.rule for finding in check(whole, at=AT).layer("chorus").findings} == set()
    discounted = Price(net=Decimal(100), gross=Decimal(100), discount=Decimal(0))
    assert broken(smallest.with_line(price=discounted), "cii") == set()


# Quantity, price, base quantity, amount, allowance, charge.
RIGHT = [
    ("10", "10", None, "100", None, None),
    ("10", "1000", "100", "100", None, None),
    ("10", "12", None, "100", "30", "10"),
    ("-1", "100", None, "-100", None, None),
    ("486", "4.9715", None, "2416.16", None, None),  # of an example of Peppol's
    ("64", "36109.00", "100", "23440.00", "330.00", "660.00"),  # whole forints
    ("10", "8.33", None, "83.34", None, None),  # 10 with VAT: the price was 8.3333, and was written in cents
    ("1.33", "60", None, "80", None, None),  # an hour and twenty minutes
]
WRONG = [
    ("10", "100", None, "100", None, None),
    ("10", "10", "100", "100", None, None),
    ("1", "100", None, "100", "10", None),
    ("1", "100", None, "100", None, "10"),
    ("1", "100", None, "-100", None, None),
    ("1", "100", None, "99.97", None, None),
    ("10", "8.33", None, "83.38", None, None),
    ("1.5", "60", None, "90.33", None, None),
    ("1.33", "60", None, "80.13", None, None),
]


@pytest.mark.parametrize(
    ("row", "is_right"), [*((row, True) for row in RIGHT), *((row, False) for row in WRONG)], ids=str
)
def test_the_amount_of_a_line_is_its_quantity_by_its_price_but_for_rounding(row, is_right):
    quantity, net, base, amount, less, more = (None if text is None else Decimal(text) for text in row)
    line = smallest.replace(
        smallest.valid().lines[0],
        quantity=quantity,
        price=Price(net=net, base_quantity=base),
        net_amount=amount,
        allowances=(AllowanceCharge(amount=less),) if less is not None else (),
        charges=(AllowanceCharge(amount=more),) if more is not None else (),
    )
    for syntax in WRITERS:
        findings = verdict(smallest.valid(lines=(line,)), syntax).layer("en16931").findings
        assert ("PLC-LIGNE" not in {finding.rule for finding in findings}) is is_right, syntax


@pytest.mark.parametrize("role", ["GROUP", "INFORMATION"])
def test_a_line_whose_amount_is_that_of_others_is_not_computed(role):
    grouping = smallest.with_line(quantity=Decimal(10), status_reason_code=role)
    findings = verdict(grouping, "cii").layer("en16931").findings
    assert "PLC-LIGNE" not in {finding.rule for finding in findings}


@pytest.mark.parametrize("syntax", WRITERS)
def test_nine_digits_without_a_scheme_are_a_siren_in_france_only(syntax):
    invoice = smallest.known_as("seller", Identifier("123456782"))
    abroad = smallest.replace(invoice.seller, address=smallest.replace(invoice.seller.address, country="BE"))
    assert broken(smallest.replace(invoice, seller=abroad), syntax) == {"CPRO-FOURNISSEUR-SCHEMA"}


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize(
    ("term", "rules"), [("type_code", {"CPRO-TYPE", "BR-CL-01"}), ("currency", {"CPRO-DEVISE", "BR-CL-04"})]
)
def test_a_no_break_space_is_part_of_a_code_as_it_is_for_the_official_rules(term, rules, syntax):
    """XML's white space is four characters, around which nothing matters; others are text."""
    data = WRITERS[syntax](smallest.valid())
    value = str(getattr(smallest.valid(), term)).encode()

    def found(instead: str) -> set[str]:
        spoiled = data.replace(b">%b<" % value, f">{value.decode()}{instead}<".encode(), 1)
        assert spoiled != data
        layers = check(spoiled, at=AT).layers
        return {finding.rule for layer in layers for finding in layer.findings if layer.name in ("chorus", "en16931")}

    assert found("\n\t ") == set()
    assert rules <= found("\u00a0")


@pytest.mark.parametrize("syntax", WRITERS)
def test_what_is_exactly_as_long_as_allowed_is_accepted(syntax):
    long = smallest.valid(
        number="F" * 20,
        buyer_reference="S" * 100,
        purchase_order_reference="E" * 50,
        contract_reference="M" * 50,
        supporting_documents=smallest.attached("b" * 46 + ".pdf").supporting_documents,
    )
    assert broken(long, syntax) == set()


@pytest.mark.parametrize("syntax", WRITERS)
def test_a_cent_between_the_sum_and_the_total_is_accepted(syntax):
    assert broken(smallest.with_totals(tax_inclusive_amount="120.01", payable_amount="120.01"), syntax) == set()


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_state_without_siret_is_found_by_its_service(syntax):
    state = smallest.known_as("buyer", smallest.siret(choruspro.UNKNOWN_SIRET))
    served = smallest.replace(state, buyer_reference="CULTURE")
    assert broken(served, syntax) == set()
    stranger = Recipient(smallest.SELLER, "Les Cordes")
    assert broken(served, syntax, stranger) == set(), "no directory is asked about a number that is nobody's"


@pytest.mark.parametrize("syntax", WRITERS)
def test_a_service_that_demands_a_commitment_does(syntax):
    demanding = Recipient(
        smallest.BUYER,
        smallest.COMMUNE,
        services={"A": RecipientService("A", commitment_required=True), "B": RecipientService("B")},
    )
    assert broken(smallest.valid(buyer_reference="A"), syntax, demanding) == {"ANNUAIRE-ENGAGEMENT-ABSENT"}
    assert broken(smallest.valid(buyer_reference="B"), syntax, demanding) == set()
    ordered = smallest.valid(buyer_reference="A", purchase_order_reference="4500012345")
    assert broken(ordered, syntax, demanding) == set()


def test_each_sentence_is_french_as_it_is_printed():
    for rule in (*choruspro.RULES.values(), *own.RULES.values()):
        assert rule.french.endswith("."), rule.id
        assert not re.search("(?<!\u00a0)[;:?!»](?!\\w)", rule.french), rule.id
        assert "'" not in rule.french, rule.id
        assert "« " not in rule.french, rule.id
        assert not re.search(r"veuillez|!", rule.french, re.IGNORECASE), rule.id
        assert rule.english.endswith("."), rule.id
