"""What one asks of a sandbox over HTTP, from a terminal or a test. Loads nothing of Django."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_SECONDS = 300.0  # a clock that is put forward by a year takes a while


class SandboxRefused(Exception):
    """What the sandbox answers to something it does not understand, or anything else that is no sandbox."""


class NoSandbox(Exception):
    """Nothing answers at this address, or no JSON."""


def ask(url: str, method: str, name: str = "", body: Any = None, *, seconds: float = _SECONDS) -> dict[str, Any]:
    """What the sandbox at ``url`` answers at /sandbox/``name``. Raises SandboxRefused and NoSandbox."""
    if not url.startswith(("http://", "https://")):
        raise NoSandbox(f"{url} is no address of a sandbox.")
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url.rstrip('/')}/sandbox/{urllib.parse.quote(name)}", data=data, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error) from error
    except (OSError, ValueError) as error:
        raise NoSandbox(f"No sandbox answers at {url}: {getattr(error, 'reason', error)}.") from error


def _refused(error: urllib.error.HTTPError) -> SandboxRefused:
    try:
        return SandboxRefused(f"{error.code}: {json.load(error)['message']}")
    except (ValueError, KeyError, TypeError):
        return SandboxRefused(f"{error.code}: {error.url} is no address of a sandbox.")
