"""The row of headings of a table of lines: one line of text or several, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from plainchant.capture.figures import figures_of
from plainchant.capture.labels import pattern
from plainchant.capture.lines import TextLine
from plainchant.capture.regions import LabelledLines

# What the columns are called; the first kind that matches wins. `other` is what no line is made of, `taxed` an amount
# with VAT, `rebate` a discount of the line in per cent.
# fmt: off
# ruff: noqa: E501
_WORDS = (
    ("rebate", r"(?:% ?)?(?:rem(?:ise)?s?\.?|rabais|ristourne|disc(?:ount)?\.?)(?![a-z])(?: ?\(?[%-]\)?)?|% ?rem"),
    ("other", r"unite?s?\b|u\.?$|um$|lot\b|dates?\b|peremption|cumul|situations? prec|deja factur|avancement|echeance|base\b|{TVA} ?\(?(?:€|eur)|montant (?:de )?(?:la )?{TVA}|montant taxe"),
    ("taxed", r"(?:total|montant|prix|p\.? ?u\.?|prix (?:total|unit[a-z.]*)|net)(?: net)? {TTC}|{TTC}$"),
    ("price", r"p\.? ?u\.?(?![a-z])(?: ?net)?(?: unitaire)?|prix(?: net)? unit[a-z.]*|prix(?: ht)?$|prix (?:de vente|public)|tarif(?: unit[a-z.]*| horaire| journalier)?|cout unit[a-z.]*|px(?: unit[a-z.]*)?\b|unitaire|taux (?:journalier|horaire)|prix u\.?|valeur unit[a-z.]*|t\.?j\.?m\.?(?![a-z])|(?:unit )?price"),
    ("rate", r"(?:taux|tx|code|%)?(?: de)? ?{TVA}(?: ?\(?%\)?)?$|tva|%$|taxes?$|taux$|vat$|tax$"),
    ("quantity", r"q(?:te|uantites?|te?s?)\.?(?![a-z])(?: facturee?s?)?|quantity|qty|nb\b(?: (?:d[e'] ?)?[a-z]+)?|nbre\b(?: (?:d[e'] ?)?[a-z]+)?|nombre(?: (?:d[e'] ?)?[a-z]+)?|heures?$|jours?$|seances?$|exemplaires?$|duree$|volume$"),
    ("amount", r"(?:montants?|total|totaux|prix total|mt\.?|somme|sous[- ]total|p\.?t\.?|mois|amount|honoraires|cout)(?: (?:net|ligne|de la ligne|total|brut))?(?: ?\(?(?:{HT}|€|eur(?:os?)?|en euros)\)?)*$|prix {HT}$|{HT}$|net {HT}$|price w/o tax"),
    ("label", r"designation|titres?\b|description|libelle|prestations?|produits?|intitule|objet|nature|details?|travaux|articles?|denomination|services?$|nom (?:&|et) |item"),
    ("code", r"(?:isbn|ean|sku|ugs)\b|ref(?:erence|\.)?(?: (?:article|produit))?|code(?: (?:article|produit|barres?))?|#|n°$|pos\.?$"),
)
# fmt: on
_END = r"(?: ?\(?(?:{HT}|€|eur(?:os?)?|%|en euros)\)?)*[ .:*]*$"
_TAX = pattern(r"{TVA}|type|categorie|base|montant")
_SINGLE_SPACE = re.compile(r"(?<! ) (?! )")
_MOST_LINES = 9
# A line belongs to the headings when it follows as closely, in heights of a line. Cells that are set in the middle of
# a row overlap; lines of one cell do not quite.
_CLOSE, _OVERLAPPING = 0.35, -0.2
_LONGEST_WORDS, _LONGEST_OVERLAPPING = 14, 28
_FEWEST_CROWDED = 3
_WORD_GAP = 0.35  # of the line's height: what parts two headings at least, within what looks like one cell


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: what it holds ("" when its words say nothing), its words (plain), and where they stand."""

    kind: str
    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The headings of a table, left to right; `last` is the index of their last line in the sheet."""

    headings: tuple[Heading, ...]
    last: int

    def has(self, *kinds: str) -> bool:
        """Whether a column of each of these kinds is there."""
        return set(kinds) <= {heading.kind for heading in self.headings}


def heading_row(sheet: LabelledLines, index: int) -> HeadingRow | None:
    """The row of headings that begins on a line, if one does: an amount, and what else a line of an invoice has."""
    best: HeadingRow | None = None
    first: list[Heading] = []
    for last, cells in _bands(sheet, index):
        first = first or cells
        found = _classified(cells)
        if found and not any(found[0].left <= cell.left and cell.right <= found[-1].right for cell in first):
            continue  # its first line only stands beside the table
        # Of several, the one that says most; then the longest: « Montant » over « TTC » is no amount without tax.
        if found and (best is None or _known(found) >= _known(best.headings)):
            best = HeadingRow(found, last)
    return best


def is_heading(sheet: LabelledLines, index: int, *, right: float = 1.0) -> bool:
    """Whether a line is one of those that head a table of lines; of a cell, with its right edge: whether it is over the
    table, and not in a column at its left."""
    for first in range(index, max(index - _MOST_LINES, -1), -1):
        row = heading_row(sheet, first)
        if row is not None:
            return row.last >= index and right > row.headings[0].left
    return False


def _known(headings: tuple[Heading, ...]) -> int:
    return sum(bool(heading.kind) for heading in headings)


def _bands(sheet: LabelledLines, index: int) -> Iterator[tuple[int, list[Heading]]]:
    """The cells of one line, of two, … merged where they stand one under the other; and the index of the last line."""
    cells: list[Heading] = []
    for last in range(index, min(index + _MOST_LINES, len(sheet.lines))):
        line = sheet.lines[last]
        if any(figure.is_money or figure.is_alone for figure in figures_of(line, last)):
            return
        own = list(_cells(line))
        if last > index:
            above = sheet.lines[last - 1]
            gap = (line.box[1] - max(above.box[3], sheet.lines[index].box[3])) / line.height
            longest = max((len(cell.text) for cell in own), default=0)
            is_overlapping = line.box[1] - above.box[3] < _OVERLAPPING * line.height
            if line.page != above.page or gap > _CLOSE:
                return
            if longest > (_LONGEST_OVERLAPPING if is_overlapping else _LONGEST_WORDS):
                return
        merged = _merged(cells, own)
        if merged is None:
            return
        cells = merged
        yield last, cells


def _cells(line: TextLine) -> Iterator[Heading]:
    narrowest = min((gap for _, gap in _gaps(line, 0, len(line.text))), default=0.0)
    for start, end in line.cells():
        for piece in _pieces(line, start, end, least=max(_WORD_GAP, 1.6 * narrowest)):
            x0, _, x1, _ = line.box_of(*piece)
            yield Heading("", line.plain[slice(*piece)].strip(), x0, x1)


def _gaps(line: TextLine, start: int, end: int) -> Iterator[tuple[int, float]]:
    """Every space of a cell, and how wide it is in heights of the line."""
    for hit in _SINGLE_SPACE.finditer(line.text[start:end]):
        at = start + hit.start()
        left, right = line.box_of(at - 1, at)[2], line.box_of(at + 1, at + 2)[0]
        yield at, (right - left) * line.aspect / line.height


def _pieces(line: TextLine, start: int, end: int, *, least: float) -> Iterator[tuple[int, int]]:
    """A cell, parted where headings stand close together: « Qté P.U. HT », each wholly a heading, or plainly apart."""
    is_whole = bool(_full_kind(line.plain[start:end]))  # « Prix unitaire » is one heading, though each word may be
    crowded = () if is_whole else _crowded(line.plain[start:end])
    if crowded:
        yield from ((start + first, start + last) for first, last in crowded)
        return
    for at, gap in _gaps(line, start, end):
        if gap >= least or (
            not is_whole
            and gap >= _WORD_GAP
            and _full_kind(line.plain[start:at])
            and _full_kind(line.plain[at + 1 : end])
        ):
            yield start, at
            start = at + 1
    yield start, end


def _crowded(text: str) -> tuple[tuple[int, int], ...]:
    """Three headings or more with no more than a space between them: « Qté Prix public Rem. TVA »."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        ends = [len(text), *(at for at in range(start, len(text)) if text[at] == " ")]
        end = next((end for end in sorted(ends, reverse=True) if end > start and _full_kind(text[start:end])), None)
        if end is None:
            return ()
        found.append((start, end))
        start = end + 1
    return tuple(found) if len(found) >= _FEWEST_CROWDED else ()


