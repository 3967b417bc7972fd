"""What may go wrong with a call: one class for each thing that a program does about it.

The sentences are French, for people.
"""

from __future__ import annotations

from dataclasses import dataclass


class ClientError(Exception):
    """Any of these. ``sentence`` says what happened, where, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class RefusalReason:
    """One thing that is wrong: its code, what it is in full, how to mend it, the field it is about."""

    code: str
    message: str
    mend: str = ""
    field: str = ""


class CallRefused(ClientError):
    """The server understood and says no: asking again changes nothing.

    ``number`` is its codeRetour. ``code``, ``mend`` and ``reasons`` are a Plainchant's own, empty from Chorus Pro.
    """

    def __init__(
        self,
        sentence: str,
        *,
        number: int,
        code: str = "",
        mend: str = "",
        reasons: tuple[RefusalReason, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.number, self.code, self.mend, self.reasons = number, code, mend, reasons


class NotAuthenticated(ClientError):
    """The application or the technical account is not known, or its secret is wrong."""


class AccessDenied(ClientError):
    """The application may not call this address, or the server does not have it."""


class ServerUnavailable(ClientError):
    """No answer, or one that says to come back later, after all tries.

    ``may_be_done``: the server may have done what it was asked for. Look before sending it again.
    """

    def __init__(self, sentence: str, *, may_be_done: bool) -> None:
        super().__init__(sentence)
        self.may_be_done = may_be_done


class LimitReached(ClientError):
    """Too large, or too many calls, after all tries."""


class ContractBroken(ClientError):
    """The answer, or what the server says of the request, is not what its published contract says."""
