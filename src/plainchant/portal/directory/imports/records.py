"""One line of a directory file, checked: the table of columns, and what each may hold.

The names are those of the Chorus Pro wire (`codeServiceDoitEtreRenseigne`) and of its services file (`GestionEGMT`);
`docs/directory.md` shows them. An absent column leaves what is already known as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from plainchant.einvoice.identifiers import key_agrees, siret_in
from plainchant.einvoice.law.payment import PAYER_CATEGORY_OF


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about one line of the file: a French sentence without its first capital."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """A public body: ``values`` are fields of `Structure`, only those the file gives."""

    line: int
    identifier: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A service of the body ``identifier``: ``values`` are fields of `Service`."""

    line: int
    identifier: str
    code: str
    values: dict[str, object]


Record = BodyRecord | ServiceRecord


class BadValueError(ValueError):
    """A value that cannot be kept; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """``words`` is what the column is called in a sentence; ``read`` makes the value of ``field``."""

    name: str
    field: str
    words: str
    read: Callable[[str], object]
    is_required: bool = False


def _text(raw: str, *, longest: int) -> str:
    if len(raw) > longest:
        raise BadValueError(f"a {len(raw)} caractères, {longest} au plus. Raccourcissez")
    return raw


def _filled(raw: str, *, longest: int) -> str:
    if not raw:
        raise BadValueError("est vide. Remplissez cette colonne")
    return _text(raw, longest=longest)


_YES = {"1", "o", "oui", "true", "vrai", "t", "v", "y", "yes", "x", "actif", "active"}
_NO = {"", "0", "n", "non", "false", "faux", "f", "no", "inactif", "inactive"}


def _yes_or_no(raw: str) -> bool:
    folded = raw.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise BadValueError(f"vaut «\u00a0{raw[:20]}\u00a0». Écrivez O ou N")


def _active(raw: str) -> bool:
    return _yes_or_no(raw or "ACTIF")


def _category(raw: str) -> str:
    *first, last = PAYER_CATEGORY_OF
    if raw and raw.upper() not in PAYER_CATEGORY_OF:
        raise BadValueError(f"vaut «\u00a0{raw[:20]}\u00a0». Écrivez {', '.join(first)} ou {last}")
    return raw.upper()


def _country(raw: str) -> str:
    if raw and not re.fullmatch(r"[A-Za-z]{2}", raw):
        raise BadValueError(f"vaut «\u00a0{raw[:20]}\u00a0». Écrivez un code de deux lettres, comme FR")
    return raw.upper() or "FR"


def _day(raw: str) -> date | None:
    if not raw:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(raw[:10], form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise BadValueError(f"vaut «\u00a0{raw[:20]}\u00a0». Écrivez la date comme 2026-12-31")


def _siret(raw: str) -> str:
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", raw.strip(), re.IGNORECASE):
        raise BadValueError(
            f"vaut «\u00a0{raw[:20]}\u00a0»\u00a0: un tableur l’a arrondi. "
            "Mettez la colonne au format texte et reprenez le numéro"
        )
    siret = siret_in(raw)
    if siret is None:
        raise BadValueError(f"vaut «\u00a0{raw[:20]}\u00a0». Un destinataire a un SIRET de 14 chiffres")
    return siret


BODY_COLUMNS = [
    ImportColumn("Identifiant", "identifier", "le SIRET", _siret, is_required=True),
    ImportColumn("RaisonSociale", "name", "le nom", partial(_filled, longest=201), is_required=True),
    ImportColumn("Libelle", "label", "le nom d’usage", partial(_text, longest=201)),
    ImportColumn("CategoriePayeur", "payer_category", "la catégorie de payeur", _category),
    ImportColumn("Statut", "is_active", "le statut", _active),
    ImportColumn("Adresse", "address_line", "l’adresse", partial(_text, longest=255)),
    ImportColumn("ComplementAdresse1", "address_extra_1", "le complément d’adresse", partial(_text, longest=255)),
    ImportColumn(
        "ComplementAdresse2", "address_extra_2", "le second complément d’adresse", partial(_text, longest=255)
    ),
    ImportColumn("CodePostal", "postcode", "le code postal", partial(_text, longest=10)),
    ImportColumn("Ville", "city", "la ville", partial(_text, longest=100)),
    ImportColumn("CodePays", "country", "le code du pays", _country),
    ImportColumn("NumTelephone", "phone", "le numéro de téléphone", partial(_text, longest=30)),
    ImportColumn("Courriel", "email", "le courriel", partial(_text, longest=254)),
    ImportColumn("codeServiceDoitEtreRenseigne", "requires_service", "l’obligation de service", _yes_or_no),
    ImportColumn("numeroEJDoitEtreRenseigne", "requires_commitment", "l’obligation d’engagement", _yes_or_no),
    ImportColumn(
        "gestionNumeroEJOuCodeService",
        "requires_service_or_commitment",
        "l’obligation de service ou d’engagement",
        _yes_or_no,
    ),
    ImportColumn(
        "statutMiseEnPaiementNestPasRemonte", "reports_no_payment", "l’absence de suivi du paiement", _yes_or_no
    ),
    ImportColumn("estMoaUniquement", "is_works_authority_only", "la maîtrise d’ouvrage seule", _yes_or_no),
]

SERVICE_COLUMNS = [
    ImportColumn("Identifiant", "identifier", "le SIRET", _siret, is_required=True),
    ImportColumn("Code", "code", "le code du service", partial(_filled, longest=100), is_required=True),
    ImportColumn("Nom", "name", "le nom du service", partial(_filled, longest=255), is_required=True),
    ImportColumn("GestionEGMT", "requires_commitment", "l’obligation d’engagement du service", _yes_or_no),
    ImportColumn("ServiceActif", "is_active", "l’état du service", _active),
    ImportColumn("DateDebutService", "valid_from", "le début du service", _day),
    ImportColumn("DateFinService", "valid_until", "la fin du service", _day),
    ImportColumn("Courriel", "email", "le courriel", partial(_text, longest=254)),
]


def key(name: str) -> str:
    """The form in which the names of columns are compared."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