def _merged(cells: list[Heading], own: list[Heading]) -> list[Heading] | None:
    """Cells with those of a line under them; None when one would stand under two columns."""
    found = list(cells)
    for cell in own:
        over = [rank for rank, other in enumerate(found) if min(cell.right, other.right) > max(cell.left, other.left)]
        if len(over) > 1:
            return None
        if over:
            other = found[over[0]]
            text = f"{other.text} {cell.text}"
            found[over[0]] = Heading("", text, min(cell.left, other.left), max(cell.right, other.right))
        else:
            found.append(cell)
    return sorted(found, key=lambda cell: cell.left)


def _classified(cells: list[Heading]) -> tuple[Heading, ...] | None:
    cells = [replace(cell, kind=_kind(cell.text)) for cell in cells]
    # What stands beside the table on the same line is none of its headings.
    while cells and not cells[0].kind and _is_beside(cells[0].text):
        del cells[0]
    kinds = [cell.kind for cell in cells]
    if "amount" not in kinds and "price" in kinds and (kinds.count("price") > 1 or kinds[-1] == "price"):
        kinds[len(kinds) - 1 - kinds[::-1].index("price")] = "amount"  # « Prix unitaire », then « Prix HT »
    if not {"amount", "taxed"} & set(kinds) or not {"label", "quantity", "price", "rate", "code"} & set(kinds):
        return None
    if "label" not in kinds:
        # Whatever it is called: « Trajet », « Élément de mission ».
        unknown = next(
            (rank for rank, kind in enumerate(kinds) if not kind and not _TAX.search(cells[rank].text)), None
        )
        if unknown is None and not {"quantity", "price"} <= set(kinds):
            return None
        if unknown is not None:
            kinds[unknown] = "label"
    if "amount" not in kinds:
        return tuple(replace(cell, kind=kind) for cell, kind in zip(cells, kinds, strict=True))
    # Of two amounts the last is the line's own: before it stand cumulated ones.
    last = len(kinds) - 1 - kinds[::-1].index("amount")
    kinds = [kind if kind != "amount" or rank == last else "other" for rank, kind in enumerate(kinds)]
    return tuple(replace(cell, kind=kind) for cell, kind in zip(cells, kinds, strict=True))


def _is_beside(text: str) -> bool:
    return any(map(str.isdigit, text)) or len(text) > _LONGEST_OVERLAPPING


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (kind, pattern(rf"^[\s.:*-]*(?:{words})"), pattern(rf"^[\s.:*-]*(?:{words}){_END}")) for kind, words in _WORDS
    )


def _kind(text: str) -> str:
    return next((kind for kind, starts, _ in _patterns() if starts.search(text)), "")


def _full_kind(text: str) -> str:
    return next((kind for kind, _, is_whole in _patterns() if is_whole.search(text)), "")
