"""The bank accounts of a structure: added, renamed, closed, each time by its manager and before everybody's eyes.

An IBAN is never changed and never deleted: another is added, and the former closed (invoices may name it).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.einvoice.identifiers import masked_iban
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.operations import post
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from . import mails, queries
from .activity import note
from .models import ActivityEntry, BankAccount, Structure
from .permissions import MANAGE_BANK_ACCOUNT, MANAGE_STRUCTURE


class DuplicateBankAccount(Refused):
    """The structure already has an open account with this IBAN."""

    code = "duplicate_bank_account"


class BankAccountClosed(Refused):
    """The account was closed before."""

    code = "bank_account_closed"


def add(*, structure: Structure, actor: Actor, label: str, iban: str, bic: str, at: datetime) -> BankAccount:
    """Add an open bank account and tell every person of the structure, and the structure itself.

    ``iban`` and ``bic`` are clean (`einvoice.identifiers`). Raises NotAllowed and DuplicateBankAccount.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        try:
            with transaction.atomic():
                account = BankAccount.objects.create(
                    structure=structure, label=label, iban=iban, bic=bic, created_at=at, created_by=actor.account
                )
        except IntegrityError as error:
            same = BankAccount.objects.get(structure=structure, iban=iban, is_active=True)
            raise DuplicateBankAccount(
                f"Cet IBAN est déjà enregistré sous le nom «\u00a0{same.label}\u00a0». "
                "Utilisez-le, ou écrivez un autre IBAN.",
                field="iban",
            ) from error
        _tell_everyone(
            kind="bank_account_added",
            account=account,
            mail=mails.bank_account_added(account=account, actor=actor),
            at=at,
        )
        _note(ActivityEntry.Kind.BANK_ADDED, account, actor, at)
        record(SecurityEvent.BANK_ACCOUNT_ADDED, by=actor.account.pk, structure=structure.identifier)
    return account


def rename(*, account: BankAccount, actor: Actor, label: str, at: datetime) -> None:
    """Give an open account another name. Raises NotAllowed and BankAccountClosed."""
    with transaction.atomic():
        require(actor, MANAGE_BANK_ACCOUNT, account)
        if not BankAccount.objects.filter(pk=account.pk, is_active=True).update(label=label):
            raise _closed()
        _note(ActivityEntry.Kind.BANK_RENAMED, account, actor, at, about=f"{account.label} → {label}")
    account.label = label


def close(*, account: BankAccount, actor: Actor, at: datetime) -> None:
    """Close an account: no new invoice can name it, those that do keep it. Raises NotAllowed, BankAccountClosed."""
    with transaction.atomic():
        require(actor, MANAGE_BANK_ACCOUNT, account)
        if not BankAccount.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise _closed()
        _tell_everyone(
            kind="bank_account_closed",
            account=account,
            mail=mails.bank_account_closed(account=account, actor=actor),
            at=at,
        )
        _note(ActivityEntry.Kind.BANK_CLOSED, account, actor, at)
        record(SecurityEvent.BANK_ACCOUNT_CLOSED, by=actor.account.pk, structure=account.structure.identifier)
    account.is_active = False


def _note(kind: ActivityEntry.Kind, account: BankAccount, actor: Actor, at: datetime, *, about: str = "") -> None:
    about = about or f"{account.label}, {masked_iban(account.iban)}"
    note(structure=account.structure, kind=kind, actor=actor, at=at, about=about)


def _closed() -> BankAccountClosed:
    return BankAccountClosed("Ce compte bancaire a déjà été retiré de la fiche. Il n’y a plus rien à faire.")


def _tell_everyone(*, kind: str, account: BankAccount, mail: mails.Mail, at: datetime) -> None:
    subject, body = mail
    people = queries.accepted_people(structure=account.structure)
    # Both addresses of each person: whoever took one over cannot keep the other from knowing.
    addresses = {address for person in people for address in (person.email, person.contact_email) if address}
    if account.structure.email:
        addresses.add(account.structure.email)
    for address in sorted(addresses):
        post(
            kind=kind,
            recipient=address,
            subject=subject,
            body=body,
            event=f"{account.uid}:{at.isoformat()}",
            at=at,
        )
