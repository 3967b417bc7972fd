"""SIRET, VAT number, IBAN and BIC as people and files write them: read, checked, refused with the part that is wrong.

Spaces of any width, points, dashes and full-width letters never matter: what is pasted from a letterhead is accepted.
"""

from __future__ import annotations

import re

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum import luhn, numdb
from stdnum.eu import vat as stdnum_vat
from stdnum.exceptions import InvalidComponent, InvalidFormat
from stdnum.exceptions import ValidationError as StdnumError

_DECORATION = re.compile(r"[\s.:\-_/\u200b\u200e\u200f\u2060\ufeff\u2010-\u2015]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # to the ASCII that each looks like
_DIGITS = re.compile(r"[0-9]+")
_CAPITALS_AND_DIGITS = re.compile(r"[A-Z0-9]+")
_FRENCH_VAT = re.compile(r"FR([0-9A-HJ-NP-Z]{2})([0-9]{9})")
_LONGEST_INPUT = 200
SIREN_DIGITS, SIRET_DIGITS = 9, 14
_LA_POSTE = "356000000"

# A bank of these places gives IBANs of the country on the right, and keeps its own two letters in its BIC.
_BIC_COUNTRIES_OF_IBAN = {
    "FR": {"FR", "GF", "GP", "MQ", "RE", "YT", "PM", "BL", "MF", "TF", "NC", "PF", "WF", "MC"},
    "GB": {"GB", "GG", "IM", "JE"},
    "FI": {"FI", "AX"},
    "PT": {"PT"},
    "ES": {"ES", "IC"},
}


class IdentifierError(ValueError):
    """What was typed is not one. ``code`` names the part that is wrong; ``sentence`` says it in French."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def bare(text: str) -> str:
    """The letters and digits of an identifier, in capitals, however it was typed or pasted."""
    kept = text[:_LONGEST_INPUT]
    if kept.isascii() and kept.isalnum():
        return kept.upper()
    return _DECORATION.sub("", kept.translate(_FULL_WIDTH)).upper()


def siret_in(text: str) -> str | None:
    """The 14 digits, where ``text`` is a SIRET however it is written. Its key is not looked at."""
    return _digits(text, "SIRET", SIRET_DIGITS)


def siren_in(text: str) -> str | None:
    """The 9 digits, where ``text`` is a SIREN however it is written. Its key is not looked at."""
    return _digits(text, "SIREN", SIREN_DIGITS)


def _digits(text: str, label: str, count: int) -> str | None:
    digits = bare(text).removeprefix(label)
    return digits if len(digits) == count and _DIGITS.fullmatch(digits) else None


def clean_siret(text: str) -> str:
    """The 14 digits of a SIRET. The check digit is not looked at here: see `key_agrees`.

    Raises IdentifierError: "characters" or "length".
    """
    siret = bare(text).removeprefix("SIRET")
    if not _DIGITS.fullmatch(siret):
        raise IdentifierError(
            "characters", "Un SIRET ne contient que des chiffres. Retirez les lettres et les autres signes."
        )
    if len(siret) != SIRET_DIGITS:
        hint = {
            9: "C’est un SIREN : ajoutez les 5 chiffres de l’établissement (le NIC).",
            5: "Ce sont les 5 derniers chiffres : ajoutez le SIREN (9 chiffres) devant.",
        }.get(len(siret), "Vous le trouverez sur vos factures, ou sur annuaire-entreprises.data.gouv.fr.")
        raise IdentifierError("length", f"Un SIRET compte 14 chiffres ; vous en avez écrit {len(siret)}. {hint}")
    return siret


def key_agrees(number: str) -> bool:
    """Whether this is a SIREN or a SIRET whose key is right: Luhn's, or La Poste's, a sum that is a multiple of five.

    Never a reason to refuse: real portals carry SIRETs whose key does not agree.
    """
    digits = siret_in(number) or siren_in(number)
    if digits is None:
        return False
    return bool(luhn.is_valid(digits)) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0)


def grouped_siret(siret: str) -> str:
    """A SIRET as it is printed: 123 456 789 00012, with no-break spaces."""
    return "\u00a0".join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)


def clean_vat_number(text: str) -> str:
    """A VAT number of the Union, its check digits verified. A French one needs only its own key (CGI, annexe II).

    Raises IdentifierError: "country", "characters", "length" or "key".
    """
    number = bare(text)
    country = number[:2]
    if not country.isalpha() or not country.isascii():
        raise IdentifierError(
            "country",
            "Un numéro de TVA commence par les deux lettres du pays : FR pour la France, "
            "puis 2 caractères et les 9 chiffres du SIREN.",
        )
    if country == "FR":
        return _clean_french_vat_number(number)
    try:
        return str(stdnum_vat.validate(number))
    except InvalidComponent as error:
        raise IdentifierError(
            "country",
            f"« {country} » n’est pas un pays de l’Union européenne. Corrigez les deux premières lettres, "
            "ou n’en donnez pas.",
        ) from error
    except StdnumError as error:
        raise IdentifierError(
            "key",
            f"Ce numéro de TVA n’est pas possible pour le pays « {country} » : un chiffre manque ou a été inversé. "
            "Recopiez-le depuis une facture.",
        ) from error


def _clean_french_vat_number(number: str) -> str:
    if len(number) != 13:
        raise IdentifierError(
            "length",
            "Un numéro de TVA français compte 13 caractères (FR, 2 caractères, 9 chiffres) ; "
            f"vous en avez écrit {len(number)}.",
        )
    parts = _FRENCH_VAT.fullmatch(number)
    if parts is None:
        raise IdentifierError(
            "characters",
            "Après FR et les deux caractères de la clé viennent 9 chiffres : ceux de votre SIREN.",
        )
    key, siren = parts.groups()
    if key.isdigit():
        expected = f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"
        if key != expected and not siren.startswith("000"):  # Monaco: no SIREN behind the number
            raise IdentifierError(
                "key",
                f"La clé « {key} » (les deux caractères après FR) ne va pas avec le SIREN {siren}. "
                "Un chiffre a sans doute été inversé : vérifiez sur une de vos factures.",
            )
    return number


def clean_iban(text: str) -> str:
    """An IBAN, its country, length and key verified.

    Raises IdentifierError: "characters", "country", "length", "key" or "structure".
    """
    iban = bare(text)
    if not _CAPITALS_AND_DIGITS.fullmatch(iban):
        raise IdentifierError(
            "characters", "Un IBAN ne contient que des lettres et des chiffres. Retirez les autres signes."
        )
    country = iban[:2]
    length = _iban_length(country)
    if length is None:
        raise IdentifierError(
            "country",
            f"Un IBAN commence par les deux lettres du pays de la banque (FR pour la France) ; « {country} » "
            "n’en est pas un. Vérifiez le début.",
        )
    if len(iban) != length:
        difference = length - len(iban)
        gap = f"il en manque {difference}" if difference > 0 else f"il y en a {-difference} de trop"
        raise IdentifierError(
            "length",
            f"Un IBAN qui commence par {country} compte {length} caractères ; celui-ci en compte {len(iban)} : {gap}.",
        )
    try:
        stdnum_iban.validate(iban)
    except InvalidFormat as error:
        raise IdentifierError(
            "structure",
            f"Un caractère n’est pas à sa place pour un IBAN {country} : une lettre pour un chiffre, peut-être "
            "(O et 0, I et 1). Recopiez-le depuis votre RIB.",
        ) from error
    except StdnumError as error:
        raise IdentifierError(
            "key",
            f"La clé de l’IBAN (les deux chiffres « {iban[2:4]} » après {country}) ne va pas avec le reste : "
            "un chiffre a été oublié ou inversé. Recopiez-le depuis votre RIB.",
        ) from error
    return iban


def _iban_length(country: str) -> int | None:
    info = numdb.get("iban").info(country)
    if not country.isalpha() or not info[0][1]:
        return None
    return 4 + sum(int(width) for width in re.findall(r"([0-9]+)!", info[0][1]["bban"]))


def masked_iban(iban: str) -> str:
    """An IBAN that can be recognised but not used: FR76 •••• •••• 0189."""
    return f"{iban[:4]}\u00a0••••\u00a0••••\u00a0{iban[-4:]}"


def grouped_iban(iban: str) -> str:
    """An IBAN as it is printed, in groups of four; a narrow screen may break it between two groups."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def clean_bic(text: str, *, iban: str) -> str:
    """The BIC (8 or 11 characters) of the bank that holds `iban`.

    Raises IdentifierError: "length", "characters", "country" or "disagreement".
    """
    bic = bare(text)
    if len(bic) not in (8, 11):
        raise IdentifierError(
            "length", f"Un BIC compte 8 ou 11 caractères ; celui-ci en compte {len(bic)}. Il figure sur votre RIB."
        )
    try:
        stdnum_bic.validate(bic)
    except InvalidComponent as error:
        raise IdentifierError(
            "country", f"Les lettres 5 et 6 du BIC, « {bic[4:6]} », ne sont pas celles d’un pays."
        ) from error
    except StdnumError as error:
        raise IdentifierError(
            "characters",
            "Un BIC commence par 6 lettres (4 pour la banque, 2 pour le pays). "
            "Recopiez-le depuis votre RIB, ou n’en donnez pas.",
        ) from error
    country = iban[:2]
    if bic[4:6] not in _BIC_COUNTRIES_OF_IBAN.get(country, {country}):
        raise IdentifierError(
            "disagreement",
            f"Ce BIC est celui d’une banque du pays « {bic[4:6]} », alors que l’IBAN est du pays « {country} ». "
            "L’un des deux est faux : comparez avec votre RIB.",
        )
    return bic
