"""How long what is not an invoice is kept, as one table. Nothing here runs by itself: `plainchant retention` does it.

Invoices, their documents, histories and certificates, mandates and the messages that told of them are in no row: an
accounting document is kept ten years (article L. 123-22 of the code de commerce), and a notice proves when a delay
began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainchant.portal import personal_data
from plainchant.portal.accounts import claims, forgetting
from plainchant.portal.calls import operations as calls
from plainchant.portal.calls.operations import KEPT_FOR
from plainchant.portal.drafts import program_files
from plainchant.portal.flows import letting_go
from plainchant.portal.lib.time import now
from plainchant.portal.queue import failures
from plainchant.portal.store import quotas


@dataclass(frozen=True)
class Retention:
    """``counted`` and ``forget`` are given the instant before which rows go."""

    what: str  # in French, as the command prints it
    days: int
    counted: Callable[[datetime], int]
    forget: Callable[[datetime], int]

    def before(self, at: datetime) -> datetime:
        return at - timedelta(days=self.days)


def _failed_before(before: datetime) -> list[int]:
    return [job.number for job in failures.failed_jobs() if job.failed_at is not None and job.failed_at < before]


RETENTIONS = (
    Retention(
        "sessions terminées",
        0,
        lambda before: forgetting.ended_sessions(before=before).count(),
        lambda before: forgetting.forget_sessions(before=before),
    ),
    Retention(
        "liens d’activation qui ne servent plus",
        30,
        lambda before: forgetting.old_links(before=before).count(),
        lambda before: forgetting.forget_links(before=before),
    ),
    Retention(
        "liens de confirmation d’adresse qui ne servent plus",
        30,
        lambda before: claims.old(before=before).count(),
        lambda before: claims.old(before=before).delete()[0],
    ),
    Retention(
        "comptes demandés et jamais ouverts",
        90,
        lambda before: forgetting.unopened_accounts(before=before).count(),
        lambda before: forgetting.forget_unopened(before=before),
    ),
    Retention(
        "comptes fermés dont l’effacement est demandé",
        30,
        lambda before: personal_data.to_erase(before=before).count(),
        lambda before: personal_data.erase(before=before, at=now()),
    ),
    Retention(
        "ce que chacun a déposé, jour par jour",
        quotas.DAYS,
        lambda before: quotas.counted(before=before),
        lambda before: quotas.forget(before=before),
    ),
    Retention(
        "fichiers des flux rejetés en entier",
        90,
        lambda before: letting_go.kept_in_vain(before=before).count(),
        lambda before: letting_go.let_go(before=before, at=now()),
    ),
    Retention(
        "fichiers que des programmes ont ajoutés pour leurs factures",
        30,
        lambda before: program_files.old(before=before).count(),
        lambda before: program_files.let_go(before=before, at=now()),
    ),
    Retention(
        "réponses gardées pour les programmes qui répètent une requête",
        KEPT_FOR.days,
        lambda before: calls.counted(before=before),
        lambda before: calls.forget(before=before),
    ),
    Retention(
        "travaux en échec",
        90,
        lambda before: len(_failed_before(before)),
        lambda before: failures.drop(numbers=_failed_before(before)),
    ),
)
