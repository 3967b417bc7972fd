"""`plainchant manage …`: Django's own commands, for operators who know them."""

from __future__ import annotations

import click


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command, e.g. `plainchant manage dbshell`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["plainchant manage", *arguments])
