"""The identifier of a structure as people type it and read it, whatever its type: checked, kept in one form, named."""

from __future__ import annotations

import re
import unicodedata

from stdnum.eu import vat as stdnum_vat

from .codes.countries import COUNTRY_NAMES
from .codes.identifier_types import EU_VAT_TYPE, IDENTIFIER_TYPE_OF, NON_EU_TYPE, SIRET_TYPE, IdentifierType
from .identifiers import IdentifierError, bare, clean_siret, clean_vat_number, grouped_siret

_NON_EU_LENGTH = 18  # the country, and sixteen letters of the name
_UNION = frozenset(member.upper() for member in stdnum_vat.MEMBER_STATES) | {"FR", "GR"}


def clean_identifier(text: str, *, identifier_type: str) -> str:
    """The identifier as it is kept and compared. ``identifier_type`` is a code of the table.

    Raises IdentifierError: what the readers of SIRETs and VAT numbers raise, "country" or "form".
    """
    row = IDENTIFIER_TYPE_OF[identifier_type]
    if row.code == SIRET_TYPE:
        return clean_siret(text)
    if row.code == EU_VAT_TYPE:
        return _clean_eu_vat(text, row)
    identifier = _letters_and_digits(text) if row.is_number or row.code == NON_EU_TYPE else _in_capitals(text)
    if row.code == NON_EU_TYPE:
        identifier = identifier[:_NON_EU_LENGTH]
    if not re.fullmatch(row.form, identifier):
        raise IdentifierError("form", row.wrong)
    if row.code == NON_EU_TYPE:
        _refuse_the_union(identifier[:2])
    return identifier


def kept_form(identifier: str, *, identifier_type: str) -> str:
    """An identifier that stands in a file, as one that was typed is kept; what is none comes back as it is."""
    try:
        return clean_identifier(identifier, identifier_type=identifier_type)
    except IdentifierError:
        return identifier


def _clean_eu_vat(text: str, row: IdentifierType) -> str:
    number = clean_vat_number(text)
    if number.startswith("FR"):
        raise IdentifierError(
            "country", "Ce numéro est français\u00a0: ajoutez plutôt la structure par son SIRET, de 14 chiffres."
        )
    if not re.fullmatch(row.form, number):
        raise IdentifierError("form", row.wrong)
    return number


def _refuse_the_union(country: str) -> None:
    if country not in COUNTRY_NAMES:
        raise IdentifierError(
            "country",
            f"«\u00a0{country}\u00a0» n’est pas un pays. Commencez par ses deux lettres\u00a0: CH pour la Suisse, GB "
            "pour le Royaume-Uni.",
        )
    if country in _UNION:
        raise IdentifierError(
            "country",
            f"{COUNTRY_NAMES[country]} est dans l’Union européenne\u00a0: revenez en arrière et choisissez-la.",
        )


def _in_capitals(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text[:200].replace("’", "'"))
    return "".join("".join(sign for sign in folded if not unicodedata.combining(sign)).split()).upper()


def _letters_and_digits(text: str) -> str:
    return bare("".join(sign for sign in _in_capitals(text) if sign.isalnum()))


def country_of(identifier: str, *, identifier_type: str) -> str:
    """The country that an identifier itself tells (ISO 3166-1), "" where it tells none."""
    row = IDENTIFIER_TYPE_OF[identifier_type]
    if row.code == EU_VAT_TYPE:
        return {"EL": "GR", "XI": "GB"}.get(identifier[:2], identifier[:2])
    if row.code == NON_EU_TYPE:
        return identifier[:2]
    return row.countries[0] if row.countries else ""


def in_words(identifier: str, *, identifier_type: str) -> str:
    """« SIRET 123 456 789 00012 », « N° TVA BE0123456749 », « identifiant CHATELIERDULAC ». Spaces do not break."""
    row = IDENTIFIER_TYPE_OF.get(identifier_type)
    if row is None or not row.printed:
        return f"identifiant\u00a0{identifier}"
    shown = grouped_siret(identifier) if row.code == SIRET_TYPE else identifier
    return f"{row.printed}\u00a0{shown}"
