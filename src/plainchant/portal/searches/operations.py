"""Keep a search under a name, give it another, or keep it no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require

from .models import MAX_NAME, MAX_QUERY, SavedSearch
from .permissions import KEEP_SEARCHES
from .queries import searches_of

MOST = 20


class SearchNotKept(Refused):
    """It has no name, another has that name, or there are as many as may be."""

    code = "search_not_kept"


@transaction.atomic
def keep(*, listing: SavedSearch.Listing, name: str, query: str, actor: Actor, at: datetime) -> SavedSearch:
    """Keep it; under a name that the same list has already, it takes the former's place.

    ``query`` is the address's, without « ? ». Raises NotAllowed, SearchNotKept.
    """
    require(actor, KEEP_SEARCHES)
    name = _sound(name)
    if not query or len(query) > MAX_QUERY:
        raise SearchNotKept("Cherchez d’abord quelque chose dans la liste, puis gardez cette recherche.")
    User.objects.select_for_update(no_key=True).get(pk=actor.account.pk)  # two clicks at once count as two
    mine = searches_of(actor=actor)
    if mine.count() >= MOST and not mine.filter(listing=listing, name=name).exists():
        raise SearchNotKept(f"Vous gardez déjà {MOST} recherches. Retirez-en une, puis recommencez.")
    search, _ = SavedSearch.objects.update_or_create(
        user=actor.account, listing=listing, name=name, defaults={"query": query, "saved_at": at}
    )
    return search


@transaction.atomic
def rename(*, search: SavedSearch, name: str, actor: Actor) -> None:
    """Raises NotAllowed, SearchNotKept. One that is not the actor's is left alone."""
    require(actor, KEEP_SEARCHES)
    name = _sound(name)
    User.objects.select_for_update(no_key=True).get(pk=actor.account.pk)
    mine = searches_of(actor=actor)
    if mine.filter(listing=search.listing, name=name).exclude(pk=search.pk).exists():
        raise SearchNotKept(f"Une autre recherche s’appelle déjà «\u00a0{name}\u00a0».", field="name")
    mine.filter(pk=search.pk).update(name=name)


def remove(*, search: SavedSearch, actor: Actor) -> None:
    """Raises NotAllowed. One that is not the actor's is left alone."""
    require(actor, KEEP_SEARCHES)
    searches_of(actor=actor).filter(pk=search.pk).delete()


def _sound(name: str) -> str:
    name = " ".join(name.split())[:MAX_NAME]
    if not name:
        raise SearchNotKept("Donnez un nom à cette recherche, par exemple «\u00a0En retard\u00a0».", field="name")
    return name
