"""A file that a command writes: made, or a sentence that says why it could not be."""

from __future__ import annotations

from pathlib import Path

import click


def write_out(path: Path, data: bytes) -> None:
    """Raises ClickException when the file cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(
            f"{path} n’a pas pu être écrit ({error.strerror}). Choisissez un autre endroit."
        ) from None
