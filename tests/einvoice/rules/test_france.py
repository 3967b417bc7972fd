"""BR-FR on the model: each rule broken by the smallest change, an invoice that breaks none, the official samples."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from plainchant.einvoice.model import AllowanceCharge, Delivery, Identifier, Invoice, Note, Party
from plainchant.einvoice.rule import Context, Report, Vocabulary
from plainchant.einvoice.rules import france, france_names
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.rules import smallest_fr as smallest

AT = date(2026, 11, 3)
SYNTAXES: tuple[Vocabulary, ...] = ("ubl", "cii")
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"


def run(invoice: Invoice, syntax: Vocabulary, unreadables: tuple = ()) -> Report:
    report = Report()
    france.run(invoice, Context(syntax=syntax, at=AT, unreadables=unreadables), report)
    return report


def broken(invoice: Invoice, syntax: Vocabulary, unreadables: tuple = ()) -> set[str]:
    return {failure.rule for failure in run(invoice, syntax, unreadables).failures}


def named(rules: tuple[str, ...], syntax: Vocabulary) -> set[str]:
    """The ids these rules have in a syntax."""
    if syntax == "cii":
        return set(rules)
    return {name for rule in rules for name in france_names.UBL_IDS.get(rule, (rule,))}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    "invoice",
    [
        smallest.valid(),
        smallest.between_companies(),
        smallest.paid(),
        smallest.of_single_taxable_person(),
        smallest.grouped(),
        smallest.both_ways(),
        smallest.valid(type_code="381", preceding_invoices=smallest.correcting()),
        smallest.valid(type_code="381", lines=(smallest.line(preceding_invoices=smallest.correcting()),)),
    ],
    ids=["plain", "between companies", "paid", "single taxable person", "grouped", "both ways", "credit", "by line"],
)
def test_a_valid_invoice_has_no_finding(invoice, syntax):
    assert broken(invoice, syntax) == set()


@pytest.mark.parametrize(
    ("case", "syntax"),
    [
        pytest.param(case, syntax, id=f"{case.rule}-{syntax}")
        for case in smallest.CASES
        for syntax in SYNTAXES
        if syntax in case.syntaxes
    ],
)
def test_the_smallest_failing_invoice_breaks_its_rule_and_nothing_else(case, syntax):
    assert broken(case.invoice, syntax) == named((case.rule, *case.also), syntax)


# Ids that the official file holds and that no document can fail which its schema lets through: their XPath looks where
# nothing can stand, or an earlier rule of the same pattern takes the element. They are rows, so that they can be
# explained, and have no code.
UNREACHABLE: dict[Vocabulary, frozenset[str]] = {
    "ubl": frozenset(
        """
        BR-FR-16_BT-103 BR-FR-DEC-01_BT-111 BR-FR-09_EXT-FR-FE-146 BR-FR-27_BG-32 BR-FR-27_BT-160
        BR-FR-27_EXT-FR-FE-159 BR-FR-29_BT-18 BR-FR-30_BT-128
        """.split()
    ),
    "cii": frozenset("BR-FR-DEC-01_BT-111 BR-FR-30_BT-128 BR-FR-30_AFL BR-FR-30_AVV".split()),
}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_rule_has_its_smallest_failing_invoice(syntax):
    tested = {name for case in smallest.CASES if syntax in case.syntaxes for name in named((case.rule,), syntax)}
    rules = {rule.id for rule in france.RULES.values() if syntax in rule.syntaxes}
    of_a_file = {rule for rule in rules if syntax == "cii" and re.fullmatch(r"BR-FR-CO-10_.*-1", rule)}
    assert rules - tested - of_a_file == UNREACHABLE[syntax]


def test_there_are_as_many_rules_as_the_official_files_have():
    counts = {syntax: sum(syntax in rule.syntaxes for rule in france.RULES.values()) for syntax in SYNTAXES}
    assert counts == {"ubl": 175, "cii": 171}


def test_the_rules_are_those_of_the_official_files(shared):
    for syntax in SYNTAXES:
        (path,) = (shared / "corpora/fr-rules/rules").glob(f"*BR-FR-Flux2*{syntax.upper()}*.tsv")
        with path.open(encoding="utf-8") as rows:
            official = {row["id"] for row in csv.DictReader(rows, delimiter="\t")}
        assert {rule.id for rule in france.RULES.values() if syntax in rule.syntaxes} == official


def test_cii_wants_the_scheme_of_a_global_identifier_only():
    party = etree.fromstring(f'<a xmlns:ram="{RAM}"><ram:ID>1</ram:ID><ram:GlobalID>2</ram:GlobalID></a>')
    plain = etree.fromstring(f'<a xmlns:ram="{RAM}"><ram:ID>1</ram:ID></a>')
    bare = (Identifier("1"), Identifier("2"))
    for source, found in ((party, {"BR-FR-CO-10_BT-60-1"}), (plain, set())):
        payee = Party(identifiers=bare[: len(source)], source=source)
        assert broken(smallest.valid(payee=payee), "cii") == found


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_each_note_stands_for_itself(syntax):
    """Version 1.4.0.03 took what follows a BAR note in UBL for a part of it."""
    treated = Note(subject_code="BAR", text="B2B")
    free = Note(text="Merci")
    assert broken(smallest.valid(notes=(*smallest.MENTIONS, free, treated)), syntax) == set()
    assert broken(smallest.valid(notes=(*smallest.MENTIONS, treated, free)), syntax) == set()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_only_between_companies_must_the_address_begin_with_the_siren(syntax):
    """Version 1.4.0.03 asked it in UBL of every self-billed invoice with a BAR note."""
    elsewhere = replace(smallest.party(smallest.SELLER_SIREN), electronic_address=Identifier("a@b.fr", "EM"))
    for treatment, found in (("B2C", set()), ("B2B", {"BR-FR-22_BT-34"})):
        notes = (*smallest.MENTIONS, Note(subject_code="BAR", text=treatment))
        assert broken(smallest.valid(type_code="389", seller=elsewhere, notes=notes), syntax) == found


def test_two_mentions_in_one_note_are_enough_for_ubl():
    together = Note(subject_code="PMT", text="40 euros #PMD#3 fois#AAB#non")
    assert broken(smallest.valid(notes=(together,)), "ubl") == set()
    assert broken(smallest.valid(notes=(together,)), "cii") == {"BR-FR-05_BT-22_PMD", "BR-FR-05_BT-22_AAB"}


def test_a_ubl_credit_note_is_known_by_its_root():
    read_as_invoice = etree.fromstring('<Invoice xmlns="urn:x"/>')
    read_as_credit_note = etree.fromstring('<CreditNote xmlns="urn:x"/>')
    bare = smallest.valid(type_code="381")
    assert broken(replace(bare, source=read_as_invoice), "ubl") == set()
    assert broken(replace(bare, source=read_as_credit_note), "ubl") == {"BR-FR-CO-05_BT-3"}
    corrective = smallest.valid(type_code="384")
    assert broken(replace(corrective, source=read_as_credit_note), "ubl") == set()


def test_lines_of_a_ubl_credit_note_may_have_any_rate():
    foreign = smallest.valid(
        type_code="381",
        preceding_invoices=smallest.correcting(),
        lines=(smallest.line(vat=smallest.vat(rate=Decimal(21))),),
    )
    assert broken(foreign, "ubl") == set()
    assert broken(foreign, "cii") == {"BR-FR-16_BT-152"}


def test_an_absent_category_matters_in_cii_only_and_not_on_a_group():
    absent = smallest.vat(code=None)
    assert broken(smallest.with_line(vat=absent), "ubl") == set()
    assert broken(smallest.with_line(vat=absent), "cii") == {"BR-FR-15_BT-95_BT-151"}
    assert broken(smallest.with_line(vat=absent, status_reason_code="GROUP"), "cii") == set()


def test_a_price_may_be_negative_where_each_sells_to_the_other():
    line = replace(smallest.both_ways().lines[1], price=smallest.Price(net=Decimal("-1.000001")))
    lines = smallest.both_ways().lines
    assert broken(smallest.both_ways(lines=(lines[0], line, *lines[2:])), "cii") == set()


def test_a_siret_without_siren_speaks_for_itself_except_for_seller_and_buyer():
    alone = Party(identifiers=(smallest.siret("111111118"),))
    assert broken(smallest.valid(payee=alone), "cii") == set()
    buyer = replace(smallest.valid().buyer, legal_registration=None)
    assert broken(smallest.valid(buyer=buyer), "cii") == {"BR-FR-09_BT-46"}


def test_an_identifier_of_an_article_is_held_to_the_siren_in_cii():
    item = smallest.Item(name="Concert", standard_identifier=Identifier("401", "0002"))
    assert broken(smallest.with_line(item=item), "cii") == {"BR-FR-32-GLOBALID"}
    assert broken(smallest.with_line(item=item), "ubl") == set()


def test_the_registration_of_the_place_delivered_to_is_a_siren():
    delivery = Delivery(location=smallest.siret("111111118"), legal_registration=Identifier("1", "0002"))
    for syntax in SYNTAXES:
        assert broken(smallest.valid(delivery=delivery), syntax) == {"BR-FR-32-LEGALID", "BR-FR-09_BT-71"}


UBL_LINE = '<Invoice xmlns="urn:x"><InvoiceLine><Price><PriceAmount>{}</PriceAmount></Price></InvoiceLine></Invoice>'


@pytest.mark.parametrize(
    ("value", "wanted", "found"),
    [
        ("cent", "number", {"BR-FR-DEC-03_BT-146"}),
        ("", "number", set()),
        ("+5", "writing", {"BR-FR-DEC-03_BT-146"}),
        ("5.", "writing", {"BR-FR-DEC-03_BT-146"}),
        ("005", "writing", set()),
    ],
)
def test_a_number_that_is_none_or_badly_written_is_told(value, wanted, found):
    element = next(etree.fromstring(UBL_LINE.format(value)).iter("{*}PriceAmount"))
    assert broken(smallest.valid(), "ubl", ((element, value, wanted),)) == found


@pytest.mark.parametrize(
    ("value", "wanted", "found"),
    [
        ("vingt", "number", {"BR-FR-16_BT-119", "BR-FR-DEC-04_BT-119"}),
        ("00.00", "writing", {"BR-FR-16_BT-119"}),
        ("05.50", "writing", {"BR-FR-16_BT-119"}),
        ("+20", "writing", {"BR-FR-16_BT-119", "BR-FR-DEC-04_BT-119"}),
    ],
)
def test_a_rate_that_is_none_or_badly_written_is_no_french_rate(value, wanted, found):
    root = etree.fromstring(
        "<CrossIndustryInvoice xmlns='urn:x'><SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>"
        "<ApplicableTradeTax><RateApplicablePercent/></ApplicableTradeTax>"
        "</ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>"
    )
    element = next(root.iter("{*}RateApplicablePercent"))
    assert broken(smallest.valid(), "cii", ((element, value, wanted),)) == found


@pytest.mark.parametrize(("value", "wanted"), [("2026-02-30", "date"), ("2026-02-03Z", "writing")])
def test_a_date_that_is_none_or_badly_written_is_told(value, wanted):
    element = next(etree.fromstring('<Invoice xmlns="urn:x"><IssueDate/></Invoice>').iter("{*}IssueDate"))
    assert broken(smallest.valid(), "ubl", ((element, value, wanted),)) == {"BR-FR-03_BT-2"}


def test_a_date_nobody_can_read_counts_as_given():
    source = etree.fromstring('<a xmlns="urn:x"><IssueDate>2026-02-30</IssueDate></a>')
    cited = smallest.correcting(issue_date=None, source=source)
    assert broken(smallest.valid(type_code="381", preceding_invoices=cited), "cii") == set()
    uncited = smallest.correcting(issue_date=None)
    assert broken(smallest.valid(type_code="381", preceding_invoices=uncited), "cii") == {"BR-FR-CO-05_BT-3"}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("case", smallest.CASES, ids=lambda case: case.rule)
def test_each_sentence_has_all_it_speaks_of(case, syntax):
    for failure in run(case.invoice, syntax).failures:
        sentence = france.RULES[failure.rule].french.format(**{"value": "", "path": "", **failure.details})
        assert "{" not in sentence
        assert "None" not in sentence


def test_a_long_value_is_cut_in_the_sentence():
    (failure,) = run(smallest.valid(type_code="3" * 1000), "cii").failures
    assert len(str(failure.details["value"])) < 100


@pytest.mark.parametrize("rule", france.RULES.values(), ids=lambda rule: rule.id)
def test_each_sentence_is_french_as_it_is_printed(rule):
    french = rule.french
    assert french[0].isupper() or french.startswith(("«", "{"))
    assert french.endswith(".")
    assert not re.search("(?<!\u00a0)[;:?!»]", french)
    assert "'" not in french
    assert "« " not in french
    assert not re.search(r"veuillez|!", french, re.IGNORECASE)
    assert rule.english.endswith(".")
    assert rule.terms


def test_the_book_says_which_rules_it_holds_and_until_when_they_only_warn():
    book = france.BOOK
    assert (book.name, book.version, book.published) == ("BR-FR", "1.4.0.04", date(2026, 9, 3))
    assert book.warning_until == date(2026, 8, 31)
    assert book.applies(date(2018, 4, 1))
    assert book.applies(date(2027, 9, 1))
    assert {rule.severity for rule in book.rules.values()} == {"fatal"}


def written(category: str, *, issued: str = "2026-11-03") -> bytes:
    """A UBL invoice of one line, bare of all the rest."""
    cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    return f"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:a="{cac}" xmlns:b="{cbc}">
    <b:ID>F1</b:ID><b:IssueDate>{issued}</b:IssueDate><a:InvoiceLine><a:Item><a:ClassifiedTaxCategory>
    <b:ID>{category}</b:ID></a:ClassifiedTaxCategory></a:Item></a:InvoiceLine></Invoice>""".encode()


