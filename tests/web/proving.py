"""Clients who have just proved who they are, as a log-in of a moment ago would have done."""

from __future__ import annotations

import time

from django.test import Client


def proved(client: Client, *, method: str = "password", ago: float = 0) -> Client:
    """The same client, logged in by force before; ``ago``: how many seconds before now it proved that."""
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - ago}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
