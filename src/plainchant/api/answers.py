"""Every answer of the interface: its status, codeRetour and libelle, and our own member `plainchant` beside them.

What the portal refuses is answered with HTTP 200 and the codeRetour of its row in `portal.codes`, as Chorus Pro does.
Other statuses are for what never reached an operation (`Stopped`), and for what is too large.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import IO, Any

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from plainchant.einvoice.drawing.look import LookRefused
from plainchant.einvoice.finding import refusals
from plainchant.portal.codes import CODE_OF, explain
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.outages import AWAY, RETRY_AFTER_SECONDS, Dependency
from plainchant.reader.reasons import ReaderFailed

from .operation import Operation, Retour, WireObject

REFUSALS = (Refused, ReaderFailed, LookRefused)
CONTENT_TYPE = "application/json;charset=utf-8"
_PIECE = 3 << 16  # of a file that is sent: a multiple of three, so that pieces of base64 follow each other
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Stopped(Exception):
    """A request that reached no operation, or was too large for it: ``status``, and a French sentence.

    ``body``: what is answered instead of both.
    """

    def __init__(
        self, status: int, sentence: str, *, headers: Mapping[str, str] | None = None, body: Any = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers, self.body = status, sentence, headers or {}, body


class Shown(WireObject):
    """One thing that is wrong: our code, the sentence in full, what to do, the field it is about."""

    code: str
    message: str
    mend: str = ""
    field: str = ""


class Ours(WireObject):
    """Our own member of a refusal: nothing is cut, whatever is wrong is listed."""

    code: str
    message: str
    mend: str = ""
    findings: list[Shown] | None = None


class RefusalRetour(Retour):
    plainchant: Ours | None = None


class AnswerWithFile:
    """An answer in which a string is a file in base64: it is read as it is sent, and never stands in memory whole.

    ``make`` is given the string that stands for the file.
    """

    def __init__(self, make: Callable[[str], msgspec.Struct], file: IO[bytes]) -> None:
        self.mark = secrets.token_hex(16)
        self.answer = make(self.mark)
        self.file = file


def success(answer: msgspec.Struct | list[Any] | AnswerWithFile | None, operation: Operation) -> HttpResponseBase:
    if not isinstance(answer, AnswerWithFile):
        return success_without_file(answer, operation)
    begun = success_without_file(answer.answer, operation)
    head, _, tail = begun.content.partition(answer.mark.encode())
    pieces = chain([head], _in_base64(answer.file), [tail])
    return StreamingHttpResponse(pieces, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def success_without_file(answer: msgspec.Struct | list[Any] | None, operation: Operation) -> HttpResponse:
    if answer is None:
        return HttpResponse(content_type=CONTENT_TYPE)
    if isinstance(answer, Retour):
        if answer.codeRetour is msgspec.UNSET:
            answer.codeRetour = 0
        if answer.libelle is msgspec.UNSET:
            answer.libelle = operation.success.value
    return written(200, answer)


def refusal(refused: Refused | ReaderFailed | LookRefused, operation: Operation) -> HttpResponse:
    row = CODE_OF[refused.code]
    retour, key = operation.retours.get(row.code, (row.retour, row.key))
    findings = [Shown(code=each.rule, message=each.message, mend=_mend(each.rule), field=each.field or "")
                for each in refused.findings]  # fmt: skip
    ours = Ours(code=row.code, message=refused.sentence, mend=row.mend, findings=findings)
    found = [each.message for each in refusals(refused.findings) if each.message != refused.sentence]
    libelle = f"{key or row.code} - {' | '.join([refused.sentence, *found])}"
    return written(200, RefusalRetour(codeRetour=retour, libelle=libelle, plainchant=ours))


def _in_base64(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield b64encode(piece)


def _mend(rule: str) -> str:
    return next((each.mend for each in explain(rule)), "")


def stopped(why: Stopped) -> HttpResponse:
    answer = Retour(codeRetour=why.status, libelle=why.sentence) if why.body is None else why.body
    return written(why.status, answer, why.headers)


def away(dependency: Dependency) -> HttpResponse:
    sentence = AWAY[dependency].sentence
    return stopped(Stopped(503, sentence, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}))


def unrouted() -> HttpResponse:
    """As Chorus Pro answers an address that it does not know."""
    return written(403, {})


def written(status: int, answer: Any, headers: Mapping[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(
        _ENCODER.encode(answer), content_type=CONTENT_TYPE, status=status, headers=dict(headers or {})
    )
    response.headers["Cache-Control"] = "no-store"
    return response
