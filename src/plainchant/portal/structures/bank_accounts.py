"""The bank accounts of a structure: added, confirmed, renamed, closed, each time before everybody's eyes.

An IBAN is never changed and never deleted: another is added, and the former closed (invoices may name it). Where
somebody else of the structure may confirm it, an account waits for that second person (decision 0064).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.einvoice.identifiers import masked_iban
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import mails, queries
from .activity import note
from .models import ActivityEntry, BankAccount, Structure
from .permissions import CONFIRM_BANK_ACCOUNT, MANAGE_BANK_ACCOUNT, MANAGE_STRUCTURE

_Kind = ActivityEntry.Kind


class DuplicateBankAccount(Refused):
    """The structure already has an account with this IBAN, open or waiting."""

    code = "duplicate_bank_account"


class BankAccountClosed(Refused):
    """The account was closed before."""

    code = "bank_account_closed"


class WaitsNoMore(Refused):
    """The account was confirmed, refused or withdrawn before."""

    code = "bank_account_waits_no_more"

    def __init__(self) -> None:
        super().__init__(
            "Ce compte bancaire n’attend plus d’être confirmé\u00a0: une réponse a déjà été donnée. La fiche de la "
            "structure dit laquelle."
        )


class NotTheSecondPerson(Refused):
    """Whoever added an account does not confirm it."""

    code = "not_the_second_person"


class AttachedTooLately(Refused):
    """Whoever has just joined does not confirm an account."""

    code = "attached_too_lately"


def add(*, structure: Structure, actor: Actor, label: str, iban: str, bic: str, at: datetime) -> BankAccount:
    """Add a bank account and tell every person of the structure, and the structure itself.

    It can be used at once, unless somebody else may confirm it (`queries.confirmers_of`): then it waits (`is_waiting`).
    ``iban`` and ``bic`` are clean (`einvoice.identifiers`). Raises NotAllowed and DuplicateBankAccount.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        waits = queries.confirmers_of(structure=structure, asked_by=actor.account, at=at).exists()
        if waits:
            _refuse_twin(structure, iban)
        try:
            with transaction.atomic():
                account = BankAccount.objects.create(
                    structure=structure,
                    label=label,
                    iban=iban,
                    bic=bic,
                    is_active=not waits,
                    is_waiting=waits,
                    created_at=at,
                    created_by=actor.account,
                    opened_at=None if waits else at,
                )
        except IntegrityError:
            _refuse_twin(structure, iban)
            raise
        if waits:
            _announce("bank_account_asked", account, mails.bank_account_asked(account=account, actor=actor), at)
        else:
            _announce("bank_account_added", account, mails.bank_account_added(account=account, actor=actor), at)
        _note(_Kind.BANK_ASKED if waits else _Kind.BANK_ADDED, account, actor, at)
        _record(SecurityEvent.BANK_ACCOUNT_ASKED if waits else SecurityEvent.BANK_ACCOUNT_ADDED, account, actor)
    return account


def confirm(*, account: BankAccount, actor: Actor, at: datetime) -> None:
    """The second person says that an account is the structure's: invoices may name it from now on.

    Raises NotAllowed, NotTheSecondPerson, AttachedTooLately, WaitsNoMore, and DuplicateBankAccount where the same IBAN
    was opened meanwhile.
    """
    with transaction.atomic():
        require(actor, CONFIRM_BANK_ACCOUNT, account)
        if account.created_by_id == actor.account.pk:
            raise NotTheSecondPerson(
                "Vous avez ajouté ce compte vous-même\u00a0: une autre personne doit le confirmer. Demandez-le à un ou "
                "une collègue qui envoie les factures de la structure."
            )
        others = queries.confirmers_of(structure=account.structure, asked_by=account.created_by, at=at)
        if not others.filter(user=actor.account).exists():
            raise AttachedTooLately(
                "Vous êtes rattaché à la structure depuis moins de trois jours\u00a0: vous ne pouvez pas encore "
                "confirmer de compte bancaire. Demandez à une personne plus ancienne, ou revenez plus tard."
            )
        try:
            with transaction.atomic():
                _answer(account, is_active=True, opened_at=at, confirmed_by=actor.account)
        except IntegrityError:
            _refuse_twin(account.structure, account.iban)
            raise
        _announce("bank_account_confirmed", account, mails.bank_account_confirmed(account=account, actor=actor), at)
        _note(_Kind.BANK_CONFIRMED, account, actor, at)
        _record(SecurityEvent.BANK_ACCOUNT_CONFIRMED, account, actor)
    account.refresh_from_db()


