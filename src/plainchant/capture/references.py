"""The references of an invoice: its number, its dates, and those the buyer gave; each candidate with a score."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from plainchant.capture.amounts import amounts_in
from plainchant.capture.dates import WrittenDate, dates_in, labelled_dates_in
from plainchant.capture.headings import is_heading
from plainchant.capture.identifiers import WrittenIdentifier, ibans_in
from plainchant.capture.labels import CREDIT_NOTE, CREDIT_WORDS, ENGLISH, FRENCH, INVOICE, Label, Match, pattern
from plainchant.capture.lines import TextLine, plain, run_ons
from plainchant.capture.place import Place
from plainchant.capture.proposal import Certainty, ReadField
from plainchant.capture.regions import LabelledLines, Region
from plainchant.einvoice.codes import invoice_types

_CERTAIN, _LIKELY = 0.84, 0.5
_MONEY = 0.85  # from this sureness on, a figure has cents or a currency

# Between the name of a reference and the reference: « communiqué par vos services : », « à rappeler : », « est le ».
_LEAD = re.compile(
    r"^(?:\s(?:(?:bien\s)?est|sera)(?:\s(?:le|la|bien))?(?=[\s:])"
    r"|\s(?:communique|transmis|fourni|indique|attribue|delivre|donne|recu|obtenu|a\s(?:rappeler|mentionner|indiquer|reporter|utiliser))"
    r"e?s?(?:\s[a-z'\u2019-]+){0,5}\s?(?=:)"
    r"|\s(?:referencee?|enregistree?|portant|sous)(?:\s(?:sous|le|la))*(?=\s))?"
    r"(?:[\s:;.#=>)-]|\([^)]{0,30}\)|(?:n\s?°|n°|no\.?(?=\s)|num(?:ero|\.)|ref\.?(?=\s)|reference)(?=[\s:.\w]))*"
)
# In plain text, where every dash is one: a code is given with the hyphen that a form accepts.
_TOKEN = re.compile(r"[a-z0-9](?:[a-z0-9/_.\-+*]*[a-z0-9])?")
_NEXT = re.compile(r"(\s?[-/]\s|\s[-/]\s?|\s)([a-z]{1,3}\s\d+(?!\w)|[a-z0-9](?:[a-z0-9/_.\-]*[a-z0-9])?)")
_SUFFIXES = {"bis", "ter", "quater"}
_PHONE = re.compile(r"^0\d(?:[ .]\d\d){4}|^0[1-9]\d{8}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_UNIT_AFTER = re.compile(r"\s?(?:€|%|eur\b|h\b|jours?\b)", re.IGNORECASE)
_WORDS_NOT_CODES = re.compile(
    r"^(?:le|la|les|de|du|des|a|au|aux|et|en|par|pour|date|total|page|siret|tva|client|facture|reference|designation"
    r"|siret|siren|nic|tva|iban|rib|bic|ape|naf|rcs|tel|fax|cedex|description|public|generale?|departement|direction|commande|service|montant|executant|destinataire)$"
)
# The number of a company is none of its invoices', in whatever column it stands under a heading.
_DOTTED = re.compile(r"\d{4}(?:\.\d+)+")
_DECIMALS = re.compile(r"[.,]\d")
_OF_A_COMPANY = re.compile(r"(?:siren|siret|rcs|rna|iban|bic|naf|ape|tva)\b")
_ADVANCE = re.compile(r"facture (?:d['’e] ?)?(?:acompte|avance)")
_CURRENCY = re.compile(r"€|\b(?:EUR|euros?)\b|\b(?:USD|CHF|GBP|XPF|F\.? ?CFP)\b|\$|£", re.IGNORECASE)
_CURRENCY_CODES = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "£": "GBP"}
# What may follow a reference in its cell: the day it was given.
_DATED = re.compile(r"(?:du|le|en date du|signee?|/|\()")
# What may stand between the number of an invoice and its date.
_LINK = re.compile(
    r"[\s,;:()/.|-]*(?:(?:en date )?du|le|date[e]?|date de facture|emise? le|etablie? le)?[\s,;:()/.|-]*"
)
_WEEKDAY = re.compile(r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b")
_NO_MATCH = Match(label=Label("issue_date", "", 0.3), start=0, end=0)


@dataclass(frozen=True, slots=True)
class ReferenceCandidate:
    """One possible value; `score` 0..1."""

    value: str
    text: str
    place: Place
    score: float
    label: str
    region: Region


def best(candidates: Iterable[ReferenceCandidate]) -> ReadField | None:
    """The highest score wins; it is certain only when the label is plain and no rival comes near."""
    chosen = choose(candidates)
    return None if chosen is None else proposed(chosen[0], certainty=chosen[1])


def choose(candidates: Iterable[ReferenceCandidate]) -> tuple[ReferenceCandidate, Certainty] | None:
    """The best candidate and its certainty; the same value met twice counts a little more."""
    by_value: dict[str, ReferenceCandidate] = {}
    totals: dict[str, float] = {}
    for candidate in candidates:
        known = by_value.get(candidate.value)
        if known is None:
            by_value[candidate.value], totals[candidate.value] = candidate, candidate.score
        else:
            totals[candidate.value] = max(totals[candidate.value], candidate.score) + 0.03
            if candidate.score > known.score:
                by_value[candidate.value] = candidate
    if not by_value:
        return None
    ranked = sorted(by_value, key=lambda value: -totals[value])
    top = totals[ranked[0]]
    rival = totals[ranked[1]] if len(ranked) > 1 else 0.0
    certainty: Certainty = "doubtful"
    if top >= _CERTAIN and rival < 0.8 * top:
        certainty = "certain"
    elif top >= _LIKELY:
        certainty = "likely"
    return by_value[ranked[0]], certainty


def proposed(candidate: ReferenceCandidate, *, certainty: Certainty) -> ReadField:
    """A candidate as a field."""
    return ReadField(candidate.value, candidate.text, candidate.place, certainty)


def numbers(sheet: LabelledLines) -> Iterator[ReferenceCandidate]:
    """Invoice numbers (BT-1)."""
    for candidate in _codes(sheet, "number"):
        line = candidate.region.line
        # The number of the invoice stands at its head; further down, or beside an amount, stand those of others.
        is_beside = any(amount.sureness >= _MONEY for amount in amounts_in(line.text))
        yield replace(
            candidate, score=candidate.score * (1.0 if line.box[1] < 0.6 else 0.8) * (0.7 if is_beside else 1.0)
        )


def codes(sheet: LabelledLines, field: str) -> Iterator[ReferenceCandidate]:
    """Order (BT-13), contract (BT-12) and buyer (BT-10) references."""
    return _codes(sheet, field, letters_alone=field == "buyer_reference")


def _codes(sheet: LabelledLines, field: str, *, letters_alone: bool = False) -> Iterator[ReferenceCandidate]:
    answered: set[tuple[int, int]] = set()  # labels with a code at their right: what is under them is another's
    for region in sheet.regions(field):
        label = id(region.match), region.match.start
        if region.is_below and (label in answered or _is_under_heading(sheet, region)):
            continue
        broken = _broken_code(sheet, region)
        if broken is not None:
            yield broken
            continue
        found = _code_at_start(region, letters_alone=letters_alone)
        if found is None:
            continue
        start, end = found
        text = region.line.text[start:end]
        if letters_alone and not any(map(str.isdigit, text)):
            if not region.is_below and is_heading(sheet, region.index):
                continue
            if region.label_text.strip() == "service" and not _is_typed_as_code(region, text):
                answered.add(label)
                continue
        if not region.is_below:
            answered.add(label)
        score = region.match.label.weight * region.nearness
        if _YEAR.match(text):
            score *= 0.4
        rest = region.line.plain[end : region.end].strip(" .,;:-·•|/")
        if region.is_below and rest and not _DATED.match(rest):
            if text.isdigit():
                continue  # « 35000 Rennes », « 12 rue… »: an address, not a code
            score *= 0.6  # under a heading stands a code, not a sentence
        elif letters_alone and rest:
            score *= 0.8  # a service may also be given by its name: this may be its first word only
        yield ReferenceCandidate(
            value=_typed(text),
            text=text,
            place=region.line.place_of(start, end),
            score=score,
            label=region.label_text,
            region=region,
        )


def _is_under_heading(sheet: LabelledLines, region: Region) -> bool:
    """Whether a region is one of the headings of the lines."""
    right = region.line.box_of(region.start, region.end)[2] if region.start < region.end else 1.0
    return region.index >= 0 and is_heading(sheet, region.index, right=right)


def _is_typed_as_code(region: Region, text: str) -> bool:
    """Whether letters are in capitals and the name beside them is not: « Service CULTURE », not « Service Culture »."""
    line, match = region.line, region.match
    is_shouted = line.text[match.start : match.end].isupper() and ":" not in line.text[match.end : match.end + 2]
    return text.isupper() and (region.is_below or not is_shouted)


def _typed(text: str) -> str:
    """A code as a keyboard has it: with hyphens for dashes."""
    return "".join("-" if plain(letter) == "-" else letter for letter in text)


def _broken_code(sheet: LabelledLines, region: Region) -> ReferenceCandidate | None:
    """A reference that a narrow column cuts after a hyphen: « 2026- », and « 858 » on the next line."""
    text, split = sheet.carried_over(region)
    lead = _LEAD.match(plain(text))
    token = _TOKEN.match(plain(text), lead.end() if lead else 0)
    if token is None or not token.start() < split < token.end() or plain(text[split - 1]) not in "-/":
        return None
    code = text[slice(*token.span())]
    place = region.line.place_of(region.start, region.line.cell(region.start)[1])
    return ReferenceCandidate(_typed(code), code, place, 0.7 * region.match.label.weight, region.label_text, region)


def _code_at_start(region: Region, *, letters_alone: bool) -> tuple[int, int] | None:
    line = region.line
    lead = _LEAD.match(line.plain[region.start : region.end])
    start = region.start + (lead.end() if lead else 0)
    cell_end = min(line.cell(start)[1], region.end) if start < region.end else start
    token = _TOKEN.match(line.plain, start, cell_end)
    if token is None:
        return None
    end = token.end()
    dates = dates_in(line.plain)
    # "F 2026-014", "2026 / 014", "FA 12 bis": groups of one reference, parted by single spaces.
    for _ in range(4):
        more = _NEXT.match(line.plain, end, cell_end)
        if more is None or any(date.start < more.end() and more.start(2) < date.end for date in dates):
            break
        if not _belongs(line.text[start:end], more[1], line.text[slice(*more.span(2))]):
            break
        end = more.end()
    text = line.text[start:end].rstrip(".,;:-/ ")
    end = start + len(text)
    has_digit = any(letter.isdigit() for letter in text)
    if _OF_A_COMPANY.match(line.plain, start, end):
        return None
    if not text or len(text) > 50 or _UNIT_AFTER.match(line.text, end):
        return None
    if not has_digit and not (letters_alone and len(text) >= 2 and not _WORDS_NOT_CODES.match(text.lower())):
        return None
    is_dotted = _DOTTED.fullmatch(text) and region.match.label.weight >= 0.9  # 2026.06.11
    is_date = not is_dotted and any(date.start <= start < date.end for date in dates)
    if is_date or _PHONE.match(text):
        return None
    if _DECIMALS.match(line.text[end:]) or (end < len(line.text) and line.text[end] == "@"):
        return None
    return start, end


def _belongs(sofar: str, between: str, following: str) -> bool:
    """Whether the next word is part of a code; `between` is a space, or a dash or a stroke with one."""
    has_digit = any(letter.isdigit() for letter in sofar)
    if between.strip():
        return any(letter.isdigit() for letter in following)
    if not has_digit:
        is_prefix = sofar.isupper() and len(sofar) <= 6 and not _WORDS_NOT_CODES.match(sofar.lower())
        return is_prefix and any(letter.isdigit() for letter in following)
    if following.lower() in _SUFFIXES or (" " in following and following.isupper()):  # « 12 bis », « 26 M 014 »
        return True
    return following.isdigit() and 2 <= len(following) <= 6 and sofar.replace(" ", "").isalnum()


def issue_dates(sheet: LabelledLines, number: ReferenceCandidate | None) -> Iterator[ReferenceCandidate]:
    """Dates of issue (BT-2): labelled, or right after the invoice's number, or else the first free one at the head."""
    candidates = list(_labelled_dates(sheet, "issue_date", slack=24))
    if number is not None:
        candidates += _dates_after(sheet, number)
    yield from candidates
    if not candidates:
        yield from _free_dates(sheet)


