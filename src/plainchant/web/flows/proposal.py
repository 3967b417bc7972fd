"""A table of invoices before anything leaves: what would leave, what would not and why, and the one button."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.wording import money
from plainchant.portal.flows import proposal
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.permissions import SEND_FLOW
from plainchant.portal.flows.proposal import LEAVES, LEFT_BEFORE, STAYS
from plainchant.portal.lib.time import now
from plainchant.portal.mandates.permissions import GIVE_MANDATE
from plainchant.portal.mandates.queries import structures_with_mandate
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached
from plainchant.web.account.visitor import acting
from plainchant.web.routes import page

_MANDATE = "SAISIE-SANS-MANDAT"


def proposal_page(request: HttpRequest, flow: Flow) -> HttpResponse:
    """What would become of the table; while it is being read, how far that is."""
    if flow.proposal is None:
        template = "flows/_looking.html" if request.htmx else "flows/looking.html"  # type: ignore[attr-defined]
        return render(request, template, {"flow": flow})
    rows = [_row(shown) for shown in flow.proposal]
    leaving = [row for row in rows if row["state"] == LEAVES]
    staying = [row for row in rows if row["state"] == STAYS and row["findings"]]
    waiting = [row for row in rows if row["state"] == STAYS and not row["findings"]]  # for a mandate alone
    context = {
        "flow": flow,
        "title": _title(len(leaving), len(staying), len(waiting)),
        "leaving": leaving,
        "staying": staying,
        "waiting": waiting,
        "left_before": [row for row in rows if row["state"] == LEFT_BEFORE],
        "sums": _sums(flow),
        "mandates": _mandates(request, flow),
        "digest": proposal.digest_of(flow),
        "is_mine": flow.sender == acting(request).account,
    }
    answer = render(request, "flows/proposal.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        answer["HX-Refresh"] = "true"  # it has been read while the page waited
    return answer


def _title(leaving: int, staying: int, waiting: int) -> str:
    parts = []
    if leaving:
        parts.append("1 facture partirait" if leaving == 1 else f"{leaving} factures partiraient")
    if staying:
        parts.append("1 est à corriger" if staying == 1 else f"{staying} sont à corriger")
    if waiting:
        parts.append("1 attend un mandat" if waiting == 1 else f"{waiting} attendent un mandat")
    return ", ".join(parts) or "Il n’y a rien de nouveau à envoyer"


def _row(shown: dict[str, Any]) -> dict[str, Any]:
    amount = money(Decimal(shown["amount"]), shown["currency"]) if shown["amount"] is not None else ""
    return {
        **shown,
        "name": " · ".join(part for part in (shown["number"], shown["seller"], shown["row"]) if part),
        "what": "Avoir" if shown["type_code"] == CREDIT_NOTE else "",
        "amount_in_words": f"−{amount}" if amount and shown["type_code"] == CREDIT_NOTE else amount,
        # The mandate is asked for once, on top of the page.
        "findings": [_finding(wrong) for wrong in shown["findings"] if wrong["rule"] != _MANDATE],
        "remarks": [_finding(remark) for remark in shown["remarks"]],
    }


def _finding(row: dict[str, Any]) -> dict[str, str]:
    """The sentence, with its cell where it does not name it."""
    is_named = not row["path"] or row["path"] in row["message"]
    return {"what": row["message"] if is_named else f"Case {row['path']} : {row['message']}"}


def _sums(flow: Flow) -> str:
    """« 4 250,00 € »: what all that would leave asks for, credit notes taken off."""
    sums: dict[str, Decimal] = {}
    for shown in flow.proposal or []:
        if shown["state"] == LEAVES and shown["amount"] is not None:
            sign = -1 if shown["type_code"] == CREDIT_NOTE else 1
            sums[shown["currency"]] = sums.get(shown["currency"], Decimal(0)) + sign * Decimal(shown["amount"])
    return " et ".join(money(amount, currency) for currency, amount in sums.items())


def _mandates(request: HttpRequest, flow: Flow) -> list[dict[str, Any]]:
    """The issuers in whose name nothing can be made yet, and whether this visitor can give the mandate."""
    sirets = {shown["seller_siret"] for shown in flow.proposal or [] if shown["state"] == STAYS}
    sellers = list(reached(actor=acting(request), right=Right.SEND).filter(identifier__in=sirets).order_by("name"))
    given = structures_with_mandate(structures=sellers)
    lacking: list[Structure] = [seller for seller in sellers if seller.pk not in given]
    return [{"seller": seller, "may_give": may(acting(request), GIVE_MANDATE, seller)} for seller in lacking]


@page(post=SEND_FLOW, back="flows_show")
def confirm(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Send what was shown; pressing twice sends once."""
    proposal.confirm(flow=flow, digest=request.POST.get("digest", ""), actor=acting(request), at=now())
    return redirect("flows_show", uid=flow.uid)


@page(post=SEND_FLOW, back="flows_show")
def look_again(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Look at the same table once more."""
    proposal.look_again(flow=flow, actor=acting(request), at=now())
    return redirect("flows_show", uid=flow.uid)
