"""French figures, dates and page parts for the templates.

The filters are pure: same value in, same text out, no clock and no database. They refuse what would lie (a float for
money, an instant without its zone) instead of showing something close.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF, SIRET_TYPE
from plainchant.einvoice.identifiers import masked_iban
from plainchant.einvoice.law import payment
from plainchant.einvoice.wording import MONTHS
from plainchant.help.glossary import of_field
from plainchant.help.pages import guide_for
from plainchant.portal.drafts.queries import MOST_COUNTED
from plainchant.portal.lib.elision import of, that
from plainchant.web.help.way_back import address

register = template.Library()

ICONS = Path(__file__).parents[1] / "icons"  # of the package lucide-static, unchanged; only those that are used
PARIS = ZoneInfo("Europe/Paris")
NARROW = "\u202f"  # between figures, before a unit
FIXED = "\u00a0"  # between words that stay together
MINUS = "\u2212"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juill.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


# Figures


@register.filter
def money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """1 234,56 € from a Decimal; another currency is shown by its code.

    Shows at least two decimals and never rounds: a unit price of 0.0125 stays « 0,0125 € ». None gives nothing.
    Raises TypeError on a float, a string or a bool: an amount is a Decimal.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"money takes a Decimal, not {type(value).__name__}")
    whole, _, cents = f"{abs(Decimal(value)):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", NARROW)
    sign = MINUS if value < 0 else ""
    unit = "€" if currency in ("", "EUR") else currency
    return f"{sign}{grouped},{cents.rstrip('0').ljust(2, '0')}{NARROW}{unit}"


@register.filter
def siret(value: str | None) -> str | SafeString:
    """123 456 789 00012 (or 123 456 789 for a SIREN), kept on one line.

    Spaces make screen readers say groups and not one huge number. Anything else comes back as it was.
    """
    if not value:
        return ""
    if not value.isdigit() or len(value) not in (9, 14):
        return value
    groups = [value[0:3], value[3:6], value[6:9], value[9:]]
    return format_html('<span class="siret">{}</span>', NARROW.join(group for group in groups if group))


@register.filter
def known_as(party: Any) -> SafeString | str:
    """« SIRET 123 456 789 00012 » of a structure or of a party of a document, each number under its own name."""
    kind = getattr(party, "identifier_type", "") or getattr(party, "identifier_scheme", "")
    row = IDENTIFIER_TYPE_OF.get(kind)
    if not getattr(party, "identifier", ""):
        return ""
    return format_html("{} {}", (row.printed if row else "") or "identifiant", siret(party.identifier))


@register.simple_tag
def joining_address(structure: Any) -> str:
    """The page on which somebody asks to join this structure, whatever it is known by."""
    if structure.identifier_type == SIRET_TYPE:
        return reverse("structures_add_siret", kwargs={"siret": structure.identifier})
    page = reverse("structures_add_other", kwargs={"kind": structure.identifier_type})
    return f"{page}?{urlencode({'identifiant': structure.identifier})}"


@register.simple_tag
def lump_sum() -> str:
    """What a payer owes for each invoice it pays late."""
    return f"{payment.lump_sum()}{FIXED}€"


@register.filter
def percent(value: Decimal | None) -> str:
    """5,5 % from a Decimal; None gives nothing."""
    if value is None:
        return ""
    shown = f"{value:f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace(".", ",") + FIXED + "%"


@register.filter
def few(number: int) -> str:
    """« 12 », or « 99+ » where counting stopped (`portal.drafts.queries.MOST_COUNTED`)."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


@register.filter
def iban(value: str | None) -> str:
    """FR76 3000 6000 … by groups of four, as it is printed on a RIB; a narrow column goes on with a whole group."""
    return " ".join((value or "")[start : start + 4] for start in range(0, len(value or ""), 4))


register.filter("masked_iban", masked_iban)
register.filter("of", of)
register.filter("that", that)


@register.filter
def filesize(value: int | None) -> str:
    """1,2 Mo from a number of bytes (1 Ko = 1 024 octets)."""
    if value is None:
        return ""
    if value < 1024:
        return f"{value}{NARROW}octet{'s' if value > 1 else ''}"
    size = Decimal(value)
    for unit in ("Ko", "Mo", "Go"):
        size /= 1024
        shown = size.quantize(Decimal("0.1") if size < 10 else Decimal(1))
        if shown < 1024 or unit == "Go":
            break
    return f"{shown:f}".removesuffix(".0").replace(".", ",") + NARROW + unit


# Dates


def _date(value: dt.date) -> dt.date:
    """The day in Paris of an instant; a day as it is."""
    return _paris(value).date() if isinstance(value, dt.datetime) else value


def _paris(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(PARIS)


def _number(value: dt.date) -> str:
    return "1er" if value.day == 1 else str(value.day)


@register.filter
def day(value: dt.date | None) -> str:
    """jeudi 3 décembre 2026; the first of a month is « 1er »."""
    if value is None:
        return ""
    on = _date(value)
    return f"{WEEKDAYS[on.weekday()]} {_number(on)}{FIXED}{MONTHS[on.month - 1]} {on.year}"


@register.filter
def day_short(value: dt.date | None) -> str:
    """3 déc. 2026, for the columns of a dense table."""
    if value is None:
        return ""
    on = _date(value)
    return f"{_number(on)}{FIXED}{SHORT_MONTHS[on.month - 1]}{FIXED}{on.year}"


@register.filter
def hour(value: dt.datetime | None) -> str:
    """14 h 32, in Paris."""
    if value is None:
        return ""
    at = _paris(value)
    return f"{at.hour}{FIXED}h{FIXED}{at.minute:02d}"


@register.filter
def instant(value: dt.datetime | None) -> str:
    """3 décembre 2026 à 14 h 32, in Paris. Raises ValueError on an instant without its zone."""
    if value is None:
        return ""
    at = _paris(value)
    return f"{_number(at)}{FIXED}{MONTHS[at.month - 1]} {at.year} à{FIXED}{hour(at)}"


@register.filter
def days_left(value: dt.date | None, today: dt.date) -> str:
    """Il reste 12 jours, jusqu’au jeudi 3 décembre 2026. The day is given: no clock here."""
    if value is None:
        return ""
    until = _date(value)
    left = (until - _date(today)).days
    if left == 0:
        return f"C’est aujourd’hui, {day(until)}"
    if left == 1:
        return f"C’est demain, {day(until)}"
    if left > 1:
        return f"Il reste {left}{FIXED}jours, jusqu’au {day(until)}"
    if left == -1:
        return f"Dépassé depuis hier, {day(until)}"
    return f"Dépassé de {-left}{FIXED}jours{FIXED}: c’était le {day(until)}"


# Parts of a page


@register.filter
def pair(columns: Sequence[Any], cells: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each column of a list with the cell of one row that stands under it. Raises ValueError if one is missing."""
    return list(zip(columns, cells, strict=True))


