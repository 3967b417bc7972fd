"""The model as a Factur-X: the CII of a profile inside a page, drawn here or made by others."""

from __future__ import annotations

from datetime import datetime

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.extras import pdf_packages
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF, Profile
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.writing import day_of

DEFAULT = PROFILE_OF["EN 16931"]


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """A PDF. With ``readable`` that page gets the data, otherwise a PDF/A-3 is drawn. ValueError for a page that cannot
    be read.
    """
    chosen = profile or DEFAULT
    xml = write_cii(invoice, profile=chosen)
    if readable is not None:
        with pdf_packages():
            from .embed import embed

        return embed(readable, xml, profile=chosen, at=at or day_of(invoice))
    with pdf_packages():
        from plainchant.einvoice.drawing import draw  # typst, which takes its time to load

    return draw(invoice, at=at or day_of(invoice), xml=xml, profile=chosen)
