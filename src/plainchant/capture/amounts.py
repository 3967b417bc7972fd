"""Amounts as people write them in France (1 234,56 €; 1.234,56; 1,234.56), as Decimal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_MONEY = r"(?:€|\$|£|(?:EUR|USD|GBP|CHF|XPF)\b|euros?\b)"
# Text comes from `TextLine.text`: one ordinary space may part thousands, two mean the next column.
# In parentheses, alone in its column, behind a colon or another such, an amount is below zero, as accountants write it;
# so it is with a minus behind it, at the end of its column. « 1 200,- » is a whole amount.
_AMOUNT = re.compile(
    r"""(?<![\w.,/'’‘ʼ′-])
    (?P<parenthesis>(?:^|(?<=\s\s)|(?<=:\s)|(?<=\)\s)|(?<=\ssur\s))\(\s?)?
    (?P<sign>[-−–]\s?)?
    (?P<before>(?:€|\$|£|EUR|USD|GBP|CHF)\s?)?
    (?P<digits>\d{1,3}(?:[ .,'’‘ʼ′]\d{3})+(?:[.,]\d{1,3})?(?!\d) | \d+(?:[.,]\d{1,4})?(?!\d))
    (?P<euro_cents>€\d\d(?!\d))?
    (?P<whole>,\s?[-–—]{1,2}(?=\s|$))?
    (?P<minus>\s?[-−–](?=\s?(?:€|EUR\b)?(?:\s\s|\s*$)))?
    (?P<after>\s{0,2}MONEY)?
    (?P<behind_money>\s?[-−–](?=\s\s|\s*$))?
    (?(parenthesis)\s?\)(?P<behind>\s?MONEY)?(?=\s\s|\s\(|\s*$))
    """.replace("MONEY", _MONEY),
    re.VERBOSE | re.IGNORECASE,
)
_GROUPING = re.compile(r"[\s'’‘ʼ′]")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_ARTICLE = re.compile(r"\bart(?:icle)?s?\.?\s?$", re.IGNORECASE)  # « art. 293 B »
_NOT_AN_AMOUNT_AFTER = re.compile(r"\s?%|[-/]\d|[.,]\d|°|\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AmountInText:
    """An amount at `start:end` of a text; `sureness` (0..1): cents and a currency make one, a bare 12 hardly."""

    value: Decimal
    start: int
    end: int
    sureness: float
    has_currency: bool

    @property
    def total(self) -> Decimal:
        """The value where it is a sum of the invoice: none has three decimals, so « 1,458 » is 1458 in English."""
        is_grouped = self.value.as_tuple().exponent == -3 and abs(self.value) >= 1
        return (self.value * 1000).quantize(Decimal(1)) if is_grouped else self.value


@lru_cache(maxsize=8192)  # a page's lines are asked several times
def amounts_in(text: str) -> tuple[AmountInText, ...]:
    """Every amount of `text`, left to right; percentages, dates and references are left out."""
    return tuple(_amounts(text))


def _amounts(text: str) -> Iterator[AmountInText]:
    for hit in _AMOUNT.finditer(text):
        after = text[hit.end() :]
        if _NOT_AN_AMOUNT_AFTER.match(after) or _ARTICLE.search(text, 0, hit.start()):
            continue
        digits = hit["digits"]
        value = parse_digits(digits)
        if hit["euro_cents"]:
            value = Decimal(f"{digits}.{hit['euro_cents'][1:]}") if digits.isdigit() else value
        has_currency = bool(hit["before"] or hit["after"] or hit["behind"] or hit["euro_cents"])
        has_decimals = value.as_tuple().exponent in (-2, -3) or bool(hit["whole"])
        is_behind = hit["minus"] or (has_currency and hit["behind_money"])
        if hit["sign"] or ((hit["parenthesis"] or is_behind) and (has_decimals or has_currency)):
            value = -value
        sureness = 0.5 + (0.35 if has_decimals else 0) + (0.15 if has_currency and has_decimals else 0)
        if has_currency and not has_decimals:
            sureness = 0.85
        start, end = hit.span()
        yield AmountInText(value=value, start=start, end=end, sureness=sureness, has_currency=has_currency)


def parse_digits(digits: str) -> Decimal:
    """'1 234,56', '1.234,56', '1,234.56' or "1'234.56" to Decimal; '1.234' is 1234, '1,234' is 1.234."""
    digits = _GROUPING.sub("", digits)
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "." if comma > point else ","
        digits = digits.replace(thousands, "").replace(",", ".")
    elif digits.count(",") > 1 or digits.count(".") > 1 or _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "").replace(".", "")
    else:
        digits = digits.replace(",", ".")
    return Decimal(digits)


def canonical(value: Decimal) -> str:
    """At least two decimals, a point, no exponent: '1326.00', '130.272'."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        value = value.quantize(Decimal("0.01"))
    return f"{value:f}"
