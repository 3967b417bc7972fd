"""What waits in the whole portal, for those who run it: the same facts on their page and in `/metrics`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, QuerySet

from plainchant.portal.drafts import recognition
from plainchant.portal.flows.models import NOT_ENDED, Flow
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import without_notice
from plainchant.portal.mail import queries as mail
from plainchant.portal.mail.operations import GIVE_UP_AFTER
from plainchant.portal.queue import failures
from plainchant.portal.structures.queries import requests_for_operator


@dataclass(frozen=True)
class PortalFact:
    """``name`` is that of the metric; ``label`` is French, for the page; ``count`` is given the present instant.

    ``worrying`` is the value from which somebody should look; None where none is.
    """

    name: str
    label: str
    meaning: str
    count: Callable[[datetime], float]
    worrying: float | None = None


def _age(rows: QuerySet[Flow] | QuerySet[Invoice], field: str, at: datetime) -> float:
    oldest = rows.aggregate(oldest=Min(field))["oldest"]
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


def _to_carry() -> QuerySet[Invoice]:
    return Invoice.objects.filter(status__in=[Status.DEPOSITED, Status.FORWARDING])


def _working() -> QuerySet[Flow]:
    return Flow.objects.filter(state__in=NOT_ENDED)


def _given_up(at: datetime) -> int:
    waiting = mail.unsent()
    return waiting.filter(created_at__lte=at - GIVE_UP_AFTER).exclude(asked_again_at__gt=at - GIVE_UP_AFTER).count()


FACTS = (
    PortalFact(
        "jobs_waiting", "Travaux en attente", "Background jobs that are due", lambda at: failures.due(at=at).number
    ),
    PortalFact(
        "jobs_oldest_seconds",
        "Plus ancien travail en attente (secondes)",
        "Age of the oldest background job that is due",
        lambda at: failures.due(at=at).oldest_seconds,
        300,
    ),
    PortalFact(
        "jobs_failed",
        "Travaux en échec",
        "Background jobs that failed for good",
        lambda at: len(failures.failed_jobs()),
        1,
    ),
    PortalFact(
        "invoices_to_carry",
        "Factures à transmettre",
        "Deposited invoices that have not reached their recipient",
        lambda at: _to_carry().count(),
    ),
    PortalFact(
        "invoices_to_carry_oldest_seconds",
        "Plus ancienne facture à transmettre (secondes)",
        "Age of the oldest of them",
        lambda at: _age(_to_carry(), "status_at", at),
        300,
    ),
    PortalFact(
        "invoices_without_notice",
        "Factures dont le destinataire n’est pas prévenu",
        "Available invoices whose recipient has not been told",
        lambda at: without_notice(before=at - timedelta(minutes=10)).count(),
        1,
    ),
    PortalFact("flows_working", "Flux en cours", "Flows that have not ended", lambda at: _working().count()),
    PortalFact(
        "flows_oldest_seconds",
        "Plus ancien flux en cours (secondes)",
        "Age of the oldest of them",
        lambda at: _age(_working(), "state_at", at),
        3600,
    ),
    PortalFact(
        "scans_waiting",
        "Photos et documents numérisés à lire",
        "Scans that wait to be read",
        lambda at: recognition.waiting(before=at).count(),
    ),
    PortalFact("mails_unsent", "Courriels à envoyer", "Messages that have not left", lambda at: mail.unsent().count()),
    PortalFact("mails_given_up", "Courriels abandonnés", "Messages that are no longer tried", _given_up, 1),
    PortalFact(
        "requests_for_operator",
        "Demandes de rattachement pour l’exploitant",
        "Requests to join a structure that nobody manages",
        lambda at: requests_for_operator().count(),
        1,
    ),
    PortalFact(
        "disk_free_bytes",
        "Place libre sur le disque (octets)",
        "Free space where the data folder is",
        lambda at: shutil.disk_usage(settings.DATA_DIR).free,
    ),
)


def facts(*, at: datetime) -> list[tuple[PortalFact, float]]:
    """Every fact with its present value."""
    return [(fact, fact.count(at)) for fact in FACTS]
