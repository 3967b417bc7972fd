"""One spelling for an e-mail address, so that one person has one account."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

LONGEST = 254  # RFC 5321, and the column


def one_spelling(text: str) -> str:
    """An address in lower case, its domain in ASCII (IDNA): `Éva@Écoles.FR` has one account, not four.

    Raises ValidationError with a French sentence when it is not an address.
    """
    address = text.strip().lower()
    local, _, domain = address.rpartition("@")
    try:
        spelled = f"{local}@{punycode(domain)}"
        validate_email(spelled)
    except (UnicodeError, ValidationError) as error:
        raise ValidationError(
            "Cette adresse n’a pas la forme d’une adresse électronique. "
            "Écrivez-la comme celle-ci\u00a0: marie.dupont@exemple.fr.",
            code="invalid",
        ) from error
    if len(spelled) > LONGEST:
        raise ValidationError(
            f"Cette adresse est trop longue\u00a0: {LONGEST} caractères au plus. Choisissez-en une plus courte.",
            code="max_length",
        )
    return spelled
