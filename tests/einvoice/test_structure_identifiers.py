"""What stands for a SIRET: taken however it is typed, refused with the part that is wrong, named as people know it."""

from __future__ import annotations

import pytest

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES
from plainchant.einvoice.identifiers import IdentifierError
from plainchant.einvoice.structure_identifiers import clean_identifier, country_of, in_words


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("SIRET", "732829320", "length"),
        ("UE_HORS_FRANCE", "FR40303265045", "country"),
        ("UE_HORS_FRANCE", "BE0123456789", "key"),
        ("UE_HORS_FRANCE", "CH123456789", "country"),
        ("HORS_UE", "Zz Samsung", "country"),
        ("HORS_UE", "DE Werkstatt", "country"),
        ("HORS_UE", "CH", "form"),
        ("HORS_UE", "12 Acme", "form"),
        ("RIDET", "12345678", "form"),
        ("RIDET", "12345678901", "form"),
        ("RIDET", "A123456001", "form"),
        ("TAHITI", "A1234500", "form"),
        ("TAHITI", "AB2345001", "form"),
        ("AUTRE", "J0", "form"),
        ("AUTRE", "J" + "0" * 18, "form"),
        ("AUTRE", "J00/123", "form"),
        ("PARTICULIER", "061234567 Martin", "form"),
        ("PARTICULIER", "0612345678" + "M" * 71, "form"),
    ],
)
def test_an_identifier_is_refused_with_the_part_that_is_wrong(kind: str, text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as raised:
        clean_identifier(text, identifier_type=kind)
    assert raised.value.code == code
    assert raised.value.sentence.endswith((".", "vide."))


@pytest.mark.parametrize(
    ("kind", "text", "kept", "country"),
    [
        ("SIRET", "732 829 320 00074", "73282932000074", ""),
        ("UE_HORS_FRANCE", "be 0403.170.701", "BE0403170701", "BE"),
        ("UE_HORS_FRANCE", "EL 094259216", "EL094259216", "GR"),
        ("HORS_UE", "kr Samsung Mobile Phones", "KRSAMSUNGMOBILEPHO", "KR"),
        ("HORS_UE", "CH Atelier d’Élodie", "CHATELIERDELODIE", "CH"),
        ("RIDET", "0 123 456.001", "0123456001", "NC"),
        ("RIDET", "123456001", "123456001", "NC"),
        ("TAHITI", "a12345-001", "A12345001", "PF"),
        ("AUTRE", "j00 1234-5678", "J001234-5678", "FR"),
        ("PARTICULIER", "06 12 34 56 78 Élodie", "0612345678ELODIE", ""),
    ],
)
def test_an_identifier_is_kept_in_one_form(kind: str, text: str, kept: str, country: str) -> None:
    assert clean_identifier(text, identifier_type=kind) == kept
    assert clean_identifier(kept, identifier_type=kind) == kept
    assert country_of(kept, identifier_type=kind) == country


def test_each_is_named_as_people_know_it() -> None:
    assert in_words("73282932000074", identifier_type="SIRET") == "SIRET\u00a0732\u00a0829\u00a0320\u00a000074"
    assert in_words("BE0403170701", identifier_type="UE_HORS_FRANCE") == "N° TVA\u00a0BE0403170701"
    assert in_words("CHATELIER", identifier_type="HORS_UE") == "identifiant\u00a0CHATELIER"
    assert in_words("0612345678", identifier_type="unheard of") == "identifiant\u00a00612345678"


def test_whoever_has_no_siret_finds_an_answer_and_a_hint() -> None:
    others = IDENTIFIER_TYPES[1:]
    assert all(row.who and row.hint.endswith(".") and row.wrong.endswith(".") for row in others)
