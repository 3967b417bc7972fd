"""The programs that ask for tokens (client_id and client_secret), made beside the technical accounts of a structure.

An application opens nothing by itself: each call also names a technical account, of any structure, as on PISTE. Two
secrets may serve at once. What is withdrawn or ended here counts at the next call, tokens that were given before too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from uuid import uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache as shared
from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.accounts.queries import token_digest
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import require

from .activity import note
from .memberships import locked
from .models import ActivityEntry, Application, ApplicationSecret, Structure
from .permissions import MANAGE_APPLICATION, MANAGE_STRUCTURE
from .recalled import Recalled

MOST_SECRETS = 2  # of an application at once
MOST_APPLICATIONS = 20  # of a structure at once
WRONG_TRIES, WRONG_TRIES_WITHIN = 100, timedelta(hours=1)
USE_NOTED_EVERY = timedelta(hours=1)

_Kind = ActivityEntry.Kind
_RECALLED = Recalled("applications")


class ApplicationNameTaken(Refused):
    """Another application of the structure has this name."""

    code = "application_name_taken"


class TooManyApplications(Refused):
    """The structure has as many applications as may be."""

    code = "application_too_many"


class TooManyApplicationSecrets(Refused):
    """Two secrets serve already."""

    code = "application_two_secrets"


class ApplicationHasChanged(Refused):
    """The application was ended, the secret withdrawn, or the structure closed."""

    code = "application_has_changed"


def make(*, structure: Structure, actor: Actor, name: str, at: datetime) -> tuple[Application, str]:
    """Make an application, and its first secret, which nobody can read again. ``name`` is clean.

    Raises NotAllowed, ApplicationHasChanged (a closed structure), TooManyApplications and ApplicationNameTaken.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        locked(structure)
        if not Structure.objects.filter(pk=structure.pk, is_active=True).exists():
            raise ApplicationHasChanged("Cette structure est fermée\u00a0: elle ne reçoit plus de nouveau logiciel.")
        kept = serving(structure=structure)
        if kept.count() >= MOST_APPLICATIONS:
            raise TooManyApplications(
                f"Cette structure a déjà {MOST_APPLICATIONS} applications. Mettez fin à celles qui ne servent plus."
            )
        if kept.filter(name=name).exists():
            raise ApplicationNameTaken(
                f"Une application s’appelle déjà « {name} ». Donnez un autre nom, ou utilisez celle-là.", field="name"
            )
        application = Application.objects.create(
            structure=structure, client_id=str(uuid4()), name=name, created_at=at, created_by=actor.account
        )
        secret = _make_secret(application, actor, at)
        _note(_Kind.APPLICATION_MADE, application, actor, at)
        _record(SecurityEvent.APPLICATION_MADE, application, actor)
    return application, secret


def add_secret(*, application: Application, actor: Actor, at: datetime) -> str:
    """Make a second secret, beside the one that serves. Raises NotAllowed, ApplicationHasChanged and
    TooManyApplicationSecrets."""
    with transaction.atomic():
        require(actor, MANAGE_APPLICATION, application)
        _lock(application)
        if kept_secrets(application=application).count() >= MOST_SECRETS:
            raise TooManyApplicationSecrets(
                "Cette application a déjà deux secrets. Retirez celui que plus aucun logiciel n’utilise, puis demandez "
                "le nouveau."
            )
        secret = _make_secret(application, actor, at)
        _note(_Kind.APPLICATION_SECRET, application, actor, at)
        _record(SecurityEvent.APPLICATION_SECRET_MADE, application, actor)
        transaction.on_commit(lambda: shared.delete(_tries_key(application.client_id)))
    return secret


def withdraw_secret(*, secret: ApplicationSecret, actor: Actor, at: datetime) -> None:
    """Let a secret serve no longer; tokens that it has given go on for their hour (`revoke_tokens` ends them).

    Raises NotAllowed and ApplicationHasChanged.
    """
    with transaction.atomic():
        require(actor, MANAGE_APPLICATION, secret.application)
        kept = ApplicationSecret.objects.filter(pk=secret.pk, withdrawn_at__isnull=True)
        if not kept.update(withdrawn_at=at, hashed=""):
            raise ApplicationHasChanged("Ce secret ne sert déjà plus. Il n’y a plus rien à faire.")
        _note(_Kind.APPLICATION_WITHDRAWN, secret.application, actor, at)
        _record(SecurityEvent.APPLICATION_SECRET_WITHDRAWN, secret.application, actor)


def revoke_tokens(*, application: Application, actor: Actor, at: datetime) -> None:
    """Refuse every token given so far; its programs ask for others. Raises NotAllowed and ApplicationHasChanged."""
    with transaction.atomic():
        require(actor, MANAGE_APPLICATION, application)
        _lock(application)
        Application.objects.filter(pk=application.pk).update(tokens_valid_from=at)
        _note(_Kind.APPLICATION_TOKENS, application, actor, at)
        _record(SecurityEvent.APPLICATION_TOKENS_REVOKED, application, actor)


def end(*, application: Application, actor: Actor, at: datetime) -> None:
    """Let an application in no more, from now on and for good. Raises NotAllowed and ApplicationHasChanged."""
    with transaction.atomic():
        require(actor, MANAGE_APPLICATION, application)
        if not _end(application, actor, at):
            raise ApplicationHasChanged("Cette application a déjà pris fin. Il n’y a plus rien à faire.")


