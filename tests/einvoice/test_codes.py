"""The tables of codes that people choose from or read: inside the norm's lists, and no name missing."""

from __future__ import annotations

import pytest

from plainchant.einvoice.codes import en16931, france
from plainchant.einvoice.codes.cadres import CADRE_OF, CADRES, DEPOSITED, ENTERED, VALIDATION, is_paid, label_of
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES, WRITTEN
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPES, type_named
from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS
from plainchant.einvoice.codes.units import UNIT_OF, UNITS


def test_what_one_chooses_from_is_in_the_lists_of_the_norm() -> None:
    assert {row.code for row in UNITS} <= en16931.UNITS
    assert {row.code for row in PAYMENT_MEANS} <= en16931.PAYMENT_MEANS
    assert {row.code for row in INVOICE_TYPES} <= en16931.DOCUMENT_TYPES_CII
    assert {row.reform for row in CADRES} - {""} <= france.CADRES


def test_the_pivot_of_each_means_of_payment_is_one_of_its_eight() -> None:
    assert {row.pivot for row in PAYMENT_MEANS} == {"10", "20", "30", "31", "42", "48", "49", "97"}


@pytest.mark.parametrize(
    ("code", "one", "several"),
    [
        ("C62", "", ""),
        ("HUR", "heure", "heures"),
        ("E48", "prestation", "prestations"),
        ("MON", "mois", "mois"),
        ("MTK", "m²", "m²"),
        ("DZN", "douzaine", "douzaines"),
    ],
)
def test_a_unit_is_printed_as_one_says_it(code: str, one: str, several: str) -> None:
    assert UNIT_OF[code].beside(several=False) == one
    assert UNIT_OF[code].beside(several=True) == several


@pytest.mark.parametrize(
    ("word", "code"), [("Facture", "380"), (" AVOIR ", "381"), ("381", "381"), ("devis", ""), ("", "")]
)
def test_a_kind_of_invoice_is_understood_from_its_word(word: str, code: str) -> None:
    assert type_named(word) == code


def test_only_the_cadre_of_what_was_paid_before_owes_nothing() -> None:
    assert [row.code for row in CADRES if is_paid(row.code)] == ["A2"]
    assert not is_paid("S1")
    assert "A11" not in CADRE_OF


def test_a_form_offers_only_what_the_portal_can_carry_or_ask() -> None:
    assert [code for code, _ in DEPOSITED] == ["A1", "A2", "A9", "A12", "A4", "A5", "A7"]
    assert [code for code, _ in ENTERED] == ["A1", "A2", "A9", "A12", "A4", "A5", "A7"]
    for row in CADRES:
        assert bool(row.validators) is (row.circuit is VALIDATION), row.code
        assert not row.choice or row.circuit.is_carried, row.code
        assert not row.deposit_choice or row.circuit.is_carried, row.code


def test_every_way_of_writing_a_type_of_identifier_leads_to_one() -> None:
    assert len(WRITTEN) == sum(len({row.number, row.scheme, *row.others} - {None}) for row in IDENTIFIER_TYPES)
    assert WRITTEN["ETR"].code == "HORS_UE"
    assert WRITTEN["6"].code == "AUTRE"  # the API's word for who waits for a number


@pytest.mark.parametrize(
    ("cadre", "label"),
    [
        ("A9", "Facture d’un sous-traitant"),
        ("S3", "Facture d’un sous-traitant (services)"),
        ("M4", "Facture définitive, après acompte (biens et services)"),
        ("B3", ""),
        ("", ""),
    ],
)
def test_a_cadre_of_either_coding_has_a_name(cadre: str, label: str) -> None:
    assert label_of(cadre) == label


def test_no_cadre_of_the_reform_is_without_a_name() -> None:
    assert [code for code in france.CADRES if not label_of(code)] == []
