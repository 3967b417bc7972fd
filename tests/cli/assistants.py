"""An assistant of the tests, and the user who answers its questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from mcp import Client
from mcp.types import ElicitResult

T = TypeVar("T")


async def with_assistant(
    server: Any, calls: Callable[[Any], Awaitable[T]], *, answer: dict[str, Any] | str | None = None, mode: Any = "auto"
) -> tuple[T, list[str]]:
    """What ``calls`` makes of an assistant; and the questions that its user was asked and answered with ``answer``."""
    questions: list[str] = []

    async def ask(_: Any, asked: Any) -> ElicitResult:
        questions.append(asked.message)
        if isinstance(answer, dict):
            return ElicitResult(action="accept", content=answer)
        return ElicitResult(action=answer)  # type: ignore[arg-type]

    async with Client(server, elicitation_callback=ask if answer else None, mode=mode) as client:
        return await calls(client), questions
