"""Some pages of a PDF as a file of their own, in which nothing of the others is left.

Runs only in the disposable reader process, as `pdf` does.
"""

from __future__ import annotations

import io
import zlib

import pikepdf

from plainchant.capture.pdf import NoSuchPage, UnreadablePdf

# What a page may say of other pages, of programs or of forms: links, actions, threads, its place in the structure tree.
_LEFT_OUT = (
    "/Annots",
    "/AA",
    "/B",
    "/StructParents",
    "/PieceInfo",
    "/Metadata",
    "/Dur",
    "/Trans",
    "/PresSteps",
    "/DPart",
)
_BROKEN = (pikepdf.PdfError, zlib.error, ValueError, TypeError, RuntimeError, OverflowError, KeyError, IndexError)


def pages_alone(data: bytes, *, first: int, last: int) -> bytes:
    """The pages from `first` to `last` (from 1, both included). Raises UnreadablePdf, NoSuchPage.

    Stamps and filled-in fields are drawn into the page; what only acts (links, scripts, a signature) is left out.
    """
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as whole, pikepdf.new() as part:
            if not 1 <= first <= last <= len(whole.pages):
                raise NoSuchPage(last)
            whole.flatten_annotations("screen")
            for page in whole.pages[first - 1 : last]:
                for key in _LEFT_OUT:
                    if key in page:
                        del page[key]
                part.pages.append(page)
            # Pages often share one list of pictures: those of the other pages would go with it.
            part.remove_unreferenced_resources()
            out = io.BytesIO()
            part.save(out, deterministic_id=True)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise UnreadablePdf("password") from error
    except _BROKEN as error:
        if isinstance(error, NoSuchPage):
            raise
        raise UnreadablePdf("unreadable") from error
