"""Open an account, activate it, and change what belongs to its owner.

What a stranger may ask for (`register`, `resend_activation`) says nothing by its result: the answer goes by mail to the
owner of the address.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import post

from . import addresses, claims, departures, links, locks, log_ins, mails, passwords, queries, second_factor, terms
from .models import Activation, AddressClaim, User
from .queries import LinkState

_UNLOCKED_SECONDS = 24 * 3600  # longer than any counter of wrong passwords lasts


class ActivationRefused(Refused):
    """The link opens nothing. ``state`` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__("Ce lien ne permet plus d’ouvrir le compte. Demandez-en un nouveau.", code=state.code)
        self.state = state


class WeakPassword(Refused):
    """The rules of passwords.py are not met."""

    code = "weak_password"


class AddressTaken(Refused):
    """Someone already has this login address."""

    code = "address_taken"


class NoSuchAccount(Refused):
    """Nobody has this login address."""

    code = "no_such_account"


class WrongAccountState(Refused):
    """What was asked for does not fit the state of the account."""

    code = "wrong_account_state"


class PasswordChangedMeanwhile(Refused):
    """The password is no longer the one it was when the person began."""

    code = "password_changed_meanwhile"


def register(
    *,
    email: str,
    first_name: str,
    last_name: str,
    contact_email: str,
    phone: str,
    siret: str,
    at: datetime,
) -> None:
    """Ask for an account. ``email`` is in its one spelling.

    A new address gets an activation link; one that awaits activation gets a newer link, and what was typed goes with
    that link: a stranger may have typed it, and its owner is shown it before it counts. One that has an account is told
    so. The caller cannot tell which.
    """
    typed = {
        "first_name": first_name,
        "last_name": last_name,
        "contact_email": contact_email,
        "phone": phone,
        "siret_at_registration": siret,
    }
    accepted = {"terms_version": terms.VERSION, "terms_accepted_at": at}
    with transaction.atomic():
        user = queries.with_login(email=email)
        if user is None:
            try:
                with transaction.atomic():
                    user = User.objects.create(
                        email=email,
                        password=make_password(None),
                        is_active=False,
                        created_at=at,
                        **{**typed, "contact_email": ""},  # until it is confirmed
                        **accepted,
                    )
            except IntegrityError:  # the same person pressed twice
                user = User.objects.get(email=email)
        if queries.awaits_activation(user):
            User.objects.filter(pk=user.pk, is_active=False).update(**accepted)
            _send_activation(user=user, typed=typed, at=at)
        else:
            _tell_of_account(user=user, at=at)


def resend_activation(*, email: str, at: datetime) -> None:
    """Send a new activation link, which replaces the former ones; or say by mail why none is needed."""
    with transaction.atomic():
        user = queries.with_login(email=email)
        if user is None:
            _post(kind="no_account", recipient=email, mail=mails.no_account(), at=at)
        elif queries.awaits_activation(user):
            _send_activation(user=user, typed=queries.typed_last(user), at=at)
        else:
            _tell_of_account(user=user, at=at)


def _tell_of_account(*, user: User, at: datetime) -> None:
    """To somebody who asks for an account, or a password, with the address of one that was opened before."""
    if user.closed_by_owner_at is not None:
        departures.offer_return(user=user, at=at)
    else:
        _post(kind="account_exists", recipient=user.email, mail=mails.account_exists(), at=at)


def _send_activation(*, user: User, typed: dict[str, str], at: datetime) -> None:
    token = secrets.token_urlsafe(32)
    expires_at = at + timedelta(minutes=settings.ACTIVATION_MINUTES)
    activation = Activation.objects.create(
        user=user, token_sha256=queries.token_digest(token), created_at=at, expires_at=expires_at, typed=typed
    )
    mail = mails.activation(token=token, minutes=settings.ACTIVATION_MINUTES, expires_at=expires_at)
    post(
        kind="activation",
        recipient=user.email,
        mail=mail,
        event=str(activation.pk),
        at=at,
        is_secret=True,
    )


