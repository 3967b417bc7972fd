"""Where the sentence waits that the next page will show: a cookie of this host alone, as the session's is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that browsers take only from https and from this host."""

    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class MessageStorage(FallbackStorage):
    """Named by MESSAGE_STORAGE; what is too long for a cookie waits in the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
