"""The verbs that one may have over a structure, and which space gives each. Plain Python: no Django.

A permission (`permissions.Permission`) names one of these verbs and the objects that it reaches. A grant
(`structures.models.Grant`) opens a space to a person, to consult it or to change what is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Space(StrEnum):
    """A part of the work of a structure (espace de travail); the codes are those that a grant stores."""

    ISSUED = "FACTURES_EMISES"
    RECEIVED = "FACTURES_RECUES"
    VALIDATION = "FACTURES_A_VALIDER"
    WORKS = "FACTURES_TRAVAUX"
    FLOWS = "SUIVI_DES_FLUX"
    COMMITMENTS = "ENGAGEMENTS"
    TICKETS = "SOLLICITATIONS_RECUES"
    MANAGEMENT = "ACTIVITES_DU_GESTIONNAIRE"


class Mode(StrEnum):
    """How far a space is open to somebody; the codes are Chorus Pro's."""

    CONSULTATION = "CONSULTATION_UNIQUEMENT"
    MODIFICATION = "MODIFICATION"


class Right(StrEnum):
    """What may be done with a structure and with what belongs to it."""

    SEE = "see"
    SEE_ISSUED = "see issued"
    PREPARE = "prepare"
    SEND = "send"
    ANSWER = "answer"
    SEE_RECEIVED = "see received"
    PROCESS = "process"
    PAY = "pay"
    SEE_VALIDATION = "see validation"
    VALIDATE = "validate"
    SEE_WORKS = "see works"
    WORK = "work"
    SEE_FLOWS = "see flows"
    SEE_COMMITMENTS = "see commitments"
    KEEP_COMMITMENTS = "keep commitments"
    SEE_TICKETS = "see tickets"
    ANSWER_TICKETS = "answer tickets"
    MANAGE = "manage"


@dataclass(frozen=True)
class Denial:
    """What people who lack a right get: a code of `portal.codes` and a French sentence."""

    code: str
    sentence: str


@dataclass(frozen=True)
class RightRow:
    """A verb: what it allows, and what somebody who does not have it (any more) is told.

    ``space`` opened in ``mode`` gives it; None: every accepted attachment does. The manager has them all.
    ``is_for_people``: no technical account ever has it.
    """

    right: Right
    space: Space | None
    mode: Mode
    meaning: str
    denial: Denial
    is_for_people: bool = False

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes of its space that give it: who may change something may see it."""
        return (Mode.MODIFICATION,) if self.mode is Mode.MODIFICATION else tuple(Mode)

    @property
    def is_to_see(self) -> bool:
        return self.mode is Mode.CONSULTATION


def _gone(mend: str) -> Denial:
    return Denial(
        "not_allowed", f"Rien n’a été fait : ce que vous demandez n’existe plus, ou n’est plus à votre portée. {mend}"
    )


_SEE, _DO = Mode.CONSULTATION, Mode.MODIFICATION

RIGHTS: tuple[RightRow, ...] = (
    RightRow(
        Right.SEE,
        None,
        _SEE,
        "See the sheet of the structure, its people and its mandates.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.SEE_ISSUED,
        Space.ISSUED,
        _SEE,
        "See the invoices that it sends, drafts included, their documents, and the documents kept to go with them.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.PREPARE,
        Space.ISSUED,
        _DO,
        "Prepare invoices in its name, and keep documents to go with them.",
        _gone("Vérifiez que vous pouvez toujours préparer les factures de cette structure."),
    ),
    RightRow(
        Right.SEND,
        Space.ISSUED,
        _DO,
        "Send invoices in its name.",
        _gone("Vérifiez que vous pouvez toujours envoyer les factures de cette structure."),
    ),
    RightRow(
        Right.ANSWER,
        Space.ISSUED,
        _DO,
        "Answer a recipient who suspended one of its invoices, or sent one back.",
        _gone("Vérifiez que vous pouvez toujours répondre pour cette structure."),
    ),
    RightRow(
        Right.SEE_RECEIVED,
        Space.RECEIVED,
        _SEE,
        "See the invoices that it receives, and their documents.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.PROCESS,
        Space.RECEIVED,
        _DO,
        "Decide on a received invoice: suspend it, send it back, reject it, confirm that the work was done.",
        _gone("Vérifiez que vous pouvez toujours traiter les factures de cette structure."),
    ),
    RightRow(
        Right.PAY,
        Space.RECEIVED,
        _DO,
        "Bring a received invoice to its payment: order it, hand it to the accountant, record it, pay it out.",
        _gone("Vérifiez que vous pouvez toujours faire payer les factures de cette structure."),
    ),
    RightRow(
        Right.SEE_VALIDATION,
        Space.VALIDATION,
        _SEE,
        "See the invoices of sub-contractors and co-contractors that name it as their validator, and their documents.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.VALIDATE,
        Space.VALIDATION,
        _DO,
        "Validate such an invoice, refuse it, or say that it is somebody else's to validate.",
        _gone("Vérifiez que vous pouvez toujours valider les factures qui nomment cette structure."),
    ),
    RightRow(
        Right.SEE_WORKS,
        Space.WORKS,
        _SEE,
        "See the pieces of works that name it as maître d'œuvre or maître d'ouvrage, and their documents.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.WORK,
        Space.WORKS,
        _DO,
        "Make the next piece of works from such a piece, refuse it, ask for more, or say that it is somebody else's.",
        _gone("Vérifiez que vous pouvez toujours agir sur les factures de travaux de cette structure."),
    ),
    RightRow(
        Right.SEE_FLOWS,
        Space.FLOWS,
        _SEE,
        "See the files of electronic invoices handed in for it, their reports, and what was refused of them.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.SEE_COMMITMENTS,
        Space.COMMITMENTS,
        _SEE,
        "Look up what it has committed itself to pay, and what remains of it.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.KEEP_COMMITMENTS,
        Space.COMMITMENTS,
        _DO,
        "Import what it has committed itself to pay.",
        _gone("Vérifiez que vous pouvez toujours tenir les engagements de cette structure."),
    ),
    RightRow(
        Right.SEE_TICKETS,
        Space.TICKETS,
        _SEE,
        "See what suppliers ask it about their invoices, with the files that came with it.",
        _gone("Rechargez la page."),
    ),
    RightRow(
        Right.ANSWER_TICKETS,
        Space.TICKETS,
        _DO,
        "Answer what suppliers ask it, ask them for more, and close their tickets.",
        _gone("Vérifiez que vous pouvez toujours répondre aux sollicitations de cette structure."),
    ),
    RightRow(
        Right.MANAGE,
        Space.MANAGEMENT,
        _DO,
        "Change its sheet, its bank accounts, its mandates and what all of its invoices say; decide who joins it, and "
        "what each may do.",
        Denial("not_the_manager", "Seul le gestionnaire de la structure peut faire cela. Demandez-le-lui."),
        is_for_people=True,
    ),
)
RIGHT_ROW: Mapping[Right, RightRow] = {row.right: row for row in RIGHTS}
# What is never opened to a technical account.
SPACES_FOR_PEOPLE = frozenset(row.space for row in RIGHTS if row.is_for_people and row.space)
