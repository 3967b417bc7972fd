"""Have a program told of what becomes of invoices, and no longer; tell it, and try again when it does not answer.

What is sent is read from the histories when it is sent, for whoever made the webhook: it ends where that person no
longer manages the structure. Each event has an id that is the same each time it is sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from plainchant.portal.accounts import links
from plainchant.portal.invoices.models import StatusChange
from plainchant.portal.lib import outgoing
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.time import PARIS
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts
from plainchant.portal.mail.operations import post
from plainchant.portal.mail.strangers import named
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import may, require
from plainchant.portal.structures.activity import note
from plainchant.portal.structures.memberships import locked
from plainchant.portal.structures.models import ActivityEntry, Structure
from plainchant.portal.structures.queries import managers_of

from . import queries
from .models import Webhook, WebhookDelivery
from .permissions import MANAGE_WEBHOOK, MANAGE_WEBHOOKS

SEND = "hooks.send"
MOST_WEBHOOKS = 3  # of a structure at once
AT_ONCE = 50  # events in a message
KEPT = 50  # deliveries, the newest, in the list
SECONDS = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=5)
_CLAIMED_FOR = timedelta(minutes=5)  # by whoever sends, in case it never comes back

Post = Callable[..., int]


class WebhookAddress(Refused):
    """Nothing is ever sent to such an address."""

    code = "webhook_address"


class TooManyWebhooks(Refused):
    """The structure has as many as may be."""

    code = "webhook_too_many"


class WebhookHasEnded(Refused):
    """It was ended meanwhile."""

    code = "webhook_has_ended"


def make(*, structure: Structure, url: str, actor: Actor, at: datetime) -> tuple[Webhook, str]:
    """Have this address told from now on; and the secret with which it knows who writes, which is shown once.

    The managers are told. Raises NotAllowed, WebhookAddress and TooManyWebhooks.
    """
    with transaction.atomic():
        require(actor, MANAGE_WEBHOOKS, structure)
        try:
            outgoing.host_of(url)
        except (ValueError, OSError) as error:
            raise WebhookAddress(
                "Nous n’écrivons qu’à une adresse publique qui commence par https://. Elle contient un nom "
                "(pas un nombre), sans mot de passe et sans numéro de port. Vérifiez-la avec la personne qui s’occupe "
                "du logiciel.",
                field="url",
            ) from error
        locked(structure)
        if Webhook.objects.filter(structure=structure, ended_at__isnull=True).count() >= MOST_WEBHOOKS:
            raise TooManyWebhooks(
                f"Cette structure prévient déjà {MOST_WEBHOOKS} logiciels. Arrêtez d’abord celui qui ne sert plus."
            )
        webhook = Webhook.objects.create(
            structure=structure,
            url=url,
            created_at=at,
            created_by=actor.account,
            told_until=queries.last_line(),
        )
        note(structure=structure, kind=ActivityEntry.Kind.WEBHOOK_MADE, actor=actor, at=at, about=url)
        record(SecurityEvent.WEBHOOK_MADE, by=actor.account.pk, structure=structure.identifier)
        _announce(webhook, "webhook_made", f"{named(actor.name)} fait prévenir un logiciel de vos factures.", at)
    return webhook, secret_of(webhook)


def end(*, webhook: Webhook, actor: Actor, at: datetime) -> None:
    """Send nothing to this address any more. Raises NotAllowed and WebhookHasEnded."""
    with transaction.atomic():
        require(actor, MANAGE_WEBHOOK, webhook)
        if not _end(webhook, at, by=actor):
            raise WebhookHasEnded("Ce logiciel n’était déjà plus prévenu. Il n’y a plus rien à faire.")


def send_again(*, webhook: Webhook, since: date, actor: Actor, at: datetime) -> None:
    """Have it told again of what happened from a day on (in Paris), for a program that has lost it.

    Never of what happened before it was made. Events have the ids that they had. Raises NotAllowed and WebhookHasEnded.
    """
    with transaction.atomic():
        require(actor, MANAGE_WEBHOOK, webhook)
        told_until = max(
            queries.last_line(at__lt=datetime.combine(since, time(), tzinfo=PARIS)),
            queries.last_line(at__lte=webhook.created_at),
        )
        serving = Webhook.objects.filter(pk=webhook.pk, ended_at__isnull=True)
        if not serving.update(told_until=Least(F("told_until"), told_until), retry_at=None):
            raise WebhookHasEnded("Ce logiciel n’est plus prévenu. Faites-le d’abord prévenir de nouveau.")
        about = f"{webhook.url}, depuis le {since:%d/%m/%Y}"
        note(structure=webhook.structure, kind=ActivityEntry.Kind.WEBHOOK_SENT_AGAIN, actor=actor, at=at, about=about)


def _end(webhook: Webhook, at: datetime, *, by: Actor) -> bool:
    is_ours = by.author is None
    ended = Webhook.objects.filter(pk=webhook.pk, ended_at__isnull=True).update(
        ended_at=at, is_ended_by_portal=is_ours, retry_at=None
    )
    if ended:
        origin = ActivityEntry.Origin.PORTAL if is_ours else ActivityEntry.Origin.PAGE
        kind = ActivityEntry.Kind.WEBHOOK_ENDED
        note(structure=webhook.structure, kind=kind, actor=by, at=at, about=webhook.url, origin=origin)
        doer = by.author.pk if by.author else None
        record(SecurityEvent.WEBHOOK_ENDED, by=doer, structure=webhook.structure.identifier)
    return bool(ended)


def secret_of(webhook: Webhook) -> str:
    """With which its messages are signed. It is worked out each time: no copy of it is kept."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{webhook.uid}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def ask(*, webhook: Webhook, at: datetime) -> None:
    """Have it told in the background."""
    enqueue(task=SEND, key=str(webhook.uid), at=at, arguments={"uid": str(webhook.uid)})


