"""What both ways of sending share: how long is waited, and what a failure of the network says of the request."""

from __future__ import annotations

from importlib.metadata import version

import httpx2

from .conversation import NoAnswer, ServerAnswer

CONNECT_SECONDS = 10.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 10.0  # between two looks at a flow
HEADERS = {"User-Agent": f"plainchant/{version('plainchant')}"}
# The request had not left.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)


def timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=CONNECT_SECONDS)


def answer_of(response: httpx2.Response) -> ServerAnswer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return ServerAnswer(response.status_code, headers, response.content)


def no_answer(error: httpx2.RequestError) -> NoAnswer:
    return NoAnswer(str(error) or type(error).__name__, was_sent=not isinstance(error, _NOT_SENT))