def _dates_after(sheet: LabelledLines, number: ReferenceCandidate) -> Iterator[ReferenceCandidate]:
    """« Facture n° 12 du 3 mars 2026 »: on each line that shows the number, the date that follows it."""
    english = is_english(sheet)
    for index, line in enumerate(sheet.lines):
        at = _typed(line.text).find(number.value)
        if at < 0 or not any(m.label.field == "number" and m.start <= at for m in sheet.labels[index]):
            continue
        end = at + len(number.value)
        for date in labelled_dates_in(line.plain, is_english=english):
            if date.start >= end and _LINK.fullmatch(line.plain, end, date.start):
                region = Region(match=_NO_MATCH, line=line, start=date.start, end=date.end, nearness=1.0)
                text, place = line.text[date.start : date.end], line.place_of(date.start, date.end)
                yield ReferenceCandidate(date.value.isoformat(), text, place, 0.97 * _doubt(date), "", region)
                break


def _doubt(date: WrittenDate) -> float:
    """What is left of a score: a date that may be two days is only a question."""
    return 0.49 if date.is_doubtful else 1.0


def is_english(sheet: LabelledLines) -> bool:
    """Whether the page speaks more English than French."""
    english, french = (
        sum(1 for line in sheet.lines for _ in pattern(words).finditer(line.plain)) for words in (ENGLISH, FRENCH)
    )
    return english > french


