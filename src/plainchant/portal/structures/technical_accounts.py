"""The programs that act for a structure (comptes techniques): made, renamed, opened spaces, given passwords, ended.

A password is shown once and ends after SECRET_DAYS. Two may serve at once: the programs of a structure move to the
second, then the first is withdrawn. What is withdrawn or ended here counts at the next request.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache as shared
from django.db import transaction
from django.db.models import QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.queries import token_digest
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import SYSTEM, Actor, Software
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.profiles import AccessProfile, spaces_of
from plainchant.portal.rights.rights import SPACES_FOR_PEOPLE

from . import queries
from . import technical_mails as mails
from .activity import note
from .delegation_words import opened_by
from .grants import give
from .memberships import check_opened, locked
from .models import ActivityEntry, Service, Structure, TechnicalAccount, TechnicalSecret
from .permissions import MANAGE_STRUCTURE, MANAGE_TECHNICAL_ACCOUNT
from .recalled import Recalled

SECRET_DAYS = 424  # as on Chorus Pro
MOST_SECRETS = 2  # of an account at once
MOST_ACCOUNTS = 20  # of a structure at once
WRONG_TRIES, WRONG_TRIES_WITHIN = 100, timedelta(hours=1)  # as of people's accounts from anywhere
USE_NOTED_EVERY = timedelta(hours=1)

_Kind = ActivityEntry.Kind
_RECALLED = Recalled("technical accounts")
_NUMBERS = 10**9
_IDENTIFIER = re.compile(r"TECH_1_[0-9]{1,12}@[A-Za-z0-9.-]{1,240}")


class ProgramNameTaken(Refused):
    """Another technical account of the structure has this name."""

    code = "technical_name_taken"


class TooManyPrograms(Refused):
    """The structure has as many technical accounts as may be."""

    code = "technical_too_many"


class ProgramNeverManages(Refused):
    """What the table of rights keeps for people cannot be opened to a program."""

    code = "technical_never_manages"


class TooManySecrets(Refused):
    """Two passwords serve already."""

    code = "technical_two_passwords"


class ProgramHasChanged(Refused):
    """The technical account was ended, the password withdrawn, or the structure closed."""

    code = "technical_has_changed"


def make(
    *,
    structure: Structure,
    actor: Actor,
    name: str,
    profiles: Collection[AccessProfile],
    at: datetime,
    services: Collection[Service] = (),
) -> tuple[TechnicalAccount, str]:
    """Make an account for a program, and its first password, which nobody can read again. The managers are told.

    ``name`` is clean. Raises NotAllowed, ProgramHasChanged (a closed structure), TooManyPrograms, ProgramNameTaken,
    NothingOpened, WrongService and ProgramNeverManages.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        _check(structure=structure, profiles=profiles, services=services)
        locked(structure)
        if not Structure.objects.filter(pk=structure.pk, is_active=True).exists():
            raise ProgramHasChanged("Cette structure est fermée\u00a0: elle ne reçoit plus de nouveau logiciel.")
        if serving(structure=structure).count() >= MOST_ACCOUNTS:
            raise TooManyPrograms(
                f"Cette structure a déjà {MOST_ACCOUNTS} comptes techniques. Mettez fin à ceux qui ne servent plus."
            )
        _refuse_twin(structure, name)
        account = TechnicalAccount.objects.create(
            structure=structure,
            account=_author(name, at),
            identifier=_identifier(),
            name=name,
            created_at=at,
            created_by=actor.account,
        )
        give(holder=account, profiles=profiles, services=services)
        secret = _make_secret(account, actor, at)
        _note(_Kind.TECHNICAL_MADE, account, actor, at, about=f"{name}\u00a0: {opened_by(account)}")
        _record(SecurityEvent.TECHNICAL_ACCOUNT_MADE, account, actor)
        _announce("technical_made", account, mails.made(account=account, actor=actor), at)
    return account, secret


