"""The verbs that a person may have over a structure, and which role gives which. Plain Python: no Django.

A permission (`permissions.Permission`) names one of these verbs and the objects that it reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What may be done with a structure and with what belongs to it."""

    SEE = "see"
    PREPARE = "prepare"
    SEND = "send"
    ANSWER = "answer"
    PROCESS = "process"
    PAY = "pay"
    MANAGE = "manage"


class Role(StrEnum):
    """What an accepted attachment makes of a person."""

    MANAGER = "manager"  # gestionnaire principal
    MEMBER = "member"


@dataclass(frozen=True)
class Denial:
    """What people who lack a right get: a code of `portal.codes` and a French sentence."""

    code: str
    sentence: str


@dataclass(frozen=True)
class RightRow:
    """A verb: what it allows, and what somebody who does not have it (any more) is told."""

    right: Right
    meaning: str
    denial: Denial


def _gone(mend: str) -> Denial:
    return Denial(
        "not_allowed", f"Rien n’a été fait : ce que vous demandez n’existe plus, ou n’est plus à votre portée. {mend}"
    )


RIGHTS: tuple[RightRow, ...] = (
    RightRow(
        Right.SEE,
        "See the structure, its people, its invoices sent and received, and their documents.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.PREPARE,
        "Prepare invoices in its name, and keep documents to go with them.",
        _gone("Vérifiez que vous pouvez toujours préparer les factures de cette structure."),
    ),
    RightRow(
        Right.SEND,
        "Send invoices in its name.",
        _gone("Vérifiez que vous pouvez toujours envoyer les factures de cette structure."),
    ),
    RightRow(
        Right.ANSWER,
        "Answer a recipient who suspended one of its invoices, or sent one back.",
        _gone("Vérifiez que vous pouvez toujours répondre pour cette structure."),
    ),
    RightRow(
        Right.PROCESS,
        "Decide on a received invoice: suspend it, send it back, reject it, confirm that the work was done.",
        _gone("Vérifiez que vous pouvez toujours traiter les factures de cette structure."),
    ),
    RightRow(
        Right.PAY,
        "Bring a received invoice to its payment: order it, hand it to the accountant, record it, pay it out.",
        _gone("Vérifiez que vous pouvez toujours faire payer les factures de cette structure."),
    ),
    RightRow(
        Right.MANAGE,
        "Change its sheet, its bank accounts, its mandates and what all of its invoices say; accept who joins it.",
        Denial("not_the_manager", "Seul le gestionnaire de la structure peut faire cela. Demandez-le-lui."),
    ),
)
RIGHT_ROW: Mapping[Right, RightRow] = {row.right: row for row in RIGHTS}

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.MANAGER: frozenset(Right),
    Role.MEMBER: frozenset(Right) - {Right.MANAGE},
}


def roles_with(right: Right) -> frozenset[Role]:
    """The roles that give a right."""
    return frozenset(role for role, rights in ROLE_RIGHTS.items() if right in rights)
