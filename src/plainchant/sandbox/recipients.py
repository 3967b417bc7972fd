"""Recipients that act by a script, each step so many days after an invoice has reached them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from plainchant.demo import directory
from plainchant.portal.invoices.lifecycle import Action, Side, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor

from .people import agent_of


@dataclass(frozen=True)
class ScriptedStep:
    """What a recipient does, days after an invoice was made available to it; with which reason, in which words."""

    days: float
    action: Action
    reason_code: str = ""
    comment: str = ""


# Name → what it does with each invoice, in order. A step that is not possible waits until it is.
BEHAVIOURS: Mapping[str, tuple[ScriptedStep, ...]] = {
    "pays": (
        ScriptedStep(2, Action.CONFIRM_SERVICE),
        ScriptedStep(10, Action.ORDER_PAYMENT),
        ScriptedStep(25, Action.PAY_OUT),
    ),
    "pays-late": (
        ScriptedStep(5, Action.CONFIRM_SERVICE),
        ScriptedStep(38, Action.ORDER_PAYMENT),
        ScriptedStep(41, Action.PAY_OUT),
    ),
    "suspends": (
        ScriptedStep(2, Action.SUSPEND, "JUSTIF_ABS", "Joignez le bon de commande."),
        ScriptedStep(12, Action.CONFIRM_SERVICE),
        ScriptedStep(27, Action.PAY_OUT),
    ),
    "sends-back": (ScriptedStep(1, Action.SEND_BACK, "CODE_ROUTAGE_ERR", "Ce service n’existe plus."),),
    "rejects": (ScriptedStep(3, Action.REJECT, "DOUBLON", "Cette facture est déjà payée."),),
    "waits": (),
}
# Of the bodies that the directory invents, and of the qualification environment's.
AT_FIRST: Mapping[str, str] = {
    directory.TOWN_WITHOUT_DEMANDS: "pays",
    directory.TOWN_HALL: "suspends",
    directory.MUSEUM: "pays-late",
    directory.HOSPITAL: "sends-back",
    directory.QUALIFICATION_NOTHING: "pays",
    directory.QUALIFICATION_SERVICE: "suspends",
    directory.QUALIFICATION_COMMITMENT: "rejects",
    directory.QUALIFICATION_EITHER: "pays-late",
    directory.QUALIFICATION_STATE: "waits",
}
_OVER = (Status.PAID_OUT, Status.REJECTED)


class Recipients:
    """Which recipient follows which script; kept in a file, so that it outlives the process."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def all(self) -> dict[str, tuple[ScriptedStep, ...]]:
        """SIRET → script."""
        try:
            kept = json.loads(self.file.read_text())
        except FileNotFoundError:
            return {siret: BEHAVIOURS[name] for siret, name in AT_FIRST.items()}
        return {siret: tuple(_step(each) for each in steps) for siret, steps in kept.items()}

    def follow(self, siret: str, steps: Sequence[ScriptedStep]) -> None:
        """The recipient does this with every invoice from now on."""
        scripts = self.all() | {siret: tuple(steps)}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({siret: [_plain(step) for step in steps] for siret, steps in scripts.items()}))
        new.replace(self.file)

    def play(self, *, at: datetime) -> int:
        """Every step that is due; how many were made."""
        return sum(_play(invoice, steps, at=at) for invoice, steps in self._waiting())

    def next_instants(self, *, until: datetime) -> Iterator[datetime]:
        """When steps become due, before ``until``; some may have been made already."""
        for invoice, steps in self._waiting():
            yield from (due for step in steps if (due := _due(step, invoice)) <= until)

    def _waiting(self) -> Iterator[tuple[Invoice, tuple[ScriptedStep, ...]]]:
        """The invoices that have reached those who follow a script, and the script."""
        scripts = {siret: steps for siret, steps in self.all().items() if steps}
        found = Invoice.objects.filter(buyer__identifier__in=scripts, made_available_at__isnull=False)
        found = found.exclude(status__in=_OVER).select_related("seller", "buyer", "buyer_service").order_by("pk")
        return ((invoice, scripts[invoice.buyer.identifier]) for invoice in list(found) if invoice.buyer)


def _due(step: ScriptedStep, invoice: Invoice) -> datetime:
    arrived = invoice.made_available_at or invoice.created_at  # `Recipients._waiting` asks for those that have arrived
    return arrived + timedelta(days=step.days)


def _play(invoice: Invoice, steps: Sequence[ScriptedStep], *, at: datetime) -> int:
    arrived = (
        invoice.history.filter(to_status=Status.AVAILABLE).order_by("-sequence").values_list("sequence", flat=True)
    )
    done = invoice.history.filter(party=Side.BUYER, sequence__gt=arrived[0]).count()
    buyer, made = invoice.buyer, 0
    for step in steps[done:]:
        if buyer is None or at < _due(step, invoice):
            break
        try:
            process(
                invoice=invoice,
                action=step.action,
                actor=Actor(agent_of(buyer, at=at)),
                at=at,
                reason_code=step.reason_code,
                comment=step.comment,
                payment_order=f"M-{invoice.pk}" if step.action is Action.ORDER_PAYMENT else "",
            )
        except Refused:
            break  # it waits for the supplier
        made += 1
        invoice.refresh_from_db()
    return made


def _plain(step: ScriptedStep) -> dict[str, object]:
    return {"days": step.days, "action": step.action, "reason_code": step.reason_code, "comment": step.comment}


def _step(kept: Mapping[str, object]) -> ScriptedStep:
    return ScriptedStep(
        float(str(kept["days"])), Action(str(kept["action"])), str(kept["reason_code"]), str(kept["comment"])
    )
