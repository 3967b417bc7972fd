"""Whose SIRET is whose: labels, headings above, footers, and the company a number keeps decide."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from plainchant.einvoice.reading.identifiers import WrittenIdentifier, french_vat_sirens_in, sirets_in
from plainchant.einvoice.reading.labels import PUBLIC_BODIES, ROLES, SELLER_SIGNS, pattern
from plainchant.einvoice.reading.lines import Line
from plainchant.einvoice.reading.place import Box, Place
from plainchant.einvoice.reading.proposal import Certainty, ReadField

# A block of particulars is seldom taller than this share of the page.
_BLOCK = 0.24
_FOOTER = 0.85


@dataclass(slots=True)
class _Case:
    """What speaks for each party about one number; `explicit` are the parties a label or heading names."""

    value: str
    text: str
    place: Place
    is_checked: bool
    is_labelled: bool
    scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    explicit: set[str] = field(default_factory=set)


def sirets(lines: list[Line]) -> dict[str, ReadField]:
    """`seller_siret` and `buyer_siret`, those that were found."""
    cases: dict[str, _Case] = {}
    vat_sirens = {siren for line in lines for siren in french_vat_sirens_in(line.text)}
    for index, line in enumerate(lines):
        for written in sirets_in(line.text):
            is_labelled = _is_labelled(lines, index, written)
            if not (is_labelled or written.is_checked):
                continue
            place = line.place_of(written.start, written.end)
            text = line.text[written.start : written.end]
            case = cases.setdefault(written.value, _Case(written.value, text, place, written.is_checked, is_labelled))
            case.is_labelled = case.is_labelled or is_labelled
            heard = _evidence(lines, index, written)
            for party, score in heard.scores.items():
                case.scores[party] = max(case.scores[party], score)
            case.explicit |= heard.explicit
    if not cases:
        return {}
    return _decide(list(cases.values()), vat_sirens)


def _decide(cases: list[_Case], vat_sirens: set[str]) -> dict[str, ReadField]:
    usable = [case for case in cases if not ("other" in case.explicit and len(case.explicit) == 1)] or cases
    for order, case in enumerate(usable):
        case.scores["seller"] += 0.2 if order == 0 else 0
        case.scores["buyer"] += 0.2 if order == 1 else 0
    if len(usable) == 1:
        case = usable[0]
        party = "buyer" if case.scores["buyer"] > case.scores["seller"] + 0.3 else "seller"
        return {f"{party}_siret": _field(case, party, lead=_lead(case, party), vat_sirens=vat_sirens)}
    seller, buyer = max(
        ((s, b) for s in usable for b in usable if s is not b),
        key=lambda pair: _lead(pair[0], "seller") + _lead(pair[1], "buyer"),
    )
    lead = _lead(seller, "seller") + _lead(buyer, "buyer")
    return {
        "seller_siret": _field(seller, "seller", lead=lead, vat_sirens=vat_sirens),
        "buyer_siret": _field(buyer, "buyer", lead=lead, vat_sirens=vat_sirens),
    }


def _lead(case: _Case, party: str) -> float:
    other = "buyer" if party == "seller" else "seller"
    return case.scores[party] - case.scores[other] - case.scores["other"] * 0.5


def _field(case: _Case, party: str, *, lead: float, vat_sirens: set[str]) -> ReadField:
    is_confirmed = case.is_checked or case.value[:9] in vat_sirens
    is_named = case.explicit == {party}
    certainty: Certainty = "doubtful"
    if is_confirmed and is_named and lead > 0:
        certainty = "certain"
    elif (is_confirmed or case.is_labelled) and lead > 0.5:
        certainty = "likely"
    return ReadField(case.value, case.text, case.place, certainty)


def _is_labelled(lines: list[Line], index: int, written: WrittenIdentifier) -> bool:
    line = lines[index]
    if re.search(r"siret", line.plain[max(0, written.start - 60) : written.start]):
        return True
    box = line.box_of(written.start, written.end)
    above = (line for line in reversed(lines[max(0, index - 3) : index]) if line.page == lines[index].page)
    return any(
        "siret" in other.plain[start:end] and _share_column(other.box_of(start, end), box)
        for other in above
        for start, end in other.cells()
    )


def _evidence(lines: list[Line], index: int, written: WrittenIdentifier) -> _Case:
    line = lines[index]
    place = line.place_of(written.start, written.end)
    case = _Case(written.value, "", place, written.is_checked, False)
    scores = case.scores
    cell_start, cell_end = line.cell(written.start)
    box = line.box_of(cell_start, cell_end)

    # 1. The words just before it: "SIRET client :", "N° SIRET du destinataire".
    named = _last_role(line.plain[: written.start], from_=_label_start(line, cell_start, written.start))
    if named:
        scores[named] += 3.0
        case.explicit.add(named)
    else:
        # 2. The nearest heading above, in the same column.
        heading = _heading_above(lines, index, box)
        if heading:
            party, distance = heading
            scores[party] += 2.6 - 4 * distance
            case.explicit.add(party)

    # 3. The company it keeps: its own line and the block of lines around.
    block = _block(lines, index, box)
    if re.search(SELLER_SIGNS, line.plain[cell_start:cell_end]):
        scores["seller"] += 1.2
    elif re.search(SELLER_SIGNS, block):
        scores["seller"] += 0.5
    if re.search(PUBLIC_BODIES, block):
        scores["buyer"] += 1.0
    # A SIREN that begins with 1 or 2 belongs to the State, a public establishment or a local authority.
    if written.value[0] in "12":
        scores["buyer"] += 1.0

    # 4. Where it stands: the sender's particulars are at the top left or in the footer, the buyer's at the right.
    middle = (box[0] + box[2]) / 2
    if box[1] > _FOOTER:
        scores["seller"] += 1.6
    elif box[1] < 0.45:
        scores["seller" if middle < 0.5 else "buyer"] += 0.5
    return case


def _label_start(line: Line, cell_start: int, start: int) -> int:
    """Where the words that introduce a number begin: in its own cell, or in the one before if it stands alone."""
    if cell_start == 0 or re.search(r"[a-z]", line.plain[cell_start:start]):
        return cell_start
    before, end = line.cell(cell_start - 3)
    return cell_start if any(sirets_in(line.text[before:end])) else before


def _last_role(text: str, *, from_: int) -> str | None:
    """The party that the last role word of `text` names."""
    last: tuple[int, int, str] | None = None
    for role in ROLES:
        for hit in pattern(rf"(?<![a-z'])(?:{role.pattern})(?![a-z])").finditer(text, from_):
            if last is None or (hit.end(), hit.end() - hit.start()) > last[:2]:
                last = hit.end(), hit.end() - hit.start(), role.party
    return last[2] if last else None


def _heading_above(lines: list[Line], index: int, box: Box) -> tuple[str, float] | None:
    line = lines[index]
    for other in reversed(lines[:index]):
        if other.page != line.page or box[1] - other.box[1] > _BLOCK:
            return None
        if other.box[3] > box[1] + 0.5 * other.height:
            continue
        for start, end in other.cells():
            if not _share_column(other.box_of(start, end), box):
                continue
            party = _heading(other.plain[start:end])
            if party:
                return party, box[1] - other.box[1]
    return None


def _heading(cell: str) -> str | None:
    """The party a cell names when it reads as a heading: a role first, and little else or a colon after it."""
    cell = re.sub(r"^[\s.:#*•|-]+", "", cell)
    longest = 0
    party = None
    for role in ROLES:
        hit = pattern(rf"(?:{role.pattern})(?![a-z])").match(cell)
        if hit and hit.end() > longest:
            rest = cell[hit.end() :].strip()
            if rest.startswith((":", "(")) or len(rest.split()) <= 3 or hit[0].endswith((" a", " de", " du")):
                longest, party = hit.end(), role.party
    return party


def _block(lines: list[Line], index: int, box: Box) -> str:
    """The text of the same column around a line, up and down to the first blank as tall as two lines."""
    line = lines[index]
    parts = [line.plain[slice(*line.cell(_offset_at(line, box)))]]
    for step in (-1, 1):
        edge, position = line, index + step
        while 0 <= position < len(lines) and lines[position].page == line.page:
            other = lines[position]
            gap = (edge.box[1] - other.box[3]) if step < 0 else (other.box[1] - edge.box[3])
            if gap > 1.6 * line.height or abs(other.box[1] - line.box[1]) > _BLOCK / 2:
                break
            for start, end in other.cells():
                if _share_column(other.box_of(start, end), box):
                    parts.append(other.plain[start:end])
                    edge = other
            position += step
    return "\n".join(parts)


def _offset_at(line: Line, box: Box) -> int:
    for start, end in line.cells():
        if line.box_of(start, end)[0] >= box[0] - 1e-6:
            return start
    return 0


def _share_column(one: Box, other: Box) -> bool:
    """Whether two boxes are in the same column: they overlap, or start at the same left edge."""
    overlap = min(one[2], other[2]) - max(one[0], other[0])
    return overlap > 0 or abs(one[0] - other[0]) < 0.02
