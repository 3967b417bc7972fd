"""An invoice that was read, in another syntax, with what was added to it and what the new file does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .chorus import ChorusData, placements
from .drawing.labels import FACTS
from .losses import differing, labelled
from .model import Invoice
from .model.facts import ChorusFact
from .profiles import Profile
from .syntaxes.completing import Completed, completed
from .syntaxes.left import left
from .syntaxes.reading import Reading
from .syntaxes.table import SYNTAXES, Syntax
from .syntaxes.xml import parse


@dataclass(frozen=True, slots=True)
class Conversion:
    """``added`` and ``lost``: French sentences."""

    written: bytes
    added: tuple[str, ...]
    lost: tuple[str, ...]


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
    invoice = reading.invoice
    # What holds the page beside its data is not held to what a whole UBL or CII demands, nor its writer.
    made = Completed(invoice) if to.wants_page else completed(invoice, vocabulary=to.vocabulary or "")
    written = to.write(made.invoice, chorus=chorus, readable=readable, at=at, profile=profile)
    unread = (sentence for _, sentence in left(reading))
    again = _again(written, made.invoice, to, profile)
    missing = (*_lost_facts(reading, again), *_lost(made.invoice, again, profile)) if again else ()
    return Conversion(written, made.added, (*made.left_out, *unread, *missing))


def _again(written: bytes, invoice: Invoice, syntax: Syntax, profile: Profile | None) -> Reading | None:
    """What the new file says, None where nothing reads it; of a Factur-X, its XML."""
    if profile is not None:
        syntax, written = SYNTAXES["cii"], SYNTAXES["cii"].write(invoice, profile=profile)
    return syntax.read(parse(written)) if syntax.reader else None


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
