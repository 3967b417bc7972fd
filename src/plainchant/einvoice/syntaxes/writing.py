"""What the writers share: one signature, elements in the order they are added, no element for an absent term."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from lxml import etree

from plainchant.einvoice.chorus import ChorusData
from plainchant.einvoice.model import Identifier, Invoice
from plainchant.einvoice.profiles import Profile

from .reading import Element

Value = str | Decimal | datetime.date | bool | None
KNOWN_SELLER = "un identifiant du fournisseur que Chorus Pro connaît (son SIRET, avec le schéma 0009)"


class Write(Protocol):
    """The writer of a syntax. Each takes everything, and uses what its form has room for."""

    def __call__(
        self,
        invoice: Invoice,
        *,
        chorus: ChorusData | None = None,
        readable: bytes | None = None,
        at: datetime.datetime | None = None,
        profile: Profile | None = None,
    ) -> bytes:
        """The bytes of a file.

        ``chorus``: Chorus Pro's data, for an invoice that was read; by default where the model has them.
        ``readable``: the PDF people read, for forms that must have one and an invoice that carries none.
        ``at``: the instant the file gives as its own; by default the invoice's day.
        ``profile``: of a CII or a Factur-X: it is named, and what it cannot carry is left out.
        Raises FormError when the invoice lacks what the form cannot do without.
        """
        ...


class FormError(ValueError):
    """The invoice cannot be written in this form: the message, in French, says what it lacks."""


def wanted(value: object, what: str) -> None:
    """Raises FormError when ``value`` is nothing."""
    if not value:
        raise FormError(f"La facture ne peut pas être mise sous cette forme : il manque {what}.")


def day_of(invoice: Invoice) -> datetime.datetime:
    """The instant a file gives as its own when it is told none: the same invoice then gives the same file."""
    return datetime.datetime.combine(
        invoice.issue_date or datetime.date(2000, 1, 1), datetime.time(), tzinfo=datetime.UTC
    )


class Writer:
    """Adds elements by their prefixed names."""

    def __init__(self, namespaces: Mapping[str, str], *, default: str | None = None) -> None:
        self._clark = {prefix: f"{{{uri}}}" for prefix, uri in namespaces.items()}
        self._nsmap = {None if prefix == default else prefix: uri for prefix, uri in namespaces.items()}

    def root(self, name: str) -> Element:
        return etree.Element(self._tag(name), nsmap=self._nsmap)

    def _tag(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self._clark[prefix] + local

    def add(self, parent: Element, path: str, value: Value = None, **attributes: str | None) -> Element | None:
        """Adds ``a/b/c`` with a value; nothing at all when it is None. Elements on the way are shared if last."""
        if value is None:
            return None
        element = self.under(parent, path)
        element.text = written(value)
        for name, content in attributes.items():
            if content is not None:
                element.set(name, content)
        return element

    def identifier(self, parent: Element, name: str, value: Identifier | None) -> None:
        if value is not None:
            self.add(parent, name, value.value, schemeID=value.scheme)

    def under(self, parent: Element, path: str) -> Element:
        """A new element at the end of ``path``; those before it are made, or taken if they are the last child."""
        *above, last = path.split("/")
        for name in above:
            tag = self._tag(name)
            parent = parent[-1] if len(parent) and parent[-1].tag == tag else etree.SubElement(parent, tag)
        return etree.SubElement(parent, self._tag(last))


def written(value: str | Decimal | datetime.date | bool) -> str:
    """A value as XML has it: decimals without exponent, ISO dates, true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "".join(char for char in value if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))


def document(root: Element) -> bytes:
    """The file: UTF-8, declaration, indented."""
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
