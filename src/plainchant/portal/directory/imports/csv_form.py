"""The directory as columns: a file of structures, or a file of services, told apart by their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TextIO

from .opening import HEAD, UnreadableFile
from .records import BODY_COLUMNS, SERVICE_COLUMNS, BodyRecord, ImportColumn, LineReading, Remark, key, read

LONGEST_LINE = HEAD
_MOST_CONTINUED = 5  # lines that one quoted cell may run over


def read_csv(stream: io.BufferedReader) -> Iterator[LineReading]:
    """Each line of the file, checked. Raises `UnreadableFile` before the first if the columns are not known."""
    lines = _lines(stream)
    number, header = next(lines, (1, ""))
    if header is None:
        raise UnreadableFile(
            f"La première ligne dépasse {LONGEST_LINE // 1024} ko\u00a0: ce n’est pas un fichier d’annuaire."
        )
    delimiter = max(";\t,", key=header.count)
    names = [key(name) for name in _cells(header.removeprefix("\ufeff"), delimiter)]
    columns = _columns(names)
    waiting: list[tuple[int, str | None]] = []

    def following() -> tuple[int, str | None] | None:
        return waiting.pop(0) if waiting else next(lines, None)

    while (found := following()) is not None:
        number, text = found
        taken: list[tuple[int, str | None]] = []
        while text is not None and text.count('"') % 2 and len(taken) < _MOST_CONTINUED:
            more = following()
            if more is None:
                break
            taken.append(more)
            if more[1] is None:
                break
            text += more[1]
        if text is None:
            yield _refusal(number, f"elle dépasse {LONGEST_LINE // 1024} ko. Vérifiez qu’il n’en manque pas la fin.")
        elif text.count('"') % 2:
            waiting[:0] = taken  # the lines after it are not to blame
            yield _refusal(number, "un guillemet ouvert n’est pas refermé. Refermez-le ou retirez-le.")
        elif text.strip(" \r\n\t" + delimiter):
            yield _read_line(number, text, delimiter, names, columns)


def _read_line(number: int, text: str, delimiter: str, names: list[str], columns: list[ImportColumn]) -> LineReading:
    if "\0" in text:
        return _refusal(number, "elle contient un caractère nul. Retirez-le, ou exportez de nouveau le fichier.")
    try:
        cells = _cells(text, delimiter)
    except csv.Error:
        return _refusal(number, "ses colonnes ne se séparent pas. Vérifiez ses guillemets.")
    if len(cells) != len(names) and not _only_empty_ends(cells, names):
        return _refusal(
            number,
            f"elle a {len(cells)} colonnes, l’en-tête {len(names)}. "
            f"Vérifiez ses «\u00a0{delimiter}\u00a0» et ses guillemets.",
        )
    return read(line=number, raw=dict(zip(names, cells, strict=False)), columns=columns)


def _only_empty_ends(cells: list[str], names: list[str]) -> bool:
    """Spreadsheets add empty cells at the end of a line. A line with too few was cut, and says less than it should."""
    return len(cells) > len(names) and not any(cells[len(names) :])


def _refusal(number: int, sentence: str) -> LineReading:
    return LineReading(record=None, refused=[Remark(number, sentence)])


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _columns(names: list[str]) -> list[ImportColumn]:
    columns = SERVICE_COLUMNS if "code" in names else BODY_COLUMNS
    missing = [column.name for column in columns if column.is_required and key(column.name) not in names]
    if missing:
        raise UnreadableFile(
            f"Il manque dans la première ligne\u00a0: {', '.join(missing)}. Un fichier de structures a au moins "
            "Identifiant;RaisonSociale\u00a0; un fichier de services, Identifiant;Code;Nom."
        )
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnreadableFile(f"Une colonne est là deux fois\u00a0: {', '.join(sorted(twice))}. Gardez-en une.")
    return columns


def _lines(stream: io.BufferedReader) -> Iterator[tuple[int, str | None]]:
    """Numbered lines as text; None in place of one that is too long, which is passed over without being held."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
            yield number, None
        else:
            yield number, _decoded(raw)


def _decoded(raw: bytes) -> str:
    """UTF-8; a line that is not is taken for Windows-1252, as spreadsheets write."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def write_csv(bodies: Iterable[BodyRecord], target: TextIO) -> None:
    """A file of structures with every column, as `read_csv` reads it. ``target`` is open with newline=""."""
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in BODY_COLUMNS])
    for body in bodies:
        values = {"identifier": body.identifier, "country": "FR", "is_active": True, **body.values}
        writer.writerow([_written(values.get(column.field, "")) for column in BODY_COLUMNS])


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "O" if value else "N"
    return str(value)
