"""A table of invoices that was handed in and is looked at before anything leaves: what would leave, what would not.

Looking deposits nothing. What is confirmed is what was shown: a row that would not have left stays behind, whatever
has become of the portal since, and one that would now say something else is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from django.db import transaction

from plainchant.einvoice.making.composing import Sheet
from plainchant.portal.drafts.sheets import to_json
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.reader.flows import FlowEnd
from plainchant.reader.flows import InvoiceInFlow as Found
from plainchant.reader.sandbox import FailureReason, ReaderFailed

from .acceptance import Addressed
from .codes import Row, refusals, remarks, row
from .collective import RowInFlow, invoices_of
from .lots import MOST_INVOICES, verdicts_of
from .models import Flow, State

LOOK = "flows.look"
PROCESS = "flows.process"
LEAVES, LEFT_BEFORE, STAYS = "leaves", "left-before", "stays"


class ProposalHasChanged(Refused):
    """What would leave is no longer what the page showed."""

    code = "proposal_has_changed"

    def __init__(self) -> None:
        super().__init__(
            "Ce tableau a été regardé de nouveau entre-temps. Relisez ce qui partirait : rien n’est parti."
        )


class NotYours(Refused):
    """Each invoice leaves by the right of the person who handed in the table."""

    code = "proposal_of_another"

    def __init__(self, *, flow: Flow) -> None:
        name = flow.sender.get_full_name() or flow.sender.email
        super().__init__(f"C’est {name} qui a déposé ce tableau, et qui seul peut l’envoyer. Déposez-le à votre tour.")


def digest_of(flow: Flow) -> str:
    """What a page that shows the proposal sends back with the confirmation."""
    return _digest(flow.proposal)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def look(*, flow: Flow, at: datetime) -> None:
    """Say of each invoice of the table what would become of it. For the portal, in the background."""
    if flow.state != State.PROPOSED:
        return
    rows: list[dict[str, Any]] = []
    trouble = code = ""
    lot: list[RowInFlow] = []
    try:
        for found in invoices_of(flow=flow, at=day_in_paris(at), is_drawn=False):
            if isinstance(found, FlowEnd):
                trouble, code = found.trouble, found.code
            elif isinstance(found, RowInFlow):
                lot.append(found)
                if len(lot) == MOST_INVOICES:
                    rows += _shown(flow, lot, at)
                    lot = []
    except ReaderFailed as failed:
        if failed.reason is FailureReason.BUSY:  # other tables have the readers
            enqueue(task=LOOK, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})
            return
        trouble, code = failed.sentence, "FLUX-ILLISIBLE"
    rows += _shown(flow, lot, at)
    Flow.objects.filter(pk=flow.pk, state=State.PROPOSED).update(
        proposal=_numbered_once(rows), trouble=trouble, trouble_code=code, state_at=at
    )


def _shown(flow: Flow, lot: list[RowInFlow], at: datetime) -> list[dict[str, Any]]:
    verdicts, twins = verdicts_of(flow=flow, lot=lot, at=at)
    shown = []
    for found in lot:
        verdict = verdicts.get((found.position, found.part))
        refused: list[Row] = verdict if isinstance(verdict, list) else []
        if found in twins:
            refused = [row("CPRO-G2.07", _TWICE.format(number=found.header.number if found.header else ""), "number")]
        state = STAYS if refused else LEFT_BEFORE if isinstance(verdict, Invoice) else LEAVES
        header, sheet = found.header, found.prepared.sheet if found.prepared else None
        shown.append(
            {
                "position": found.position,
                "row": found.name,
                "state": state,
                "number": header.number if header else "",
                "type_code": header.type_code if header else "",
                "seller": found.seller_name,
                "seller_siret": header.seller.identifier if header else "",
                "buyer": verdict.buyer.name if isinstance(verdict, Addressed) else found.buyer_name,
                "amount": str(header.payable_amount) if header and header.payable_amount is not None else None,
                "currency": header.currency if header else "EUR",
                "findings": refusals(refused),
                "remarks": remarks(found.findings),
                "sheet": _digest_of_sheet(sheet),
            }
        )
    return shown


_TWICE = "Le numéro {number} est déjà celui d’une autre facture de ce tableau. Donnez à chacune le sien."


def _numbered_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two invoices of one number, apart from each other in the table: the second would not leave."""
    met: set[tuple[str, str]] = set()
    for shown in rows:
        key = (shown["seller_siret"], shown["number"])
        if shown["state"] == LEAVES and key in met:
            shown["state"] = STAYS
            shown["findings"] = [row("CPRO-G2.07", _TWICE.format(number=shown["number"]), "number")]
        met.add(key)
    return rows


def _digest_of_sheet(sheet: Sheet | None) -> str:
    return _digest(to_json(sheet)) if sheet is not None else ""


@transaction.atomic
def look_again(*, flow: Flow, actor: Actor, at: datetime) -> None:
    """The same table once more: a mandate was given, an account added. Raises NotAllowed."""
    require(actor, SEND_INVOICES, flow.structure)
    if Flow.objects.filter(pk=flow.pk, state=State.PROPOSED).update(proposal=None, state_at=at):
        enqueue(task=LOOK, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})


@transaction.atomic
def confirm(*, flow: Flow, digest: str, actor: Actor, at: datetime) -> None:
    """Send what was shown. Pressing twice sends once. Raises NotAllowed, NotYours, ProposalHasChanged."""
    require(actor, SEND_INVOICES, flow.structure)
    held = Flow.objects.select_for_update().get(pk=flow.pk)
    if held.state != State.PROPOSED:
        return
    if flow.sender != actor.account:
        raise NotYours(flow=flow)
    if held.proposal is None or digest_of(held) != digest:
        raise ProposalHasChanged
    Flow.objects.filter(pk=flow.pk).update(state=State.RECEIVED, state_at=at)
    enqueue(task=PROCESS, key=str(flow.uid), at=at, arguments={"uid": str(flow.uid)})


Shown: TypeAlias = Mapping[int, Mapping[str, Any]]


def shown_of(flow: Flow) -> Shown | None:
    """What the page showed of each invoice of a table, by its position; None where nobody was asked."""
    return None if flow.proposal is None else {shown["position"]: shown for shown in flow.proposal}


def as_shown(proposed: Shown | None, found: Found) -> Found:
    """An invoice of a table that was confirmed, refused where it is not what was shown."""
    if proposed is None or not isinstance(found, RowInFlow):
        return found
    shown = proposed.get(found.position, {})
    if shown.get("state") == STAYS:
        return replace(found, findings=[*shown["findings"], *remarks(found.findings)])
    sheet = found.prepared.sheet if found.prepared else None
    if not refusals(found.findings) and _digest_of_sheet(sheet) != shown.get("sheet"):
        return replace(found, findings=[row("TABLEAU-CHANGE", _CHANGED)])
    return found


_CHANGED = (
    "Cette facture ne dirait plus ce que vous avez relu : une fiche, un compte ou l’annuaire a changé entre-temps. "
    "Envoyez de nouveau le tableau, et relisez-la."
)
