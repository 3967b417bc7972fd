"""The address that somebody logs in with: changed by a link sent to the new one, stopped by a link sent to the old one.

The old address can stop the change until it is made, and undo it for three days after: whoever takes an account over
would begin here. Nothing says whether the new address has an account already: its reader alone is told.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import Enum

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import IntegrityError, transaction

from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post

from . import claims, log_ins, mails, queries
from .claims import ClaimRefused
from .forgetting import forget_if_unopened
from .models import AddressClaim, LinkedIdentity, User

UNDONE_WITHIN = timedelta(hours=72)
_STOP = signing.Signer(salt="plainchant.login_address")


class Stopping(Enum):
    """What the link that the old address has is worth."""

    STOPS = "stops"  # the change was not made yet
    UNDOES = "undoes"
    NOTHING = "nothing"


def ask(*, user: User, address: str, at: datetime) -> AddressClaim:
    """Send the link that changes a person's login address, and tell the addresses of before.

    ``address`` is in its one spelling, and is not the person's. One that has an account gets no link, and is told so.
    """
    with transaction.atomic():
        claim, token = claims.ask(address=address, by=user, structure=None, at=at, for_login=True)
        owner = queries.with_login(email=address)
        if owner is None or queries.awaits_activation(owner):
            mail = mails.confirm_login_address(token=token, expires_at=claim.expires_at)
            _post("confirm_login_address", claim, address, mail, at, is_secret=True)
        else:
            _post("login_address_taken", claim, address, mails.login_address_taken(), at)
        mail = mails.login_address_asked(address=address, stop=_STOP.sign(str(claim.pk)))
        for former in sorted({user.email, user.notice_address}):
            _post("login_address_asked", claim, former, mail, at, is_secret=True)
        record(SecurityEvent.LOGIN_ADDRESS_ASKED, person=user.pk)
    return claim


def confirm(*, claim: AddressClaim, at: datetime, stays: str = "") -> User:
    """Use the link: the person logs in with the new address, and anew wherever they were logged in.

    ``stays``: the key of the log-in that goes on, if it is theirs. Raises ClaimRefused, also where the address has got
    an account meanwhile.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=claim.asked_by_id)
        if not user.is_active:
            raise ClaimRefused
        claims.use(claim=claim, at=at)
        AddressClaim.objects.filter(pk=claim.pk).update(former=user.email)
        informed, former = {user.email, user.notice_address}, user.email
        _forget_unopened(claim.address)
        _move(user, claim.address)
        log_ins.end(user=user, at=at, but=stays)
        mail = mails.login_address_changed(address=user.email, former=former, stop=_STOP.sign(str(claim.pk)))
        for address in sorted(informed):
            _post("login_address_changed", claim, address, mail, at, is_secret=True)
        record(SecurityEvent.LOGIN_ADDRESS_CHANGED, person=user.pk)
    return user


def found_stop(*, token: str, at: datetime) -> tuple[Stopping, AddressClaim | None]:
    """What the old address's link is worth now. Reading it changes nothing: mail scanners open every link."""
    try:
        key = int(_STOP.unsign(token))
    except (signing.BadSignature, ValueError):
        return Stopping.NOTHING, None
    claim = AddressClaim.objects.filter(pk=key, for_login=True).select_related("asked_by").first()
    if claim is None or claim.given_up_at is not None:
        return Stopping.NOTHING, claim
    if claim.used_at is None:
        return (Stopping.STOPS if claim.expires_at > at else Stopping.NOTHING), claim
    # Also where the address has been changed again since: a thief would do that at once.
    is_over = claim.asked_by.email == claim.former or at - claim.used_at > UNDONE_WITHIN
    return (Stopping.NOTHING if is_over else Stopping.UNDOES), claim


def stop(*, claim: AddressClaim, at: datetime) -> Stopping:
    """Use the old address's link: the address stays, or is what it was; log-ins and the password end.

    Returns what was done. Raises ClaimRefused where there is nothing to stop any more.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=claim.asked_by_id)
        state, now_claim = found_stop(token=_STOP.sign(str(claim.pk)), at=at)
        if state is Stopping.NOTHING or now_claim is None:
            raise ClaimRefused
        # This change and all that came after it: their links bring nothing back.
        claims.about(by=user, structure=None, for_login=True).filter(pk__gte=claim.pk).update(given_up_at=at)
        if state is Stopping.UNDOES:
            _move(user, now_claim.former)
        # Whoever asked knew the password, or had the session of somebody who does: another is chosen, by mail.
        User.objects.filter(pk=user.pk).update(
            password=make_password(secrets.token_urlsafe(32)), has_own_password=False
        )
        # Nor does another service let them in again.
        LinkedIdentity.objects.filter(user=user, linked_at__gte=claim.created_at).delete()
        log_ins.end(user=user, at=at)
        mail = mails.login_address_stopped(address=user.email)
        _post("login_address_stopped", claim, user.email, mail, at)
        record(SecurityEvent.LOGIN_ADDRESS_STOPPED, person=user.pk)
    return state


def _move(user: User, address: str) -> None:
    """Raises ClaimRefused where somebody else has the address."""
    contact = "" if user.contact_email == address else user.contact_email
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=address, contact_email=contact)
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    except IntegrityError as error:
        raise ClaimRefused from error
    user.email, user.contact_email = address, contact


def _forget_unopened(address: str) -> None:
    """An account that was asked for with this address, and never opened, is nobody's: its reader chooses."""
    owner = queries.with_login(email=address)
    if owner is not None and queries.awaits_activation(owner):
        forget_if_unopened(user=owner)


def _post(kind: str, claim: AddressClaim, recipient: str, mail: Mail, at: datetime, *, is_secret: bool = False) -> None:
    event = f"{claim.pk}:{at.isoformat()}"
    post(kind=kind, recipient=recipient, mail=mail, event=event, at=at, is_secret=is_secret)
