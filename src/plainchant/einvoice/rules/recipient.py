"""What a public body demands on an invoice: its service, its commitment number, one of the two, or nothing.

One set of rules for whoever knows the recipient: Chorus Pro's acceptance and BR-FR-CPRO on whole invoices, the portal
on a form and on what comes in a flow. The words stand in `recipient_table`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from plainchant.einvoice import wording
from plainchant.einvoice.directory import Recipient, RecipientService
from plainchant.einvoice.identifiers import grouped_siret


class Need(StrEnum):
    REQUIRED = "required"
    ONE_OF = "one_of"  # this one or the other
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Needs:
    service: Need
    commitment: Need


@dataclass(frozen=True, slots=True)
class _Row:
    flags: tuple[str, ...]  # of Recipient: all of them set
    needs: Needs


# The first row whose flags are all set decides; « one of the two » comes first, as Chorus Pro's clients read it.
_TABLE = (
    _Row(("service_or_commitment_required",), Needs(Need.ONE_OF, Need.ONE_OF)),
    _Row(("service_required", "commitment_required"), Needs(Need.REQUIRED, Need.REQUIRED)),
    _Row(("service_required",), Needs(Need.REQUIRED, Need.OPTIONAL)),
    _Row(("commitment_required",), Needs(Need.OPTIONAL, Need.REQUIRED)),
    _Row((), Needs(Need.OPTIONAL, Need.OPTIONAL)),
)


def needs_of(recipient: Recipient, service: RecipientService | None = None) -> Needs:
    """What an invoice must carry, once ``service`` has been chosen if one has: it may demand more than its body."""
    needs = next(row.needs for row in _TABLE if all(getattr(recipient, flag) for flag in row.flags))
    if service is not None and service.commitment_required:
        return Needs(needs.service, Need.REQUIRED)
    return needs


# What stands between the letters of a commitment number, and is written by some and not by others.
COMMITMENT_SEPARATORS = " -/."


def commitment_key(number: str) -> str:
    """A commitment number as it is compared: in capitals, without the signs that part its letters."""
    return "".join(letter for letter in number.upper() if letter not in COMMITMENT_SEPARATORS)


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand that is not met: its row in `recipient_table`, the datum it is about, what fills the sentence."""

    rule: str
    datum: Literal["buyer", "service", "commitment"]
    details: dict[str, str]


def unknown(siret: str) -> Demand:
    """Of a SIRET that the directory does not have."""
    return Demand("ANNUAIRE-DESTINATAIRE-INCONNU", "buyer", {"value": siret[:40]})


def unmet(
    recipient: Recipient, *, service: str, commitment: str, day: date, seller_is_public: bool | None = None
) -> Iterator[Demand]:
    """Everything that would make the recipient refuse an invoice addressed so on that day.

    ``service``: the code as it was given. ``seller_is_public``: None where it is not known, which refuses nothing.
    """
    who = {"name": recipient.name}
    code, commitment = service.strip(), commitment.strip()
    if recipient.replaced_by:
        yield Demand(
            "ANNUAIRE-DESTINATAIRE-REMPLACE", "buyer", who | {"replacement": grouped_siret(recipient.replaced_by)}
        )
    elif not recipient.is_active:
        yield Demand("ANNUAIRE-DESTINATAIRE-INACTIF", "buyer", who)
    chosen = recipient.services.get(code)
    if code and chosen is None:
        yield Demand("ANNUAIRE-SERVICE-INCONNU", "service", who | {"value": code[:80]})
    elif chosen is not None and chosen.is_for_public_sellers and seller_is_public is False:
        yield Demand("ANNUAIRE-SERVICE-RESERVE", "service", {"value": code[:80]})
        chosen = None
    elif chosen is not None and (closed := _why_closed(chosen, day)):
        yield Demand(
            "ANNUAIRE-SERVICE-INACTIF", "service", {"service": chosen.name, "value": code[:80], "closed": closed}
        )
    if commitment and recipient.unknown_commitment and commitment_key(commitment) not in recipient.known_commitments:
        yield Demand(_UNKNOWN[recipient.unknown_commitment], "commitment", who | {"value": commitment[:80]})
    needs = needs_of(recipient, chosen)
    if needs == Needs(Need.ONE_OF, Need.ONE_OF):
        if not code and not commitment:
            yield Demand("ANNUAIRE-SERVICE-OU-ENGAGEMENT", "service", who)
        return
    if needs.service is Need.REQUIRED and not code:
        yield Demand("ANNUAIRE-SERVICE-ABSENT", "service", who)
    if needs.commitment is Need.REQUIRED and not commitment:
        if chosen is not None and chosen.commitment_required and not recipient.commitment_required:
            who = {"name": f"Le service « {chosen.name or chosen.code} »"}
        yield Demand("ANNUAIRE-ENGAGEMENT-ABSENT", "commitment", who)


_UNKNOWN = {"remark": "ANNUAIRE-ENGAGEMENT-A-VERIFIER", "refusal": "ANNUAIRE-ENGAGEMENT-INCONNU"}


def _why_closed(service: RecipientService, day: date) -> str:
    if not service.is_active:
        return "ne reçoit plus de factures"
    if service.valid_from is not None and day < service.valid_from:
        return f"ne reçoit de factures qu’à partir du {wording.day(service.valid_from)}"
    if service.valid_until is not None and day > service.valid_until:
        return f"ne reçoit plus de factures depuis le {wording.day(service.valid_until)}"
    return ""
