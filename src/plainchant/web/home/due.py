"""What the first page says to who processes received invoices: how many wait, what falls due this week, by service."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from plainchant.portal.drafts.queries import MOST_COUNTED, Work
from plainchant.portal.invoices.due_soon import DueToService, due_by_service
from plainchant.portal.invoices.queries import received_for, to_process
from plainchant.portal.rights.rights import Right
from plainchant.web.account.visitor import acting, chosen_structure
from plainchant.web.received.lists import DUE_SOON, first_to_process
from plainchant.web.showing import counted
from plainchant.web.templatetags.plainchant import money

from .money import Headline

_SHOWN_SERVICES = 12


def of_recipient(request: HttpRequest, *, work: Work, today: date) -> dict[str, Any]:
    """What the template shows to somebody who processes. As many queries for one service as for a hundred."""
    waiting = to_process(received=received_for(actor=acting(request), right=Right.PROCESS))
    chosen = chosen_structure(request)
    if chosen and chosen.is_public:
        waiting = waiting.filter(buyer=chosen)
    services = due_by_service(waiting=waiting, today=today) if work.to_process else []
    has_several = len({row.buyer for row in services}) > 1
    columns = [
        {"label": "Service", "kind": "name"},
        {"label": "À payer sous 7 jours", "kind": "text"},
        {"label": "Dont en retard", "kind": "due"},
        {"label": "Montant", "kind": "money"},
        {"label": "La première avant", "kind": "day"},
    ]
    return {
        "received_figures": _figures(services, work),
        "first": first_to_process(request) if work.to_process else "",
        "services": [_row(row, has_several=has_several) for row in services[:_SHOWN_SERVICES]],
        "service_columns": columns,
        "has_more_services": len(services) > _SHOWN_SERVICES,
    }


def _figures(services: list[DueToService], work: Work) -> list[Headline]:
    soon, late = sum(row.count for row in services), sum(row.late for row in services)
    here = reverse("received_to_process")
    return [
        Headline(
            "À traiter",
            _invoices(work.to_process),
            "la plus urgente d’abord" if work.to_process else "rien ne vous attend",
            here,
        ),
        Headline(
            "À payer sous 7 jours",
            _invoices(soon),
            "retards compris",
            f"{here}?{DUE_SOON}=on",
            "needs_you" if soon else "",
        ),
        Headline(
            "Dont en retard",
            _invoices(late),
            "le délai légal est passé" if late else "tout est dans le délai légal",
            f"{here}?retard=on",
            "stopped" if late else "",
        ),
    ]


def _invoices(count: int) -> str:
    words = counted(count, "facture", "factures", most=MOST_COUNTED) if count else "aucune"
    return words[0].upper() + words[1:]


def _row(row: DueToService, *, has_several: bool) -> dict[str, Any]:
    name = f"{row.service} ({row.code})" if row.service else row.code or "Sans service"
    asked = {DUE_SOON: "on", **({"service": row.code} if row.code else {})}
    return {
        "url": f"{reverse('received_to_process')}?{urlencode(asked)}",
        "cells": [
            f"{row.buyer}\u00a0: {name}" if has_several else name,
            counted(row.count, "facture", "factures"),
            {"late": counted(row.late, "facture", "factures") if row.late else ""},
            money(row.amount, row.currency),
            row.first_day,
        ],
    }
