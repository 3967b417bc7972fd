"""What one may look for in a list of invoices: a table, which the form, the address and the query are made from.

Those of Chorus Pro's « Rechercher », as far as this portal knows what they ask for. An address names each by ``name``:
two of them, with « -du » and « -au », or « -min » and « -max », for a stretch of days or of amounts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, Q, QuerySet

from plainchant.capture.amounts import parse_digits
from plainchant.einvoice.codes.cadres import CADRES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPES
from plainchant.einvoice.codes.reasons import REASONS
from plainchant.einvoice.identifiers import bare
from plainchant.portal.lib.time import PARIS
from plainchant.portal.structures.models import Structure

from .assignment import is_assigned
from .due_soon import is_due_soon
from .lifecycle import HIDDEN_FROM, REFUSED, STATUSES, Side
from .listed import compared, in_french
from .models import DepositMode, Invoice, StatusChange
from .payments import MONEY_IS_NOTED

BOTH = frozenset({Side.SELLER, Side.BUYER})
EVERY = BOTH | {Side.VALIDATOR, Side.WORKS}  # what says nothing of what buyer and supplier do between them
SELLER, BUYER = frozenset({Side.SELLER}), frozenset({Side.BUYER})


class CriterionKind(StrEnum):
    """How it is asked, and what its value is."""

    TEXT = "text"  # str
    CHOICE = "choice"  # a code
    CODES = "codes"  # several codes
    DAYS = "days"  # (first, last), either None
    AMOUNTS = "amounts"  # (least, most), either None
    YES_NO = "yes-no"  # bool
    MARK = "mark"  # True


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """``narrows``: value, side and today → the condition. ``choices``: (code, words) of a side."""

    name: str
    label: str
    kind: CriterionKind
    narrows: Callable[[Any, Side, date], Q]
    sides: frozenset[Side] = BOTH
    help: str = ""
    choices: Callable[[Side], Sequence[tuple[str, str]]] = lambda _side: ()
    is_in_words: bool = False  # what is typed stands among the words of an invoice: they are indexed


def _has(column: str) -> Callable[[str, Side, date], Q]:
    return lambda text, _side, _today: Q(**{f"{column}__icontains": text})


def _is(column: str) -> Callable[[str, Side, date], Q]:
    return lambda code, _side, _today: Q(**{column: code})


def _days(column: str) -> Callable[[tuple[date | None, date | None], Side, date], Q]:
    def narrows(days: tuple[date | None, date | None], _side: Side, _today: date) -> Q:
        first, last = days
        return (Q(**{f"{column}__gte": first}) if first else Q()) & (Q(**{f"{column}__lte": last}) if last else Q())

    return narrows


def _instants(column: str) -> Callable[[tuple[date | None, date | None], Side, date], Q]:
    def narrows(days: tuple[date | None, date | None], _side: Side, _today: date) -> Q:
        first, last = days
        return (Q(**{f"{column}__gte": _begins(first)}) if first else Q()) & (
            Q(**{f"{column}__lt": _begins(last + timedelta(days=1))}) if last and last < date.max else Q()
        )

    return narrows


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS)


def _amounts(column: str) -> Callable[[tuple[Decimal | None, Decimal | None], Side, date], Q]:
    def narrows(amounts: tuple[Decimal | None, Decimal | None], _side: Side, _today: date) -> Q:
        least, most = amounts
        return (Q(**{f"{column}__gte": least}) if least is not None else Q()) & (
            Q(**{f"{column}__lte": most}) if most is not None else Q()
        )

    return narrows


def _other_party(text: str, side: Side, _today: date) -> Q:
    other = "buyer" if side is Side.SELLER else "seller"
    digits = bare(text)
    if digits.isdigit() and len(digits) in (9, 14):  # a SIREN: all of its establishments
        return Q(**{f"{other}__identifier__startswith": digits})
    return Q(**{f"{other}_name__icontains": text})


def _validator(text: str, _side: Side, _today: date) -> Q:
    digits = bare(text)
    if digits.isdigit() and len(digits) in (9, 14):
        named = Q(identifier__startswith=digits)
    else:
        named = Q(name__icontains=text) | Q(label__icontains=text)
    keys = Structure.objects.filter(named).values("pk")
    return Q(validator__in=keys) | Q(second_validator__in=keys)


def _is_late(_value: bool, _side: Side, today: date) -> Q:
    return Q(due_on__lt=today)


def _stopped_for(code: str, _side: Side, _today: date) -> Q:
    moves = StatusChange.objects.filter(invoice=OuterRef("pk"), to_status=OuterRef("status"), reason_code=code)
    return Q(Exists(moves))


ME, NOBODY = "moi", "personne"  # of whom an invoice is assigned to, in an address; else the key of a person


def _is_assigned_to(whom: str, _side: Side, _today: date) -> Q:
    if whom == NOBODY:
        return ~is_assigned()
    return is_assigned() & Q(assigned_to=int(whom)) if whom.isdecimal() else Q(pk__in=())


def _statuses(side: Side) -> list[tuple[str, str]]:
    return [(row.status, row.label) for row in STATUSES if row.status not in HIDDEN_FROM[side]]


_K = CriterionKind
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="status", label="Statut", sides=EVERY, kind=_K.CODES, choices=_statuses,
        narrows=lambda codes, _side, _today: Q(status__in=codes),
    ),
    Criterion(
        name="retard", label="En retard", kind=_K.MARK, narrows=_is_late,
        help="Le dernier jour pour payer est passé.",
    ),
    Criterion(
        name="delai", label="Avec un délai de paiement", kind=_K.MARK,
        narrows=lambda _value, _side, _today: Q(to_pay__gt=0), help="Sans les avoirs, ni ce qui est déjà payé.",
    ),
    Criterion(
        name="encaissee", label="Argent reçu, noté par vous", kind=_K.YES_NO, sides=SELLER,
        narrows=lambda value, _side, _today: Q(MONEY_IS_NOTED) if value else ~Q(MONEY_IS_NOTED),
    ),
    Criterion(
        name="motif", label="Motif", kind=_K.CHOICE, narrows=_stopped_for,
        choices=lambda _side: [(reason.code, reason.label) for reason in REASONS],
        help="Pourquoi elle a été rejetée, suspendue ou renvoyée.",
    ),
    Criterion(
        name="semaine", label="À payer sous 7 jours", kind=_K.MARK,
        narrows=lambda _value, _side, today: is_due_soon(today),
        help="Le dernier jour pour payer est dans les sept jours, ou passé.",
    ),
    Criterion(
        name="attribuee", label="Attribuée à", kind=_K.CHOICE, sides=BUYER, narrows=_is_assigned_to,
        choices=lambda _side: [(ME, "Moi"), (NOBODY, "Personne")],
        help="Qui s’en occupe chez vous.",
    ),
    Criterion(
        name="partie", label="L’autre partie", sides=EVERY, kind=_K.TEXT, narrows=_other_party,
        help="Un nom, un SIRET, ou un SIREN pour tous ses établissements.",
    ),
    Criterion(
        name="service", label="Code du service", sides=EVERY, kind=_K.TEXT,
        narrows=lambda text, _side, _today: Q(service_code__iexact=text),
    ),
    Criterion(name="numero", label="Numéro", sides=EVERY, kind=_K.TEXT, narrows=_has("number"), is_in_words=True),
    Criterion(
        name="type", label="Type", sides=EVERY, kind=_K.CHOICE, narrows=_is("type_code"),
        choices=lambda _side: [(row.code, row.label) for row in INVOICE_TYPES],
    ),
    Criterion(
        name="cadre", label="Cadre de facturation", sides=EVERY, kind=_K.CHOICE, narrows=_is("billing_framework"),
        choices=lambda _side: [(row.code, f"{row.code} · {row.label}") for row in CADRES if row.circuit.is_carried],
    ),
    Criterion(
        name="engagement", label="Numéro d’engagement", sides=EVERY, kind=_K.TEXT,
        narrows=_has("commitment"), is_in_words=True,
    ),
    Criterion(
        name="marche", label="Numéro de marché", sides=EVERY, kind=_K.TEXT, narrows=_has("contract"), is_in_words=True,
    ),
    Criterion(
        name="origine", label="Facture d’origine", kind=_K.TEXT, narrows=_has("preceding_number"), is_in_words=True,
    ),
    Criterion(name="facture", label="Date de la facture", sides=EVERY, kind=_K.DAYS, narrows=_days("issue_date")),
    Criterion(name="depot", label="Déposée", sides=EVERY, kind=_K.DAYS, narrows=_instants("deposited_at")),
    Criterion(name="recue", label="Reçue", kind=_K.DAYS, narrows=_instants("made_available_at"), sides=BUYER),
    Criterion(name="depuis", label="Dans ce statut depuis", sides=EVERY, kind=_K.DAYS, narrows=_instants("status_at")),
    Criterion(name="echeance", label="À payer avant", kind=_K.DAYS, narrows=_days("due_on")),
    Criterion(
        name="a-payer", label="Montant à payer", sides=EVERY, kind=_K.AMOUNTS, narrows=_amounts("payable_amount"),
    ),
    Criterion(name="ttc", label="Total TTC", sides=EVERY, kind=_K.AMOUNTS, narrows=_amounts("tax_inclusive_amount")),
    Criterion(name="ht", label="Total HT", sides=EVERY, kind=_K.AMOUNTS, narrows=_amounts("tax_exclusive_amount")),
    Criterion(
        name="valideur", label="Valideur", kind=_K.TEXT, narrows=_validator,
        help="Un nom ou un SIRET : qui donne son accord sur la facture d’un sous-traitant ou d’un cotraitant.",
    ),
    Criterion(
        name="compte", label="Compte bancaire", kind=_K.TEXT, help="L’IBAN, ou ses derniers chiffres.",
        narrows=lambda text, _side, _today: Q(bank_account__iban__endswith=bare(text).upper() or text),
    ),
    Criterion(
        name="auteur", label="Envoyée par", kind=_K.TEXT, sides=SELLER,
        narrows=lambda text, _side, _today: Q(created_by__last_name__icontains=text),
        help="Le nom de famille.",
    ),
    Criterion(
        name="mode", label="Comment elle est arrivée", kind=_K.CHOICE, narrows=_is("deposit_mode"),
        choices=lambda _side: DepositMode.choices,
    ),
    Criterion(
        name="telechargee", label="Téléchargée par le destinataire", kind=_K.YES_NO,
        narrows=lambda value, _side, _today: Q(downloaded_at__isnull=not value),
    ),
    Criterion(
        name="refus-classe", label="Refus classé", kind=_K.YES_NO, sides=SELLER,
        narrows=lambda value, _side, _today: Q(status__in=REFUSED, rejection_closed_at__isnull=not value),
        help="Vous en avez pris connaissance, ou vous avez refait la facture.",
    ),
    Criterion(
        name="remarques", label="Avec des remarques", kind=_K.MARK, sides=BUYER,
        narrows=lambda _value, _side, _today: ~Q(remarks=[]),
        help="Quelque chose est à vérifier.",
    ),
)  # fmt: skip


def criteria_of(side: Side) -> list[Criterion]:
    """Those of one side's lists, in the order in which they are asked."""
    return [row for row in CRITERIA if side in row.sides]