@pytest.mark.parametrize(("issued", "severity"), [("2026-08-31", "warning"), ("2026-09-01", "fatal")])
def test_its_rules_only_warn_on_invoices_of_before_september_2026(issued, severity):
    layer = check(written("S", issued=issued), at=date(2026, 12, 1)).layer("fr")
    assert {finding.severity for finding in layer.findings} == {severity}
    assert layer.status == ("invalid" if severity == "fatal" else "valid")


def test_a_finding_says_where_and_what():
    verdict = check(written("M"), at=AT)
    (finding,) = (one for one in verdict.layer("fr").findings if one.rule == "BR-FR-15_BT-151-1")
    assert finding.path == "/ubl:Invoice/cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID"
    assert finding.value == "M"
    assert finding.terms == ("BT-151",)
    assert finding.message.startswith("Ligne 1 — L’article porte la catégorie de TVA «\u00a0M\u00a0»")


@pytest.mark.parametrize(
    ("syntax", "document"),
    [
        (
            "ubl",
            """<CreditNote xmlns="urn:x"><PaymentMeans><PaymentDueDate>2026-12-01</PaymentDueDate></PaymentMeans>
            <PaymentMeans><PaymentDueDate>2026-01-01</PaymentDueDate></PaymentMeans></CreditNote>""",
        ),
        (
            "cii",
            """<I xmlns="urn:x"><SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>
            <SpecifiedTradePaymentTerms><DueDateDateTime><DateTimeString>20261201</DateTimeString></DueDateDateTime>
            </SpecifiedTradePaymentTerms><SpecifiedTradePaymentTerms><DueDateDateTime>
            <DateTimeString>20260101</DateTimeString></DueDateDateTime></SpecifiedTradePaymentTerms>
            </ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></I>""",
        ),
    ],
)
def test_every_due_date_is_looked_at_not_only_the_first(syntax, document):
    """Some invoices are paid in parts; in UBL a due date may stand with the means of payment."""
    late = smallest.valid(due_date=date(2026, 12, 1), source=etree.fromstring(document))
    assert "BR-FR-CO-07_BT-9" in broken(late, syntax)
    early = document.replace("2026-01-01", "2026-12-02").replace("20260101", "20261202")
    assert "BR-FR-CO-07_BT-9" not in broken(replace(late, source=etree.fromstring(early)), syntax)


