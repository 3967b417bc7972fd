"""Does a server still answer? Asked by its supervisor, which cannot wait for the answer: it looks after others too."""

from __future__ import annotations

import socket
from contextlib import suppress

SECONDS_FOR_AN_ANSWER = 10.0
MOST_UNANSWERED = 3  # half a minute together: longer than a busy machine keeps anybody waiting
_QUESTION = b"GET /health HTTP/1.1\r\nHost: plainchant\r\nConnection: close\r\n\r\n"


class LivenessProbe:
    """Asks a server at ``host`` and ``port`` for `/health`, again and again. Instants are of the monotonic clock.

    Before its first answer a server is given all the time that it takes: it may be waiting behind the gate while
    tables are migrated.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        patience: float = SECONDS_FOR_AN_ANSWER,
        most_unanswered: int = MOST_UNANSWERED,
    ) -> None:
        """``patience``: seconds for an answer, and between an answer and the next question."""
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        self._family, self._address = family, address
        self._patience = patience
        self._most_unanswered = most_unanswered
        self._caller: socket.socket | None = None
        self.begin(at=0.0)

    def begin(self, *, at: float) -> None:
        """The server has been started: it owes no answer yet."""
        self.hang_up()
        self.has_answered = False  # since it was started
        self._unanswered = 0
        self._asks_at = at + self._patience

    def finds_it_hung(self, *, at: float) -> bool:
        """Whether it has answered once and then left ``most_unanswered`` questions in a row without an answer.

        To be asked often, and never waits: each time it looks for the answer to the last question, or asks the next.
        Questions are counted, not seconds: after a pause of the whole machine the server gets its time.
        """
        if self._caller is None:
            if at >= self._asks_at:
                self._ask(at)
        elif self._is_answered(self._caller):
            self.hang_up()
            self.has_answered, self._unanswered = True, 0
            self._asks_at = at + self._patience
        elif at >= self._asked_at + self._patience:
            self.hang_up()
            self._unanswered += self.has_answered
            self._ask(at)
        return self._unanswered >= self._most_unanswered

    def _ask(self, at: float) -> None:
        self._asked_at = at
        self._is_sent = False
        self._caller = socket.socket(self._family, socket.SOCK_STREAM)
        self._caller.setblocking(False)
        self._caller.connect_ex(self._address)

    def _is_answered(self, caller: socket.socket) -> bool:
        """Whatever it says, it lives. A server that hangs up, or takes no calls, has not answered."""
        with suppress(OSError):  # BlockingIOError among them: not yet
            if not self._is_sent:
                caller.send(_QUESTION)
                self._is_sent = True
            return bool(caller.recv(1))
        return False

    def hang_up(self) -> None:
        """Forget the question that is under way."""
        if self._caller is not None:
            self._caller.close()
            self._caller = None
