"""invoice2data on the same bytes, with its own templates and the general French one of `reading_template.yml`."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from reading_score import Read

_THEIRS = {  # what invoice2data calls it
    "number": "invoice_number",
    "issue_date": "date",
    "tax_inclusive_amount": "amount",
    "tax_exclusive_amount": "amount_untaxed",
    "tax_amount": "amount_tax",
    "due_date": "date_due",
    "iban": "iban",
    "currency": "currency",
    "seller_siret": "siret",
}


def invoice2data() -> Callable[[bytes], Read] | None:
    """Its reader; None, and a sentence, where it is not installed."""
    try:
        from invoice2data import extract_data
        from invoice2data.extract.loader import read_templates
    except ImportError:
        print("NOT MEASURED: invoice2data is not installed (uv sync --group bench)")
        return None
    logging.disable(logging.ERROR)
    own = Path(__file__).with_name("reading_template.yml")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(own, folder)
        templates = [*read_templates(), *read_templates(folder)]

    def read(data: bytes) -> Read:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file, contextlib.redirect_stdout(io.StringIO()):
            file.write(data)
            file.flush()
            try:
                found: dict[str, Any] = extract_data(file.name, templates=templates) or {}
            except Exception:  # noqa: BLE001 - whatever it does with a file it does not know, it read nothing
                found = {}
        read = {}
        for ours, theirs in _THEIRS.items():
            value = found.get(theirs)
            value = value[0] if isinstance(value, list) and value else value
            if value in (None, ""):
                continue
            text = value.date().isoformat() if hasattr(value, "date") else str(value)
            if ours.endswith("_amount"):
                try:
                    text = f"{Decimal(text):.2f}"
                except InvalidOperation:
                    continue
            read[ours] = re.sub(r"[\s.]", "", text) if ours in {"iban", "seller_siret"} else text, "likely"
        return read

    return read