def due_dates(sheet: LabelledLines) -> Iterator[ReferenceCandidate]:
    """Dates when payment is due (BT-9)."""
    return _labelled_dates(sheet, "due_date", slack=24)


def _labelled_dates(sheet: LabelledLines, field: str, *, slack: int) -> Iterator[ReferenceCandidate]:
    english = is_english(sheet)
    for region in sheet.regions(field):
        for date in labelled_dates_in(region.line.plain[: region.end], is_english=english):
            if date.start < region.start:
                continue
            between = len(_WEEKDAY.sub("", region.line.plain[region.start : date.start]))
            if between - region.line.text[region.start : date.start].count(" ") > slack:
                break
            start, end = date.start, date.end
            score = region.match.label.weight * region.nearness * (1 if between <= 8 else 0.93)
            if region.line.page == sheet.first_page and region.line.box[1] < 0.45:
                score += 0.02
            score *= _doubt(date)
            text = region.line.text[start:end]
            place = region.line.place_of(start, end)
            yield ReferenceCandidate(date.value.isoformat(), text, place, score, field, region)
            break
        else:
            text, split = sheet.carried_over(region)
            for date in dates_in(plain(text)):
                if date.start < split < date.end:  # cut by the end of a narrow column
                    place = region.line.place_of(region.start, region.line.cell(region.start)[1])
                    value, words = date.value.isoformat(), text[date.start : date.end]
                    yield ReferenceCandidate(value, words, place, 0.8 * region.match.label.weight, field, region)


