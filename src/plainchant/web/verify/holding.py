"""A dropped file stays in memory: Django's own way writes what is above a megabyte into a temporary file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponseBase]


class _Held(MemoryFileUploadHandler):
    """Keeps what may be looked at. Of what is heavier, the size is known and no more of it kept."""

    max_bytes = 0

    def handle_raw_input(self, *arguments: Any, **named: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < self.max_bytes:
            self.file.write(raw_data)


def held_in_memory(max_bytes: int) -> Callable[[View], View]:
    """Around a view that reads a file and keeps nothing. Stands outermost: the CSRF token is read from the form, and
    with the form the file, so it is looked at only when it is settled where the file goes.
    """
    handler = type("_HeldHere", (_Held,), {"max_bytes": max_bytes})

    def around(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def held(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            request.upload_handlers = [handler(request)]
            return protected(request, *arguments, **named)

        return held

    return around
