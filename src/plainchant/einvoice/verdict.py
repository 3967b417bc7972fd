"""The pyramid: well-formed → schema → Chorus Pro's acceptance → EN 16931 → BR-FR → CPRO, each told apart.

Which layers decide depends on the channel the invoice travels through (`channels`): a verdict says for each whether it
would pass, and why not. Every layer that can run runs, whatever the ones below found.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, TypeAlias

from plainchant.einvoice.amounts import to_cents
from plainchant.einvoice.channels import CHANNEL_OF, CHANNELS, CHORUS, Channel, ChannelName, LayerName, channel_for
from plainchant.einvoice.chorus import ChorusData, Datum, header, placements
from plainchant.einvoice.codes import france as french_codes
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.directory import Directory
from plainchant.einvoice.extras import pdf_packages
from plainchant.einvoice.finding import MAX_EACH, Finding, Severity
from plainchant.einvoice.law.vat_regimes import vat_regime_of
from plainchant.einvoice.model import Header
from plainchant.einvoice.profiles import Profile, profile_of
from plainchant.einvoice.rule import MISSING, Context, Failure, Report, Rule, RuleBook, in_force
from plainchant.einvoice.rules import choruspro, cpro, en16931, file_table, france, own
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.left import left
from plainchant.einvoice.syntaxes.paths import path_of
from plainchant.einvoice.syntaxes.places import MAX_VALUE, element_of, place
from plainchant.einvoice.syntaxes.reading import Reading, TooMany
from plainchant.einvoice.syntaxes.recognize import FileKind, recognize
from plainchant.einvoice.syntaxes.table import SYNTAXES, Syntax
from plainchant.einvoice.syntaxes.xml import DEFAULT_LIMITS, TOO_LONG, Limits, NotWellFormed, parse

Status = Literal["valid", "invalid", "skipped"]
_ChannelAsked: TypeAlias = ChannelName | Literal["auto"]
LAYERS: tuple[LayerName, ...] = ("wellformed", "schema", "chorus", "en16931", "fr", "cpro")
DECIDING = CHORUS.deciding  # where an invoice is deposited here
# The versions of each set of rules; the invoice's day chooses. A new version is one more book.
BOOKS: dict[LayerName, tuple[RuleBook, ...]] = {
    "chorus": (choruspro.BOOK,),
    "en16931": (en16931.BOOK,),
    "fr": (france.BOOK,),
    "cpro": (cpro.BOOK,),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One storey of the pyramid. ``why`` says, in French, why a layer was skipped."""

    name: LayerName
    status: Status
    findings: tuple[Finding, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class ChannelVerdict:
    """Whether one channel would take the file. ``why``: what refuses it there, in the order of the layers.

    ``of_itself``: those of them, last in ``why``, that stand in no layer: the channel does not take such files at all.
    """

    channel: Channel
    accepted: bool
    why: tuple[Finding, ...] = ()
    of_itself: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one file. ``accepted`` is the answer of the ``channel`` that was asked about."""

    file: str
    kind: str  # "UBL Invoice", "CII D16B", "Factur-X EN 16931", … "" when it is none we know
    accepted: bool
    layers: tuple[Layer, ...]
    channel: Channel = CHORUS
    channels: tuple[ChannelVerdict, ...] = ()  # what each would say
    reading: Reading | None = None  # what was read, for whoever goes on with it; of an envelope of several, None
    parts: tuple[Verdict, ...] = ()  # of an envelope of several invoices: what is to be said of each
    syntax: Syntax | None = None  # a row of `syntaxes.table`; None when it is none we know

    def layer(self, name: LayerName) -> Layer:
        return next(layer for layer in self.layers if layer.name == name)

    @property
    def own(self) -> ChannelVerdict:
        """What the channel that was asked about says."""
        return next(found for found in self.channels if found.channel is self.channel)


def check(
    data: bytes,
    *,
    name: str = "",
    at: date,
    directory: Directory | None = None,
    limits: Limits = DEFAULT_LIMITS,
    layers: Collection[LayerName] = LAYERS,
    with_pdfa: bool = False,
    channel: _ChannelAsked = ChannelName.CHORUS,
) -> Verdict:
    """The verdict on one file's bytes: an XML invoice or a PDF that carries one. ``at``: the civil day in Paris.

    ``channel``: the one that ``accepted`` answers for; « auto » is the one the invoice is written for, by its cadre, or
    else by a note « B2B » or its profile (`channels.channel_for`).

    ``layers``: those wanted; the others are skipped, and a layer that is skipped refuses nothing.
    ``with_pdfa``: whether a PDF is compared with PDF/A, which only warns and costs fifty times what decides: for who
    shows the warnings.
    Never raises on what the file holds. Archives and folders are for `syntaxes.archive`.
    """
    asked = _Asked(name, at, directory, limits, layers, with_pdfa, channel)
    kind = recognize(data)
    if kind.container == "pdf":
        return _check_pdf(data, asked)
    if kind.container != "xml" and data.strip():  # of nothing, the parser says that it is empty
        return unread(name, kind.name, (Finding("FICHIER", _NOT_AN_INVOICE),), channel=channel)
    return _check_xml(data, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `check` was asked, besides the file."""

    name: str
    at: date
    directory: Directory | None
    limits: Limits
    layers: Collection[LayerName]
    with_pdfa: bool
    channel: _ChannelAsked


_NOT_AN_INVOICE = (
    "Ce fichier n’est ni un PDF ni un fichier XML. Une archive se vérifie fichier par fichier. "
    "Un tableur, un texte ou une photo n’a pas de données à vérifier : le portail le lit quand vous le déposez."
)


def _check_pdf(data: bytes, asked: _Asked) -> Verdict:
    with pdf_packages():  # pikepdf costs 60 ms to import
        from plainchant.einvoice.syntaxes.facturx.extract import extract

    found = extract(data, max_bytes=asked.limits.max_bytes)
    if found.xml is None:
        return unread(asked.name, "PDF", found.findings, channel=asked.channel)
    verdict = _check_xml(found.xml, asked)
    of_the_pdf = {"wellformed": (*found.findings, *_level_of_another(found.level, verdict))}
    if asked.with_pdfa and "schema" in asked.layers:
        from plainchant.einvoice.pdfa.probe import probe

        of_the_pdf["schema"] = probe(data)
    layers = tuple(
        replace(layer, findings=(*of_the_pdf.get(layer.name, ()), *layer.findings)) for layer in verdict.layers
    )
    facturx = SYNTAXES["facturx"]
    kind = f"{facturx.kind} ({verdict.kind})" if verdict.kind else facturx.kind
    # What is odd about the PDF only warns: the channels say what they say of the XML, which may be a reduced form.
    return replace(verdict, kind=kind, layers=layers, syntax=facturx)


def _level_of_another(level: str, verdict: Verdict) -> Iterator[Finding]:
    """The metadata of a PDF name another profile than its XML."""
    profile = _profile(verdict.reading, verdict.syntax)
    if level and profile is not None and level.replace(" ", "") != (profile.level or "").replace(" ", ""):
        row = file_table.RULES["FX-PROFIL"]
        sentence = row.sentence({"level": level[:MAX_VALUE], "profile": profile.name})
        yield Finding(row.id, sentence, severity=row.severity)


def _check_xml(data: bytes, asked: _Asked) -> Verdict:
    try:
        root = parse(data, limits=asked.limits)
    except NotWellFormed as error:
        kind = recognize(data)
        finding = Finding(error.code, error.message, line=error.line)
        return unread(asked.name, kind.name, (finding,), channel=asked.channel)
    kind = recognize(data, root)
    if kind.syntax is None:
        return _foreign(kind, asked)
    try:
        if kind.syntax.is_envelope:
            return _check_envelope(kind, kind.syntax, root, asked)
        reading = kind.syntax.read(root)
    except TooMany:
        finding = Finding("XML-TROP-LONG", TOO_LONG)
        return unread(asked.name, kind.name, (finding,), kind.syntax, channel=asked.channel)
    return _verdict(kind, kind.syntax, reading, lambda: _schema(kind, root), asked)


def _verdict(kind: FileKind, syntax: Syntax, reading: Reading, form: Callable[[], Layer], asked: _Asked) -> Verdict:
    """The verdict on what was read. ``form`` is the schema layer."""
    assert syntax.vocabulary is not None  # noqa: S101 - what has none is not read
    if "chorus" in asked.layers:
        reading.chorus = placements(reading.invoice, reading.facts)
    context = Context(
        syntax=syntax.vocabulary,
        at=asked.at,
        facts=reading.facts,
        chorus=reading.chorus,
        directory=asked.directory,
        profile=_profile(reading, syntax),
        unreadables=tuple(reading.unreadables),
    )
    todo: dict[LayerName, Callable[[], Layer]] = {
        "wellformed": lambda: Layer("wellformed", "valid", tuple(_read_notices(reading, context, syntax))),
        "schema": form,
        "chorus": lambda: _book("chorus", reading, context),
        "en16931": lambda: _en16931(reading, context),
        "fr": lambda: _book("fr", reading, context),
        "cpro": lambda: _book("cpro", reading, context),
    }
    layers = []
    for layer, run in todo.items():
        if layer not in asked.layers:
            layers.append(Layer(layer, "skipped", why="Ces règles n’ont pas été demandées."))
        elif syntax.is_reduced and layer not in DECIDING:
            why = "Cette forme réduite de Chorus Pro n’a pas les données que ces règles regardent."
            layers.append(Layer(layer, "skipped", why=why))
        elif layer in ("fr", "cpro") and context.profile is not None and not context.profile.is_of_the_reform:
            why = f"La réforme n’admet pas le profil {context.profile.name} : ces règles ne le jugent pas."
            layers.append(Layer(layer, "skipped", why=why))
        else:
            layers.append(run())
    return _answer(asked.name, asked.channel, kind.name, tuple(layers), reading=reading, syntax=syntax)


def _profile(reading: Reading | None, syntax: Syntax | None) -> Profile | None:
    """The profile that was read, where this syntax has it."""
    found = profile_of(reading.invoice.specification) if reading is not None else None
    return found if found is not None and syntax is not None and syntax.vocabulary in found.syntaxes else None


def _read_notices(reading: Reading, context: Context, syntax: Syntax) -> Iterator[Finding]:
    """That it is a test, first of all; a profile that we do not know; and what of it is not kept, each kind of element
    once.
    """
    test = reading.facts.test_indicator
    if test is not None:
        row = file_table.TEST_INVOICE
        yield Finding(row.id, row.french, severity="warning", path=path_of(test), line=test.sourceline)
    if reading.invoice.specification and context.profile is None and not syntax.is_reduced:
        row = file_table.RULES["PROFIL-INCONNU"]
        where = place(reading.grammar, reading.invoice, "specification", reading.numbers)
        yield Finding(
            row.id,
            row.sentence({"value": where.value[:MAX_VALUE]}),
            severity=row.severity,
            terms=("BT-24",),
            path=where.path,
            line=where.line,
            value=where.value[:MAX_VALUE],
        )
    for element, lost in islice(left(reading), MAX_EACH):
        yield Finding(
            "XML-NON-REPRIS",
            f"Non repris : {lost}. Mettez dans une note ce que le destinataire doit lire.",
            severity="warning",
            path=path_of(element, reading.numbers),
            line=element.sourceline,
        )


def _check_envelope(kind: FileKind, syntax: Syntax, root: Any, asked: _Asked) -> Verdict:
    """Chorus Pro's own XML: one envelope, one invoice or several, each with a verdict of its own."""
    from plainchant.einvoice.syntaxes.mixed import form  # only these files need it

    structure = form.structure(root)
    parts = [
        _verdict(kind, syntax, reading, lambda wrong=wrong: _layer("schema", wrong), asked)  # type: ignore[misc]
        # No more of them than the form looks at.
        for reading, wrong in zip(syntax.read_all(root), structure.invoices, strict=False)
    ]
    if not parts:
        why = "L’enveloppe ne contient pas de facture."
        layers = (
            Layer("wellformed", "valid"),
            _layer("schema", structure.envelope),
            *(Layer(layer, "skipped", why=why) for layer in LAYERS[2:]),
        )
        return _answer(asked.name, asked.channel, kind.name, layers, syntax=syntax)
    layers = tuple(_merged(layer, parts, structure.envelope if layer == "schema" else ()) for layer in LAYERS)
    reading, several = (parts[0].reading, ()) if len(parts) == 1 else (None, tuple(parts))
    return _answer(asked.name, asked.channel, kind.name, layers, reading=reading, parts=several, syntax=syntax)


def _merged(name: LayerName, parts: list[Verdict], envelope: tuple[Finding, ...]) -> Layer:
    """One layer of all the invoices of an envelope; which of several it is stands before each sentence."""
    layers = [part.layer(name) for part in parts]
    if all(layer.status == "skipped" for layer in layers):
        return layers[0]
    findings = list(envelope)
    for number, layer in enumerate(layers, 1):
        prefix = f"Facture {number} — " if len(layers) > 1 else ""
        findings += [replace(finding, message=prefix + finding.message) for finding in layer.findings]
    return _layer(name, tuple(findings))


def _answer(
    name: str,
    channel: _ChannelAsked,
    kind: str,
    layers: tuple[Layer, ...],
    *,
    reading: Reading | None = None,
    parts: tuple[Verdict, ...] = (),
    syntax: Syntax | None = None,
) -> Verdict:
    """What each channel would say of these layers, and what the one that was asked about says."""
    own = CHANNEL_OF[channel] if channel != "auto" else _written_for(reading, parts)
    profile = _profile(reading, syntax)
    channels = tuple(_judged(row, layers, syntax, profile) for row in CHANNELS)
    accepted = next(found.accepted for found in channels if found.channel is own)
    return Verdict(name, kind, accepted, layers, own, channels, reading, parts, syntax)


def _judged(
    channel: Channel, layers: tuple[Layer, ...], syntax: Syntax | None, profile: Profile | None
) -> ChannelVerdict:
    why = tuple(
        finding
        for layer in layers
        if layer.name in channel.deciding
        for finding in layer.findings
        if finding.severity == "fatal"
    )
    of_itself: tuple[Finding, ...] = ()
    if syntax is not None and syntax.is_reduced and not channel.takes_reduced:
        row = file_table.RULES["CANAL-FORME-REDUITE"]
        of_itself = (Finding(row.id, row.french),)
    elif profile is not None and not profile.is_of_the_reform and not channel.takes_reduced:
        row = file_table.RULES["CANAL-PROFIL"]
        of_itself = (Finding(row.id, row.sentence({"profile": profile.name})),)
    why = (*why, *of_itself)
    return ChannelVerdict(channel, accepted=not why, why=why, of_itself=of_itself)


def _written_for(reading: Reading | None, parts: tuple[Verdict, ...]) -> Channel:
    if reading is None:
        return parts[0].channel if parts else CHORUS
    data = reading.chorus or placements(reading.invoice, reading.facts)
    marks = {note.text for note in reading.invoice.notes if note.subject_code == french_codes.TREATMENT}
    profile = profile_of(reading.invoice.specification)
    return channel_for(
        cadre=data.cadre.value if data.cadre else None,
        is_of_the_reform="B2B" in marks or (profile is not None and profile.name == "EXTENDED-CTC-FR"),
    )


def unread(
    name: str,
    kind: str,
    findings: tuple[Finding, ...],
    syntax: Syntax | None = None,
    *,
    channel: _ChannelAsked = ChannelName.CHORUS,
) -> Verdict:
    """Nothing could be read: the first layer says why, the others were not reached."""
    why = "Le fichier n’a pas pu être lu."
    layers = (Layer("wellformed", "invalid", findings), *(Layer(layer, "skipped", why=why) for layer in LAYERS[1:]))
    return _answer(name, channel, kind, layers, syntax=syntax)


def _foreign(kind: FileKind, asked: _Asked) -> Verdict:
    """Good XML, but no invoice that any channel takes."""
    why = "Ce n’est pas une facture dans un format que nous savons lire."
    finding = Finding("XML-INCONNU", kind.refusal)
    layers = (
        Layer("wellformed", "valid"),
        Layer("schema", "invalid", (finding,)),
        *(Layer(layer, "skipped", why=why) for layer in LAYERS[2:]),
    )
    return _answer(asked.name, asked.channel, kind.name, layers)


def _schema(kind: FileKind, root: Any) -> Layer:
    if kind.schema is None:
        return Layer("schema", "skipped", why="Aucun schéma public n’existe pour ce format.")
    findings = schema.validate(root, kind.schema)
    if kind.profile is not None and not findings:
        # Chorus Pro does not hold a Factur-X to its profile; readers of Factur-X may.
        findings = schema.validate(root, kind.profile, severity="warning", rule="XSD-PROFIL")
    return _layer("schema", tuple(findings))


def _en16931(reading: Reading, context: Context) -> Layer:
    report = Report()
    day = _day(reading, context)
    book = in_force(BOOKS["en16931"], day)
    if book is None:
        return Layer("en16931", "skipped", why=_not_in_force("en16931"))
    book.run(reading.invoice, context, report)
    for rule, element in reading.failures:
        report.fail(rule, element)
    for rule, count in reading.failed.items():
        if count > MAX_EACH:
            report.counts[rule] += count - MAX_EACH  # those the reading counted without keeping
    profile, of_the_profile, presence = context.profile, None, en16931.PRESENCE
    if profile is not None:
        report.failures = [failure for failure in report.failures if profile.holds(failure.rule, context.syntax)]
        if profile.has_own_rules:
            from plainchant.einvoice.rules import extended  # its rows are made when one of two profiles is first met

            extended.run(reading.invoice, context, report, _faults(reading, profile, context.syntax))
            of_the_profile, presence = extended.RULES, presence | extended.PRESENCE
    if reading.unreadables:
        report.failures = _without_unreadable(report.failures, presence, reading)
    own.run(reading.invoice, context, report)
    if not report.failures:
        return Layer("en16931", "valid")
    # The rows of both syntaxes are made when they are first imported: a seventh of what a first check costs.
    from plainchant.einvoice.syntaxes import rule_table

    # Merging 1,600 rows costs more than looking a few up.
    rules = ChainMap(book.rules, rule_table.RULES, own.RULES, of_the_profile or {})
    return _layer("en16931", tuple(_findings(report, rules, reading, context.syntax, day)))


def _faults(reading: Reading, profile: Profile, syntax: str) -> Iterator[tuple[str, Any, str]]:
    """What a profile says of elements and codes, beyond what the reader's tables look at."""
    from plainchant.einvoice.syntaxes import extended_elements, extended_structure

    root = reading.invoice.source
    if root is not None:
        yield from extended_elements.faults(root, syntax)
        if profile.name == "EXTENDED":
            yield from extended_structure.faults(root)


def _without_unreadable(failures: list[Failure], presence: Collection[str], reading: Reading) -> list[Failure]:
    """Less those that say a value is missing that is written but unreadable: it is told as such."""
    unreadable = {id(element) for element, _, _ in reading.unreadables}
    return [
        failure
        for failure in failures
        if failure.rule not in presence
        or id(element_of(reading.grammar, failure.group, failure.field)) not in unreadable
    ]


def _book(name: LayerName, reading: Reading, context: Context) -> Layer:
    day = _day(reading, context)
    book = in_force(BOOKS[name], day)
    if book is None:
        return Layer(name, "skipped", why=_not_in_force(name))
    report = Report()
    book.run(reading.invoice, context, report)
    if context.profile is not None:
        report.failures = [failure for failure in report.failures if not _has_no_place(failure, reading, context)]
    lenient = book.warning_until is not None and day <= book.warning_until
    return _layer(name, tuple(_findings(report, book.rules, reading, context.syntax, day, lenient=lenient)))


def _has_no_place(failure: Failure, reading: Reading, context: Context) -> bool:
    """Whether something is missing that the profile of the file has no place for."""
    if failure.group is not reading.invoice or context.profile is None or failure.field not in context.profile.has_no:
        return False
    return not getattr(reading.invoice, failure.field)


def _day(reading: Reading, context: Context) -> date:
    """The day that chooses the rules: the invoice's own, or today for one without a date."""
    return reading.invoice.issue_date or context.at


def _not_in_force(name: LayerName) -> str:
    return f"Les règles {BOOKS[name][0].name} ne s’appliquent pas à la date de cette facture."


def _layer(name: LayerName, findings: tuple[Finding, ...]) -> Layer:
    broken = any(finding.severity == "fatal" for finding in findings)
    return Layer(name, "invalid" if broken else "valid", findings)


def _findings(
    report: Report, rules: Mapping[str, Rule], reading: Reading, syntax: str, day: date, *, lenient: bool = False
) -> list[Finding]:
    found: list[Finding] = []
    last: dict[str, int] = {}
    for failure in report.failures:
        rule = rules[failure.rule]
        if not rule.applies(day):
            continue
        last[failure.rule] = len(found)
        where = place(reading.grammar, failure.group, failure.field, reading.numbers)
        severity: Severity = "warning" if lenient else rule.severity_for(syntax)
        details = {name: shown(value)[:MAX_VALUE] for name, value in failure.details.items()}
        for name in ("computed", "written"):
            details[name] = details.get(name) or MISSING
        details.setdefault("value", where.value)
        details.setdefault("path", where.path)
        # « Ligne 1 — La facture n’a aucune ligne » would be said of the place where the first line should stand.
        prefix = _line_said(where.path) if failure.field != "lines" else ""
        message = prefix + rule.sentence(details).replace(_QUOTED_NOTHING, _EMPTY)
        found.append(
            Finding(
                rule=rule.id,
                message=message,
                field=failure.field or None,
                severity=severity,
                terms=rule.terms,
                path=where.path,
                line=where.line,
                value=details["value"] if _is_another(failure, where.value) else where.value or details["value"],
            )
        )
    for name, count in report.counts.items():
        if count > MAX_EACH and name in last:  # 10,000 lines with one fault each: what the others are is clear by then
            at = last[name]
            rest = count - MAX_EACH
            others = "autre endroit a" if rest == 1 else "autres endroits ont"
            more = f" ({shown(Decimal(rest))} {others} le même défaut.)"
            found[at] = replace(found[at], message=found[at].message + more)
    return found


def _is_another(failure: Failure, read: str) -> bool:
    """Whether the rule is about another value than the first one of a field that may have several."""
    value = failure.details.get("value")
    return isinstance(value, str) and value not in read


_QUOTED_NOTHING, _EMPTY = "«\u00a0\u00a0»", "(vide)"
_LINE = re.compile(r"/(?:cac:(?:Invoice|CreditNote)Line|ram:IncludedSupplyChainTradeLineItem)(?:\[(\d+)\])?")


def _line_said(path: str) -> str:
    """« Ligne 3 — »: which of the lines it is, as people count them."""
    match = _LINE.search(path)
    return f"Ligne {match[1] or 1} — " if match else ""


def shown(value: object) -> str:
    """A detail as a French reader writes it."""
    if isinstance(value, Decimal):
        whole, _, cents = f"{value:,f}".partition(".")
        return whole.replace(",", "\u202f") + ("," + cents if cents else "")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def as_object(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the JSON that programs read; ``invoices`` only for an envelope of several."""
    plain: dict[str, Any] = {
        "file": verdict.file,
        "kind": verdict.kind,
        "verdict": _word(verdict.accepted),
        "channel": verdict.channel.name.value,
        "channels": {
            found.channel.name.value: {
                "verdict": _word(found.accepted),
                "why": [{"rule": finding.rule, "message": finding.message} for finding in found.why],
            }
            for found in verdict.channels
        },
        "layers": [_layer_object(layer) for layer in verdict.layers],
    }
    if verdict.reading is not None:
        plain["placements"] = {name: _datum_object(datum) for name, datum in data_of(verdict).items()}
    if verdict.parts:
        plain["invoices"] = [
            {"number": part.reading.invoice.number if part.reading else None, "verdict": _word(part.accepted)}
            for part in verdict.parts
        ]
    return plain


def chorus_data_of(verdict: Verdict) -> ChorusData:
    """Chorus Pro's data of an invoice that was read. ValueError for a verdict without a reading."""
    if verdict.reading is None:
        raise ValueError("nothing was read")
    return verdict.reading.chorus or placements(verdict.reading.invoice, verdict.reading.facts)


def header_of(verdict: Verdict) -> Header:
    """What the portal keeps of an invoice that was read. ValueError for a verdict without a reading."""
    data = chorus_data_of(verdict)
    assert verdict.reading is not None  # noqa: S101 - else a ValueError before
    invoice = verdict.reading.invoice
    stated = verdict.reading.facts.chorus.get("vat_regime", "")
    return replace(header(invoice, data), vat_regime=vat_regime_of(invoice, stated=stated))


def data_of(verdict: Verdict) -> dict[str, Datum]:
    """Chorus Pro's data as they were found, by name, with where (`chorus.placements`). What is absent is left out."""
    if verdict.reading is None:
        return {}
    data = chorus_data_of(verdict)
    found = {row.name: getattr(data, row.name) for row in fields(data)}
    return {name: datum for name, datum in found.items() if isinstance(datum, Datum)}


def _datum_object(datum: Datum) -> dict[str, Any]:
    return {
        "value": datum.value[:MAX_VALUE],
        "placement": datum.placement,
        "scheme": datum.scheme,
        "strict": datum.is_strict,
    }


def _word(accepted: bool) -> str:
    return "accepted" if accepted else "refused"


def _layer_object(layer: Layer) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": layer.name, "status": layer.status}
    if layer.why:
        plain["why"] = layer.why
    plain["findings"] = [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "terms": list(finding.terms),
            "path": finding.path,
            "line": finding.line,
            "value": finding.value,
            "message": finding.message,
        }
        for finding in layer.findings
    ]
    return plain


def recognised(verdict: Verdict) -> list[tuple[str, str]]:
    """Pairs of a French label and a value: what people recognise an invoice by, and where Chorus Pro's data were
    found.
    """
    if verdict.reading is None:
        return []
    invoice = verdict.reading.invoice
    data = chorus_data_of(verdict)
    totals = invoice.totals
    gross = totals.tax_inclusive_amount if totals else None
    due = totals.payable_amount if totals else None
    currency = "€" if invoice.currency in (None, "EUR") else invoice.currency
    kind = INVOICE_TYPE_OF.get(invoice.type_code or "")
    rows = [
        ("Format", verdict.kind),
        (kind.label if kind else "Document", invoice.number),
        ("Date", shown(invoice.issue_date)),
        ("Fournisseur", _named(invoice.seller.name if invoice.seller else None, data.seller)),
        ("Destinataire", _named(invoice.buyer.name if invoice.buyer else None, data.buyer)),
        ("Code service", _placed(data.buyer_service)),
        ("Numéro d’engagement", _placed(data.commitment)),
        ("Numéro de marché", _placed(data.contract)),
        ("Cadre de facturation", data.cadre_code),
        ("Total TTC", f"{shown(to_cents(gross))}\u00a0{currency}" if gross is not None else ""),
        ("À payer", f"{shown(to_cents(due))}\u00a0{currency}" if due is not None else ""),
    ]
    return [(label, value[:200]) for label, value in rows if value]


def _placed(datum: Datum | None) -> str:
    """The value, and where it was found when that is not the place the reform wants."""
    if datum is None:
        return ""
    return datum.value if datum.is_strict else f"{datum.value} (lu en {datum.placement})"


def _named(name: str | None, datum: Datum | None) -> str:
    return " · ".join(part for part in (name or "", datum.value if datum else "") if part)