def activate(*, token: str, password: str, at: datetime) -> User:
    """Use an activation link: the account is open, with this password and what was typed for the link; its owner.

    Raises ActivationRefused (unknown, used, expired or replaced link) and WeakPassword; the link then remains usable
    if it was. Of any number of simultaneous uses exactly one succeeds.
    """
    found = queries.link(token=token, at=at)
    if found.state is not LinkState.READY or found.user is None:
        raise ActivationRefused(found.state)
    _refuse_weak(password=password, user=found.user)
    hashed = make_password(password)  # long on purpose, so before the transaction
    with transaction.atomic():
        used = Activation.objects.filter(token_sha256=queries.token_digest(token), used_at__isnull=True).update(
            used_at=at
        )
        opened = used and User.objects.filter(
            pk=found.user.pk, is_active=False, password__startswith=UNUSABLE_PASSWORD_PREFIX
        ).update(is_active=True, password=hashed, **{**found.typed, "contact_email": ""})
        if not opened:
            raise ActivationRefused(LinkState.USED)
        note_verified_address(user=found.user)
        record(SecurityEvent.ACCOUNT_OPENED, person=found.user.pk)
        user = User.objects.get(pk=found.user.pk)
        contact = found.typed.get("contact_email", "")
        if contact and contact != user.email:
            ask_contact(user=user, address=contact, at=at)
        return user


def enrol(
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: str,
    at: datetime,
    contact_email: str = "",
    phone: str = "",
    siret: str = "",
) -> User:
    """Open an account at once, for an operator who knows the person. Raises WeakPassword and AddressTaken."""
    user = User(
        email=email,
        first_name=first_name,
        last_name=last_name,
        contact_email=contact_email,
        phone=phone,
        siret_at_registration=siret,
        terms_version=terms.VERSION,
        terms_accepted_at=at,
        is_active=True,
        created_at=at,
    )
    _refuse_weak(password=password, user=user)
    user.password = make_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            note_verified_address(user=user)
    except IntegrityError as error:
        raise AddressTaken(
            f"L’adresse {email} a déjà un compte. Choisissez une autre adresse.", field="email"
        ) from error
    return user


def note_verified_address(*, user: User) -> None:
    """Whoever reads the login address has shown that they do: allauth's row of it."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _refuse_weak(*, password: str, user: User) -> None:
    weaknesses = passwords.weaknesses(password=password, user=user)
    if weaknesses:
        raise WeakPassword(" ".join(weaknesses), field="password1")


def change_password(*, user: User, password: str, at: datetime) -> None:
    """Replace the password the person had when the page was opened, and tell them by mail.

    Raises WeakPassword; PasswordChangedMeanwhile when another page, or another use of the same reset link, came first.
    """
    _refuse_weak(password=password, user=user)
    hashed = make_password(password)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, password=user.password, is_active=True).update(
            password=hashed, has_own_password=True
        )
        if not changed:
            raise PasswordChangedMeanwhile(
                "Votre mot de passe vient d’être changé ailleurs. Connectez-vous avec le nouveau, "
                "ou demandez un autre lien.",
                field="password1",
            )
        _post(kind="password_changed", recipient=user.email, mail=mails.password_changed(at=at), at=at)
        record(SecurityEvent.PASSWORD_CHANGED, person=user.pk)
    user.password = hashed


def send_password_reset(*, user: User, link: str, at: datetime) -> None:
    """Send the link with which to choose another password."""
    mail = mails.password_reset(link=link, hours=max(1, settings.PASSWORD_RESET_TIMEOUT // 3600))
    with transaction.atomic():
        _post(kind="password_reset", recipient=user.email, mail=mail, at=at)
        record(SecurityEvent.PASSWORD_ASKED, person=user.pk)


def update_profile(
    *, user: User, first_name: str, last_name: str, contact_email: str, phone: str, at: datetime
) -> AddressClaim | None:
    """Change what others see of a person. The login address stays.

    Another address for notices counts once it is confirmed: the claim on it is returned, None where there is nothing to
    confirm. Empty, or the login address, which is proven: notices go there at once.
    """
    contact = "" if contact_email == user.email else contact_email
    with transaction.atomic():
        user.first_name, user.last_name, user.phone = first_name, last_name, phone
        user.save(update_fields=["first_name", "last_name", "phone"])
        if contact == user.contact_email:
            return None
        if contact:
            waiting = claims.pending(by=user, at=at)
            return waiting if waiting and waiting.address == contact else ask_contact(user=user, address=contact, at=at)
        claims.give_up(by=user, at=at)
        _move_notices(user=user, address="", at=at)
    return None


def ask_contact(*, user: User, address: str, at: datetime) -> AddressClaim:
    """Send the link that confirms an address for a person's notices, and tell the one that receives them until then."""
    with transaction.atomic():
        claim, token = claims.ask(address=address, by=user, structure=None, at=at)
        send_claim(claim=claim, token=token, informed=[user.notice_address], whose="vos factures")
    return claim


