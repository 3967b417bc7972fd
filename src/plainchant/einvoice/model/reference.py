"""Another document that an invoice or one of its lines cites: the invoice that came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .group import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice(Group):
    """BG-3; on a line, the invoice that this line corrects (EXTENDED-CTC-FR)."""

    number: str | None = None  # BT-25; on a line EXT-FR-FE-136
    issue_date: date | None = None  # BT-26; on a line EXT-FR-FE-138
    type_code: str | None = None  # UNTDID 1001: Factur-X EXTENDED, EXT-FR-FE-02; on a line EXT-FR-FE-137
