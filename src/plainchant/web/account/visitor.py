"""Who is looking at the page."""

from __future__ import annotations

from django.http import HttpRequest

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor


def person(request: HttpRequest) -> User:
    """The account that is logged in, in a view whose permission is not for strangers."""
    assert isinstance(request.user, User)  # noqa: S101 - LogInMiddleware has seen to it; tells the type
    return request.user


def acting(request: HttpRequest) -> Actor:
    """The same person, as the one who acts."""
    return Actor(person(request))
