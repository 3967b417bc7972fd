"""`plainchant explain`: what a rule means and what to do about it."""

from __future__ import annotations

import re
import sys

import click

_DETAIL = re.compile(r"\{\w*\}")  # filled in when the rule fails


@click.command()
@click.argument("rules", nargs=-1)
def explain(rules: tuple[str, ...]) -> None:
    """Explain RULES, for example BR-S-08. Without any, list the rule-books."""
    from plainchant.einvoice.books import SHELVES, below, dates, find
    from plainchant.einvoice.rules.cpro_table import NOT_RUN

    if not rules:
        for shelf in SHELVES:
            click.echo(f"{shelf.name} {shelf.version}  {len(shelf.rules)} règles. {shelf.told}")
        return
    unknown = False
    wanted = [one for name in rules for one in ([name] if find(name) else below(name) or [name])]
    for number, name in enumerate(wanted):
        if number:
            click.echo()
        found = find(name)
        if name.upper() in NOT_RUN:
            click.echo(f"{name.upper()} n’est pas vérifiée ici. {NOT_RUN[name.upper()]}")
            continue
        if found is None:
            unknown = True
            click.echo(f"{name} n’est pas une règle connue.{_near(name)}", err=True)
            continue
        shelf, rule = found
        severities = {syntax: rule.severity_for(syntax) for syntax in rule.syntaxes}
        words = {"fatal": "bloque", "warning": "avertit"}
        click.secho(rule.id, bold=True)
        click.echo(f"  {_DETAIL.sub('…', rule.french)}")
        click.echo(f"  {rule.english}")
        published = f", publié le {shelf.book.published:%d/%m/%Y}" if shelf.book else ""
        click.echo(f"  Livre : {shelf.name} {shelf.version}{published}. {shelf.told}")
        click.echo(f"  Factures concernées : {dates(shelf, rule)}.")
        if rule.terms:
            click.echo(f"  Données : {', '.join(rule.terms)}")
        click.echo("  " + ", ".join(f"{syntax.upper()} : {words[told]}" for syntax, told in severities.items()))
    sys.exit(1 if unknown else 0)


def _near(name: str) -> str:
    """The ids that look most like what was asked for."""
    from rapidfuzz import process

    from plainchant.einvoice.books import SHELVES

    known = [rule for shelf in SHELVES for rule in shelf.rules]
    close = [found for found, _, _ in process.extract(name.upper(), known, limit=3, score_cutoff=60)]
    return f" Vouliez-vous dire {', '.join(close)} ?" if close else ""
