"""`plainchant explain`: what a code means and what to do about it."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("codes", nargs=-1)
def explain(codes: tuple[str, ...]) -> None:
    """Explain CODES, for example BR-S-08 or status_has_changed. Without any, list where codes come from."""
    from plainchant.einvoice.books import SHELVES
    from plainchant.portal.codes import CODES
    from plainchant.portal.codes import explain as explained

    if not codes:
        for shelf in SHELVES:
            click.echo(f"{shelf.name} {shelf.version}  {len(shelf.rules)} règles. {shelf.summary}")
        click.echo(
            f"Portail  {len(CODES)} codes. Ce que le portail dit lui-même d’une facture, d’un flux, d’une demande."
        )
        return
    unknown = [name for name in codes if not explained(name)]
    for name in unknown:
        click.echo(f"{name} n’est pas un code connu.{_near(name)}", err=True)
    for place, explanation in enumerate(row for name in codes for row in explained(name)):
        if place:
            click.echo()
        click.secho(explanation.code, bold=True)
        for line in (explanation.meaning, explanation.mend, *explanation.facts):
            if line:
                click.echo(f"  {line}")
    sys.exit(1 if unknown else 0)


def _near(name: str) -> str:
    """The codes that look most like what was asked for."""
    from rapidfuzz import process

    from plainchant.einvoice.books import SHELVES
    from plainchant.portal.codes import CODE_OF

    known = [rule for shelf in SHELVES for rule in shelf.rules] + list(CODE_OF)
    close = process.extract(name, known, processor=str.upper, limit=3, score_cutoff=60)
    return f" Vouliez-vous dire {', '.join(code for code, _, _ in close)} ?" if close else ""
