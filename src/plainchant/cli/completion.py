"""`plainchant completion`: what a shell needs to complete commands and options as they are typed."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of SHELL. For bash: eval "$(plainchant completion bash)" in ~/.bashrc."""
    from click.shell_completion import get_completion_class

    from . import main

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - each choice has one
    click.echo(kind(main, {}, "plainchant", "_PLAINCHANT_COMPLETE").source())
