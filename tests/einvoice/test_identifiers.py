"""SIRET, VAT number, IBAN and BIC: which part is wrong is said, and nothing that is pasted is a wall."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from plainchant.einvoice.identifiers import (
    IdentifierError,
    clean_bic,
    clean_iban,
    clean_siret,
    clean_vat_number,
    grouped_iban,
    grouped_siret,
    key_agrees,
    masked_iban,
    siren_in,
    siret_in,
)
from tests.spellings import spellings

FRENCH = "FR7630006000011234567890189"


def code_of(clean: Callable[..., str], text: str, **more: str) -> str:
    with pytest.raises(IdentifierError) as raised:
        clean(text, **more)
    assert raised.value.sentence.endswith((".", "vide."))
    return raised.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "characters"),
        ("FR76\u20ac", "characters"),
        ("7630006000011234567890189", "country"),
        ("ZZ7630006000011234567890189", "country"),
        ("FR763000600001123456789018", "length"),
        (FRENCH + "0", "length"),
        ("FR7730006000011234567890189", "key"),
        ("FR7630006000011234567890198", "key"),
        ("DE89370400440532013001", "key"),
    ],
)
def test_an_iban_is_refused_with_the_part_that_is_wrong(text: str, code: str) -> None:
    assert code_of(clean_iban, text) == code


@pytest.mark.parametrize(
    "text",
    ["FR76 3000 6000 0112 3456 7890 189", "fr76-3000-6000-0112-3456-7890-189", "\u202fFR7630006000011234567890189\n"],
)
def test_an_iban_is_taken_with_the_spaces_of_a_paper(text: str) -> None:
    assert clean_iban(text) == FRENCH


def test_an_iban_of_another_country_is_taken() -> None:
    assert clean_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"


def test_a_masked_iban_keeps_its_ends_only() -> None:
    assert masked_iban(FRENCH) == "FR76\u00a0••••\u00a0••••\u00a00189"
    assert grouped_iban(FRENCH) == "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.parametrize(
    ("text", "code"),
    [("AGRIF", "length"), ("AGR1FRPP", "characters"), ("AGRIXXPP", "country"), ("DEUTDEFF", "disagreement")],
)
def test_a_bic_is_refused_with_the_part_that_is_wrong(text: str, code: str) -> None:
    assert code_of(clean_bic, text, iban=FRENCH) == code


@pytest.mark.parametrize("text", ["AGRIFRPP", "agri fr pp 882", "CEPAGPGP", "BNPAMCM1"])
def test_a_bic_of_the_iban_s_country_or_its_territories_is_taken(text: str) -> None:
    assert clean_bic(text, iban=FRENCH)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("40303265045", "country"),
        ("US12345678", "country"),
        ("FR4030326504", "length"),
        ("FR40ABCDEFGHI", "characters"),
        ("FROI303265045", "characters"),
        ("FR41303265045", "key"),
        ("FR40303265054", "key"),
        ("DE136695977", "key"),
    ],
)
def test_a_vat_number_is_refused_with_the_part_that_is_wrong(text: str, code: str) -> None:
    assert code_of(clean_vat_number, text) == code


@pytest.mark.parametrize(
    "text", ["FR 40 303 265 045", "fr40303265045", "FRK7399859412", "DE136695976", "FR96123456781"]
)
def test_a_vat_number_whose_key_agrees_is_taken(text: str) -> None:
    key = f"{(12 + 3 * (123456781 % 97)) % 97:02d}"
    assert clean_vat_number(text.replace("FR96", f"FR{key}"))


def test_a_french_vat_number_does_not_need_a_siren_that_passes_luhn() -> None:
    key = f"{(12 + 3 * (123456789 % 97)) % 97:02d}"
    assert clean_vat_number(f"FR{key}123456789") == f"FR{key}123456789"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "characters"), ("12A", "characters"), ("١٢٣٤٥٦٧٨٩٠١٢٣٤", "characters"), ("123456789", "length")],
)
def test_a_siret_needs_its_fourteen_digits(text: str, code: str) -> None:
    assert code_of(clean_siret, text) == code


def test_identifiers_are_read_however_they_are_written() -> None:
    assert {clean_siret(text) for text in spellings("12345678900012")} == {"12345678900012"}
    assert {siret_in(text) for text in spellings("12345678900012")} == {"12345678900012"}
    assert {siren_in(text) for text in spellings("123456789")} == {"123456789"}
    assert siret_in("Siret : 123 456 789 00012") == clean_siret("Siret : 123 456 789 00012") == "12345678900012"
    assert siren_in("SIREN 123 456 789") == "123456789"
    assert {clean_iban(text) for text in spellings(FRENCH)} == {FRENCH}
    assert {clean_vat_number(text) for text in spellings("FR40303265045")} == {"FR40303265045"}
    assert {clean_bic(text, iban=FRENCH) for text in spellings("AGRIFRPP882")} == {"AGRIFRPP882"}


@pytest.mark.parametrize(
    "text", ["", "1234567890001", "123456789000123", "1234567890001A", "1234567890001²", "١٢٣٤٥٦٧٨٩٠١٢٣٤"]
)
def test_what_has_not_fourteen_digits_is_no_siret(text: str) -> None:
    assert siret_in(text) is None


def test_a_siret_is_never_refused_for_its_key() -> None:
    assert clean_siret("123 456 789 00012") == "12345678900012"
    assert not key_agrees("12345678900012")
    assert key_agrees("73282932000074")
    assert key_agrees("35600000000048")  # La Poste
    assert key_agrees("732 829 320")
    assert not key_agrees("123456789")
    assert not key_agrees("35600000000049")
    assert not key_agrees("7328293200007")  # neither a SIREN nor a SIRET
    assert grouped_siret("12345678900012") == "123\u00a0456\u00a0789\u00a000012"


@pytest.mark.parametrize("clean", [clean_siret, clean_iban, clean_vat_number])
@pytest.mark.parametrize("text", ["A" * 1_000_000, " " * 1_000_000, "1 " * 500_000, "\x00" * 1000, "FR" + "0" * 10**6])
def test_a_million_signs_are_refused_at_once(clean: Callable[[str], str], text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(IdentifierError):
        clean(text)
    assert time.perf_counter() - start < 0.05
