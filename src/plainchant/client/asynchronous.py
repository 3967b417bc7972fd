"""The same client for a program that awaits: method by method what `sync` has."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import httpx2

from . import calls
from .calls import PER_PAGE, Form, Side
from .conversation import Call, Conversation, NoAnswer, Pause, Retries, Send, ServerAnswer
from .records import (
    BodyService,
    ConvertedDocument,
    Demands,
    Deposit,
    DocumentVerdict,
    FlowReport,
    FoundInvoice,
    FoundPage,
    InvoiceHistory,
    ProcessedInvoice,
    PublicBody,
    ReadDocument,
    SubmittedInvoice,
)
from .servers import Credentials, Server
from .transport import FIRST_WAIT_SECONDS, HEADERS, LONGEST_WAIT_SECONDS, answer_of, no_answer, timeout

T = TypeVar("T")


class AsyncClient:
    """One server, for one technical account. Tasks may share it; close it, or enter it as a context.

    Every call raises ClientError. ``sleep`` and ``clock`` are for those who have another time.
    """

    def __init__(
        self,
        server: Server,
        credentials: Credentials,
        *,
        retries: Retries | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = server
        self._conversation = Conversation(server, credentials, retries=retries or Retries(), clock=clock)
        self._http = httpx2.AsyncClient(headers=HEADERS, follow_redirects=False)
        self._sleep, self._clock = sleep, clock

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def is_up(self) -> bool:
        """Whether the interface answers, and takes these secrets."""
        return await self._run(calls.health())

    async def deposit(self, content: bytes, *, name: str, syntax: str = "") -> Deposit:
        """Hand in a file of invoices (UBL, CII, Factur-X, an archive): a flow, whose report comes afterwards.

        ``syntax``: a syntaxeFlux of the wire; a Plainchant tells it from the content, Chorus Pro wants it. The file is
        in memory whole. A Plainchant takes the same bytes for the same flow: after `ServerUnavailable` they may be sent
        again.
        """
        return await self._run(calls.deposit(content, name=name, syntax=syntax))

    async def report(self, flow: str) -> FlowReport:
        """What became of a flow so far."""
        return await self._run(calls.report(flow))

    async def report_pdf(self, flow: str) -> bytes | None:
        """The report as a PDF; None while the flow has not ended."""
        return await self._run(calls.report_pdf(flow))

    async def wait(self, flow: str, *, seconds: float = 600.0) -> FlowReport:
        """The report of a flow once it has ended, or as it is after so many seconds: look at ``is_ended``."""
        until, pause = self._clock() + seconds, FIRST_WAIT_SECONDS
        while True:
            report = await self.report(flow)
            if report.is_ended or self._clock() + pause > until:
                return report
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT_SECONDS)

    async def read_pdf(self, content: bytes, *, name: str, form: str = "PDF_NON_SIGNE") -> ReadDocument:
        """Keep the PDF of an invoice and say what was read on it; nothing is sent before `submit`."""
        return await self._run(calls.read_pdf(content, name=name, form=form))

    async def submit(self, invoice: Mapping[str, Any]) -> SubmittedInvoice:
        """Send one invoice, as the wire's `soumettre` has it: its lines, or the file that `read_pdf` kept.

        After `ServerUnavailable` with ``may_be_done``: search for its number first.
        """
        return await self._run(calls.submit(invoice))

    async def search_issued(
        self,
        *,
        number: str = "",
        statuses: Sequence[str] = (),
        flow: str = "",
        deposited_from: date | None = None,
        deposited_until: date | None = None,
        page: int = 1,
        per_page: int = PER_PAGE,
    ) -> FoundPage[FoundInvoice]:
        """The invoices that the structure has sent, those deposited last first."""
        return await self._run(
            calls.search_issued(
                number=number,
                statuses=statuses,
                flow=flow,
                deposited_from=deposited_from,
                deposited_until=deposited_until,
                page=page,
                per_page=per_page,
            )
        )

    async def search_received(
        self,
        *,
        number: str = "",
        statuses: Sequence[str] = (),
        deposited_from: date | None = None,
        deposited_until: date | None = None,
        page: int = 1,
        per_page: int = PER_PAGE,
    ) -> FoundPage[FoundInvoice]:
        """The invoices that the structure has received."""
        return await self._run(
            calls.search_received(
                number=number,
                statuses=statuses,
                deposited_from=deposited_from,
                deposited_until=deposited_until,
                page=page,
                per_page=per_page,
            )
        )

    async def consult(self, invoice: int, *, side: Side = "seller") -> dict[str, Any]:
        """All that one side may read of an invoice, by the names of the wire."""
        return await self._run(calls.consult(invoice, side=side))

    async def history(self, invoice: int) -> InvoiceHistory:
        """What happened to an invoice."""
        return await self._run(calls.history(invoice))

    async def download(self, invoices: Sequence[int], *, form: Form = "PDF", with_attachments: bool = False) -> bytes:
        """Their documents: PDF (several are a ZIP), PIVOT (one XML) or ZIP. A recipient's download is noted."""
        return await self._run(calls.download(invoices, form=form, with_attachments=with_attachments))

    async def process(
        self, invoice: int, *, status: str, reason: str = "", payment_order: str = ""
    ) -> ProcessedInvoice:
        """Bring a received invoice to a status of the wire; ``reason``: a code, its label, or words.

        After `ServerUnavailable` with ``may_be_done``: look at the history first.
        """
        return await self._run(calls.process(invoice, status=status, reason=reason, payment_order=payment_order))

    async def check(self, content: bytes) -> DocumentVerdict:
        """Whether an invoice (XML or Factur-X) would be accepted, and why not. A Plainchant alone has it."""
        return await self._run(calls.check(content))

    async def convert(self, content: bytes, *, to: str, profile: str = "") -> ConvertedDocument:
        """An invoice in another syntax: ubl, cii, facturx, mixed, pivot… A Plainchant alone has it."""
        return await self._run(calls.convert(content, to=to, profile=profile))

    async def search_directory(
        self, text: str = "", *, siret: str = "", page: int = 1, per_page: int = PER_PAGE
    ) -> FoundPage[PublicBody]:
        """Public bodies by name, town or postcode, best first; or that of one SIRET."""
        return await self._run(calls.search_directory(text, siret=siret, page=page, per_page=per_page))

    async def services_of(self, body: int) -> tuple[BodyService, ...]:
        """The services of a public body, by its key; closed ones too."""
        return await self._run(calls.services_of(body))

    async def demands_of(self, body: int) -> Demands:
        """What a public body wants on invoices."""
        return await self._run(calls.demands_of(body))

    async def _run(self, call: Call[T]) -> T:
        steps: Generator[Send | Pause, ServerAnswer | NoAnswer | None, T] = self._conversation.steps(call)
        outcome: ServerAnswer | NoAnswer | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Pause):
                await self._sleep(step.seconds)
                outcome = None
            else:
                outcome = await self._send(step)

    async def _send(self, send: Send) -> ServerAnswer | NoAnswer:
        try:
            return answer_of(
                await self._http.request(
                    send.method, send.url, headers=send.headers, content=send.content, timeout=timeout(send.seconds)
                )
            )
        except httpx2.RequestError as error:
            return no_answer(error)
