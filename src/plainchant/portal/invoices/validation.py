"""The say that a validator has before the buyer sees an invoice of a sub-contractor or of a co-contractor.

Code de la commande publique, art. R2193-10 to -16: whoever holds the contract has fifteen days to agree or to refuse;
silence is an agreement. The portal takes it for one in `lots.accept_silence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.finding import Finding
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.models import Structure

from . import notifications
from .errors import WouldBeRefused
from .lifecycle import MOVE_OF, TO_VALIDATE, VALIDATION_DAYS, Action, Status, ValidatorsMove
from .models import Invoice, StatusChange
from .moves import move_lot, move_one
from .operations import reason_given
from .permissions import permission_for
from .validators import validator_named


@dataclass(frozen=True, kw_only=True)
class Say:
    """What one validator answered, as the buyer reads it: that it agreed, or said nothing for fifteen days."""

    validator: Structure | None
    at: datetime
    is_tacit: bool


_AGREEMENTS = {
    Action.VALIDATE: (False, False),
    Action.ACCEPT_SILENCE: (False, True),
    Action.VALIDATE_SECOND: (True, False),
    Action.ACCEPT_SECOND_SILENCE: (True, True),
}


def says_of(*, invoice: Invoice, history: Sequence[StatusChange]) -> list[Say]:
    """Who agreed, in order, the last time that they were asked. ``history``: all of the invoice's, in order."""
    return list(_says(invoice, history))


def _says(invoice: Invoice, history: Sequence[StatusChange]) -> Iterator[Say]:
    asked = [place for place, change in enumerate(history) if change.to_status == Status.TO_VALIDATE_1]
    for change in history[asked[-1] :] if asked else ():
        if change.action in _AGREEMENTS:
            is_second, is_tacit = _AGREEMENTS[Action(change.action)]
            validator = invoice.second_validator if is_second else invoice.validator
            yield Say(validator=validator, at=change.at, is_tacit=is_tacit)


def last_day(*, invoice: Invoice) -> date | None:
    """The last day on which the validator may answer; None where nobody is asked."""
    if Status(invoice.status) not in TO_VALIDATE:
        return None
    return day_in_paris(invoice.status_at) + timedelta(days=VALIDATION_DAYS)


def has_second(*, invoice: Invoice) -> bool:
    """Whether the first validator of such an invoice may name another."""
    return len(CADRE_OF[invoice.billing_framework].validators) > 1


@transaction.atomic
def decide(
    *,
    invoice: Invoice,
    action: Action,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    second: str = "",
) -> StatusChange:
    """What a validator does with an invoice: any validator's move of the lifecycle table.

    ``second``: the SIRET, as it was typed, of who has his say next; where a move only may name one, "" names nobody.
    Raises NotAllowed, StatusHasChanged, ReasonMissing, WouldBeRefused (that structure cannot validate).
    """
    move = MOVE_OF[action]
    if not isinstance(move, ValidatorsMove):
        raise ValueError(f"{action} is not a validator's to do")
    require(actor, permission_for(move), invoice)
    if move.needs_reason:
        reason_given(move=move, reason_code=reason_code, comment=comment)
    if action is Action.NAME_SECOND:
        validator = _second(invoice, second)
        columns = {"second_validator": validator}
        return move_one(invoice=invoice, move=move, actor=actor, at=at, comment=comment, columns=columns)
    is_next = bool(second.strip()) and move.names_second and has_second(invoice=invoice)
    validator = _second(invoice, second) if is_next else None
    change = move_one(
        invoice=invoice,
        move=move,
        actor=actor,
        at=at,
        reason_code=reason_code if move.needs_reason else "",
        comment=comment,
        holds=is_next,
    )
    if is_next:
        _ask_second(invoice=invoice, validator=validator, at=at)
    if action is Action.DISOWN_SECOND:
        notifications.tell_first_validator(invoice=invoice, change=change, at=at)
    return change


@transaction.atomic
def name_validator(*, invoice: Invoice, siret: str, comment: str, actor: Actor, at: datetime) -> StatusChange:
    """The supplier names another validator than the one who said that it was not his.

    ``siret`` as it was typed. The former one sees nothing of the invoice from now on. Raises NotAllowed,
    StatusHasChanged, WouldBeRefused.
    """
    move = MOVE_OF[Action.NAME_VALIDATOR]
    require(actor, permission_for(move), invoice)
    others = [invoice.validator] if invoice.validator is not None else []
    validator, findings = validator_named(
        siret, cadre=invoice.billing_framework, seller=invoice.seller, buyer=invoice.buyer, others=others
    )
    _refuse(findings)
    return move_one(
        invoice=invoice,
        move=move,
        actor=actor,
        at=at,
        comment=comment,
        columns={"validator": validator, "second_validator": None},
    )


def _ask_second(*, invoice: Invoice, validator: Structure | None, at: datetime) -> None:
    columns = {"second_validator": validator}
    for moved, change in move_lot(uids=[str(invoice.uid)], moves=[MOVE_OF[Action.ASK_SECOND]], at=at, columns=columns):
        moved.second_validator = validator
        written = notifications.tell_seller(moved=[(moved, change)], at=at)
        written += notifications.tell_validator(invoices=[moved], event=str(change.sequence), at=at)
        deliver_later(keys=written, at=at)
    invoice.refresh_from_db()


def _second(invoice: Invoice, siret: str) -> Structure | None:
    others = [other for other in (invoice.validator, invoice.second_validator) if other is not None]
    validator, findings = validator_named(
        siret, cadre=invoice.billing_framework, seller=invoice.seller, buyer=invoice.buyer, others=others
    )
    _refuse(findings)
    return validator


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise WouldBeRefused(findings=findings)
