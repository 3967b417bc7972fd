"""Visits to pages by people who have logged in before: a log-in takes as long as many a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.test import Client

from plainchant.portal.rights.actor import Actor

Sessions = dict[int, str]


def sessions_of(actors: Iterable[Actor]) -> Sessions:
    """Keys of sessions by the accounts of those who can log in; made once a module (`once_a_module`)."""
    sessions: Sessions = {}
    for actor in actors:
        if actor.author is not None and actor.author.is_active:
            client = Client()
            client.force_login(actor.author)
            sessions[actor.author.pk] = str(client.session.session_key)
    return sessions


def browser_of(actor: Actor, sessions: Sessions) -> Client:
    """One that has shown nothing yet: a page also says what its visitor has just done."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = sessions[actor.account.pk]
    return client
