"""`plainchant docs`: documentation pages printed from the code, so that they cannot lie."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import django

if TYPE_CHECKING:
    from plainchant.einvoice.codes.works import WorksPiece


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a page is out of date.")
@click.option("--folder", default="docs", type=click.Path(path_type=Path), show_default=True)
def docs(check: bool, folder: Path) -> None:
    """Write the pages of docs/ that are printed from the tables they describe."""
    django()
    stale = []
    for name, printer in PAGES.items():
        path = folder / name
        text = printer()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
            click.echo(f"{path} written")
    if check and stale:
        raise click.ClickException(f"out of date: {', '.join(stale)}. Run `make docs`.")


def lifecycle() -> str:
    """The lifecycle's two tables, in Markdown."""
    from plainchant.einvoice.codes.cadres import ORDINARY
    from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
    from plainchant.einvoice.codes.statuses import EDI_NUMBERS, STATUS_CODES
    from plainchant.einvoice.codes.works import ACTOR_NAMES, WORKS_PIECES
    from plainchant.portal.invoices.kinds import ORDINARY_INVOICE, kind_of
    from plainchant.portal.invoices.lifecycle import MOVES, STATUSES, BuyersMove, ValidatorsMove, WorksMove

    credit_note = kind_of(type_code=CREDIT_NOTE, cadre=ORDINARY, payable=None, total=None)
    lines = [
        "# The life of an invoice",
        "",
        "Printed from `src/plainchant/portal/invoices/lifecycle.py` by `make docs`; do not edit here.",
        "",
        "## Statuses",
        "",
        "| EDI | code | on screen | the supplier sees | the recipient sees | the validator sees "
        "| those named for works see | the supplier gets a mail | what the supplier reads "
        "| where nothing is to be paid |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in STATUSES:
        supplier = f"{row.mood}: {row.word or row.mood.word}"
        recipient = f"{row.for_buyer[0]}: {row.for_buyer[1]}" if row.for_buyer else "the same"
        validator = f"{row.for_validator[0]}: {row.for_validator[1]}" if row.for_validator else "–"
        works = f"{row.for_works[0]}: {row.for_works[1]}" if row.for_works else "–"
        lines.append(
            f"| {row.edi or '–'} | `{row.status}` | {row.label} | {supplier} | {recipient} | {validator} | {works} "
            f"| {'yes' if row.mails_seller else 'no'} "
            f"| {row.sentence(kind=ORDINARY_INVOICE, buyer='L’acheteur')} "
            f"| {row.sentence(kind=credit_note, buyer='L’acheteur')} |"
        )
    lines += [
        "",
        "## Moves",
        "",
        "A status changes in one module only (`portal.invoices.moves`), by an update that names the status that "
        "was seen; the history row and the outbox rows are written in the same transaction.",
        "",
        "| action | who | right | from | to | a reason must be given | button | in the history |",
        "|---|---|---|---|---|---|---|---|",
    ]
    order = [row.status for row in STATUSES]
    for move in MOVES:
        sources = ", ".join(f"`{status}`" for status in order if status in move.sources)
        lines.append(
            f"| {move.action} | {move.party} | {move.right or '–'} | {sources or '–'} | `{move.target}` "
            f"| {'yes' if move.needs_reason else 'no'} | {move.label} | {move.history} |"
        )
    lines += [
        "",
        "## What a recipient is told before going on",
        "",
        "| action | question | consequence | when it was done before | where nothing is to be paid |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {move.action} | {move.question_about(kind=ORDINARY_INVOICE, number='F-1')} "
        f"| {move.consequence_for(kind=ORDINARY_INVOICE)} "
        f"| {move.consequence_for(kind=ORDINARY_INVOICE, is_again=True) if move.consequence_again else '–'} "
        f"| {move.consequence_for(kind=credit_note)} |"
        for move in MOVES
        if isinstance(move, BuyersMove)
    ]
    lines += [
        "",
        "## All statuses of Chorus Pro",
        "",
        "From `src/plainchant/einvoice/codes/statuses.py`, those of circuits that are not here too. « – »: no public "
        "source gives one number to this status.",
        "",
        "| code | on screen | EDI | known of its number | here |",
        "|---|---|---|---|---|",
    ]
    here = {row.status.value for row in STATUSES}
    lines += [
        f"| `{code.code}` | {code.label} | {code.edi or '–'} | {code.note} | {'yes' if code.code in here else 'no'} |"
        for code in STATUS_CODES
    ]
    lines += ["", "| EDI | what it says | code |", "|---|---|---|"]
    lines += [
        f"| {number.number} | {number.label} | {f'`{number.code}`' if number.code else '–'} |" for number in EDI_NUMBERS
    ]
    lines += [
        "",
        "## What a validator is told before going on",
        "",
        "| action | of the second | question | consequence |",
        "|---|---|---|---|",
    ]
    words = {**ORDINARY_INVOICE.words, "number": "F-1"}
    lines += [
        f"| {move.action} | {'yes' if move.of_second else 'no'} | {move.question.format(**words)} "
        f"| {move.consequence.format(**words)} |"
        for move in MOVES
        if isinstance(move, ValidatorsMove)
    ]
    lines += [
        "",
        "## Pieces of works",
        "",
        "From `src/plainchant/einvoice/codes/works.py`: who makes a piece from which, who has it next. Where nobody "
        "has it next, this portal does not know its circuit and refuses it. What is not sure is inferred from the name "
        "of the piece and from the CCAG Travaux of 2021.",
        "",
        "| cadre | piece | typeFactureTravaux | made by | from | goes to | replaces what it answers "
        "| days of silence before | tacit | the payment delay runs from | sure | source |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.code} | {row.name} | `{row.type}` | {ACTOR_NAMES[row.made_by]} | {', '.join(row.answers) or '–'} "
        f"| {ACTOR_NAMES[row.goes_to] if row.goes_to else 'nobody: refused'} | {'yes' if row.replaces else 'no'} "
        f"| {row.after_days or '–'} | {'yes' if row.is_tacit else 'no'} "
        f"| {_delay_of_piece(row)} | {'yes' if row.is_sure else 'inferred'} | {row.source} |"
        for row in WORKS_PIECES
    ]
    lines += [
        "",
        "## What those named for works are told before going on",
        "",
        "| action | of the maître d’ouvrage | question | consequence |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {move.action} | {'yes' if move.of_moa else 'no'} | {move.question.format(**words)} "
        f"| {move.consequence.format(**words)} |"
        for move in MOVES
        if isinstance(move, WorksMove) and move.question
    ]
    return "\n".join(lines) + "\n"


def _delay_of_piece(row: WorksPiece) -> str:
    if not row.is_paid:
        return "–"
    return "the receipt of the first piece" if row.delay_from_first else "its own notice"


def permissions() -> str:
    """The rights, the profiles, and every permission with the pages that ask it, in Markdown."""
    from plainchant.access.table import TABLE
    from plainchant.portal.rights.profiles import PROFILES, spaces_of
    from plainchant.portal.rights.rights import RIGHTS
    from plainchant.web.routes import declared_routes

    used: dict[str, dict[str, list[str]]] = {permission.name: {} for permission in TABLE}
    for address, method, permission in declared_routes():
        used[permission.name].setdefault(address, []).append(method)
    lines = [
        "# Who may do what",
        "",
        "Printed from `src/plainchant/portal/rights/`, `src/plainchant/access/table.py` and the routes by `make docs`; "
        "do not edit here.",
        "",
        "## Rights",
        "",
        "A right is held over a structure, and where it is about received invoices over one service of it. An "
        "attachment gives rights once it has been accepted, and as long as the account is open: to see the structure, "
        "and what its spaces give, each opened to consult it or to change what is in it. The manager (gestionnaire "
        "principal) has every right. A profile is a name for spaces opened together; a person may have several. A "
        "delegation gives the people of another structure what its own spaces give, as far as they have the same right "
        "over their own. A technical account gives a program what its own spaces give, those of clients included, but "
        "for what is kept for people.",
        "",
        f"| right | what it allows | space | manager | {' | '.join(row.name for row in PROFILES)} | program |",
        f"|---|---|---|---|{'---|' * len(PROFILES)}---|",
    ]
    for row in RIGHTS:
        opened = [spaces_of([profile.profile]) for profile in PROFILES]
        given = [row.space is None or spaces.get(row.space) in row.modes for spaces in opened]
        held = " | ".join("yes" if is_given else "–" for is_given in given)
        space = f"`{row.space}`, {row.mode.name.lower()}" if row.space else "–"
        program = "never" if row.is_for_people else "as opened"
        lines.append(f"| {row.right} | {row.meaning} | {space} | yes | {held} | {program} |")
    lines += [
        "",
        "## Permissions",
        "",
        "A page asks one permission for each of its methods, and the operation behind it asks the same one again. A "
        "page without a permission cannot be reached. An object outside the reach of a permission gives the same 404 "
        "as one that does not exist. A page whose address names no object lists what the permission reaches.",
        "",
        "| permission | right | rule | login | programs | pages |",
        "|---|---|---|---|---|---|",
    ]
    for permission in TABLE:
        asked = sorted(used[permission.name].items())
        pages = "<br>".join(f"{' '.join(methods)} `{address}`" for address, methods in asked)
        lines.append(
            f"| {permission.name} | {permission.right or '–'} | {permission.sentence} "
            f"| {'no' if permission.anonymous else 'yes'} | {'never' if permission.is_for_people else 'yes'} "
            f"| {pages} |"
        )
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Every rule of every book, in Markdown."""
    from plainchant.einvoice.books import SHELVES, dates

    lines = [
        "# The rules",
        "",
        "Printed from `src/plainchant/einvoice/rules/` by `make docs`; do not edit here.",
        "`plainchant explain BR-S-08` tells one of them.",
        "Words in braces are filled in when the rule fails.",
    ]
    for shelf in SHELVES:
        if shelf.name == "PDF/A-3":
            lines += ["", "## PDF/A-3", "", "[What the probe looks at](pdfa-probe.md), as warnings."]
            continue
        lines += ["", f"## {shelf.name} {shelf.version}", "", f"{shelf.summary} {len(shelf.rules)} règles.", ""]
        if shelf.book is not None:
            rule = next(iter(shelf.rules.values()))
            lines += [f"Publié le {shelf.book.published:%d/%m/%Y}. Factures concernées : {dates(shelf, rule)}.", ""]
        if shelf.name == "EN 16931, syntaxes":
            lines += ["| rule | severity | what it asks |", "|---|---|---|"]
            lines += [f"| {row.id} | {row.severity} | {_cell(row.english)} |" for row in shelf.rules.values()]
            continue
        if not any(row.syntaxes for row in shelf.rules.values()):
            lines += ["| rule | terms | severity | what is told | in English |", "|---|---|---|---|---|"]
            lines += [
                f"| {row.id} | {', '.join(row.terms)} | {row.severity} | {_cell(row.french)} | {_cell(row.english)} |"
                for row in shelf.rules.values()
            ]
            continue
        lines += ["| rule | terms | UBL | CII | what is told | in English |", "|---|---|---|---|---|---|"]
        for row in shelf.rules.values():
            ubl, cii = (row.severity_for(syntax) if syntax in row.syntaxes else "–" for syntax in ("ubl", "cii"))
            cells = f"{_cell(row.french)} | {_cell(row.english)}"
            lines.append(f"| {row.id} | {', '.join(row.terms)} | {ubl} | {cii} | {cells} |")
    return "\n".join(lines) + "\n"


def authors() -> str:
    """The situations of artist-authors, VAT, thresholds, charges and presets, in Markdown and in French."""
    from plainchant.einvoice.making.authors.page import printed

    return printed()


def guides() -> str:
    """Each step of the union's guide with its page of the help, its film and the journey that plays it; the rest."""
    from plainchant.help.guides import GUIDES

    played: dict[str, set[str]] = {}
    for source in sorted(Path("journeys").glob("test_*.py")):
        for slug in re.findall(r'on_step\(\s*\w+,\s*"([\w-]+)/', source.read_text(encoding="utf-8")):
            played.setdefault(slug, set()).add(source.name)
    media = "../src/plainchant/help/static/help"
    lines = [
        "# The steps of the guide, and what proves them",
        "",
        "Printed by `plainchant docs` from `plainchant.help`. A union's guide is where this portal",
        "began: each of its steps has a page of the help here, a film, and a journey in Chromium that plays",
        "every step of it.",
        "`make help` makes pictures and films anew, with Debian's `chromium` and `chromium-l10n`, whose own words are",
        "French; `tests/web/help` fails for a page of the product without a guide,",
        "and for a step that nobody plays.",
        "",
        "| step of the union's guide | page of the help | film | played by |",
        "|---|---|---|---|",
    ]
    rows = [(guide.seed or "", guide) for guide in GUIDES]
    for seed, guide in [row for row in rows if row[0]] + [row for row in rows if not row[0]]:
        journeys = ", ".join(f"[{name}](../journeys/{name})" for name in sorted(played.get(guide.slug, ())))
        film = f"[film]({media}/{guide.slug}/film.webm), [captions]({media}/{guide.slug}/film.vtt)"
        lines.append(f"| {_cell(seed) or '–'} | {_cell(guide.title)}: `/aide/{guide.slug}/` | {film} | {journeys} |")
    lines += ["", f"The booklet to print: [livret.pdf]({media}/livret.pdf)."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def flow_report() -> str:
    """The shape of a flow's report as structured data, and its codes, in Markdown."""
    from plainchant.portal.codes import CODES, About
    from plainchant.portal.flows.models import State
    from plainchant.portal.flows.report import HEADING, OBJECT, REJECTS_HEADING, VERSION
    from plainchant.portal.store.antivirus import Scan

    lines = [
        "# The report of a flow",
        "",
        "Printed from `src/plainchant/portal/flows/` by `make docs`; do not edit here. A report is read on the page of "
        "the flow and taken away as PDF, CSV and JSON; all say the same.",
        "",
        f"## As JSON, version {VERSION}",
        "",
        "At `/flux/<uid>/compte-rendu.json`. Members may be added; none changes its meaning or goes without another "
        "version. Instants are ISO 8601, in Paris. Names are those of Chorus Pro's detailed report where it has one.",
        "",
        "| member | what it is |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OBJECT.items()]
    lines += ["", "States: " + ", ".join(f"`{state.value}` ({state.label})" for state in State) + "."]
    lines += ["", "`analyseAntivirus`: " + ", ".join(f"`{state.name}` ({state.label})" for state in Scan) + "."]
    lines += [
        "",
        "## As CSV",
        "",
        "UTF-8 with a mark, `;` between cells, a row for each finding and one for each invoice taken. A cell that a "
        "spreadsheet could take for a formula begins with an apostrophe. Columns: "
        + ", ".join(f"`{name}`" for name in HEADING)
        + ".",
        "",
        "The rejects of a day (`/flux/rejets.csv?day=2026-11-26&structure=<uid>`): "
        + ", ".join(f"`{name}`" for name in REJECTS_HEADING)
        + ".",
        "",
        "## Codes",
        "",
        "Those of the whole flow; `AVERTISSEMENT` stops nothing. Those of its invoices are in [codes.md](codes.md), "
        "the engine's rules (`XSD`, `XML-…`, `CPRO-…`) in [rules.md](rules.md).",
        "",
        "| code | about | meaning | mend |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{row.code}` | {row.about.value} | {_cell(row.meaning)} | {_cell(row.mend)} |"
        for row in CODES
        if row.about in (About.FLOW, About.INCIDENT, About.NOTICE)
    ]
    return "\n".join(lines) + "\n"


def codes() -> str:
    """Every code of the portal, in Markdown."""
    from plainchant.portal.codes import CODES, About

    lines = [
        "# The portal's codes",
        "",
        "Printed from `src/plainchant/portal/codes.py` by `make docs`; do not edit here.",
        "",
        "What the portal itself says of an invoice, of a flow, of what was asked for. A code keeps its meaning for "
        "ever. The rules of invoices are in [rules.md](rules.md); `plainchant explain CODE` tells one of either. "
        "HTTP is the status of an answer that says this and nothing else; codeRetour and the key of its libelle are "
        "those of the [programming interface](api.md), which begins a libelle with our code where no key is known.",
    ]
    for about, title in ABOUT.items():
        lines += ["", f"## {title}", "", "| code | HTTP | codeRetour | meaning | mend |", "|---|---|---|---|---|"]
        lines += [
            f"| `{row.code}` | {row.http} | {' '.join(filter(None, (str(row.retour), row.key)))} "
            f"| {_cell(row.meaning)} | {_cell(row.mend)} |"
            for row in CODES
            if row.about is About[about]
        ]
    return "\n".join(lines) + "\n"


def variables() -> str:
    """Every environment variable an operator may set, in Markdown."""
    from plainchant.portal.environment.table import FOR_DEVELOPMENT, VARIABLES

    lines = [
        "# Settings",
        "",
        "Printed from `src/plainchant/portal/environment/table.py` by `make docs`; do not edit here.",
        "",
        "Everything is set by environment variables, the same for every process of the portal. « on or off » is "
        "`1`/`0`, `true`/`false`, `on`/`off`, `yes`/`no`; a list is separated by commas; a variable that is empty "
        "counts as not set. `plainchant check-settings` says what is wrong with them, and tries what they name; "
        "`setup`, `run` and `worker` refuse to start for the same reasons (`--offline`: without trying the document "
        "store and the mail server). How they go together: [operating.md](operating.md).",
        "",
        "| variable | kind | default | meaning | production |",
        "|---|---|---|---|---|",
    ]
    for row in VARIABLES:
        kind = f"{row.kind} {', '.join(f'`{choice}`' for choice in row.choices)}" if row.choices else str(row.kind)
        needed = "required" if row.is_required else ""
        lines.append(f"| `{row.name}` | {kind} | {_cell(row.default)} | {_cell(row.meaning)} | {needed} |")
    lines += ["", "Read by tests and benches alone: " + ", ".join(f"`{name}…`" for name in FOR_DEVELOPMENT) + "."]
    return "\n".join(lines) + "\n"


ABOUT = {
    "FLOW": "A whole flow cannot be taken (IRRECEVABILITE)",
    "INCIDENT": "A whole flow could not be processed (INCIDENT)",
    "NOTICE": "Worth knowing of a flow (AVERTISSEMENT)",
    "INVOICE": "An invoice would be refused (FACTURE)",
    "REMARK": "Worth a look on an invoice",
    "DOCUMENT": "Seen while a document was read",
    "REQUEST": "What was asked for was not done",
}
PAGES: dict[str, Callable[[], str]] = {
    "lifecycle.md": lifecycle,
    "rules.md": rules,
    "permissions.md": permissions,
    "authors.md": authors,
    "guides.md": guides,
    "flow-report.md": flow_report,
    "codes.md": codes,
    "settings.md": variables,
}
