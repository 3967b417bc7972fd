"""The form of a CPPFactureMixte, held to our table of it: there is no public schema to hold it to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice

from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES, MEBIBYTE
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.syntaxes.attached import BadAttachment, opened
from plainchant.einvoice.syntaxes.binding import MAX_DIGITS, Element, string
from plainchant.einvoice.syntaxes.mixed.binding import MAX_ROWS
from plainchant.einvoice.syntaxes.mixed.read import units
from plainchant.einvoice.syntaxes.paths import Numbers, name_of, path_of
from plainchant.einvoice.syntaxes.reduced import THE_INVOICE

from .form_table import ENVELOPE, INVOICE, MAX_INVOICES, RULES, FormPart

MAX_FINDINGS = 50  # of the envelope, and of each invoice: the first explain the others
MAX_OPENED = 256 * MEBIBYTE  # of all the attachments of an envelope
MAX_PATH = 500  # a hostile element may have a name of megabytes
_TROUBLE = {"base64": "MIX-PJ-CODAGE", "zip": "MIX-PJ-ZIP", "size": "MIX-PJ-TAILLE"}


@dataclass(frozen=True, slots=True)
class EnvelopeForm:
    """What is to be said of the envelope itself, and of each of its invoices."""

    envelope: tuple[Finding, ...]
    invoices: tuple[tuple[Finding, ...], ...]


@dataclass(slots=True)
class _Look:
    numbers: Numbers = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left: int = MAX_OPENED
    seen: set[tuple[str, str]] = field(default_factory=set)

    def fail(self, rule: str, element: Element, *, value: str = "", name: str = "", **details: object) -> None:
        if len(self.findings) >= MAX_FINDINGS:
            return
        row = RULES[rule]
        value = value[:60]
        message = row.french.format(value=value, name=name or name_of(str(element.tag))[:60], **details)
        where = path_of(element, self.numbers)[:MAX_PATH]
        self.findings.append(
            Finding(row.id, message, None, row.severity, path=where, line=element.sourceline, value=value)
        )

    def taken(self) -> tuple[Finding, ...]:
        found, self.findings = tuple(self.findings), []
        return found


def structure(root: Element) -> EnvelopeForm:
    """Everything the table finds wrong. The root is a CPPFactureMixte; at most 500 invoices are looked at."""
    look = _Look()
    _held(root, ENVELOPE, look)
    invoices = list(units(root))
    for group in root.iterchildren("CPPFactures"):
        counter = (group.get("Compteur") or "").strip()
        count = sum(1 for _ in group.iterchildren(INVOICE.name))
        if counter and counter.lstrip("0") != str(count):
            look.fail("MIX-COMPTEUR", group, value=counter, count=count)
    if len(invoices) > MAX_INVOICES:
        look.fail("MIX-TROP", root, count=len(invoices))
    envelope = look.taken()
    return EnvelopeForm(envelope, tuple(_invoice(unit, look) for unit in invoices[:MAX_INVOICES]))


def _invoice(unit: Element, look: _Look) -> tuple[Finding, ...]:
    _held(unit, INVOICE, look)
    key = (_text(unit, "Fournisseur/Identifiant"), _text(unit, "DonneesFacture/Id"))
    if all(key) and key in look.seen:
        look.fail("MIX-DOUBLON", unit, value=key[1])
    look.seen.add(key)
    kinds = set()
    for attached in islice(unit.iterchildren("PJ"), MAX_ROWS):
        kinds.add(_text(attached, "TypePJ").lstrip("0"))
        _attachment(attached, look)
    if kinds and THE_INVOICE.lstrip("0") not in kinds:
        look.fail("MIX-PJ-FACTURE", unit)
    return look.taken()


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return string(found) if found is not None else ""


def _held(element: Element, part: FormPart, look: _Look) -> None:
    """What an element holds, against its row; its invoices are looked at one by one."""
    if not part.children:
        _value(element, part, look)
        return
    known = {child.name: number for number, child in enumerate(part.children)}
    counts: Counter[str] = Counter()
    last, is_ordered = 0, True
    for child in element:
        name = str(child.tag)
        number = known.get(name)
        if number is None:
            look.fail("MIX-INCONNU", element, name=name[:60], parent=part.name, value=name)
            continue
        counts[name] += 1
        if number < last and is_ordered:
            is_ordered = False
            look.fail("MIX-ORDRE", child, parent=part.name)
        last = max(last, number)
        row = part.children[number]
        if row is not INVOICE and counts[name] <= (row.most or MAX_ROWS):  # what stands too often is told once
            _held(child, row, look)
    for row in part.children:
        count = counts[row.name]
        if count < row.least:
            look.fail("MIX-ABSENT", element, name=row.name, parent=part.name)
        if row.most is not None and count > row.most:
            look.fail("MIX-REPETE", element, name=row.name, parent=part.name, count=count, most=row.most)


def _value(element: Element, part: FormPart, look: _Look) -> None:
    value = string(element)
    if not value:
        if part.least:
            parent = element.getparent()
            look.fail("MIX-ABSENT", element, parent=name_of(str(parent.tag)) if parent is not None else "")
        return
    if part.length is not None and not part.length[0] <= len(value) <= part.length[1]:
        least, most = part.length
        wanted = str(least) if least == most else f"de {least} à {most}"
        look.fail("MIX-LONGUEUR", element, value=value, length=len(value), wanted=wanted)
    if part.values and value not in part.values:
        look.fail("MIX-VALEUR", element, value=value, wanted=", ".join(sorted(part.values)))
    if part.holds == "number" and not _is_number(value):
        look.fail("MIX-NOMBRE", element, value=value)
    if part.holds == "date" and not _is_date(value):
        look.fail("MIX-DATE", element, value=value)


def _is_number(value: str) -> bool:
    if len(value) > MAX_DIGITS or value.strip("0123456789+-."):
        return False
    try:
        Decimal(value)
    except InvalidOperation:
        return False
    return True


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return len(value) >= 10 and value[4] == "-"


def _attachment(attached: Element, look: _Look) -> None:
    """Opened, and let go: what it holds is for whoever asks (`syntaxes.attached.opened`)."""
    content, name = _text(attached, "Contenu"), _text(attached, "NomPJ")
    if not content:
        return  # told as absent
    try:
        inner, data = opened(content, max_bytes=min(MAX_FILE_BYTES, look.left))
    except BadAttachment as bad:
        look.fail(_TROUBLE[bad.trouble], attached, value=name)
        return
    look.left -= len(data)
    if inner != name:
        look.fail("MIX-PJ-NOM", attached, value=name, inner=inner[:60])