def is_given(value: Any) -> bool:
    return value not in (None, "", [], (None, None))


def narrowed(
    rows: QuerySet[Invoice], *, values: Mapping[str, Any], text: str = "", side: Side, today: date
) -> QuerySet[Invoice]:
    """``rows`` with these values of the table's rows, by name; and every word of ``text`` somewhere in them."""
    for row in criteria_of(side):
        if is_given(values.get(row.name)):
            rows = rows.filter(row.narrows(values[row.name], side, today))
    also = [compared(values[row.name]) for row in criteria_of(side) if row.is_in_words and values.get(row.name)]
    return _with_words(rows, text, [word for word in also if word])


def words_sought(text: str) -> list[str]:
    """The words of a search, as `listed` wrote an invoice's. An amount or an identifier is one, with its blanks."""
    text = compared(text)[:100]
    together = "".join(text.split())
    amount = together.removesuffix("€").removesuffix("eur")
    if "," in amount and amount.replace(",", "", 1).isdecimal():
        return [in_french(Decimal(amount.replace(",", ".")))]
    if together.isdigit() and (len(together) >= 6 or re.fullmatch(r"[0-9]{1,3}( [0-9]{3})+", text)):
        return [together]
    return list(dict.fromkeys(text.split()))[:8]


_SQLITE = "SELECT rowid FROM invoices_invoice_fts WHERE invoices_invoice_fts MATCH %s LIMIT %s"
_FEW = 2_000  # rows found by their words: read one by one. More, and the order of the list finds a page sooner
_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:[.,'][0-9]{3})+)[.,][0-9]{1,2}")  # 1234.56, 1.234,56
_INDEXED = 3  # letters: of fewer, no trigram is made


def _with_words(rows: QuerySet[Invoice], text: str, also: list[str]) -> QuerySet[Invoice]:
    """Those in which every word stands; or which name the identifier that was typed with points or strokes in it, or
    the amount that was written as on another page.

    ``also``: what stands in them besides.
    """
    words, digits = words_sought(text), bare(text)
    ways = [words + also]
    if digits.isdigit() and len(digits) in (9, 14) and [digits] != words:
        ways.append([digits, *also])
    amount = re.sub(r"\s|€$|eur$", "", compared(text))
    if _AMOUNT.fullmatch(amount):
        ways.append([in_french(parse_digits(amount)), *also])
    if not ways[0]:
        return rows
    using = router.db_for_read(Invoice)
    if connections[using].vendor == "sqlite" and all(any(len(word) >= _INDEXED for word in way) for way in ways):
        with connections[using].cursor() as cursor:
            cursor.execute(_SQLITE, [" OR ".join(map(_fts5, ways)), _FEW + 1])
            found = [key for (key,) in cursor.fetchall()]
        if len(found) <= _FEW:
            rows = rows.filter(pk__in=found)
    either = Q()
    for way in ways:
        every = Q()
        for word in way:
            every &= Q(words__contains=word)
        either |= every
    return rows.filter(either)


def _fts5(words: list[str]) -> str:
    quoted = ('"{}"'.format(word.replace('"', '""')) for word in words if len(word) >= _INDEXED)
    return f"({' AND '.join(quoted)})"
