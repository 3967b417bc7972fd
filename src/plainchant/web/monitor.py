"""`/health` and `/ready`: whether this process lives, and whether it can do its work. For machines that watch it."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve, reverse

from plainchant.access.permissions import PUBLIC
from plainchant.portal.lib.outages import RETRY_AFTER_SECONDS, Dependency, database_trouble, dependency_of
from plainchant.portal.lib.time import now
from plainchant.portal.queue.failures import due
from plainchant.portal.store.reaching import see_store
from plainchant.reader import sandbox
from plainchant.web.protection import protecting_headers
from plainchant.web.routes import page

log = logging.getLogger(__name__)

KEPT_SECONDS = 1.0  # a page that anybody may ask for costs one look a second
STORE_KEPT_SECONDS = 10.0  # a bucket may be far away, and counts its requests
LEAST_FREE_BYTES = 256 << 20
LATE_SECONDS = 300.0  # of the oldest task that is due

OK, AWAY, FULL, LATE, UNKNOWN = "ok", "away", "full", "late", "unknown"


class MonitorMiddleware:
    """Answers monitors before all else: they come in the clear, by address, and without a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.paths = {reverse("health"), reverse("ready")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in self.paths:
            response: HttpResponse = resolve(request.path).func(request)
            for name, value in {"Cache-Control": "no-store", **protecting_headers()}.items():
                response.headers[name] = value
            return response
        return self.get_response(request)


@page(get=PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: what is away is not mended by starting it again."""
    return JsonResponse({"alive": True})


@page(get=PUBLIC)
def ready(request: HttpRequest) -> HttpResponse:
    """503 when this machine cannot do its work. A late queue is told, but another machine would be no better."""
    facts = _facts.seen()
    response = JsonResponse(facts, status=200 if facts["ready"] else 503)
    if not facts["ready"]:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


class KeptLook:
    """What a look has found, kept for a moment. One thread looks, the others wait for it."""

    def __init__(self, look: Callable[[], Any], *, kept_seconds: float) -> None:
        self._look = look
        self._kept_seconds = kept_seconds
        self._lock = threading.Lock()
        self._until = 0.0
        self._found: Any = None

    def seen(self) -> Any:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = self._look()
                self._until = time.monotonic() + self._kept_seconds
            return self._found


def _look() -> dict[str, Any]:
    database = AWAY if database_trouble() else OK
    needed = {"database": database, "store": _store.seen(), "disk": _disk(), "readers": OK if sandbox.is_up() else AWAY}
    return {"ready": set(needed.values()) == {OK}, **needed, **_queue(is_there=database == OK)}


def _see_store() -> str:
    try:
        see_store()
    except OSError as error:
        log.warning("the store cannot be seen", exc_info=error, extra={"away": Dependency.STORE})
        return AWAY
    return OK


def _disk() -> str:
    folders = {Path(settings.DATA_DIR), Path(tempfile.gettempdir())}
    try:
        return OK if all(shutil.disk_usage(folder).free >= LEAST_FREE_BYTES for folder in folders) else FULL
    except OSError:
        return AWAY


def _queue(*, is_there: bool) -> dict[str, Any]:
    if not is_there:
        return {"queue": UNKNOWN}
    try:
        oldest = due(at=now()).oldest_seconds
    except DatabaseError as error:
        if dependency_of(error) is None:
            log.exception("the queue cannot be seen")
        return {"queue": UNKNOWN}
    return {"queue": LATE if oldest > LATE_SECONDS else OK, "queue_oldest_seconds": round(oldest)}


def state() -> dict[str, Any]:
    """What `/ready` says, for a page."""
    return dict(_facts.seen())


_store = KeptLook(_see_store, kept_seconds=STORE_KEPT_SECONDS)
_facts = KeptLook(_look, kept_seconds=KEPT_SECONDS)
