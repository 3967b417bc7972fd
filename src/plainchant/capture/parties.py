"""Whose SIRET is whose: labels, headings above, footers, and the company a number keeps decide."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from plainchant.capture.identifiers import WrittenIdentifier, french_vat_numbers_in, french_vat_sirens_in, sirets_in
from plainchant.capture.labels import PUBLIC_BODIES, ROLES, SELLER_HINTS, SELLER_SIGNS, pattern
from plainchant.capture.lines import TextLine, run_ons
from plainchant.capture.place import Box, Place
from plainchant.capture.proposal import Certainty, ReadField

# Goods are delivered to the buyer, but an address of delivery is not the buyer's own for that.
_SIDE = {"delivery": "buyer"}
# A block of particulars is seldom taller than this share of the page.
_BLOCK = 0.24
_FOOTER = 0.85
_SLIPS = 2  # digits
_SELLER_SIGNS, _SELLER_HINTS, _PUBLIC_BODIES = map(re.compile, (SELLER_SIGNS, SELLER_HINTS, PUBLIC_BODIES))
_SUBCONTRACTOR = re.compile(r"\bsous[- ]traitante?\b")
_LETTER = re.compile(r"[a-z]")
_BULLETS = re.compile(r"^[\s.:#*•|-]+")
_PUBLIC = "12"  # what the SIREN of a public body begins with


# Leads from which an assignment is kept without asking: measured on invented and real invoices (docs/reading.md).
_SURE, _LIKELY = 2.4, 0.5


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
    is_torn: bool = False  # it is written otherwise elsewhere


@dataclass(frozen=True, slots=True)
class PartiesRead:
    """`fields`: the SIRETs and VAT numbers of seller and buyer, those that were found; `sirets`: all there are."""

    fields: dict[str, ReadField]
    sirets: tuple[ReadField, ...]


def parties(lines: list[TextLine]) -> PartiesRead:
    """Find every SIRET and VAT number, and say whose it is."""
    cases: dict[str, _Case] = {}
    unnamed: set[str] = set()  # of right length, under no name and with a wrong key
    vat_sirens = {siren for line in lines for siren in french_vat_sirens_in(line.text)}
    holder = "other" if _is_of_subcontractor(lines) else "seller"
    for index, line in enumerate(lines):
        for written in [*sirets_in(line.text), *_broken(lines, index, sirets_in)]:
            is_labelled = _is_labelled(lines, index, written)
            if not (is_labelled or written.is_checked):
                unnamed.add(written.value)
                continue
            end = min(written.end, len(line.text))
            place, text = line.place_of(written.start, end), line.text[written.start : end]
            case = cases.setdefault(written.value, _Case(written.value, text, place, written.is_checked, is_labelled))
            case.is_labelled = case.is_labelled or is_labelled
            heard = _evidence(lines, index, written, holder=holder)
            for party, score in heard.scores.items():
                case.scores[party] = max(case.scores[party], score)
            case.explicit |= heard.explicit
    # A reference of fourteen digits may happen to have a right key: next to SIRETs that say so, it is none.
    _tear(cases, unnamed)
    kept = [case for case in cases.values() if case.is_labelled] or list(cases.values())
    if len(kept) == 1:
        kept = [case for case in cases.values() if case.is_labelled or _looks_like_one(case, vat_sirens)] or kept
    fields = _decide(kept, vat_sirens) if kept else {}
    everything = tuple(ReadField(case.value, case.text, case.place, "doubtful") for case in kept)
    return PartiesRead(fields={**fields, **_vat_numbers(lines, fields)}, sirets=everything)


def _tear(cases: dict[str, _Case], unnamed: set[str]) -> None:
    """Doubt a number that the page also writes with another digit or two and a wrong key, and drop that one."""
    right = [case for case in cases.values() if case.is_checked]
    for value in {value for value, case in cases.items() if not case.is_checked} | unnamed:
        for case in right:
            if sum(a != b for a, b in zip(value, case.value, strict=True)) <= _SLIPS:
                case.is_torn = True
                twin = cases.pop(value, case)  # what is said of it is said of the right one
                case.is_labelled |= twin.is_labelled
                case.explicit |= twin.explicit
                for party, score in twin.scores.items():
                    case.scores[party] = max(case.scores[party], score)


def _looks_like_one(case: _Case, vat_sirens: set[str]) -> bool:
    return case.value[:9] in vat_sirens or bool(case.explicit) or max(case.scores.values(), default=0.0) >= 1.0


def _broken(
    lines: list[TextLine], index: int, found_in: Callable[[str], Iterable[WrittenIdentifier]]
) -> Iterator[WrittenIdentifier]:
    """Identifiers with right keys that begin at the end of a cell and go on in the cell under it."""
    for run_on in run_ons(lines, index):
        for written in found_in(run_on.text):
            if written.is_checked and written.start < run_on.split - 1 and written.end > run_on.split:
                end = run_on.start + run_on.split - 1
                yield WrittenIdentifier(written.value, run_on.start + written.start, end, is_checked=True)


def _decide(cases: list[_Case], vat_sirens: set[str]) -> dict[str, ReadField]:
    usable = [case for case in cases if case.explicit != {"other"}] or cases
    for order, case in enumerate(usable):
        case.scores["seller"] += 0.3 if order == 0 else 0
        case.scores["buyer"] += 0.3 if order == 1 else 0
        if case.value[:9] in vat_sirens:  # seldom printed of a buyer, least of all of a public one
            case.scores["seller"] += 0.9
    if len(usable) == 1:
        case = usable[0]
        if case.value[0] not in _PUBLIC:
            case.scores["seller"] += 0.8  # it is the seller who must print one
        party = "buyer" if case.scores["buyer"] > case.scores["seller"] + 0.3 else "seller"
        return {f"{party}_siret": _field(case, party, lead=_lead(case, party), vat_sirens=vat_sirens)}
    ranked = sorted(
        ((s, b) for s in usable for b in usable if s is not b),
        key=lambda pair: -(_lead(pair[0], "seller") + _lead(pair[1], "buyer")),
    )
    seller, buyer = ranked[0]
    lead = _lead(seller, "seller") + _lead(buyer, "buyer")
    # How much better than with another company in that part.
    other_seller = max((_lead(s, "seller") + _lead(b, "buyer") for s, b in ranked if s is not seller), default=-9.0)
    other_buyer = max((_lead(s, "seller") + _lead(b, "buyer") for s, b in ranked if b is not buyer), default=-9.0)
    return {
        "seller_siret": _field(seller, "seller", lead=min(lead, lead - other_seller), vat_sirens=vat_sirens),
        "buyer_siret": _field(buyer, "buyer", lead=min(lead, lead - other_buyer), vat_sirens=vat_sirens),
    }


def _lead(case: _Case, party: str) -> float:
    other = "buyer" if party == "seller" else "seller"
    return case.scores[party] - case.scores[other] - case.scores["other"] * 0.5


def _field(case: _Case, party: str, *, lead: float, vat_sirens: set[str]) -> ReadField:
    is_confirmed = case.is_checked or case.value[:9] in vat_sirens
    is_contradicted = bool(case.explicit - {party})
    certainty: Certainty = "doubtful"
    if not case.is_checked or case.is_torn:  # one digit is wrong, whatever else speaks for it
        certainty = "doubtful"
    elif is_confirmed and case.is_labelled and not is_contradicted and lead >= (1.0 if case.explicit else _SURE):
        certainty = "certain"
    elif is_confirmed and lead > _LIKELY:  # a number whose key is wrong is a question, whosever it is
        certainty = "likely"
    return ReadField(case.value, case.text, case.place, certainty)


def _vat_numbers(lines: list[TextLine], fields: dict[str, ReadField]) -> dict[str, ReadField]:
    """French VAT numbers (BT-31, BT-48): a company's holds its SIREN; a lone one without any SIRET is the seller's."""
    found: dict[str, ReadField] = {}
    others: dict[str, ReadField] = {}
    for index, line in enumerate(lines):
        for written in [*french_vat_numbers_in(line.text), *_broken(lines, index, french_vat_numbers_in)]:
            place, text = line.place_of(written.start, written.end), line.text[written.start : written.end]
            owner = next(
                (
                    p
                    for p in ("seller", "buyer")
                    if f"{p}_siret" in fields and fields[f"{p}_siret"].value[:9] == written.value[4:]
                ),
                None,
            )
            certainty: Certainty = "doubtful"
            if owner:
                certainty = (
                    "certain" if written.is_checked and fields[f"{owner}_siret"].certainty == "certain" else "likely"
                )
                found.setdefault(f"{owner}_vat_number", ReadField(written.value, text, place, certainty))
            elif written.is_checked:
                others.setdefault(written.value, ReadField(written.value, text, place, "likely"))
    if "seller_vat_number" not in found and "seller_siret" not in fields and len(others) == 1:
        found["seller_vat_number"] = next(iter(others.values()))
    return found


def _is_labelled(lines: list[TextLine], index: int, written: WrittenIdentifier) -> bool:
    line = lines[index]
    if "siret" in line.plain[max(0, written.start - 60) : written.start]:
        return True
    box = line.box_of(written.start, written.end)
    above = (line for line in reversed(lines[max(0, index - 3) : index]) if line.page == lines[index].page)
    return any(
        "siret" in other.plain[start:end] and _share_column(other.box_of(start, end), box)
        for other in above
        for start, end in other.cells()
    )


def _is_of_subcontractor(lines: list[TextLine]) -> bool:
    """Whether whoever invoices works for the holder of the contract, which is named besides it and the buyer."""
    values = {written.value for line in lines for written in sirets_in(line.text) if written.is_checked}
    return len(values) > 2 and any(_SUBCONTRACTOR.search(line.plain) for line in lines)


def _evidence(lines: list[TextLine], index: int, written: WrittenIdentifier, *, holder: str) -> _Case:
    line = lines[index]
    place = line.place_of(written.start, written.end)
    case = _Case(written.value, "", place, written.is_checked, False)
    scores = case.scores
    cell_start, cell_end = line.cell(written.start)
    box = line.box_of(cell_start, cell_end)

    # 1. The words just before it: "SIRET client :", "N° SIRET du destinataire".
    named = _last_role(line.plain[: written.start], from_=_label_start(line, cell_start, written.start))
    named = holder if named == "holder" else named
    if named:
        scores[_SIDE.get(named, named)] += 3.0 if named not in _SIDE else 0.5
        case.explicit |= {named} - _SIDE.keys()
    else:
        # 2. The nearest heading above, in the same column.
        heading = _heading_above(lines, index, box)
        if heading:
            party, distance = heading
            party = holder if party == "holder" else party
            scores[_SIDE.get(party, party)] += 2.6 - 4 * distance if party not in _SIDE else 0.5
            case.explicit |= {party} - _SIDE.keys()

    # 3. The company it keeps: its own line and the block of lines around.
    block = _block(lines, index, box)
    if _SELLER_SIGNS.search(line.plain[cell_start:cell_end]):
        scores["seller"] += 1.2
    elif _SELLER_SIGNS.search(block):
        scores["seller"] += 0.5
    if _SELLER_HINTS.search(block):
        scores["seller"] += 0.5
    if _PUBLIC_BODIES.search(block):
        scores["buyer"] += 1.0
    # A SIREN that begins with 1 or 2 belongs to the State, a public establishment or a local authority.
    if written.value[0] in _PUBLIC:
        scores["buyer"] += 1.0

    # 4. Where it stands: the sender's particulars are at the top left or in the footer, the buyer's at the right.
    middle = (box[0] + box[2]) / 2
    if box[1] > _FOOTER:
        scores["seller"] += 1.6
    elif box[1] < 0.45:
        scores["seller" if middle < 0.5 else "buyer"] += 0.5
    return case


def _label_start(line: TextLine, cell_start: int, start: int) -> int:
    """Where the words that introduce a number begin: in its own cell, or in the one before if it stands alone."""
    if cell_start == 0 or _LETTER.search(line.plain[cell_start:start]):
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


def _heading_above(lines: list[TextLine], index: int, box: Box) -> tuple[str, float] | None:
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
    cell = _BULLETS.sub("", cell)
    longest = 0
    party = None
    for role in ROLES:
        hit = pattern(rf"(?:{role.pattern})(?![a-z])").match(cell)
        if hit and hit.end() > longest:
            rest = cell[hit.end() :].strip()
            if rest.startswith((":", "(", ",")) or len(rest.split()) <= 3 or hit[0].endswith((" a", " de", " du")):
                longest, party = hit.end(), role.party
    return party


def _block(lines: list[TextLine], index: int, box: Box) -> str:
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
                    if step > 0 and _heading(other.plain[start:end]):
                        return "\n".join(parts)  # what follows is another's
                    parts.append(other.plain[start:end])
                    edge = other
            position += step
    return "\n".join(parts)


def _offset_at(line: TextLine, box: Box) -> int:
    for start, end in line.cells():
        if line.box_of(start, end)[0] >= box[0] - 1e-6:
            return start
    return 0


def _share_column(box: Box, other: Box) -> bool:
    """Whether two boxes are in the same column: they overlap, or start at the same left edge."""
    overlap = min(box[2], other[2]) - max(box[0], other[0])
    return overlap > 0 or abs(box[0] - other[0]) < 0.02
