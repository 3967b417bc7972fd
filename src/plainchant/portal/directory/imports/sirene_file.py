"""Import an extract of Sirene: Insee's file of establishments (StockEtablissement), with the columns of their names.

Read as a stream, kept by batches of 2,000 lines; the memory does not grow with the file. The same file again changes
nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plainchant.einvoice.identifiers import siret_in
from plainchant.portal.directory.models import Establishment
from plainchant.portal.directory.sirene import public

from .opening import UnreadableFile, opened
from .records import Remark

BATCH = 2_000
MOST_BYTES = 64 * 1024**3  # once unpacked: the whole of France takes about nine
_MOST_REMARKS = 1_000
_NAMES = ("denominationUniteLegale", "denominationUsuelleEtablissement", "enseigne1Etablissement")
_FIELDS = [f.name for f in Establishment._meta.concrete_fields if f.name != "siret"]


@dataclass
class SireneReport:
    """What became of the file. Lines count from 1, the header included."""

    kept: int = 0
    refused: list[Remark] = field(default_factory=list)
    refused_count: int = 0

    def refuse(self, line: int, sentence: str) -> None:
        self.refused_count += 1
        if len(self.refused) < _MOST_REMARKS:
            self.refused.append(Remark(line, sentence))


def import_sirene(*, path: Path, progress: Callable[[SireneReport], None] | None = None) -> SireneReport:
    """Import ``path`` (CSV, plain, gzip or zip of one file). Raises `UnreadableFile` when nothing of it can be read."""
    report = SireneReport()
    batch: dict[str, Establishment] = {}
    with opened(path, most_bytes=MOST_BYTES) as stream:
        for establishment in _establishments(stream, report):
            batch[establishment.siret] = establishment
            if len(batch) >= BATCH:
                _keep(batch, report)
                batch = {}
                if progress is not None:
                    progress(report)
    _keep(batch, report)
    return report


def _establishments(stream: io.BufferedReader, report: SireneReport) -> Iterator[Establishment]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.DictReader(text)
    try:
        columns = set(rows.fieldnames or ())
        lacking = [name for name in ("siret", "libelleCommuneEtablissement") if name not in columns]
        if lacking:
            raise UnreadableFile(
                f"Il manque dans la première ligne\u00a0: {', '.join(lacking)}. Ce n’est pas un fichier "
                "d’établissements de l’Insee (StockEtablissement)."
            )
        for row in rows:
            siret = siret_in(row.get("siret") or "")
            if siret is None:
                report.refuse(rows.line_num, "le SIRET n’a pas 14 chiffres.")
            else:
                yield _establishment(siret, row)
    except csv.Error as error:
        raise UnreadableFile(f"La ligne {rows.line_num} ne se lit pas\u00a0: vérifiez ses guillemets.") from error


def _establishment(siret: str, row: Mapping[str, str | None]) -> Establishment:
    is_open = row.get("etatAdministratifEtablissement") != "F"
    if row.get("statutDiffusionEtablissement") == "P":
        return Establishment(siret=siret, is_open=is_open, is_masked=True)
    number = public(row.get("numeroVoieEtablissement")) + public(row.get("indiceRepetitionEtablissement"))
    street = [number, public(row.get("typeVoieEtablissement")), public(row.get("libelleVoieEtablissement"))]
    person = " ".join(filter(None, (public(row.get("prenom1UniteLegale")), public(row.get("nomUniteLegale")))))
    names = (public(row.get(column)) for column in _NAMES)
    return Establishment(
        siret=siret,
        name=next(filter(None, [next(names), person, *names]), "")[:201],
        address_line=" ".join(filter(None, street))[:255],
        address_extra_1=public(row.get("complementAdresseEtablissement"))[:255],
        postcode=public(row.get("codePostalEtablissement"))[:10],
        city=public(row.get("libelleCommuneEtablissement"))[:100],
        is_open=is_open,
    )


def _keep(batch: Mapping[str, Establishment], report: SireneReport) -> None:
    Establishment.objects.bulk_create(
        batch.values(), batch_size=500, update_conflicts=True, unique_fields=["siret"], update_fields=_FIELDS
    )
    report.kept += len(batch)