@register.simple_tag
def page_numbers(page: Page[Any]) -> Iterable[int | str]:
    """1 2 … 7 8 9 … 40: the pages worth a link around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.inclusion_tag("components/trail.html")
def trail(*steps: object) -> dict[str, Any]:
    """Where am I: {% trail "Suivi" "/suivi/" "Facture F-2026-014" %}.

    Pairs of a name (or what is called so) and its address, then this page's name.
    """
    *links, here = steps
    return {"links": list(zip(links[::2], links[1::2], strict=True)), "here": here}


@register.inclusion_tag("components/page_help.html", takes_context=True)
def page_help(context: Context) -> dict[str, Any]:
    """The guide of this page, one click away, with the way back; nothing on a page that has none."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    guide = guide_for(match.url_name or "") if match else None
    if request is None or guide is None:
        return {}
    return {"guide": guide, "url": address(guide.slug, back=request.get_full_path())}


@register.inclusion_tag("components/what_is.html")
def what_is(field: BoundField) -> dict[str, Any]:
    """The official word that a field asks for, in one line; nothing for other fields."""
    return {"term": of_field(field.name), "field": field}


@register.simple_tag
def icon(name: str, css: str = "", weight: int = 2, filled: bool = False) -> SafeString:
    """A drawing of `web/icons`, in the colour of the text. weight: of its lines, in 24ths of its side."""
    paint = "currentColor" if filled else "none"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="{}" stroke="currentColor" stroke-width="{}" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        css,
        paint,
        weight,
        _shapes(name),
    )


@cache
def _shapes(name: str) -> SafeString:
    """What the file of an icon draws. FileNotFoundError: there is none of this name."""
    drawn = (ICONS / f"{name}.svg").read_text(encoding="utf-8").partition("<svg")[2].partition(">")[2]
    return mark_safe(re.sub(r"\s*\n\s*| (?=/>)", "", drawn.partition("</svg>")[0]))


@register.simple_block_tag
def card(content: str, title: str = "", kind: str = "", level: int = 2) -> str:
    """A sheet of paper around what belongs together. kind: "" or "quiet"."""
    return render_to_string("components/card.html", {"content": content, "title": title, "kind": kind, "level": level})


@register.simple_block_tag
def callout(content: str, kind: str = "info", title: str = "") -> str:
    """A word in the margin. kind: "info", "warn" (look here before going on) or "stop" (cannot go on)."""
    return render_to_string("components/callout.html", {"content": content, "kind": kind, "title": title})


@register.simple_block_tag(name="help")
def help_aside(content: str, title: str = "Pas à pas", url: str = "") -> str:
    """The step-by-step beside a page; under it, and folded, on a phone. url: the whole help page."""
    return render_to_string("components/help_aside.html", {"content": content, "title": title, "url": url})


@register.simple_block_tag
def columns(content: str) -> str:
    """The main thing of a page, and beside it an <aside>, if one comes last.

    Its class says so before any of it has come: on a slow line nothing moves when the aside arrives.
    """
    beside = " has-aside" if content.rstrip().endswith("</aside>") else ""
    return format_html('<div class="page-columns{}">{}</div>', beside, content)


@register.simple_block_tag
def fold(content: str, title: str = "", hint: str = "", is_open: bool = False) -> str:
    """Details kept folded until asked for."""
    return render_to_string(
        "components/fold.html", {"content": content, "title": title, "hint": hint, "is_open": is_open}
    )
