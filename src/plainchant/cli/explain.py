"""`plainchant explain`: what a rule means and what to do about it."""

from __future__ import annotations

import re
import sys

import click

_DETAIL = re.compile(r"\{\w+\}")  # filled in when the rule fails


@click.command()
@click.argument("rules", nargs=-1)
def explain(rules: tuple[str, ...]) -> None:
    """Explain RULES, for example BR-S-08. Without any, list the rule-books."""
    from plainchant.einvoice.rules.books import SHELVES, find

    if not rules:
        for shelf in SHELVES:
            click.echo(f"{shelf.name} {shelf.version}  {len(shelf.rules)} règles. {shelf.told}")
        return
    unknown = False
    for number, name in enumerate(rules):
        if number:
            click.echo()
        found = find(name)
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
        click.echo(f"  Livre : {shelf.name} {shelf.version}. {shelf.told}")
        if rule.terms:
            click.echo(f"  Données : {', '.join(rule.terms)}")
        click.echo("  " + ", ".join(f"{syntax.upper()} : {words[told]}" for syntax, told in severities.items()))
    sys.exit(1 if unknown else 0)


def _near(name: str) -> str:
    """The ids that look most like what was asked for."""
    from rapidfuzz import process

    from plainchant.einvoice.rules.books import SHELVES

    known = [rule for shelf in SHELVES for rule in shelf.rules]
    close = [found for found, _, _ in process.extract(name.upper(), known, limit=3, score_cutoff=60)]
    return f" Vouliez-vous dire {', '.join(close)} ?" if close else ""
