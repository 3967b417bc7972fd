"""Chorus Pro's own XML, pivot and mixed: what every line and type becomes, and what a conversion says is not there."""

import base64
from dataclasses import fields, replace
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest
from lxml import etree

from plainchant.einvoice.conversion import convert
from plainchant.einvoice.drawing.labels import FIELDS, GROUPS
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.model import Identifier, Invoice, Price, SupportingDocument
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.making.composing.sheets import VISIT
from tests.einvoice.rules import smallest_chorus as smallest

D = Decimal
PAGE = b"%PDF-1.7\n%%EOF"
OWN_XML = ("mixed", "pivot")


def written(name: str, invoice: Invoice) -> etree._Element:
    return parse(SYNTAXES[name].write(invoice, readable=PAGE))


@pytest.mark.parametrize("name", OWN_XML)
@pytest.mark.parametrize(
    ("type_code", "expected"), [("380", "380"), ("381", "381"), ("384", "380"), ("386", "380"), ("389", "380")]
)
def test_every_type_that_chorus_pro_takes_is_one_of_the_two_of_its_xml(name, type_code, expected):
    assert written(name, smallest.valid(type_code=type_code)).findtext(".//DonneesFacture/Type") == expected


@pytest.mark.parametrize("name", OWN_XML)
@pytest.mark.parametrize("type_code", ["261", "396", "751", None])
def test_a_type_that_chorus_pro_does_not_take_is_refused(name, type_code):
    with pytest.raises(FormError, match="un type de document connu"):
        written(name, smallest.valid(type_code=type_code))


@pytest.mark.parametrize("name", OWN_XML)
def test_a_number_is_never_cut(name):
    with pytest.raises(FormError, match="un numéro de 20 caractères au plus"):
        written(name, smallest.valid(number="F" * 21))


@pytest.mark.parametrize(
    ("price", "quantity", "expected"),
    [
        (Price(net=D("12.5")), D(4), "12.5"),
        (Price(gross=D(15), discount=D("2.5")), D(4), "12.5"),
        (Price(gross=D("12.5")), D(4), "12.5"),
        (Price(net=D(1250), base_quantity=D(100)), D(4), "12.5"),
        (None, D(4), "12.5"),
        (Price(), None, "50"),
        (None, D(0), "50"),
        (None, D(3), "16.666667"),
        (Price(net=D(0)), D(4), "0"),
    ],
)
def test_a_line_of_a_pivot_has_the_price_of_one(price, quantity, expected):
    (line,) = compose(VISIT).lines
    invoice = replace(compose(VISIT), lines=(replace(line, price=price, quantity=quantity, net_amount=D(50)),))
    assert written("pivot", invoice).findtext(".//Ligne/PrixUnitaire") == expected


def lost(name: str, invoice: Invoice) -> list[str]:
    reading = SYNTAXES["cii"].read(parse(SYNTAXES["cii"].write(invoice)))
    return list(convert(reading, to=SYNTAXES[name], readable=PAGE).lost)


@pytest.mark.parametrize("name", OWN_XML)
def test_a_prepayment_is_said_to_have_another_type(name):
    assert "Type" not in lost(name, compose(VISIT))
    assert "Type" in lost(name, replace(compose(VISIT), type_code="386"))


def test_what_a_pivot_does_not_hold_is_named():
    words = lost("pivot", replace(compose(VISIT), contract_reference="M" * 60, despatch_advice_reference="BL-1"))
    for label in ("N° de marché", "Bon de livraison", "Conditions de paiement", "Ligne 1, unité", "Acheteur, adresse"):
        assert label in words
    kept = ("Numéro", "Paiement", "Livraison", "Ligne 1, prix", "Ligne 1, article", "Ligne 1, quantité", "Pièce jointe")
    assert [word for word in words if word.startswith(kept)] == []


@pytest.mark.parametrize("name", [row.name for row in SYNTAXES.values() if row.is_reduced or row.name == "pivot"])
def test_what_stands_in_another_way_is_not_said_to_be_lost(name):
    """Numbers of the two sides, which Chorus Pro writes with types of its own; documents, which it has zipped."""
    annex = SupportingDocument(
        reference="plan.pdf", content=base64.b64encode(PAGE).decode(), mime_code="application/pdf"
    )
    invoice = replace(compose(VISIT), supporting_documents=(annex,))
    assert [
        word for word in lost(name, invoice) if "dentifiant" in word or "mmatriculation" in word or "jointe" in word
    ] == []
    linked = replace(invoice, supporting_documents=(annex, SupportingDocument(reference="x", location="https://x.fr")))
    assert "Pièce jointe" in lost(name, linked)
    assert invoice.seller is not None
    seller = replace(invoice.seller, identifiers=(*invoice.seller.identifiers, Identifier("4012345500004", "0088")))
    words = lost(name, replace(invoice, seller=seller))
    assert [word for word in words if word.startswith("Fournisseur, identifiant")]


def test_every_term_has_a_french_name():
    """What is said to be lost is read by people: no name of a field of ours."""
    groups: list[type] = [Invoice]
    names = set()
    for group in groups:
        for row in fields(group):
            if row.compare:
                names.add(row.name)
            parts = get_args(get_type_hints(group)[row.name])
            groups += [part for part in parts if hasattr(part, "__dataclass_fields__") and part not in groups]
    assert len(names) > 100
    assert sorted(names - set(FIELDS) - set(GROUPS)) == []