def send(*, uid: str, at: datetime, posting: Post = outgoing.post) -> bool:
    """Tell a webhook of the next events; whether something was sent and taken.

    Sent outside of any transaction: an event may be sent twice, and has the same id then.
    """
    webhook = queries.due(at=at).filter(uid=uid).select_related("structure", "created_by").first()
    if webhook is None:
        return False
    if not may(Actor(webhook.created_by), MANAGE_WEBHOOK, webhook):
        _stop(webhook, "La personne qui l’avait demandé ne gère plus cette structure.", at)
        return False
    until = queries.newest(at=at)
    lines = list(queries.lines_for(webhook=webhook, until=until)[:AT_ONCE])
    same = Webhook.objects.filter(pk=webhook.pk, told_until=webhook.told_until, ended_at__isnull=True)
    if not lines:
        same.update(told_until=until)
        return False
    # Only one process sends: the claim ends by itself.
    free = Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    if not same.filter(free).update(retry_at=at + _CLAIMED_FOR):
        return False
    body = json.dumps({"events": [_event(line, webhook) for line in lines]}, ensure_ascii=False).encode()
    status, trouble = _posted(webhook, body, at, posting)
    is_taken = status is not None and 200 <= status < 300
    with transaction.atomic():
        _log(webhook, lines, status, trouble, at)
        if is_taken:
            last = lines[-1].pk if len(lines) == AT_ONCE else until
            same.update(told_until=last, failures=0, failing_since=None, retry_at=None)
        else:
            since = webhook.failing_since or at
            wait = min(FIRST_WAIT * 2 ** min(webhook.failures, 20), LONGEST_WAIT)
            same.update(failures=webhook.failures + 1, failing_since=since, retry_at=at + wait)
            if at - since >= GIVE_UP_AFTER:
                _stop(webhook, f"Il ne répond plus depuis {GIVE_UP_AFTER.days} jours.", at)
    return is_taken


def _posted(webhook: Webhook, body: bytes, at: datetime, posting: Post) -> tuple[int | None, str]:
    moment = str(int(at.timestamp()))
    signed = hmac.new(secret_of(webhook).encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Plainchant",
        "Plainchant-Signature": f"t={moment},v1={signed}",
    }
    try:
        return posting(url=webhook.url, body=body, headers=headers, seconds=SECONDS), ""
    except outgoing.NotAllowedThere:
        return None, "Son nom mène à une adresse qui n’est pas publique."
    except (OSError, ValueError, http.client.HTTPException):
        return None, "Il ne répond pas, ou pas en https avec un certificat reconnu."


def _event(line: StatusChange, webhook: Webhook) -> dict[str, Any]:
    invoice = line.invoice
    return {
        "id": f"{invoice.uid}:{line.sequence}",
        "at": line.at.isoformat(),
        "side": "seller" if invoice.seller_id == webhook.structure_id else "buyer",
        "invoice": {
            "uid": str(invoice.uid),
            "number": invoice.number,
            "seller": invoice.seller.identifier,
            "buyer": invoice.buyer.identifier if invoice.buyer else "",
        },
        "from": line.from_status,
        "to": line.to_status,
        "reason": line.reason_code,
    }


def _log(webhook: Webhook, lines: Sequence[StatusChange], status: int | None, trouble: str, at: datetime) -> None:
    WebhookDelivery.objects.create(
        webhook=webhook,
        at=at,
        events=len(lines),
        first_event=f"{lines[0].invoice.uid}:{lines[0].sequence}",
        status=status,
        trouble=trouble,
    )
    kept = WebhookDelivery.objects.filter(webhook=webhook).order_by("-at", "-pk").values("pk")[:KEPT]
    WebhookDelivery.objects.filter(webhook=webhook).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _stop(webhook: Webhook, why: str, at: datetime) -> None:
    with transaction.atomic():
        if _end(webhook, at, by=SYSTEM):
            _announce(webhook, "webhook_stopped", f"Un logiciel n’est plus prévenu de vos factures. {why}", at)


def _announce(webhook: Webhook, kind: str, sentence: str, at: datetime) -> None:
    structure = webhook.structure
    mail = Mail(
        f"{'Un logiciel est prévenu' if kind == 'webhook_made' else 'Un logiciel n’est plus prévenu'} des factures de "
        f"{named(structure)}",
        sentence,
        MailFacts((MailFact("Structure", named(structure)), MailFact("Adresse", webhook.url))),
        "Si vous ne savez pas de quoi il s’agit, arrêtez-le sur sa page, puis demandez à vos collègues."
        if kind == "webhook_made"
        else "Si vous en avez besoin, demandez-le à nouveau.",
        Button("Voir les logiciels prévenus", links.public(f"/structures/{structure.uid}/logiciels-prevenus/")),
    )
    for manager in managers_of(structure=structure):
        post(kind=kind, event=str(webhook.uid), recipient=manager.notice_address, mail=mail, at=at)
