"""What the portal keeps of one person: handed to them whole, and erased where no law says that it is kept.

An invoice, its history and the log of a structure are kept ten years with the names of those who acted
(article L. 123-22 of the code de commerce): they prove who sent what, and who changed a bank account.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet

from plainchant.portal.accounts import second_factor
from plainchant.portal.accounts.models import Activation, AddressClaim, LinkedIdentity, LogIn, User
from plainchant.portal.hooks.models import Webhook
from plainchant.portal.invoices.calendar_links import end_links
from plainchant.portal.invoices.models import CalendarLink, Event, Invoice, ReasonText, StatusChange
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.mail.models import Message
from plainchant.portal.pins.models import Pin
from plainchant.portal.searches.models import SavedSearch
from plainchant.portal.store.operations import forget
from plainchant.portal.structures.models import ActivityEntry, Application, Membership, SpaceRequest, TechnicalAccount
from plainchant.portal.tickets.models import Ticket, TicketMessage

ERASED_NAME = ("Compte", "effacé")
_PERSON = (
    "email", "contact_email", "first_name", "last_name", "phone", "siret_at_registration", "created_at", "last_login",
    "terms_version", "terms_accepted_at", "mail_codes_since", "operator_since",
)  # fmt: skip


def export(*, user: User) -> Iterator[str]:
    """All of it as one JSON object, piece by piece; dates are ISO 8601. No password, code, link or key is in it."""
    person = {name: getattr(user, name) for name in _PERSON}
    yield f'{{"compte": {_json({**person, "second_facteur": second_factor.has_one(user=user)})}'
    for name, rows in _lists(user):
        yield f',\n"{name}": ['
        for place, row in enumerate(rows):
            yield f"{',' if place else ''}\n{_json(row)}"
        yield "]"
    yield "}\n"


def _lists(user: User) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    addresses = {user.email, user.contact_email} - {""}
    queries: tuple[tuple[str, QuerySet[Any], tuple[str, ...]], ...] = (
        ("moyens_de_connexion", Authenticator.objects.filter(user=user), ("type", "created_at", "last_used_at")),
        ("comptes_relies", LinkedIdentity.objects.filter(user=user), ("issuer", "subject", "linked_at")),
        ("connexions", LogIn.objects.filter(user=user), ("device", "begun_at", "expire_date")),
        (
            "rattachements",
            Membership.objects.filter(user=user),
            (
                "structure__name", "structure__identifier", "state", "is_manager", "comment", "requested_at",
                "decided_at",
            ),
        ),
        (
            "factures_deposees",
            Invoice.objects.filter(created_by=user, deposited_at__isnull=False),
            ("number", "seller__name", "deposited_at", "comment"),
        ),
        (
            "gestes_sur_les_factures",
            StatusChange.objects.filter(actor=user),
            ("invoice__number", "action", "at", "actor_name", "comment"),
        ),
        ("notes_sur_les_factures", Event.objects.filter(actor=user), ("invoice__number", "kind", "at", "day")),
        ("factures_attribuees", Invoice.objects.filter(assigned_to=user), ("number", "seller__name", "status")),
        ("textes_gardes", ReasonText.objects.filter(written_by=user), ("structure__name", "text", "written_at")),
        ("calendriers", CalendarLink.objects.filter(person=user), ("made_at", "ended_at")),
        (
            "gestes_sur_les_structures",
            ActivityEntry.objects.filter(actor=user),
            ("structure__name", "kind", "at", "actor_name"),
        ),
        (
            "comptes_techniques_crees",
            TechnicalAccount.objects.filter(created_by=user),
            ("structure__name", "name", "identifier", "created_at", "revoked_at"),
        ),
        (
            "applications_creees",
            Application.objects.filter(created_by=user),
            ("structure__name", "name", "client_id", "created_at", "revoked_at"),
        ),
        (
            "logiciels_prevenus",
            Webhook.objects.filter(created_by=user),
            ("structure__name", "url", "created_at", "ended_at"),
        ),
        ("demandes", TicketMessage.objects.filter(author=user), ("ticket__title", "step", "at", "text")),
        ("raccourcis", Pin.objects.filter(user=user), ("page", "structure__name", "pinned_at")),
        ("recherches", SavedSearch.objects.filter(user=user), ("listing", "name", "query", "saved_at")),
        ("pieces", LibraryFile.objects.filter(owner=user), ("name", "type_code", "added_at")),
        ("messages_recus", Message.objects.filter(recipient__in=addresses), ("subject", "created_at", "sent_at")),
    )  # fmt: skip
    for name, rows, columns in queries:
        yield name, rows.order_by("pk").values(*columns).iterator(chunk_size=500)


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def to_erase(*, before: datetime) -> QuerySet[User]:
    """The accounts that their owners closed and asked to have erased, before that instant."""
    return User.objects.filter(is_active=False, erasure_asked_at__lt=before)


def erase(*, before: datetime, at: datetime) -> int:
    """Erase them; how many. What invoices and histories say of who acted stays, and names no address."""
    erased = 0
    for user in to_erase(before=before):
        with transaction.atomic():
            erased += _erase(user, at)
    return erased


def _erase(user: User, at: datetime) -> bool:
    first, last = ERASED_NAME
    blank = {"contact_email": "", "phone": "", "siret_at_registration": "", "last_login": None}
    done = User.objects.filter(pk=user.pk, is_active=False, erasure_asked_at=user.erasure_asked_at).update(
        email=f"efface-{user.pk}@plainchant.invalid",
        first_name=first,
        last_name=last,
        password=make_password(secrets.token_urlsafe(32)),  # not unusable: that is what awaits an activation
        closed_by_owner_at=None,
        erasure_asked_at=None,
        mail_codes_since=None,
        **blank,
    )
    if not done:  # they came back meanwhile
        return False
    for model in (LogIn, LinkedIdentity, Activation, Authenticator, EmailAddress, Pin, SavedSearch):
        model.objects.filter(user=user).delete()
    AddressClaim.objects.filter(asked_by=user).delete()
    end_links(person=user, at=at)
    # What was asked stays for whoever answered it; no law asks for the name.
    Ticket.objects.filter(asker=user).update(asker_name=" ".join(ERASED_NAME))
    TicketMessage.objects.filter(author=user).update(author_name=" ".join(ERASED_NAME))
    theirs = Membership.objects.filter(user=user)
    theirs.filter(~Q(comment="")).update(comment="")
    SpaceRequest.objects.filter(~Q(comment=""), membership__user=user).update(comment="")
    theirs.filter(state=Membership.State.ACCEPTED).update(
        state=Membership.State.REMOVED, is_manager=False, decided_at=at
    )
    for file in LibraryFile.objects.filter(owner=user).select_related("stored"):
        file.delete()
        forget(stored=file.stored, at=at)
    record(SecurityEvent.ACCOUNT_ERASED, person=user.pk)
    return True