def end_all(*, structures: Iterable[Structure], at: datetime) -> None:
    """End the applications of these structures: nobody knows any more who made them. Asks for no right."""
    for application in Application.objects.filter(structure__in=structures).select_related("structure"):
        with transaction.atomic():
            _end(application, SYSTEM, at)


def _end(application: Application, by: Actor, at: datetime) -> bool:
    if not Application.objects.filter(pk=application.pk, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by.author
    ):
        return False
    kept_secrets(application=application).update(withdrawn_at=at, hashed="")
    origin = ActivityEntry.Origin.PORTAL if by.author is None else ActivityEntry.Origin.PAGE
    _note(_Kind.APPLICATION_ENDED, application, by, at, origin=origin)
    _record(SecurityEvent.APPLICATION_ENDED, application, by)
    return True


def serving(*, structure: Structure) -> QuerySet[Application]:
    """Those that have not been ended."""
    return Application.objects.filter(structure=structure, revoked_at__isnull=True)


def kept_secrets(*, application: Application) -> QuerySet[ApplicationSecret]:
    """Those that were not withdrawn, the oldest first."""
    return ApplicationSecret.objects.filter(application=application, withdrawn_at__isnull=True).order_by("pk")


def serving_application(*, client_id: str) -> Application | None:
    """The application of this client_id; None if there is none, or it has ended."""
    return next(iter(_serving_one(client_id=client_id)), None)


@written_once(Application)
def _serving_one(*, client_id: str) -> QuerySet[Application]:
    return Application.objects.filter(client_id=client_id, revoked_at__isnull=True)


def authenticate(*, client_id: str, secret: str, at: datetime) -> Application | None:
    """The application that knows one of its secrets; None for whatever reason it does not.

    As `technical_accounts.authenticate`: how long it takes does not tell whether it exists, and wrong tries are counted
    for what was typed. A secret that was right a moment ago is not computed again (`recalled`).
    """
    recalled = _RECALLED.row(client_id, secret, at=at)
    if recalled is not None:
        for row in _recalled(client_id=client_id, key=recalled):
            return _used(row, at)
    tries = [tried for tried in shared.get(_tries_key(client_id), []) if abs(at - tried) < WRONG_TRIES_WITHIN]
    if len(tries) >= WRONG_TRIES:
        record(SecurityEvent.APPLICATION_LOCKED)
        return None
    kept = list(_kept(client_id)[:MOST_SECRETS])
    found = next((row for row in kept if check_password(secret, row.hashed)), None)
    if found is None:
        for _ in range(MOST_SECRETS - len(kept)):
            check_password(secret, _hash_of_nobody())
        shared.set(_tries_key(client_id), [*tries, at], timeout=WRONG_TRIES_WITHIN.total_seconds())
        record(SecurityEvent.APPLICATION_REFUSED, structure=kept[0].application.structure.identifier if kept else "")
        return None
    _RECALLED.keep(client_id, secret, row=found.pk, at=at)
    return _used(found, at)


def _kept(client_id: str) -> QuerySet[ApplicationSecret]:
    kept = ApplicationSecret.objects.filter(
        application__client_id=client_id, application__revoked_at__isnull=True, withdrawn_at__isnull=True
    )
    return kept.select_related("application__structure").order_by("-last_used_at", "-pk")


@written_once(ApplicationSecret)
def _recalled(*, client_id: str, key: int) -> QuerySet[ApplicationSecret]:
    return _kept(client_id).filter(pk=key)


def _used(row: ApplicationSecret, at: datetime) -> Application:
    if row.last_used_at is None or abs(at - row.last_used_at) >= USE_NOTED_EVERY:
        ApplicationSecret.objects.filter(pk=row.pk).update(last_used_at=at)
    return row.application


@cache
def _hash_of_nobody() -> str:
    return make_password(secrets.token_urlsafe(24))


def _tries_key(client_id: str) -> str:
    return f"application-tries:{token_digest(client_id)}"


def _lock(application: Application) -> None:
    """No other operation changes it until the transaction ends. Raises ApplicationHasChanged where it was ended."""
    locked(application.structure)
    if not Application.objects.filter(pk=application.pk, revoked_at__isnull=True).exists():
        raise ApplicationHasChanged("Cette application a pris fin. Créez-en une autre si un logiciel en a besoin.")


def _make_secret(application: Application, actor: Actor, at: datetime) -> str:
    secret = secrets.token_urlsafe(24)
    ApplicationSecret.objects.create(
        application=application, hashed=make_password(secret), created_at=at, created_by=actor.account
    )
    return secret


def _note(
    kind: ActivityEntry.Kind,
    application: Application,
    actor: Actor,
    at: datetime,
    *,
    origin: ActivityEntry.Origin = ActivityEntry.Origin.PAGE,
) -> None:
    note(structure=application.structure, kind=kind, actor=actor, at=at, about=application.name, origin=origin)


def _record(event: SecurityEvent, application: Application, actor: Actor) -> None:
    by = actor.author.pk if actor.author else None
    record(event, by=by, structure=application.structure.identifier)
