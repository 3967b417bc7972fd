"""Asking another service over HTTP while somebody waits: within a time, up to a size, and at no other address."""

from __future__ import annotations

import time
import urllib.request
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The operator named one address: it leads nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetched(request: urllib.request.Request, *, seconds: float, most_bytes: int) -> bytes:
    """The body of the answer.

    Raises OSError (urllib.error.HTTPError for a status that is no success, TimeoutError for an answer that takes
    longer in all, or is longer) and http.client.HTTPException for what is no HTTP.
    """
    end = time.monotonic() + seconds
    opener = urllib.request.build_opener(_NoRedirect)
    content = b""
    with opener.open(request, timeout=seconds) as answer:
        while chunk := answer.read1(64 * 1024):
            content += chunk
            if time.monotonic() > end or len(content) > most_bytes:
                raise TimeoutError
    return content