# Deliberate differences from the official processor.


def test_spaces_around_a_code_do_not_count():
    """EN 16931's own rules take them off; the official BR-FR compares with them on, and lets « L » with one through."""
    spaced, plain = (check(written(text), at=AT).layer("fr").findings for text in (" L", "L"))
    assert {finding.rule for finding in spaced} == {finding.rule for finding in plain}
    assert "BR-FR-08_BT-151-2" in {finding.rule for finding in spaced}


def test_a_tolerance_of_a_cent_is_a_cent():
    """The official files sum in binary doubles, where 100.01 - 100.00 is more than 0.01."""
    lines = (
        smallest.part("1", smallest.SELLER_SIREN, "F2026-001", "S1", "100.01", "12.00"),
        smallest.detail("2", "1", smallest.SELLER_SIREN, "F2026-001", "100.00"),
        *smallest.grouped_lines()[2:],
    )
    assert broken(smallest.grouped(lines=lines), "cii") == set()


def test_a_due_date_is_not_compared_with_a_date_that_does_not_exist():
    assert broken(smallest.valid(issue_date=None, due_date=date(2026, 1, 1)), "cii") == set()


@pytest.mark.parametrize(("content", "found"), [("<ChargeIndicator>false</ChargeIndicator>", True), ("", False)])
def test_an_allowance_that_does_not_say_what_it_is_is_not_looked_at(content, found):
    """What must be mended is that it does not say it, and EN 16931 does."""
    data = write_ubl(smallest.valid(allowances=(AllowanceCharge(amount=Decimal("0.001"), vat=smallest.vat()),)))
    said = b"<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    assert said in data
    told = {finding.rule for finding in check(data if found else data.replace(said, b""), at=AT).layer("fr").findings}
    assert ("BR-FR-DEC-01_BT-92_BT-99" in told) == found


