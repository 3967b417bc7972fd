"""A text document (.docx, .odt) as what it shows: its paragraphs and tables in their order, without its look.

Its drawing is read like any PDF, so nothing here looks for a value. Runs in the disposable reader process: the archive
is inflated within limits (`package`), its XML goes through the one safe parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from plainchant.capture import docx_package, odt_package
from plainchant.capture.blocks import Block, Paragraph, TooMuchText
from plainchant.capture.package import UnreadableSpreadsheet, inflated
from plainchant.einvoice.syntaxes.xml import NotWellFormed

LetterKind = Literal["docx", "odt"]


@dataclass(frozen=True, slots=True)
class Letter:
    """`head` and `foot` are those of its pages, once."""

    kind: LetterKind
    head: tuple[Block, ...] = ()
    body: tuple[Block, ...] = ()
    foot: tuple[Block, ...] = ()

    @property
    def has_text(self) -> bool:
        return any(_texts((*self.head, *self.body, *self.foot)))


def read_letter(data: bytes) -> Letter:
    """Open a text document; raises UnreadableSpreadsheet (`not_a_spreadsheet` for another kind of archive)."""
    if not data:
        raise UnreadableSpreadsheet("empty")
    if not data.startswith(b"PK"):
        raise UnreadableSpreadsheet("not_a_spreadsheet")
    parts = inflated(data)
    try:
        return _letter(parts)
    except TooMuchText as error:
        raise UnreadableSpreadsheet("too_large") from error
    except NotWellFormed as error:
        is_large = error.code in ("XML-TROP-LONG", "XML-TAILLE")
        raise UnreadableSpreadsheet("too_large" if is_large else "unreadable") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UnreadableSpreadsheet("unreadable") from error


def _letter(parts: Mapping[str, bytes]) -> Letter:
    if "word/document.xml" in parts:
        return Letter("docx", *docx_package.blocks(parts))
    if "content.xml" in parts and b"opendocument.text" in parts.get("mimetype", b""):
        return Letter("odt", *odt_package.blocks(parts))
    raise UnreadableSpreadsheet("not_a_spreadsheet")


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from filter(None, block.cells)
        else:
            for row in block.rows:
                for cell in row:
                    yield from _texts(cell.blocks)
