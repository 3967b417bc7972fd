"""The document beside the form: where each proposed value was read."""

from __future__ import annotations

from typing import Any

from plainchant.portal.drafts.document_fields import DOCUMENT_FIELD_OF
from plainchant.portal.drafts.models import DocumentReading

_RADIOS = ("type_code", "vat_regime", "billing_framework")  # the first of several buttons has the id


def element_of(field: str) -> str:
    """The id of the element that shows a field of the form; the seller, which is none, has one too."""
    return f"id_{field}_0" if field in _RADIOS else f"id_{field}" if field else "seller"


def mark(shown: dict[str, Any], reading: DocumentReading | None) -> None:
    """Add to ``shown``, the viewer's pages (`web.viewer`), what was read on each and where."""
    words = {sheet["number"]: sheet.get("words", ()) for sheet in reading.pages} if reading else {}
    fields = reading.result.get("fields", {}) if reading else {}
    for page in shown["pages"]:
        page["places"] = list(_places(fields, page["number"]))
        page["words"] = [
            {"text": text, "x": x0, "y": y0, "w": round(x1 - x0, 5), "h": round(y1 - y0, 5)}
            for text, x0, y0, x1, y1 in words.get(page["number"], ())
        ]


def _places(fields: dict[str, Any], page: int) -> Any:
    for name, read in fields.items():
        place = read.get("place")
        row = DOCUMENT_FIELD_OF.get(name)
        if row is None or not row.code or not place or place["page"] != page:
            continue
        x0, y0, x1, y1 = place["box"]
        yield {
            "field_id": element_of(row.field),
            "label": row.label,
            "value": read["text"] if not place.get("cell") else f"{read['text']} ({place['cell']})",
            "x": x0,
            "y": y0,
            "w": round(x1 - x0, 5),
            "h": round(y1 - y0, 5),
        }
