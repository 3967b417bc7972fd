"""An invoice that was read, in another syntax, with what was added to it and what the new file does not say."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

from .chorus import ChorusData, placements, strict
from .drawing import draw
from .drawing.labels import FACTS
from .identifiers import bare
from .losses import differing, labelled
from .model import Identifier, Invoice, Party
from .model.facts import ChorusFact
from .profiles import Profile
from .syntaxes.completing import Completed, completed
from .syntaxes.facturx.write import DEFAULT
from .syntaxes.left import left
from .syntaxes.reading import Reading
from .syntaxes.recognize import recognize
from .syntaxes.table import SYNTAXES, Syntax
from .syntaxes.writing import day_of
from .syntaxes.xml import parse


@dataclass(frozen=True, slots=True)
class Conversion:
    """``added`` and ``lost``: French sentences."""

    written: bytes
    added: tuple[str, ...]
    lost: tuple[str, ...]


def convert_file(
    data: bytes, reading: Reading, *, to: Syntax, profile: Profile | None = None, is_strict: bool = False
) -> Conversion:
    """An invoice that was read in the file ``data``, in the syntax ``to``, with all that the form needs.

    ``is_strict``: Chorus Pro's data go where the reform wants them. A form that wants the page people read gets the
    file itself where it is a PDF, else a page that is drawn. Raises as `convert` does.
    """
    known = placements(reading.invoice, reading.facts)
    if is_strict:
        reading.invoice = strict(reading.invoice, known)
    at = day_of(reading.invoice)
    readable = None
    if to.wants_page:
        readable = data if recognize(data).container == "pdf" else draw(reading.invoice, at=at)
    return convert(reading, to=to, chorus=known, readable=readable, at=at, profile=profile)


def convert(
    reading: Reading,
    *,
    to: Syntax,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> Conversion:
    """The invoice in the syntax ``to``; the rest as for `Write`.

    Raises FormError when it lacks what the form cannot do without.
    """
    # What holds the page beside its data is not held to what a whole UBL or CII demands, nor its writer.
    if profile is None and to.name == "facturx":
        profile = DEFAULT
    write = partial(to.write, chorus=chorus, readable=readable, at=at, profile=profile)
    if to.wants_page:
        made = Completed(reading.invoice)
        written = write(made.invoice)
        again = to.read(parse(written))
        invoice = _without_what_stands_elsewhere(made.invoice, again.invoice)
    else:
        made = completed(reading.invoice, vocabulary=to.vocabulary or "", profile=profile)
        invoice, contents = _without_contents(made.invoice)
        # Of a Factur-X, what its XML says: the page says all.
        syntax = SYNTAXES[to.vocabulary or ""]
        light = syntax.write(invoice, profile=profile)
        again = syntax.read(parse(light))
        written = _with_contents(light, contents) if to is syntax else write(made.invoice)
    unread = (sentence for _, sentence in left(reading))
    lost = (*made.left_out, *unread, *_lost_facts(reading, again), *_lost(invoice, again, profile))
    return Conversion(written, made.added, lost)


def _without_contents(invoice: Invoice) -> tuple[Invoice, dict[str, str]]:
    """A word in the place of each attachment, and what it stands for: written and read again they would be six times
    in memory.
    """
    contents: dict[str, str] = {}
    documents = []
    for document in invoice.supporting_documents:
        if document.content:
            word = secrets.token_hex(16)
            contents[word] = document.content
            document = replace(document, content=word)
        documents.append(document)
    return replace(invoice, supporting_documents=tuple(documents)), contents


def _with_contents(written: bytes, contents: dict[str, str]) -> bytes:
    if not contents:
        return written
    whole = BytesIO()
    for part in re.split(rb"(?<=>)([0-9a-f]{32})(?=</)", written):
        word = part.decode() if len(part) == 32 else ""
        whole.write(escape(contents[word], {"\r": "&#13;"}).encode() if word in contents else part)
    return whole.getvalue()


def _without_what_stands_elsewhere(invoice: Invoice, again: Invoice) -> Invoice:
    """Less what a form with the page inside holds in another way: attachments, zipped, and each side's number."""
    numbers = [bare(found.value) for party in (again.seller, again.buyer) for found in _numbers(party)]
    numbers += [again.buyer_reference or ""]
    return replace(
        invoice,
        seller=_without_numbers(invoice.seller, numbers),
        buyer=_without_numbers(invoice.buyer, numbers),
        supporting_documents=tuple(row for row in invoice.supporting_documents if not row.content),
    )


def _numbers(party: Party | None) -> tuple[Identifier, ...]:
    if party is None:
        return ()
    return (*((party.legal_registration,) if party.legal_registration else ()), *party.identifiers)


def _without_numbers(party: Party | None, numbers: list[str]) -> Party | None:
    """A SIREN says nothing that its SIRET does not."""
    if party is None:
        return None
    kept = {found for found in _numbers(party) if any(number.startswith(bare(found.value)) for number in numbers)}
    return replace(
        party,
        legal_registration=None if party.legal_registration in kept else party.legal_registration,
        identifiers=tuple(found for found in party.identifiers if found not in kept),
    )


def _lost(invoice: Invoice, again: Reading, profile: Profile | None) -> Iterator[str]:
    """The terms of the invoice that the file does not carry."""
    if profile is not None:
        invoice = replace(invoice, specification=profile.guideline)  # what the file says of itself
    yield from labelled(differing(invoice, again.invoice))


def _lost_facts(reading: Reading, again: Reading) -> Iterator[str]:
    """What Chorus Pro reads where EN 16931 has no term, and does not read in the file."""
    before, after = (placements(found.invoice, found.facts) for found in (reading, again))
    is_kept: dict[ChorusFact, Callable[[str], bool]] = {
        "cadre": lambda value: after.cadre is not None and after.cadre.value == value,
        "buyer_service": lambda value: after.buyer_service is not None and after.buyer_service.value == value,
        "seller_scheme_name": lambda _: after.seller_type == before.seller_type,
        "buyer_scheme_name": lambda _: after.buyer == before.buyer,
        "vat_regime": lambda _: False,
    }
    for name, value in reading.facts.chorus.items():
        if not is_kept[name](value):
            yield f"{FACTS[name]} («\u00a0{value}\u00a0»)"
