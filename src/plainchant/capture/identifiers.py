"""SIRET, VAT numbers and IBANs as they are printed: with spaces, points, or broken in groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import iban as stdnum_iban
from stdnum.fr import siren as stdnum_siren

from plainchant.einvoice.identifiers import bare, key_agrees

_FIGURES = re.compile(r"(?<![\d,])\d(?:[ .\-]{0,2}\d){13,60}(?!\d)")
_DIGITS = re.compile(r"\d+")
_ACCOUNT_WORDS = re.compile(r"IBAN|RIB|COMPTE")
_SIREN_NIC = re.compile(r"(\d(?:[ .]?\d){8})[ ,;:/–—\-]{1,4}(?:n° )?nic[ :n°]{0,5}(\d(?: ?\d){4})(?!\d)")
_IBAN = re.compile(r"(?<![A-Z0-9])([A-Z]{2}\d{2}(?:[ .\-]{0,2}[A-Z0-9]){11,30})")
_FRENCH_VAT = re.compile(r"(?<![A-Z0-9])FR[ .]?([0-9A-Z]{2})[ .]?(\d(?:[ .]?\d){8})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenIdentifier:
    """An identifier at `start:end` of a text; `is_checked` when its check digits agree."""

    value: str
    start: int
    end: int
    is_checked: bool


def ibans_in(text: str) -> Iterator[WrittenIdentifier]:
    """Every IBAN of `text`, cut at its country's length; only those whose key agrees, or that are French by length."""
    for hit in _IBAN.finditer(text.upper()):
        letters = [(place, letter) for place, letter in enumerate(hit[1]) if letter.isalnum()]
        lengths = [27] if hit[1].startswith("FR") else range(len(letters), 14, -1)
        for length in lengths:
            value = "".join(letter for _, letter in letters[:length])
            is_checked = stdnum_iban.is_valid(value)
            is_announced = value.startswith("FR") and _ACCOUNT_WORDS.search(
                text.upper()[max(0, hit.start() - 30) : hit.start()]
            )
            if is_checked or (is_announced and len(value) == 27 and value[2:14].isdigit()):
                end = hit.start() + letters[length - 1][0] + 1
                yield WrittenIdentifier(value=value, start=hit.start(), end=end, is_checked=is_checked)
                break


def sirets_in(text: str) -> Iterator[WrittenIdentifier]:
    """Every run of 14 digits of `text` that could be a SIRET; IBANs and French VAT numbers are left out.

    The key is noted, not demanded, except in a longer run of figures, where it says which of them belong together.
    """
    taken = [(found.start, found.end) for found in ibans_in(text)]
    taken += [(found.start, found.end) for found in french_vat_numbers_in(text) if found.is_checked]
    hits = [(hit.start(), hit.end(), hit[1] + hit[2]) for hit in _SIREN_NIC.finditer(text.lower())]
    for run in _FIGURES.finditer(text):
        hits += _within(text, run, taken)
    seen: set[tuple[int, int]] = set()
    for start, end, digits in sorted(hits):
        if (start, end) in seen or any(start < stop and begin < end for begin, stop in taken):
            continue
        seen.add((start, end))
        value = bare(digits)
        if "  " in digits and "siret" not in text[max(0, start - 30) : start].lower():
            continue  # figures of several columns
        if value.strip("0"):
            yield WrittenIdentifier(value=value, start=start, end=end, is_checked=key_agrees(value))


def _within(text: str, run: re.Match[str], taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Groups of a run of figures that make 14 digits: all of it, or those whose key agrees."""
    groups = [
        (run.start() + hit.start(), run.start() + hit.end())
        for hit in _DIGITS.finditer(run[0])
        if not any(run.start() + hit.start() < stop and begin < run.start() + hit.end() for begin, stop in taken)
    ]
    total = sum(end - start for start, end in groups)
    for first, (start, _) in enumerate(groups):
        digits = 0
        for begin, end in groups[first:]:
            digits += end - begin
            if digits == 14:
                found = text[start:end]
                if total == 14 or key_agrees(bare(found)):
                    yield start, end, found
            if digits >= 14:
                break


def french_vat_numbers_in(text: str) -> Iterator[WrittenIdentifier]:
    """Every French VAT number of `text`, without its spaces; checked when its key agrees with its SIREN."""
    for hit in _FRENCH_VAT.finditer(text):
        siren = bare(hit[2])
        is_checked = (
            hit[1].isdigit() and int(hit[1]) == (12 + 3 * (int(siren) % 97)) % 97 and stdnum_siren.is_valid(siren)
        )
        yield WrittenIdentifier(
            value=f"FR{hit[1].upper()}{siren}", start=hit.start(), end=hit.end(), is_checked=is_checked
        )


def french_vat_sirens_in(text: str) -> Iterator[str]:
    """The SIREN inside every French VAT number of `text` whose key agrees with it."""
    for found in french_vat_numbers_in(text):
        if found.is_checked:
            yield found.value[4:]
