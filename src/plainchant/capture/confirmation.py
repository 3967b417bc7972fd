"""What a directory of public bodies adds to a reading: of the SIRETs on the page, it knows which one is a recipient's.

The reader itself runs without a database: whoever has one calls this afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from plainchant.capture.proposal import FieldReading, ReadField

_MAX_ASKED = 10


def confirmed(reading: FieldReading, *, bodies_among: Callable[[Collection[str]], Collection[str]]) -> FieldReading:
    """The reading with its buyer confirmed or put right by `bodies_among` (SIRETs → those of known recipients).

    One known SIRET only is the buyer's: certain if the page said so too, likely if the page spoke for somebody else.
    With none or several, nothing changes: an agency may invoice a town hall.
    """
    candidates = {read.value: read for read in reading.sirets[:_MAX_ASKED]}
    bodies = bodies_among(candidates) if candidates else ()
    known = [read for value, read in candidates.items() if value in bodies]
    if len(known) != 1:
        return reading
    fields = dict(reading.fields)
    seller, buyer = fields.get("seller_siret"), fields.get("buyer_siret")
    found: ReadField = known[0]
    if buyer is not None and buyer.value == found.value:
        return replace(reading, fields={**fields, "buyer_siret": replace(buyer, certainty="certain")})
    if seller is not None and seller.value == found.value:
        # Read the wrong way round: the other one, if there is one, is the seller's.
        del fields["seller_siret"]
        if buyer is not None:
            fields["seller_siret"] = replace(buyer, certainty="doubtful")
    return replace(reading, fields={**fields, "buyer_siret": replace(found, certainty="likely")})