@dataclass
class LineReading:
    """One line being read: its record if it can be kept, and what there is to say about it."""

    record: Record | None
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def read(*, line: int, raw: Mapping[str, str], columns: list[ImportColumn]) -> LineReading:
    """Check one line. ``raw`` maps `key(column name)` to its text. Reports everything that is wrong with it."""
    values: dict[str, object] = {}
    reading = LineReading(record=None)
    for column in columns:
        text = raw.get(key(column.name))
        if text is None and not column.is_required:
            continue
        text = (text or "").strip()
        if "\0" in text:
            reading.refused.append(
                Remark(line, f"{column.words} ({column.name}) contient un caractère nul. Retirez-le.")
            )
            continue
        try:
            values[column.field] = column.read(text)
        except BadValueError as error:
            reading.refused.append(Remark(line, f"{column.words} ({column.name}) {error}."))
    if reading.refused:
        return reading
    identifier = str(values.pop("identifier"))
    if not key_agrees(identifier):
        reading.warnings.append(
            Remark(
                line, f"la clé du SIRET {identifier} n’est pas juste. La ligne est gardée\u00a0: vérifiez le numéro."
            )
        )
    if values.get("email"):
        try:
            validate_email(str(values["email"]))
        except ValidationError:
            values["email"] = ""
            reading.warnings.append(
                Remark(line, "le courriel (Courriel) n’a pas la forme d’une adresse\u00a0: laissé vide.")
            )
    if columns is SERVICE_COLUMNS:
        reading.record = ServiceRecord(line, identifier, str(values.pop("code")), values)
    else:
        reading.record = BodyRecord(line, identifier, values)
    return reading
