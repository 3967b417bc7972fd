"""What an assistant may do with invoices: tools of the Model Context Protocol over `plainchant.client`.

All but one read. `deposit` asks the person who uses the assistant, by the protocol's own question: an assistant that
cannot ask cannot hand anything in. Files are of one folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, Elicit, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from plainchant.client import AsyncClient, ClientError, Retries
from plainchant.einvoice.command.opening import unopened
from plainchant.einvoice.command.written import unwritten

from .logins import KeptLogin

READS = ToolAnnotations(read_only_hint=True)
MOST_FILE = 20 << 20
_MOST_ROWS = 50


@dataclass(frozen=True)
class Desk:
    """What the tools work with; ``where``: the server, for people."""

    client: AsyncClient
    folder: Path
    where: str


Ctx = Context[Desk]


class Confirmation(BaseModel):
    send: bool = Field(title="Envoyer ce fichier", description="Oui : il part. Non : rien ne part.")


@dataclass(frozen=True)
class ReadFile:
    name: str
    content: bytes


def serve(login: KeptLogin, *, folder: Path) -> None:
    """Until stdin is closed."""
    made(login, folder=folder).run("stdio")


def made(login: KeptLogin, *, folder: Path) -> MCPServer[Desk]:
    @asynccontextmanager
    async def lifespan(_: MCPServer[Desk]) -> AsyncIterator[Desk]:
        async with AsyncClient(login.server, login.credentials, retries=Retries(tries=3)) as client:
            yield Desk(client, folder, login.server.origin)

    server: MCPServer[Desk] = MCPServer(
        "plainchant",
        version=version("plainchant"),
        instructions=(
            "Invoices to French public bodies. Check a file before handing it in. Sentences are in French: pass them "
            "on as they are."
        ),
        lifespan=lifespan,
        log_level="WARNING",  # stderr is what the assistant's user may see
    )
    for tool in (check, convert, explain, search_directory, status, list_invoices):
        server.tool(annotations=READS if tool is not convert else None)(tool)
    server.tool(annotations=ToolAnnotations(read_only_hint=False, idempotent_hint=True))(deposit)
    return server


def read_file(ctx: Ctx, file: str) -> ReadFile:
    """A file of the folder. Raises ToolError for one elsewhere."""
    folder = _desk(ctx).folder
    path = (folder / file).resolve()
    if not path.is_relative_to(folder):
        raise ToolError(f"{file} n’est pas dans le dossier des factures ({folder}).")
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_FILE + 1)
    except OSError as error:
        raise ToolError(unopened(file, error)) from error
    if len(content) > MOST_FILE:
        raise ToolError(f"{file} dépasse {MOST_FILE >> 20} Mo.")
    return ReadFile(path.name, content)


async def check(ctx: Ctx, file: str) -> dict[str, Any]:
    """Say whether an invoice (XML or Factur-X) would be accepted, and everything that is to be mended.

    `file` is a name below the folder of invoices.
    """
    given = read_file(ctx, file)
    with _passed_on():
        verdict = await _desk(ctx).client.check(given.content)
    return {
        "kind": verdict.kind,
        "channel": verdict.channel,
        "accepted": verdict.is_accepted,
        "channels": dict(verdict.channels),
        "findings": [asdict(finding) for finding in verdict.findings],
    }


async def convert(
    ctx: Ctx,
    file: str,
    to: Literal["ubl", "cii", "facturx", "ubl-minimal", "cii-minimal", "mixed", "pivot"],
    profile: str = "",
) -> dict[str, Any]:
    """Write an invoice in another form beside it, as a new file; say what was added and what is lost.

    A file that is there is never written over. `profile` is of a CII or a Factur-X, for example "EN 16931".
    """
    given = read_file(ctx, file)
    with _passed_on():
        made = await _desk(ctx).client.convert(given.content, to=to, profile=profile)
    path = (_desk(ctx).folder / file).resolve()
    path = path.with_name(f"{path.stem}-{to}{made.ending}")
    try:
        with path.open("xb") as stream:
            stream.write(made.content)
    except OSError as error:
        raise ToolError(unwritten(path.name, error)) from error
    return {"file": str(path.relative_to(_desk(ctx).folder)), "added": list(made.added), "lost": list(made.lost)}


def explain(code: str) -> list[dict[str, Any]]:
    """Explain a code in plain French: a rule (BR-S-08, CPRO-DATE) or what a portal says (status_has_changed)."""
    from plainchant.portal.codes import explain as explained

    return [{"code": row.code, "meaning": row.meaning, "mend": row.mend} for row in explained(code)]


async def search_directory(ctx: Ctx, text: str) -> list[dict[str, Any]]:
    """Find public bodies by name, town, postcode or SIRET; of a single one, also what it demands and its services."""
    digits = text.replace(" ", "")
    is_siret = digits.isdigit() and len(digits) == len("12345678900001")
    client = _desk(ctx).client
    with _passed_on():
        page = await client.search_directory("" if is_siret else text, siret=digits if is_siret else "", per_page=20)
        rows = [asdict(row) for row in page.rows]
        if len(rows) == 1:
            rows[0]["demands"] = asdict(await client.demands_of(page.rows[0].body))
            rows[0]["services"] = [asdict(row) for row in await client.services_of(page.rows[0].body) if row.is_open]
    return rows


async def status(ctx: Ctx, number: str) -> list[dict[str, Any]]:
    """Say where an invoice is, by its number: its history, with reasons, from the first step to the last."""
    client = _desk(ctx).client
    with _passed_on():
        rows = (await client.search_issued(number=number)).rows or (await client.search_received(number=number)).rows
        histories = [await client.history(row.invoice) for row in rows]
    return [
        {
            "number": history.number,
            "seller": row.seller_name,
            "buyer": row.buyer_name,
            "to_pay": f"{row.to_pay} {row.currency}",
            "status": history.status,
            "history": [{**asdict(line), "at": line.at.isoformat()} for line in history.lines],
        }
        for row, history in zip(rows, histories, strict=True)
    ]


async def list_invoices(ctx: Ctx, received: bool = False, statuses: list[str] | None = None) -> list[dict[str, Any]]:
    """List the last invoices that were sent, or received; in some statuses alone, for example ["SUSPENDUE"]."""
    client = _desk(ctx).client
    search = client.search_received if received else client.search_issued
    with _passed_on():
        page = await search(statuses=statuses or (), per_page=_MOST_ROWS)
    return [
        {
            "number": row.number,
            "status": row.status,
            "seller": row.seller_name,
            "buyer": row.buyer_name,
            "deposited": str(row.deposit_date or ""),
            "to_pay": f"{row.to_pay} {row.currency}",
            "words": row.words,
        }
        for row in page.rows
    ]


def confirmed(ctx: Ctx, given: Annotated[ReadFile, Resolve(read_file)]) -> Elicit[Confirmation]:
    """The question of `deposit`. A file that has changed meanwhile is another question."""
    digest = hashlib.sha256(given.content).hexdigest()[:16]
    return Elicit(
        f"Envoyer {given.name} ({len(given.content)} octets, empreinte {digest}) à {_desk(ctx).where} ? "
        "Une facture envoyée ne se reprend pas.",
        Confirmation,
    )


async def deposit(
    ctx: Ctx,
    file: str,
    given: Annotated[ReadFile, Resolve(read_file)],
    answer: Annotated[ElicitationResult[Confirmation], Resolve(confirmed)],
) -> dict[str, Any]:
    """Hand in a file of invoices, once the user has said yes; then say what became of each. It cannot be taken back."""
    if not isinstance(answer, AcceptedElicitation) or not answer.data.send:
        raise ToolError(f"{file} n’est pas parti : l’envoi n’a pas été confirmé.")
    client = _desk(ctx).client
    with _passed_on():
        flow = (await client.deposit(given.content, name=given.name)).flow
        report = await client.wait(flow, seconds=120)
    return {
        "flow": flow,
        "state": report.state,
        "has_ended": report.is_ended,
        "taken": [row.number for row in report.taken],
        "refused": [asdict(finding) for finding in report.findings],
        "of_the_flow": [asdict(finding) for finding in report.of_the_flow],
    }


def _desk(ctx: Ctx) -> Desk:
    desk: Desk = ctx.request_context.lifespan_context
    return desk


@contextmanager
def _passed_on() -> Iterator[None]:
    """What a call could not do, as the sentence that an assistant passes on."""
    try:
        yield
    except ClientError as error:
        raise ToolError(error.sentence) from error
