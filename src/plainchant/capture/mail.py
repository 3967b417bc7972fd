"""The invoice that is joined to an e-mail (.eml): taken out, to be handed in as if it had come alone.

Runs in the disposable reader process, where a mail that is nested without end costs a child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import PurePath

from plainchant.capture.kinds import ACCEPTED, DocumentKind, kind_of

MAX_PARTS = 200
# Where several are joined, the first of these kinds of which there is one; a picture may be the logo of a signature.
_ORDER = ("pdf", "workbook", "letter", "picture")


class UnreadableMail(Exception):
    """No invoice can be taken out; `code` is one of no_invoice, several, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Joined:
    """A file that was joined, under a name that says what it is."""

    name: str
    kind: DocumentKind
    content: bytes


def invoice_of_mail(data: bytes) -> Joined:
    """The one file of a mail that may be an invoice; raises UnreadableMail."""
    try:
        joined = list(_joined(data))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableMail("unreadable") from error
    for family in _ORDER:
        found = {file.content: file for file in reversed(joined) if file.kind.family == family}
        if len(found) > 1:
            raise UnreadableMail("several")
        if found:
            return next(iter(found.values()))
    raise UnreadableMail("no_invoice")


def _joined(data: bytes) -> Iterator[Joined]:
    for count, part in enumerate(message_from_bytes(data, policy=policy.default).walk()):
        if count >= MAX_PARTS:
            raise UnreadableMail("unreadable")
        content = None if part.is_multipart() else part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            continue
        kind = kind_of(content)
        is_shown_in_the_text = kind.family == "picture" and part.get_content_disposition() != "attachment"
        if kind in ACCEPTED and kind.family != "mail" and not is_shown_in_the_text:
            yield Joined(_named(part.get_filename() or "facture", kind), kind, content)


def _named(name: str, kind: DocumentKind) -> str:
    path = PurePath("".join(letter for letter in name.replace("\\", "/") if letter.isprintable()))
    is_right = path.suffix.lower().lstrip(".") in kind.extensions
    return path.name[-150:] if is_right else f"{path.stem[:100] or 'facture'}.{kind.extensions[0]}"
