"""What is no invoice, or is one that its format does not allow: the smallest file for each thing that is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest

from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.drawing.facturx import FILE_NAME
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.read import GRAMMAR
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.facturx.embed import embed
from plainchant.einvoice.syntaxes.reading import MAX_GROUPS
from plainchant.einvoice.syntaxes.recognize import FOREIGN_ROOTS
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.ubl.read import NAMESPACES
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.syntaxes.xml import Limits
from plainchant.einvoice.verdict import Verdict, check
from tests.einvoice.rules import smallest_chorus as smallest

AT = date(2026, 11, 3)
CII, UBL = write_cii(smallest.valid()), write_ubl(smallest.valid())


def pdf(*names: str, password: str = "", xml: bytes = CII) -> bytes:
    """An empty page; ``xml`` is attached under each of the names."""
    document = pikepdf.new()
    document.add_blank_page()
    for name in names:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, xml, filename=name)
    out = BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return out.getvalue()


def told(findings: Iterable[Finding]) -> set[str]:
    """The ids, each with a whole sentence."""
    ids = set()
    for finding in findings:
        assert finding.message
        assert finding.message[-1] in ".)"
        assert not re.search(r"[{}]|None|  |: \.|«\u00a0\u00a0»", finding.message)
        ids.add(finding.rule)
    return ids


def refused(data: bytes, **limits: int) -> Verdict:
    found = check(data, at=AT, limits=Limits(**limits))
    assert not found.accepted
    return found


DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
UNREADABLE = {
    "empty": ("XML-VIDE", b""),
    "only spaces": ("XML-VIDE", b" \n"),
    "a text": ("FICHIER", b"Bonjour"),
    "an archive": ("FICHIER", b"PK\x03\x04"),
    "not closed": ("XML-MAL-FORME", b"<a>"),
    "a DOCTYPE": ("XML-DTD", DOCTYPE),
    "an unknown encoding": ("XML-CODAGE", "<a>é</a>".encode("utf-16")[:-1]),
    "the beginning of a PDF": ("PDF-ABIME", b"%PDF-1.7\n"),
    "a PDF with a password": ("PDF-MOT-DE-PASSE", pdf(FILE_NAME, password="x")),
    "a PDF alone": ("FX-ABSENT", pdf()),
    "a PDF with another file": ("FX-ABSENT", pdf("notes.xml", xml=b"<notes/>")),
    "a PDF whose invoice is broken": ("XML-MAL-FORME", pdf(FILE_NAME, xml=CII[:-10])),
}


@pytest.mark.parametrize(("rule", "data"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_why_and_nothing_else_is_looked_at(rule, data):
    found = refused(data)
    first, *others = found.layers
    assert (first.name, first.status, told(first.findings)) == ("wellformed", "invalid", {rule})
    assert {layer.status for layer in others} == {"skipped"}
    assert {layer.why for layer in others} == {"Le fichier n’a pas pu être lu."}


@pytest.mark.parametrize(("rule", "limits"), [("XML-TAILLE", {"max_bytes": 100}), ("XML-TROP-LONG", {"max_nodes": 9})])
def test_what_is_too_big_to_be_looked_at_says_so(rule, limits):
    assert told(refused(CII, **limits).layer("wellformed").findings) == {rule}


def crowded(root: str, element: str, *above: str) -> bytes:
    """More groups than any invoice has, in an XML that is short enough to be parsed."""
    opened, closed = "".join(f"<{name}>" for name in above), "".join(f"</{name}>" for name in reversed(above))
    return f"<{root}>{opened}{f'<{element}/>' * (MAX_GROUPS + 1)}{closed}</{root.split()[0]}>".encode()


CROWDED = {
    "ubl": crowded(f'Invoice xmlns="{NAMESPACES["ubl"]}" xmlns:cac="{NAMESPACES["cac"]}"', "cac:PaymentMeans"),
    "cii": crowded(
        f'x:CrossIndustryInvoice xmlns:x="{GRAMMAR.namespaces["rsm"]}" xmlns="{GRAMMAR.namespaces["ram"]}"',
        "IncludedSupplyChainTradeLineItem",
        "x:SupplyChainTradeTransaction",
    ),
    "mixed": crowded("CPPFactureMixte", "PJ", "CPPFactures", "CPPFactureMixteUnitaire"),
}


@pytest.mark.parametrize("syntax", CROWDED)
def test_more_groups_than_any_invoice_has_are_refused_in_every_syntax(syntax):
    found = refused(CROWDED[syntax])
    assert found.syntax is SYNTAXES[syntax]
    assert told(found.layer("wellformed").findings) == {"XML-TROP-LONG"}


def test_a_broken_file_says_on_which_line():
    (finding,) = refused(b"<a>\n<b>\n</a>").layer("wellformed").findings
    assert finding.line == 3
    assert "à la ligne 3" in finding.message


@pytest.mark.parametrize("name", ["facture", *FOREIGN_ROOTS])
def test_another_document_is_no_invoice_and_says_what_it_is(name):
    found = refused(f"<{name}/>".encode())
    assert found.layer("wellformed").status == "valid"
    assert told(found.layer("schema").findings) == {"XML-INCONNU"}
    assert {layer.status for layer in found.layers[2:]} == {"skipped"}


def without(data: bytes, pattern: str, instead: str = "") -> bytes:
    changed = re.sub(pattern.encode(), instead.encode(), data, count=1)
    assert changed != data
    return changed


# What the schema finds wrong, and the beginning of what is told.
SHAPES = {
    "unexpected": (without(UBL, "<cbc:ID>F2026-001</cbc:ID>"), "L’élément IssueDate n’a pas sa place ici : à cet"),
    "more than enough": (
        without(UBL, "</cbc:PayableAmount>", "</cbc:PayableAmount><cbc:Note>x</cbc:Note>"),
        "L’élément Note n’a pas sa place ici",
    ),
    "absent child": (
        without(
            UBL, "<cac:TaxScheme>[^/]*/cbc:ID>\\s*</cac:TaxScheme>\\s*</cac:PartyTaxScheme>", "</cac:PartyTaxScheme>"
        ),
        "Il manque quelque chose dans PartyTaxScheme : le format y attend",
    ),
    "attribute": (without(UBL, "<cbc:ID>F2026", '<cbc:ID couleur="x">F2026'), "L’élément ID porte l’attribut couleur"),
    "absent attribute": (without(UBL, ' currencyID="EUR"'), "Il manque l’attribut currencyID à l’élément TaxAmount"),
    "value": (without(UBL, ">100.00<", ">cent<"), "La valeur « cent » de l’élément TaxableAmount n’a pas la forme"),
}


@pytest.mark.parametrize(("data", "beginning"), SHAPES.values(), ids=SHAPES)
def test_what_the_schema_forbids_is_told_in_french_with_its_place(data, beginning):
    found = refused(data)
    findings = found.layer("schema").findings
    assert told(findings) == {"XSD"}
    for finding in findings:
        assert finding.path.startswith("/ubl:Invoice/")
        assert finding.line
        assert "Element" not in finding.message
    assert findings[0].message.replace("\u00a0", " ").startswith(beginning)


def test_a_profile_that_does_not_know_an_element_only_warns():
    found = check(write_cii(smallest.valid(specification=PROFILE_OF["MINIMUM"].guideline)), at=AT)
    layer = found.layer("schema")
    assert found.accepted
    assert told(layer.findings) == {"XSD-PROFIL"}
    assert {finding.severity for finding in layer.findings} == {"warning"}


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        (set(), [FILE_NAME]),
        ({"FX-NOM"}, ["facture.xml"]),
        ({"FX-PLUSIEURS"}, [FILE_NAME, "zugferd-invoice.xml"]),
    ],
)
def test_an_invoice_in_a_pdf_is_accepted_and_what_is_odd_is_told(rules, names):
    found = check(pdf(*names), at=AT)
    assert found.accepted
    findings = found.layer("wellformed").findings
    assert told(findings) == rules
    assert {finding.severity for finding in findings} <= {"warning"}


def test_a_factur_x_of_ours_has_no_finding():
    found = check(draw(Invoice(number="F-1"), at=datetime(2026, 11, 3, tzinfo=UTC), xml=CII), at=AT)
    assert found.accepted
    assert [told(layer.findings) for layer in found.layers[:4]] == [set()] * 4


def test_a_page_that_is_no_pdf_a_is_told_to_who_asks_and_refuses_nothing():
    made = embed(pdf(), CII, profile=PROFILE_OF["EN 16931"], at=datetime(2026, 11, 3, tzinfo=UTC))
    asked, unasked = check(made, at=AT, with_pdfa=True), check(made, at=AT)
    assert asked.accepted
    assert "PDFA-PARTIE" in told(asked.layer("schema").findings)
    assert {finding.severity for finding in asked.layer("schema").findings} == {"warning"}
    assert unasked.layer("schema").findings == ()
