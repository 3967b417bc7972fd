"""From the bytes of a file to the invoices read in it, whatever its syntax."""

from __future__ import annotations

from plainchant.einvoice.extras import pdf_packages

from .reading import Reading, TooMany
from .recognize import recognize
from .xml import DEFAULT_LIMITS, TOO_LONG, Limits, NotWellFormed, parse


class NotAnInvoice(ValueError):
    """Nothing can be read from the file. ``code`` is the rule that `explain` knows, the message says in French what to
    do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> tuple[Reading, ...]:
    """What is read in an XML invoice or a Factur-X: one reading, several only for an envelope. Raises NotAnInvoice."""
    if recognize(data).container == "pdf":
        with pdf_packages():
            from .facturx.extract import extract  # pikepdf costs 60 ms to import

        found = extract(data, max_bytes=limits.max_bytes)
        if found.xml is None:
            raise NotAnInvoice(found.findings[0].rule, found.findings[0].message)
        data = found.xml
    try:
        root = parse(data, limits=limits)
    except NotWellFormed as error:
        raise NotAnInvoice(error.code, error.message) from None
    kind = recognize(data, root)
    if kind.syntax is None:
        raise NotAnInvoice("XML-INCONNU", kind.refusal)
    try:
        return tuple(kind.syntax.read_all(root))
    except TooMany:
        raise NotAnInvoice("XML-TROP-LONG", TOO_LONG) from None
