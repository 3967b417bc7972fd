"""Electronic invoices as French public bodies take them, in six functions.

    read      the bytes of a file → the invoices in it
    check     the bytes of a file → the verdict, layer by layer, with what to mend
    write     an invoice → UBL, CII, Factur-X, a reduced form of Chorus Pro, its pivot
    draw      an invoice → the page people read
    compose   what a person says of an invoice → the whole invoice
    explain   the id of a rule → what it means and what to do

Plain Python: no network, no database, and no clock, the day is given. Nothing here raises on what a file holds, except
`read`, which has nothing to return then. Amounts are `Decimal`, days `date`, sentences French. Each function imports
what it needs when it is first called: importing this package costs nothing. The types stand in their rooms:

    model         Invoice, Party, Line… in the terms of EN 16931, each with its BT number
    finding       Finding: one sentence about one thing, with where it stands; Explanation
    verdict       Verdict, Layer
    syntaxes      reading.Reading, table.SYNTAXES, writing.FormError, opening.NotAnInvoice
    making        composing.Sheet, SheetParty, SheetLine, Coding
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .directory import Directory
    from .drawing.look import Look
    from .finding import Explanation
    from .making.composing import Coding, Sheet
    from .model import Invoice
    from .syntaxes.reading import Reading
    from .syntaxes.table import SyntaxName
    from .syntaxes.xml import Limits
    from .verdict import LayerName, Verdict

__all__ = ["check", "compose", "draw", "explain", "read", "write"]


def read(data: bytes, *, limits: Limits | None = None) -> tuple[Reading, ...]:
    """The invoices in an XML file or a Factur-X: one, or several in an envelope; ``.invoice`` is the model.

    ``limits``: the largest file that is read, 50 MiB by default. Raises NotAnInvoice, whose message says in French what
    the file is; MissingExtra for a PDF without the extra ``pdf``.
    """
    from .syntaxes.opening import read
    from .syntaxes.xml import DEFAULT_LIMITS

    return read(data, limits=limits or DEFAULT_LIMITS)


def check(
    data: bytes,
    *,
    at: date,
    name: str = "",
    directory: Directory | None = None,
    layers: Collection[LayerName] | None = None,
    limits: Limits | None = None,
    channel: Literal["auto", "chorus", "platform"] = "chorus",
    with_pdfa: bool = False,
) -> Verdict:
    """Whether a channel would accept a file today (`channels`), and what each set of rules has to say of it.

    ``channel``: the one that ``accepted`` answers for, « auto » the one the invoice is written for; ``channels`` of the
    verdict has the answer of each.

    ``at``: the civil day in Paris. ``name``: how the file is called in the verdict. ``directory``: knows the recipients
    and their demands; without it they are not checked. ``layers``: those wanted (`verdict.LAYERS`), all by default.
    ``limits``: the largest file that is looked at, 50 MiB by default. ``with_pdfa``: whether to say what keeps a PDF
    from being a PDF/A-3, which refuses nothing and takes most of the time. Never raises on what the file holds;
    MissingExtra for a PDF without the extra ``pdf``.
    """
    from .channels import ChannelName
    from .syntaxes.xml import DEFAULT_LIMITS
    from .verdict import LAYERS, check

    wanted = LAYERS if layers is None else layers
    return check(
        data,
        at=at,
        name=name,
        directory=directory,
        layers=wanted,
        limits=limits or DEFAULT_LIMITS,
        channel=ChannelName(channel) if channel != "auto" else "auto",
        with_pdfa=with_pdfa,
    )


def write(
    invoice: Invoice,
    *,
    syntax: SyntaxName,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: str | None = None,
) -> bytes:
    """The bytes of a file in a syntax (`syntaxes.table`): ubl, cii, facturx, ubl-minimal, cii-minimal, mixed, pivot.

    ``readable``: the PDF people read, which goes into a Factur-X, a reduced form or a pivot; a Factur-X without it gets
    a page drawn here. ``at``: the instant the file gives as its own, by default the invoice's day. ``profile``: of a
    CII or a Factur-X (`profiles`: "MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"…); what it cannot carry is
    left out.

    Raises FormError when the invoice lacks what the form cannot do without, KeyError for an unknown syntax or profile,
    MissingExtra for a Factur-X without the extra ``pdf``.
    """
    from .profiles import PROFILE_OF
    from .syntaxes.table import SYNTAXES

    chosen = PROFILE_OF[profile] if profile is not None else None
    return SYNTAXES[syntax].write(invoice, readable=readable, at=at, profile=chosen)


def draw(invoice: Invoice, *, at: datetime | None = None, look: Look | None = None) -> bytes:
    """The page of an invoice, a PDF/A-3 without data (with them, `write` it as facturx).

    ``at``: the instant the file gives as its own, by default the invoice's day. ``look``: the sender's template, logo
    and colour. Raises LookRefused for a damaged logo, MissingExtra without the extra ``pdf``.
    """
    from .extras import pdf_packages
    from .syntaxes.writing import day_of

    with pdf_packages():
        from .drawing import PLAIN, draw

    return draw(invoice, at=at or day_of(invoice), look=look or PLAIN)


def compose(sheet: Sheet, *, coding: Coding | None = None) -> Invoice:
    """The whole invoice of what a person says of it: totals, VAT breakdown, mentions of the law, identifiers.

    ``coding``: as Chorus Pro takes it today (the default), or as the reform wants it.
    """
    from .channels import CHORUS
    from .making.composing import compose

    return compose(sheet, coding=coding or CHORUS.coding)


def explain(rule: str) -> tuple[Explanation, ...]:
    """What the rule of this id means, in any case: BR-S-08, CPRO-DATE… Several for an official number that stands for
    several rules (BR-FR-05), none for an unknown id.
    """
    from .books import below, explain

    explanation = explain(rule)
    if explanation is not None:
        return (explanation,)
    return tuple(found for number in below(rule) if (found := explain(number)))