def send_claim(*, claim: AddressClaim, token: str, informed: Iterable[str], whose: str) -> None:
    """The link of a claim, and a word to each address that receives until it is used."""
    mail = mails.confirm_address(token=token, expires_at=claim.expires_at)
    event, at = str(claim.pk), claim.created_at
    post(
        kind="confirm_address",
        event=event,
        recipient=claim.address,
        mail=mail,
        at=at,
        is_secret=True,
    )
    mail = mails.address_asked(address=claim.address, whose=whose)
    for recipient in informed:
        post(kind="address_asked", event=event, recipient=recipient, mail=mail, at=at)
    record(SecurityEvent.ADDRESS_ASKED, person=claim.asked_by_id)


def confirm_contact(*, claim: AddressClaim, at: datetime) -> User:
    """Use the link: a person's notices go there from now on. Raises ClaimRefused."""
    with transaction.atomic():
        claims.use(claim=claim, at=at)
        user = User.objects.get(pk=claim.asked_by_id)
        _move_notices(user=user, address=claim.address, at=at)
    return user


def _move_notices(*, user: User, address: str, at: datetime) -> None:
    before = user.notice_address
    User.objects.filter(pk=user.pk).update(contact_email=address)
    user.contact_email = address
    mail = mails.address_changed(address=user.notice_address, whose="vos factures")
    _post(kind="address_changed", recipient=before, mail=mail, at=at)
    record(SecurityEvent.ADDRESS_CHANGED, person=user.pk)


def close(*, email: str, at: datetime) -> User:
    """The operator shuts an account, and its owner out of every page at once; returns it. Nothing is deleted.

    Raises NoSuchAccount; WrongAccountState if it is not open.
    """
    user = _account(email)
    with transaction.atomic():
        # One that its owner has closed too: the operator alone opens it again then.
        open_or_left = User.objects.filter(Q(is_active=True) | Q(closed_by_owner_at__isnull=False), pk=user.pk)
        if not open_or_left.update(is_active=False, closed_by_owner_at=None):
            raise WrongAccountState(
                f"Le compte de {user.email} n’est pas ouvert : il n’y a rien à fermer.", field="email"
            )
        log_ins.end(user=user, at=at)  # else they would be good again if it is opened again
        _post(kind="account_closed", recipient=user.email, mail=mails.account_closed(), at=at)
    record(SecurityEvent.ACCOUNT_CLOSED, person=user.pk)
    user.refresh_from_db()
    return user


def log_out(*, email: str, at: datetime) -> int:
    """The operator ends every log-in of an account, which stays open; how many there were. Raises NoSuchAccount."""
    user = _account(email)
    ended = log_ins.end(user=user, at=at)
    record(SecurityEvent.LOG_INS_ENDED, person=user.pk)
    return ended


def end_own_log_ins(*, user: User, only: str, but: str, at: datetime) -> int:
    """A person ends a log-in of theirs by its name, or (``only`` empty) all but this one; how many there were."""
    ended = log_ins.end(user=user, at=at, only=only, but=but)
    if ended:
        record(SecurityEvent.LOG_INS_ENDED, person=user.pk, by=user.pk)
    return ended


