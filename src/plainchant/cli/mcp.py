"""`plainchant mcp`: what an assistant may do with invoices, over stdin and stdout (Model Context Protocol)."""

from __future__ import annotations

from pathlib import Path

import click

from .remote.calling import with_option


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Where the invoices are; this one by default. No file elsewhere is read or written.",
)
@with_option
def mcp(*, folder: Path, name: str | None) -> None:
    """Serve an assistant: check, convert, explain, search the directory, follow invoices; hand one in.

    An assistant starts it, and speaks to it on stdin. Nothing is handed in before whoever uses the assistant has said
    yes. Needs the extra: pip install "plainchant[mcp]".
    """
    try:
        from .remote.mcp_server import serve
    except ImportError as error:
        raise click.ClickException(
            f'Il manque un paquet ({error.name}). Installez-le : pip install "plainchant[mcp]"'
        ) from error
    from .remote.logins import login_named

    serve(login_named(name), folder=folder.resolve())
