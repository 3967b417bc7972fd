"""One sent invoice of each way an invoice can come, for what must hold whatever it came as."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.capture.workbooks import LAYOUTS, as_xlsx, book_of
from tests.making import (
    a_draft,
    a_mandate,
    a_member,
    a_structure,
    a_town,
    an_entry,
    an_upload,
    made_available,
    mandated,
)
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table
from tests.portal.flows.test_syntaxes import written

ORIGINS = ("pdf", "workbook", "picture", "typed", "ubl", "cii", "reduced", "factur-x", "table")
DRAWN_WHEN_OPENED = ("ubl", "cii")
_SYNTAXES = {
    "ubl": "IN_DP_E1_UBL_INVOICE",
    "cii": "IN_DP_E1_CII_16B",
    "reduced": "IN_DP_E2_CPP_FACTURE_MIN",
    "factur-x": "IN_DP_E2_CII_FACTURX",
}


@dataclass(frozen=True)
class Two:
    """A supplier and a public body, with a person of each."""

    seller: Structure
    author: User
    town: Structure
    agent: User


def two_sides(at: datetime) -> Two:
    seller = a_structure(at=at, name="Camille Rivet", identifier="90210001500012", address_line="1 rue des Essais",
                         postcode="31000")  # fmt: skip
    town = a_town(at=at, identifier="21990001600011", address_line="1 place", postcode="06999")
    author = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=author, at=at)
    return Two(seller, author, town, a_member(structure=town, at=at, is_manager=True))


def an_invoice_from(origin: str, two: Two, *, at: datetime) -> Invoice:
    """A sent invoice that came as ``origin`` says (one of ORIGINS), in its recipient's hands."""
    number = f"O-{origin.upper()}"
    if origin == "typed":
        entry = an_entry(seller=two.seller, user=two.author, at=at, buyer=two.town, number=number)
        drafts.submit(draft=entry, actor=Actor(two.author), at=at, revision=entry.revision)
    elif origin in ("pdf", "workbook", "picture"):
        upload = {"pdf": None, "workbook": _workbook(), "picture": _picture()}[origin]
        draft = a_draft(seller=two.seller, user=two.author, at=at, buyer=two.town, upload=upload, number=number)
        drafts.submit(draft=draft.draft, actor=Actor(two.author), at=at)
    else:
        mandated(two.seller, by=two.author, at=at)
        sent(_flow(origin, two, number), structure=two.seller, user=two.author, at=at, name="flux")
    invoice = Invoice.objects.get(number=number)
    made_available(invoice=invoice, at=at)
    return invoice


def _workbook() -> Upload:
    return an_upload(content=as_xlsx(book_of(LAYOUTS["labels left of values"])), name="facture.xlsx")


def _picture() -> Upload:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PNG")
    return an_upload(content=out.getvalue(), name="facture.png")


def _flow(origin: str, two: Two, number: str) -> bytes:
    if origin == "table":
        return a_table([a_row(number, seller=two.seller.identifier, buyer=two.town.identifier)])
    return written(_SYNTAXES[origin], two.seller, two.town, number)