def _free_dates(sheet: LabelledLines) -> Iterator[ReferenceCandidate]:
    for index, line in enumerate(sheet.lines):
        if line.page != sheet.first_page or line.box[1] > 0.5:
            continue
        taken = [sheet.right(index, match) for match in sheet.labels[index]]
        for date in dates_in(line.plain):
            if any(region.start <= date.start < region.end for region in taken):
                continue
            region = Region(match=_NO_MATCH, line=line, start=date.start, end=date.end, nearness=0.3)
            text, place = line.text[date.start : date.end], line.place_of(date.start, date.end)
            yield ReferenceCandidate(date.value.isoformat(), text, place, 0.3 - 0.1 * line.box[1], "", region)


def currency(sheet: LabelledLines) -> ReadField | None:
    """The currency (BT-5): the one that is written most often; certain when it is the only one, twice or more."""
    found: dict[str, list[tuple[str, Place]]] = {}
    for line in sheet.lines:
        for hit in _CURRENCY.finditer(line.text):
            code = _CURRENCY_CODES.get(hit[0].upper(), "XPF" if "CFP" in hit[0].upper() else hit[0].upper())
            found.setdefault(code, []).append((hit[0], line.place_of(*hit.span())))
    if not found:
        return None
    code = max(found, key=lambda name: len(found[name]))
    text, place = found[code][0]
    certainty: Certainty = "likely"
    if len(found) == 1 and len(found[code]) > 1:
        certainty = "certain"
    elif len(found) > 1 and len(found[code]) < 3:
        certainty = "doubtful"
    return ReadField(code, text, place, certainty)