def rename(*, account: TechnicalAccount, actor: Actor, name: str, at: datetime) -> None:
    """Give a program another name, also in what it has written.

    Raises NotAllowed, ProgramHasChanged and ProgramNameTaken.
    """
    with transaction.atomic():
        require(actor, MANAGE_TECHNICAL_ACCOUNT, account)
        _lock(account)
        former = account.name
        if name == former:
            return
        _refuse_twin(account.structure, name)
        TechnicalAccount.objects.filter(pk=account.pk).update(name=name)
        User.objects.filter(pk=account.account_id).update(last_name=name)
        account.name = name
        _note(_Kind.TECHNICAL_RENAMED, account, actor, at, about=f"{former} → {name}")


def open_to(
    *,
    account: TechnicalAccount,
    actor: Actor,
    profiles: Collection[AccessProfile],
    at: datetime,
    services: Collection[Service] = (),
) -> None:
    """Say what a program may do from now on; the managers are told.

    Raises NotAllowed, ProgramHasChanged, NothingOpened, WrongService and ProgramNeverManages.
    """
    with transaction.atomic():
        require(actor, MANAGE_TECHNICAL_ACCOUNT, account)
        _check(structure=account.structure, profiles=profiles, services=services)
        _lock(account)
        give(holder=account, profiles=profiles, services=services)
        _note(_Kind.TECHNICAL_RIGHTS, account, actor, at, about=f"{account.name}\u00a0: {opened_by(account)}")
        _record(SecurityEvent.TECHNICAL_RIGHTS_CHANGED, account, actor)
        _announce("technical_rights", account, mails.rights_changed(account=account, actor=actor), at)


def add_secret(*, account: TechnicalAccount, actor: Actor, at: datetime) -> str:
    """Make a second password, beside the one that serves; the managers are told. It also ends a lock.

    Raises NotAllowed, ProgramHasChanged and TooManySecrets.
    """
    with transaction.atomic():
        require(actor, MANAGE_TECHNICAL_ACCOUNT, account)
        _lock(account)
        kept = TechnicalSecret.objects.filter(technical_account=account, withdrawn_at__isnull=True)
        kept.filter(ends_at__lte=at).update(withdrawn_at=at, hashed="")
        if kept.count() >= MOST_SECRETS:
            raise TooManySecrets(
                "Ce compte a déjà deux mots de passe. Retirez celui que plus aucun logiciel n’utilise, puis demandez "
                "le nouveau."
            )
        secret = _make_secret(account, actor, at)
        _note(_Kind.TECHNICAL_SECRET, account, actor, at)
        _record(SecurityEvent.TECHNICAL_SECRET_MADE, account, actor)
        _announce("technical_secret", account, mails.secret_made(account=account, actor=actor), at)
        transaction.on_commit(lambda: shared.delete(_tries_key(account.identifier)))
    return secret


def withdraw_secret(*, secret: TechnicalSecret, actor: Actor, at: datetime) -> None:
    """Let a password serve no longer, from now on. Raises NotAllowed and ProgramHasChanged."""
    account = secret.technical_account
    with transaction.atomic():
        require(actor, MANAGE_TECHNICAL_ACCOUNT, account)
        kept = TechnicalSecret.objects.filter(pk=secret.pk, withdrawn_at__isnull=True)
        if not kept.update(withdrawn_at=at, hashed=""):
            raise ProgramHasChanged("Ce mot de passe ne sert déjà plus. Il n’y a plus rien à faire.")
        _note(_Kind.TECHNICAL_WITHDRAWN, account, actor, at)
        _record(SecurityEvent.TECHNICAL_SECRET_WITHDRAWN, account, actor)


def end(*, account: TechnicalAccount, actor: Actor, at: datetime) -> None:
    """Let a program act no longer, from now on and for good. Raises NotAllowed and ProgramHasChanged."""
    with transaction.atomic():
        require(actor, MANAGE_TECHNICAL_ACCOUNT, account)
        if not _end(account, at, by=actor):
            raise ProgramHasChanged("Ce compte technique a déjà pris fin. Il n’y a plus rien à faire.")


def end_all(*, structures: Iterable[Structure], at: datetime) -> None:
    """End the technical accounts of these structures: nobody knows any more who made them. Asks for no right."""
    for account in TechnicalAccount.objects.filter(structure__in=structures).select_related("structure"):
        with transaction.atomic():
            _end(account, at, by=SYSTEM)