def reopen(*, email: str, at: datetime) -> User:
    """The operator opens a closed account again; returns it.

    Raises NoSuchAccount; WrongAccountState if it is open, or was never opened by its owner.
    """
    user = _account(email)
    if queries.awaits_activation(user):
        raise WrongAccountState(
            f"Le compte de {user.email} n’a jamais été ouvert : la personne doit demander un nouveau lien "
            f"d’activation à {links.resend_activation()}.",
            field="email",
        )
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(
            is_active=True, closed_by_owner_at=None, erasure_asked_at=None
        ):
            raise WrongAccountState(f"Le compte de {user.email} est déjà ouvert.", field="email")
        _post(kind="account_reopened", recipient=user.email, mail=mails.account_reopened(), at=at)
    record(SecurityEvent.ACCOUNT_REOPENED, person=user.pk)
    user.refresh_from_db()
    return user


def unlock(*, email: str) -> User:
    """The operator forgets the wrong passwords and codes of an account, wherever they came from; returns it.

    Raises NoSuchAccount; WrongAccountState if it is not open.
    """
    user = _account(email)
    if not user.is_active:
        raise WrongAccountState(
            f"Le compte de {user.email} n’est pas ouvert\u00a0: un autre mot de passe n’y fera rien."
        )
    cache.set(queries.unlock_key(user.email), secrets.token_hex(8), _UNLOCKED_SECONDS)
    locks.lift(user=user)
    record(SecurityEvent.ACCOUNT_UNLOCKED, person=user.pk)
    return user


def reset_second_factor(*, email: str, at: datetime) -> int:
    """The operator removes what an account asks for besides its password; how many such things there were.

    Raises NoSuchAccount; WrongAccountState if it asks for nothing.
    """
    user = _account(email)
    with transaction.atomic():
        removed = second_factor.remove_all(user=user)
        if not removed:
            raise WrongAccountState(f"Le compte de {user.email} n’a pas de second facteur.", field="email")
        _post(kind="second_factor_reset", recipient=user.email, mail=mails.second_factor_reset(), at=at)
    record(SecurityEvent.SECOND_FACTOR_RESET, person=user.pk)
    return removed


def name_operator(*, email: str, is_one: bool, at: datetime) -> User:
    """Let a person see how the portal goes, or no longer; returns the account. The person is told by mail.

    Raises NoSuchAccount; WrongAccountState if it is so already, or the account is not open.
    """
    user = _account(email)
    with transaction.atomic():
        rows = User.objects.filter(pk=user.pk, operator_since__isnull=is_one)
        if not (rows.filter(is_active=True) if is_one else rows).update(operator_since=at if is_one else None):
            state = "n’est pas ouvert, ou a déjà ce droit" if is_one else "n’a pas ce droit"
            raise WrongAccountState(f"Le compte de {user.email} {state} : rien n’a changé.", field="email")
        _post(
            kind="operator_named" if is_one else "operator_withdrawn",
            recipient=user.email,
            mail=mails.operator_named(is_one=is_one),
            at=at,
        )
        record(SecurityEvent.OPERATOR_NAMED if is_one else SecurityEvent.OPERATOR_WITHDRAWN, person=user.pk)
    user.refresh_from_db()
    return user


def _account(typed: str) -> User:
    try:
        user = queries.with_login(email=addresses.one_spelling(typed))
    except ValidationError:
        user = None
    if user is None:
        raise NoSuchAccount(
            f"Aucun compte n’a l’adresse {typed}. Cherchez-le avec plainchant people find.", field="email"
        )
    return user


def _post(*, kind: str, recipient: str, mail: Mail, at: datetime) -> None:
    post(
        kind=kind,
        recipient=recipient,
        mail=mail,
        event=at.isoformat(),
        at=at,
        is_secret=kind == "password_reset",
    )
