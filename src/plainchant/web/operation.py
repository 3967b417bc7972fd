"""« Exploitation »: how the portal goes, for those who run it. To read only, and without anybody's name."""

from __future__ import annotations

import platform
from datetime import timedelta
from importlib.metadata import version

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.access.permissions import SEE_PORTAL
from plainchant.portal.lib import deeds
from plainchant.portal.lib.time import now
from plainchant.portal.overview import facts
from plainchant.portal.tickets.models import Ticket
from plainchant.portal.tickets.subjects import TicketState
from plainchant.reader.raised import raised_walls
from plainchant.web.monitor import state
from plainchant.web.routes import page

_PARTS = {
    "database": "Base de données",
    "store": "Documents",
    "disk": "Disque",
    "readers": "Lecteurs de fichiers",
    "queue": "Travaux de fond",
}
_STATES = {"ok": "va bien", "away": "ne répond pas", "full": "est presque plein", "late": "a du retard", "unknown": "?"}

_LONG_FOR_A_SWEEP = timedelta(minutes=5)  # one begins each minute


@page(get=SEE_PORTAL)
def operation(request: HttpRequest) -> HttpResponse:
    figures = [
        {
            "label": fact.label,
            "value": round(value),
            "unit": "bytes" if fact.name.endswith("_bytes") else "",
            "worries": fact.worrying is not None and value >= fact.worrying,
        }
        for fact, value in facts(at=now())
    ]
    standing = state()
    sweep, begun = deeds.last(deeds.Deed.SWEEP), deeds.last(deeds.Deed.SWEEP_BEGUN)
    context = {
        "worries": [figure for figure in figures if figure["worries"]],
        "figures": figures,
        "parts": [
            {"label": label, "state": _STATES[standing[part]], "is_well": standing[part] == "ok"}
            for part, label in _PARTS.items()
        ],
        "tickets": Ticket.objects.filter(body__isnull=True, state=TicketState.OPEN).count(),
        "backup": deeds.last(deeds.Deed.BACKUP),
        "sweep": sweep,
        "sweep_hangs": sweep is None or (begun is not None and begun.at - sweep.at > _LONG_FOR_A_SWEEP),
        "missing_walls": raised_walls().missing,
        "versions": [
            ("Plainchant", version("plainchant")),
            ("Django", version("django")),
            ("Python", platform.python_version()),
            (connection.display_name, ".".join(map(str, connection.get_database_version()))),
        ],
    }
    return render(request, "operation.html", context)