def type_code(sheet: LabelledLines, number: ReferenceCandidate | None) -> ReadField | None:
    """380 for an invoice, 381 for a credit note, 386 where the title or the number's label names an advance (BT-3)."""
    title, words, invoice = pattern(CREDIT_NOTE), pattern(CREDIT_WORDS), pattern(INVOICE)
    if number is not None and words.search(number.label):
        return ReadField(invoice_types.CREDIT_NOTE, number.label, number.place, "certain")
    if number is not None and _ADVANCE.search(number.label):
        return ReadField(invoice_types.DEPOSIT, number.label, number.place, "likely")
    is_labelled = number is not None and invoice.search(number.label) is not None
    first: ReadField | None = None
    is_mentioned = False
    for line in sheet.lines:
        if line.page > sheet.first_page and first is not None:
            break
        for start, end in line.cells():
            cell = line.plain[start:end]
            if line.page == sheet.first_page and line.box[1] < 0.6 and title.search(cell):
                return ReadField(invoice_types.CREDIT_NOTE, line.text[start:end], line.place_of(start, end), "likely")
            if line.page == 1 and line.box[1] < 0.4 and _ADVANCE.fullmatch(cell.strip(" :")):
                return ReadField(invoice_types.DEPOSIT, line.text[start:end], line.place_of(start, end), "likely")
            is_mentioned = is_mentioned or words.search(cell) is not None
            hit = invoice.search(cell)
            if hit and first is None:
                span = start + hit.start(), start + hit.end()
                first = ReadField(invoice_types.INVOICE, line.text[slice(*span)], line.place_of(*span), "likely")
    if first is not None and is_labelled and not is_mentioned:
        return replace(first, certainty="certain")
    return first


def iban(sheet: LabelledLines) -> ReadField | None:
    """The first IBAN (BT-84) whose key agrees, else the first that looks like one."""
    found = list(_ibans(sheet))
    if not found:
        return None
    line, written = next((pair for pair in found if pair[1].is_checked), found[0])
    values = {candidate.value for _, candidate in found if candidate.is_checked}
    certainty: Certainty = "doubtful" if not written.is_checked else "certain" if len(values) == 1 else "likely"
    end = min(written.end, len(line.text))
    return ReadField(written.value, line.text[written.start : end], line.place_of(written.start, end), certainty)


def _ibans(sheet: LabelledLines) -> Iterator[tuple[TextLine, WrittenIdentifier]]:
    for index, line in enumerate(sheet.lines):
        alone = list(ibans_in(line.text))
        yield from ((line, written) for written in alone)
        if any(written.is_checked for written in alone):
            continue
        for run_on in run_ons(sheet.lines, index):
            # Broken at the end of a line: the part on the first line is shown.
            for written in ibans_in(run_on.text):
                if written.is_checked and written.start < run_on.split:
                    end = run_on.start + min(written.end, run_on.split - 1)
                    yield line, replace(written, start=run_on.start + written.start, end=end)


def is_after(field: ReadField, other: ReadField) -> bool:
    """Whether date field `one` is on or after `other`."""
    return datetime.date.fromisoformat(field.value) >= datetime.date.fromisoformat(other.value)
