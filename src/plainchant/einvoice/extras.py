"""What to say when a package is needed that was left out at installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

PDF = ("pikepdf", "typst")


class MissingExtra(ImportError):
    """The engine was installed without the packages that this needs."""


@contextmanager
def pdf_packages() -> Iterator[None]:
    """Around the import of what reads or draws PDF. Raises MissingExtra."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in PDF:
            raise
        raise MissingExtra(
            f"{error.name} is not installed, and PDF needs it: pip install 'plainchant-einvoice[pdf]'", name=error.name
        ) from error
