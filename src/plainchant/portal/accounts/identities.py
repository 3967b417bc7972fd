"""What another service (OpenID Connect) says of a person, and whose account that opens.

An account is found by the issuer and its subject, never by an address: addresses change hands, and not every service
checks them. Whoever arrives for the first time shows that they read theirs; whoever has an account links it from
inside.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post

from . import departures, mails, queries, terms
from .models import LinkedIdentity, User
from .operations import AddressTaken, note_verified_address


class IdentityTaken(Refused):
    """It opens somebody else's account."""

    code = "identity_taken"


class OnlyWayIn(Refused):
    """Without it nobody could log in to this account."""

    code = "only_way_in"


def owner_of(*, issuer: str, subject: str) -> User | None:
    """Whose account this identity opens, whatever the state of that account."""
    found = LinkedIdentity.objects.filter(issuer=issuer, subject=subject).select_related("user").first()
    return found.user if found else None


def linked(*, user: User, issuer: str) -> QuerySet[LinkedIdentity]:
    """What this service may open a person's account with, oldest first."""
    return LinkedIdentity.objects.filter(user=user, issuer=issuer).order_by("linked_at", "pk")


def link(*, user: User, issuer: str, subject: str, service: str, at: datetime) -> bool:
    """Let this identity open the account of somebody who is logged in; whether it did not before.

    ``service``: what people call the service. Raises IdentityTaken.
    """
    with transaction.atomic():
        is_new = _link(user=user, issuer=issuer, subject=subject, at=at)
        if is_new:
            _post("identity_linked", user.email, mails.identity_linked(service=service, at=at), at)
    return is_new


def unlink(*, user: User, key: int, issuer: str, service: str, at: datetime) -> None:
    """Let it open the account no longer. Raises OnlyWayIn where there is no password to come in with."""
    if not user.has_own_password:
        raise OnlyWayIn(
            f"Vous n’avez pas encore de mot de passe\u00a0: sans {service}, vous ne pourriez plus entrer. "
            "Choisissez-en un d’abord."
        )
    with transaction.atomic():
        if linked(user=user, issuer=issuer).filter(pk=key).delete()[0]:
            _post("identity_unlinked", user.email, mails.identity_unlinked(service=service, at=at), at)
            record(SecurityEvent.IDENTITY_UNLINKED, person=user.pk)


def greet(*, email: str, code: str, minutes: int, service: str, at: datetime) -> bool:
    """Write to the address of somebody who arrives for the first time; whether ``code`` may open an account with it.

    An address that has an account gets no code, and is told how to link it. The page must not say which it was.
    """
    with transaction.atomic():
        owner = queries.with_login(email=email)
        if owner is None or queries.awaits_activation(owner):
            mail = mails.arrival_code(code=code, minutes=minutes, service=service)
            _post("arrival_code", email, mail, at, is_secret=True)
            return True
        if owner.closed_by_owner_at is not None:
            departures.offer_return(user=owner, at=at)
        else:
            _post("account_to_link", email, mails.account_to_link(service=service), at)
        return False


def open_account(
    *, issuer: str, subject: str, email: str, first_name: str, last_name: str, siret: str, at: datetime
) -> User:
    """Open the account of somebody who has shown that they read ``email``, in its one spelling. It has no right yet.

    Raises IdentityTaken, and AddressTaken where the address has got an account meanwhile. An account that was asked for
    with it and never opened is this one now: nobody had shown that they read it.
    """
    columns = {
        # Not unusable: that is what awaits an activation.
        "password": make_password(secrets.token_urlsafe(32)),
        "has_own_password": False,
        "is_active": True,
        "first_name": first_name,
        "last_name": last_name,
        "contact_email": "",
        "phone": "",
        "siret_at_registration": siret,
        "terms_version": terms.VERSION,
        "terms_accepted_at": at,
    }
    with transaction.atomic():
        unopened = User.objects.filter(email=email, is_active=False, password__startswith=UNUSABLE_PASSWORD_PREFIX)
        if not unopened.update(**columns):
            try:
                with transaction.atomic():
                    User.objects.create(email=email, created_at=at, **columns)
            except IntegrityError as error:
                raise AddressTaken(
                    f"L’adresse {email} a déjà un compte. Connectez-vous, puis reliez-le sur la page "
                    "«\u00a0Sécurité\u00a0».",
                ) from error
        user = User.objects.get(email=email)
        note_verified_address(user=user)
        record(SecurityEvent.ACCOUNT_OPENED, person=user.pk)
        _link(user=user, issuer=issuer, subject=subject, at=at)
    return user


def _link(*, user: User, issuer: str, subject: str, at: datetime) -> bool:
    row, is_new = LinkedIdentity.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"user": user, "linked_at": at}
    )
    if row.user_id != user.pk:
        raise IdentityTaken("Cette identité ouvre déjà un autre compte de ce portail\u00a0: rien n’a changé.")
    if is_new:
        record(SecurityEvent.IDENTITY_LINKED, person=user.pk)
    return is_new


def _post(kind: str, recipient: str, mail: Mail, at: datetime, *, is_secret: bool = False) -> None:
    post(kind=kind, recipient=recipient, mail=mail, event=at.isoformat(), at=at, is_secret=is_secret)
