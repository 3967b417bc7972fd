"""Sit on a portal's sockets: headers, bodies and answers that never end; how long do the others wait meanwhile?

Run against a running portal: python -m tests.campaigns.slow [--address http://127.0.0.1:8000] [--sockets 100]

Each way of being slow is tried with so many sockets at once, each of which gives or takes a byte every two seconds, and
comes back when it is sent away. Others ask for a page one after another, and log-in forms are sent.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# With the cookie, so that the form is read for its token.
_TOKEN = b"a" * 32
_FORM = (
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Cookie: csrftoken=" + _TOKEN + b"; __Host-csrftoken=" + _TOKEN + b"\r\n"
)
_HEADERS_END = b"\r\n"

# way → (what is sent at once, whether bytes follow one by one)
WAYS: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "headers": (lambda host: b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nX-Slow: ", True),
    "short bodies": (
        lambda host: b"POST /verifier/ HTTP/1.1\r\nHost: " + host + b"\r\n" + _FORM + b"Content-Length: 1000\r\n\r\n",
        True,
    ),
    "long bodies": (
        lambda host: (
            b"POST /verifier/ HTTP/1.1\r\nHost: "
            + host
            + b"\r\n"
            + _FORM
            + b"Content-Length: 50000000\r\n\r\n"
            + b"x" * 100_000
        ),
        True,
    ),
    "bodies of no length": (
        lambda host: (
            b"POST /verifier/ HTTP/1.1\r\nHost: "
            + host
            + b"\r\n"
            + _FORM
            + b"Transfer-Encoding: chunked\r\n\r\n400\r\n"
        ),
        True,
    ),
    "readers": (
        lambda host: b"".join(
            b"GET /static/django_htmx/htmax-4.js HTTP/1.1\r\nHost: " + host + b"\r\n\r\n" for _ in range(20)
        ),
        False,
    ),
}


@dataclass
class Waits:
    """Seconds that each request of the others took; None for one that was not answered in time."""

    seconds: list[float | None] = field(default_factory=list)

    def __str__(self) -> str:
        answered = sorted(one for one in self.seconds if one is not None)
        if not answered:
            return f"0 of {len(self.seconds)} answered"
        p95 = answered[min(len(answered) - 1, int(0.95 * len(self.seconds)))]
        return (
            f"{len(answered)} of {len(self.seconds)} answered, median {statistics.median(answered) * 1000:.0f} ms, "
            f"p95 {p95 * 1000:.0f} ms, most {answered[-1] * 1000:.0f} ms"
        )


async def _slow(address: tuple[str, int], host: bytes, way: str, until: float) -> None:
    first, drips = WAYS[way]
    while time.monotonic() < until:
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection(*address, limit=1)
            writer.write(first(host))
            while time.monotonic() < until and not reader.at_eof() and not writer.is_closing():
                if drips:
                    writer.write(b"x")
                    await writer.drain()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1), 2)
                else:
                    await asyncio.sleep(2)
                    await reader.read(1)
            writer.close()


async def _other(address: tuple[str, int], request: bytes, waits: Waits, until: float) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            async with asyncio.timeout(25):
                reader, writer = await asyncio.open_connection(*address)
                writer.write(request)
                status = await reader.readline()
                await reader.read()
                writer.close()
            waits.seconds.append(time.monotonic() - began if b" 200 " in status or b" 403 " in status else None)
        except (OSError, TimeoutError):
            waits.seconds.append(None)
        await asyncio.sleep(0.05)


async def measure(url: str, *, way: str, sockets: int, seconds: float) -> dict[str, Waits]:
    """How long pages and forms took for others while ``sockets`` were slow in a ``way`` ("" for none)."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    host = parts.netloc.encode()
    until = time.monotonic() + seconds
    get = b"GET /verifier/ HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    form = b"login=nobody%40example.org&password=x"
    post = (
        b"POST /compte/connexion/ HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n" + _FORM
        + b"Content-Length: %d\r\n\r\n" % len(form) + form
    )  # fmt: skip
    pages, forms = Waits(), Waits()
    slow = [asyncio.create_task(_slow(address, host, way, until)) for _ in range(sockets)] if way else []
    await asyncio.sleep(1)
    await asyncio.gather(*(_other(address, get, pages, until) for _ in range(2)), _other(address, post, forms, until))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return {"pages": pages, "forms": forms}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--address", default="http://127.0.0.1:8000")
    asked.add_argument("--sockets", type=int, default=100)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--way", choices=WAYS, action="append")
    chosen = asked.parse_args()
    for way in ("", *(chosen.way or WAYS)):
        for what, waits in asyncio.run(
            measure(chosen.address, way=way, sockets=chosen.sockets, seconds=chosen.seconds)
        ).items():
            sys.stdout.write(f"{way or 'nobody'} slow, {what}: {waits}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