def test_a_line_s_object_without_its_type_is_the_line_s_object():
    """EN 16931 takes it for BT-128; the official rules on several sellers look at type 130 only."""
    data = write_ubl(smallest.grouped())
    kind = b"<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>"
    assert kind in data
    assert not any(finding.rule.startswith("BR-FR-") for finding in check(data, at=AT).layer("fr").findings)
    bare = check(data.replace(kind, b""), at=AT).layer("fr").findings
    assert not any(finding.rule.startswith("BR-FR-MV-07") for finding in bare)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_part_cites_its_numbers_with_their_type(syntax):
    """In CII a reference of another type, or without a number, is no object: the model does not keep it."""
    write = write_ubl if syntax == "ubl" else write_cii
    data = write(smallest.grouped())
    changed = data.replace(b"<ram:TypeCode>130</ram:TypeCode>", b"<ram:TypeCode>916</ram:TypeCode>")
    told = {finding.rule for finding in check(changed, at=AT).layer("fr").findings}
    assert ({"BR-FR-MV-03_BT-128_AFL", "BR-FR-MV-03_BT-128_AVV"} <= told) == (syntax == "cii")


@pytest.mark.parametrize(("tax", "found"), [("TAX", False), ("VAT", False), (None, True)])
def test_in_ubl_the_number_of_the_single_taxable_person_may_be_of_any_tax(tax, found):
    number = "FR32111111118"
    agent = Party(
        name="Groupe", vat_identifier=number if tax == "VAT" else None, tax_registration=number if tax else None
    )
    invoice = smallest.of_single_taxable_person(tax_representative=agent)
    assert ("BR-FR-CO-15_BT-29-1" in broken(invoice, "ubl")) == found
    assert ("BR-FR-CO-15_BT-29-1" in broken(invoice, "cii")) == (tax != "VAT")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        (b'<cbc:PriceAmount currencyID="EUR">+100.00<', "BR-FR-DEC-03_BT-146"),
        (b'<cbc:PriceAmount currencyID="EUR">100.<', "BR-FR-DEC-03_BT-146"),
        (b"<cbc:Percent>020<", "BR-FR-16_BT-119"),
        (b"<cbc:IssueDate>2026-11-03Z<", "BR-FR-03_BT-2"),
    ],
)
def test_how_a_value_is_written_in_a_file_is_looked_at(written, rule):
    name = written.partition(b">")[0]
    data = write_ubl(smallest.valid())
    start = data.index(name + b">")
    changed = data[:start] + written + data[data.index(b"<", start + 1) + 1 :]
    told = [check(one, at=AT) for one in (data, changed)]
    assert [rule in {finding.rule for finding in one.layer("fr").findings} for one in told] == [False, True]
    assert {"PLC-NOMBRE", "PLC-DATE"}.isdisjoint(finding.rule for finding in told[1].layer("en16931").findings)


def test_the_official_samples_have_the_measured_findings(shared: Path):
    """All 60 of them; of the Factur-X, the XML that lies beside."""
    folder = shared / "corpora/aife"
    with (folder / "ORACLE.csv").open(encoding="utf-8") as rows:
        measured = {row["fichier"]: set(row["brfr_regles"].split()) for row in csv.DictReader(rows)}
    compared = 0
    for name, official in measured.items():
        path = folder / name
        if path.suffix == ".pdf":
            path = path.parent / "xml-extrait" / f"{path.stem}__factur-x.xml"
        if path.suffix != ".xml" or not path.exists():
            continue
        reading = read_cii(etree.parse(str(path)).getroot())
        report = Report()
        context = Context(syntax="cii", at=AT, facts=reading.facts, unreadables=tuple(reading.unreadables))
        france.run(reading.invoice, context, report)
        found = {failure.rule for failure in report.failures}
        assert found - official == set(), name
        assert official - found <= NOT_READ, name
        compared += 1
    assert compared >= 59


# Four samples write a rate as 00.00, which is no French rate as long as the reader does not tell the writing.
NOT_READ = {"BR-FR-16_BT-119"}