def refuse(*, account: BankAccount, actor: Actor, comment: str, at: datetime) -> None:
    """The second person says no: no invoice will name the account. Raises NotAllowed and WaitsNoMore."""
    with transaction.atomic():
        require(actor, CONFIRM_BANK_ACCOUNT, account)
        _answer(account)
        mail = mails.bank_account_refused(account=account, actor=actor, comment=comment)
        _announce("bank_account_refused", account, mail, at)
        _note(_Kind.BANK_REFUSED, account, actor, at)
        _record(SecurityEvent.BANK_ACCOUNT_REFUSED, account, actor)
    account.is_waiting = False


def withdraw(*, account: BankAccount, actor: Actor, at: datetime) -> None:
    """The manager gives an account up before it was confirmed. Raises NotAllowed and WaitsNoMore."""
    with transaction.atomic():
        require(actor, MANAGE_BANK_ACCOUNT, account)
        _answer(account)
        _announce("bank_account_withdrawn", account, mails.bank_account_withdrawn(account=account, actor=actor), at)
        _note(_Kind.BANK_WITHDRAWN, account, actor, at)
        _record(SecurityEvent.BANK_ACCOUNT_REFUSED, account, actor)
    account.is_waiting = False


def rename(*, account: BankAccount, actor: Actor, label: str, at: datetime) -> None:
    """Give an open account another name. Raises NotAllowed and BankAccountClosed."""
    with transaction.atomic():
        require(actor, MANAGE_BANK_ACCOUNT, account)
        if not BankAccount.objects.filter(pk=account.pk, is_active=True).update(label=label):
            raise _closed()
        _note(_Kind.BANK_RENAMED, account, actor, at, about=f"{account.label} → {label}")
    account.label = label


def close(*, account: BankAccount, actor: Actor, at: datetime) -> None:
    """Close an account: no new invoice can name it, those that do keep it. Raises NotAllowed, BankAccountClosed."""
    with transaction.atomic():
        require(actor, MANAGE_BANK_ACCOUNT, account)
        if not BankAccount.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise _closed()
        _announce("bank_account_closed", account, mails.bank_account_closed(account=account, actor=actor), at)
        _note(_Kind.BANK_CLOSED, account, actor, at)
        _record(SecurityEvent.BANK_ACCOUNT_CLOSED, account, actor)
    account.is_active = False


def _answer(account: BankAccount, **changes: object) -> None:
    """Of several answers the first counts. Raises WaitsNoMore."""
    if not BankAccount.objects.filter(pk=account.pk, is_waiting=True).update(is_waiting=False, **changes):
        raise WaitsNoMore


def is_recent(account: BankAccount, *, at: datetime) -> bool:
    """Whether invoices name it for less than three days: those who pay are told so."""
    return at - account.usable_since < queries.RECENT


def _refuse_twin(structure: Structure, iban: str) -> None:
    """Raises DuplicateBankAccount if the structure has this IBAN already, open or waiting."""
    same = BankAccount.objects.filter(structure=structure, iban=iban)
    if twin := same.filter(is_active=True).first():
        raise DuplicateBankAccount(
            f"Cet IBAN est déjà enregistré sous le nom «\u00a0{twin.label}\u00a0». "
            "Utilisez-le, ou écrivez un autre IBAN.",
            field="iban",
        )
    if twin := same.filter(is_waiting=True).first():
        raise DuplicateBankAccount(
            f"Cet IBAN a déjà été ajouté sous le nom «\u00a0{twin.label}\u00a0»\u00a0: il attend d’être confirmé par "
            "une autre personne.",
            field="iban",
        )


def _note(kind: ActivityEntry.Kind, account: BankAccount, actor: Actor, at: datetime, *, about: str = "") -> None:
    about = about or f"{account.label}, {masked_iban(account.iban)}"
    note(structure=account.structure, kind=kind, actor=actor, at=at, about=about)


def _record(event: SecurityEvent, account: BankAccount, actor: Actor) -> None:
    record(event, by=actor.account.pk, structure=account.structure.identifier)


def _closed() -> BankAccountClosed:
    return BankAccountClosed("Ce compte bancaire a déjà été retiré de la fiche. Il n’y a plus rien à faire.")


def _announce(kind: str, account: BankAccount, mail: Mail, at: datetime) -> None:
    """To everybody of the structure, and to those whom somebody has just put out of it."""
    people = queries.accepted_people(structure=account.structure)
    lately = queries.put_out_lately(structure=account.structure, at=at)
    # Both addresses of each person: whoever took one over cannot keep the other from knowing.
    addresses = {
        address for person in (*people, *lately) for address in (person.email, person.contact_email) if address
    }
    if account.structure.email:
        addresses.add(account.structure.email)
    for address in sorted(addresses):
        post(
            kind=kind,
            recipient=address,
            mail=mail,
            event=f"{account.uid}:{at.isoformat()}",
            at=at,
        )