def _end(account: TechnicalAccount, at: datetime, *, by: Actor) -> bool:
    open_ones = TechnicalAccount.objects.filter(pk=account.pk, revoked_at__isnull=True)
    if not open_ones.update(revoked_at=at, revoked_by=by.author):
        return False
    kept = TechnicalSecret.objects.filter(technical_account=account, withdrawn_at__isnull=True)
    kept.update(withdrawn_at=at, hashed="")
    account.revoked_at = at
    origin = ActivityEntry.Origin.PORTAL if by.author is None else ActivityEntry.Origin.PAGE
    _note(_Kind.TECHNICAL_ENDED, account, by, at, origin=origin)
    _record(SecurityEvent.TECHNICAL_ACCOUNT_ENDED, account, by)
    _announce("technical_ended", account, mails.ended(account=account, actor=by), at)
    return True


def serving(*, structure: Structure) -> QuerySet[TechnicalAccount]:
    """Those that have not been ended."""
    return TechnicalAccount.objects.filter(structure=structure, revoked_at__isnull=True)


# -- Coming in --------------------------------------------------------------------------------------------------


def authenticate(*, identifier: str, secret: str, at: datetime) -> TechnicalAccount | None:
    """The account of a program that knows one of its passwords; None for whatever reason it does not come in.

    Whatever fails, MOST_SECRETS hashes are computed: how long it takes does not tell whether the account exists. Wrong
    tries are counted for what was typed, as are those of people; past WRONG_TRIES nothing is looked at for a while. A
    password that was right until it ended does not count: a program that was forgotten locks no other one out.
    """
    row = _opened_by(identifier.strip(), secret, at)
    return None if row is None else row.technical_account


def recognise(*, identifier: str, secret: str, at: datetime) -> TechnicalAccount | None:
    """`authenticate` for programs that send both with every call: what was right a moment ago is not computed again.

    The rows are read each time: a password that was withdrawn or has ended, and an account that was ended, open
    nothing. The account comes with its structure and its author.
    """
    identifier = identifier.strip()
    recalled = _RECALLED.row(identifier, secret, at=at)
    for kept in () if recalled is None else _recalled(key=recalled, identifier=identifier):
        if kept.ends_at > at:
            _note_use(kept, at)
            return kept.technical_account
    row = _opened_by(identifier, secret, at)
    if row is None:
        return None
    _RECALLED.keep(identifier, secret, row=row.pk, at=at)
    return row.technical_account


@written_once(TechnicalSecret)
def _recalled(*, key: int, identifier: str) -> QuerySet[TechnicalSecret]:
    return _kept_secrets().filter(pk=key, technical_account__identifier=identifier)


def _opened_by(identifier: str, secret: str, at: datetime) -> TechnicalSecret | None:
    """The password that opens an account now."""
    tries = _tries(identifier, at)
    if len(tries) >= WRONG_TRIES:
        record(SecurityEvent.TECHNICAL_LOCKED)
        return None
    is_one = _IDENTIFIER.fullmatch(identifier)
    known = _kept_secrets().filter(technical_account__identifier=identifier)
    kept = list(known.order_by("-last_used_at", "-pk")[:MOST_SECRETS]) if is_one else []
    found = next((row for row in kept if check_password(secret, row.hashed)), None)
    if found is None:
        for _ in range(MOST_SECRETS - len(kept)):
            check_password(secret, _hash_of_nobody())
        shared.set(_tries_key(identifier), [*tries, at], timeout=WRONG_TRIES_WITHIN.total_seconds())
    if found is None or found.ends_at <= at:
        account = kept[0].technical_account if kept else None
        structure = account.structure.identifier if account else ""
        record(SecurityEvent.TECHNICAL_REFUSED, person=account.account_id if account else None, structure=structure)
        return None
    _note_use(found, at)
    return found


def _note_use(row: TechnicalSecret, at: datetime) -> None:
    if row.last_used_at is None or abs(at - row.last_used_at) >= USE_NOTED_EVERY:
        TechnicalSecret.objects.filter(pk=row.pk).update(last_used_at=at)


def actor_of(account: User) -> Actor:
    """Whoever an author is: the person, or the program whose technical account it is, ended or not."""
    if not account.is_technical:
        return Actor(account)
    return as_actor(TechnicalAccount.objects.select_related("structure", "account").get(account=account))


