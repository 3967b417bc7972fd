"""Who is looking at the page."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from plainchant.portal.accounts import second_factor
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import must_have_second_factor
from plainchant.portal.structures.reach import reached


def person(request: HttpRequest) -> User:
    """The account that is logged in, in a view whose permission is not for strangers."""
    assert isinstance(request.user, User)  # noqa: S101 - LogInMiddleware has seen to it; tells the type
    return request.user


def acting(request: HttpRequest) -> Actor:
    """The same person, as the one who acts."""
    return Actor(person(request))


def must_add_second_factor(request: HttpRequest) -> bool:
    """Whether the visitor may see nothing yet but how to add a second factor. Asked once a request."""
    if not hasattr(request, "lacks_second_factor"):
        user = request.user
        request.lacks_second_factor = (  # type: ignore[attr-defined]
            isinstance(user, User)
            and (bool(settings.SECOND_FACTOR_FOR) or user.operator_since is not None)
            and not logged_in_strongly_elsewhere(request)
            and not second_factor.has_one(user=user)
            and must_have_second_factor(user=user)
        )
    return bool(request.lacks_second_factor)  # type: ignore[attr-defined]


ELSEWHERE = "elsewhere"  # by another service, in allauth's records of how a visitor has logged in


def logged_in_strongly_elsewhere(request: HttpRequest) -> bool:
    """Whether another service let the visitor in, in a way that stands for a second factor (`account.openid`)."""
    records = get_authentication_records(request, person(request))
    return any(row["method"] == ELSEWHERE and row.get("is_strong") for row in records)


CHOSEN = "structure"  # in the session: the uid of the structure that one has chosen to act for


def chosen_structure(request: HttpRequest) -> Structure | None:
    """The structure that the visitor has chosen to act for, where they still reach it. Asked once a request.

    Pages propose it first and lists show its invoices. It gives no right.
    """
    if not hasattr(request, "chosen_structure"):
        uid = request.session.get(CHOSEN) if request.user.is_authenticated else None
        chosen = reached(actor=acting(request), right=Right.SEE).filter(uid=uid).first() if uid else None
        request.chosen_structure = chosen  # type: ignore[attr-defined]
    return request.chosen_structure  # type: ignore[attr-defined]


def chosen_among(request: HttpRequest, structures: QuerySet[Structure]) -> Structure | None:
    """The structure that the visitor has chosen to act for, where it is one of ``structures``."""
    chosen = chosen_structure(request)
    return structures.filter(pk=chosen.pk).first() if chosen else None