def as_actor(account: TechnicalAccount) -> Actor:
    """The program, as the one who acts."""
    program = Software(account.pk, account.name, str(account.structure), account.account)
    return Actor(person=None, software=program)


def _kept_secrets() -> QuerySet[TechnicalSecret]:
    """Those that were not withdrawn, of accounts that were not ended."""
    kept = TechnicalSecret.objects.filter(withdrawn_at__isnull=True, technical_account__revoked_at__isnull=True)
    return kept.select_related("technical_account__structure", "technical_account__account")


@cache
def _hash_of_nobody() -> str:
    return make_password(secrets.token_urlsafe(24))


def _tries(identifier: str, at: datetime) -> list[datetime]:
    kept: list[datetime] = shared.get(_tries_key(identifier), [])
    return [tried for tried in kept if abs(at - tried) < WRONG_TRIES_WITHIN]  # a clock may have been put back


def _tries_key(identifier: str) -> str:
    return f"technical-tries:{token_digest(identifier)}"


# -- What the operations share ----------------------------------------------------------------------------------


def _check(*, structure: Structure, profiles: Collection[AccessProfile], services: Collection[Service]) -> None:
    check_opened(structure=structure, profiles=profiles, services=services)
    if SPACES_FOR_PEOPLE & set(spaces_of(profiles)):
        raise ProgramNeverManages(
            "Un logiciel ne gère jamais une structure\u00a0: cela reste aux personnes. Choisissez autre chose.",
            field="profiles",
        )


def _refuse_twin(structure: Structure, name: str) -> None:
    if serving(structure=structure).filter(name=name).exists():
        raise ProgramNameTaken(
            f"Un compte technique s’appelle déjà « {name} ». Donnez un autre nom, ou utilisez celui-là.", field="name"
        )


def _lock(account: TechnicalAccount) -> None:
    """No other operation changes it until the transaction ends. Raises ProgramHasChanged where it was ended."""
    locked(account.structure)
    if not TechnicalAccount.objects.filter(pk=account.pk, revoked_at__isnull=True).exists():
        raise ProgramHasChanged("Ce compte technique a pris fin. Créez-en un autre si un logiciel en a besoin.")


def _author(name: str, at: datetime) -> User:
    """What rows will name as their author: nobody can log in with it, nor have its password sent."""
    return User.objects.create(
        email=f"technique-{secrets.token_hex(12)}@plainchant.invalid",
        password=make_password(secrets.token_urlsafe(32)),  # not unusable: that is what awaits an activation
        first_name="le logiciel",
        last_name=name,
        is_active=False,
        is_technical=True,
        terms_version="",
        terms_accepted_at=at,
        created_at=at,
    )


def _identifier() -> str:
    """« TECH_1_123456789@factures.example »: as programs made for Chorus Pro expect it. Not guessed from another."""
    return f"TECH_1_{secrets.randbelow(_NUMBERS):09d}@{urlsplit(settings.PUBLIC_URL).hostname}"


def _make_secret(account: TechnicalAccount, actor: Actor, at: datetime) -> str:
    secret = secrets.token_urlsafe(24)
    TechnicalSecret.objects.create(
        technical_account=account,
        hashed=make_password(secret),
        created_at=at,
        created_by=actor.account,
        ends_at=at + timedelta(days=SECRET_DAYS),
    )
    return secret


def _note(
    kind: ActivityEntry.Kind,
    account: TechnicalAccount,
    actor: Actor,
    at: datetime,
    *,
    about: str = "",
    origin: ActivityEntry.Origin = ActivityEntry.Origin.PAGE,
) -> None:
    note(structure=account.structure, kind=kind, actor=actor, at=at, about=about or account.name, origin=origin)


def _record(event: SecurityEvent, account: TechnicalAccount, actor: Actor) -> None:
    by = actor.author.pk if actor.author else None
    record(event, person=account.account_id, by=by, structure=account.structure.identifier)


def _announce(kind: str, account: TechnicalAccount, mail: Mail, at: datetime) -> None:
    """To every manager, whoever did it too: it may not have been them."""
    for manager in queries.managers_of(structure=account.structure):
        event = f"{account.uid}:{at.isoformat()}"
        post(kind=kind, recipient=manager.notice_address, mail=mail, event=event, at=at)
