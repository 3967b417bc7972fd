"""Search the invoices of one side as programs do, with the lists and the criteria of the pages.

Some programs send zero for what they leave out: no row has the key 0, and amounts from 0 to 0 are no bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from plainchant.api.callers import Caller
from plainchant.api.operation import WireRequest
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.refusals import SearchTooWide
from plainchant.api.values import storable_amount
from plainchant.einvoice.codes.cadres import code_of_api_name
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPES
from plainchant.einvoice.codes.works import WORKS_PIECES
from plainchant.portal.drafts.queries import begun
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices.criteria import is_given, narrowed
from plainchant.portal.invoices.lifecycle import Side, Status
from plainchant.portal.invoices.lists import ORDERS, UNSHOWN, InvoiceKeys, InvoiceReach, Order
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import PARIS, day_in_paris
from plainchant.portal.lib.written_once import Value, written_once
from plainchant.portal.rights.actor import Acting, acting
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures.models import Structure

from .invoice_lines import FACTURE, FACTURE_TRAVAUX, with_what_lines_say

# Values that the criteria of one search compare with: a statement has so many parameters.
MOST_COMPARED = 900
MOST_EITHER = 100  # conditions of which one is to be met: Django compares each with all others
_DEPOSITED = Order(name="depot", column="deposited_at", falls=True, may_be_empty=True)
_MADE_AVAILABLE = ORDERS[Side.BUYER][0]
# triColonne → the column. Another one leaves the usual order: the last deposited first.
_COLUMNS = {
    "NumeroFacture": "number",
    "DateFacture": "issue_date",
    "MontantAPayer": "to_pay",
    "MontantTTC": "to_pay",
    "Statut": "status",
    "DesignationDestinataire": "buyer_name",
    "Destinataire": "buyer_name",
    "DesignationFournisseur": "seller_name",
    "Fournisseur": "seller_name",
    "CodeServiceExecutant": "service_code",
}


class UsualSearch(WireRequest):
    """What the searches of suppliers, recipients and validators have in common, under the same names."""

    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    periodeDateFactureDu: date | None = None
    periodeDateFactureAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    numeroMarche: str = ""

    def usual_values(self) -> dict[str, Any]:
        """By their names among `invoices.criteria`."""
        return {
            "depot": (self.periodeDateDepotDu, self.periodeDateDepotAu),
            "facture": (self.periodeDateFactureDu, self.periodeDateFactureAu),
            "ht": (self.montantHTMin, self.montantHTMax),
            "ttc": (self.montantTTCMin, self.montantTTCMax),
            "marche": self.numeroMarche,
        }


@dataclass(frozen=True, kw_only=True)
class Found:
    invoices: list[Invoice]
    retour: ParametresRetour


def search(
    caller: Caller,
    *,
    permission: Permission,
    side: Side,
    asked: ParametresRecherche | None,
    values: Mapping[str, Any],
    conditions: Iterable[Q] = (),
    statuses: Iterable[str] | None = None,
) -> Found:
    """A page of what ``side`` sees, as its page of a browser would list it.

    ``values``: of `invoices.criteria`, by name. ``statuses``: in one of these alone, any where all of them are empty.
    Raises SearchTooWide.
    """
    values = {name: _as_compared(value) for name, value in values.items()}
    paging = asked or ParametresRecherche()
    today = day_in_paris(caller.at)
    condition = Q()
    for each in conditions:
        condition &= each
    if _compared(condition) > MOST_COMPARED:
        raise SearchTooWide(MOST_COMPARED)
    listed = InvoiceKeys(
        side=side,
        reach=InvoiceReach.of(actor=caller.actor, right=permission.needed_right, side=side),
        statuses=_known(statuses or ()),
        narrow=lambda rows: begun(narrowed(rows, values=values, side=side, today=today).filter(condition)),
    )
    usual = None if any(map(is_given, values.values())) else _parted(condition)
    if usual is not None:
        listed = replace(listed, narrow=_Meeting(usual[0]), values=usual[1])
    order = _order(paging.triColonne, side)
    falls = order.falls if paging.falls is None else paging.falls

    def page() -> list[int]:
        return listed.numbered(order=order, falling=falls, page=paging.page, size=paging.size)

    first = page() if paging.page == 1 else None
    # A first page that is not full is all there is: nothing has to be counted.
    is_all = first is not None and len(first) < paging.size
    total = len(first) if first is not None and is_all else listed.count(most=paging.most)
    left = paging.left(total)
    keys = (page() if first is None else first)[:left] if left else []
    who, key = acting(caller.actor)
    rows = {invoice.pk: invoice for invoice in _shown(permission, who, key=key, keys=keys)} if keys else {}
    return Found(invoices=[rows[key] for key in keys if key in rows], retour=paging.retour(total))


@written_once(Invoice)
def _shown(permission: Permission, who: Acting, *, key: int, keys: Sequence[int]) -> QuerySet[Invoice]:
    """What lines say of these, in the scope of the permission."""
    return with_what_lines_say(permission.reached_by(who.by(key))).defer(*UNSHOWN).filter(pk__in=keys)


@dataclass(frozen=True)
class _Name:
    name: str


@dataclass(frozen=True)
class _Meeting:
    """Narrows to what meets a condition in which names stand for values."""

    condition: Q

    def __call__(self, rows: QuerySet[Invoice], **values: Value) -> QuerySet[Invoice]:
        filled = _with_others(self.condition, lambda _, value: values[value.name] if type(value) is _Name else value)
        return begun(rows.filter(filled))


def _parted(condition: Q) -> tuple[Q, dict[str, Value]] | None:
    """``condition`` with names for its values, and these; None if it is not made of columns that equal something."""
    values: dict[str, Value] = {}

    def named(column: str, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)):
            return value  # codes, of which there are few
        if "__" in column or not isinstance(value, int | str):
            raise _NotUsual
        name = f"value_{len(values)}"
        values[name] = value
        return _Name(name)

    try:
        return _with_others(condition, named), values
    except _NotUsual:
        return None


class _NotUsual(Exception):
    """A condition of which the statement is not worth being kept."""


def _with_others(condition: Q, other: Callable[[str, Any], Any]) -> Q:
    """``condition`` with another value for each that a column is compared with."""
    children: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            children.append(_with_others(child, other))
        elif isinstance(child, tuple):
            children.append((child[0], other(*child)))
        else:
            raise _NotUsual
    return Q.create(children, connector=condition.connector, negated=condition.negated)


def _compared(condition: Q) -> int:
    """How many values ``condition`` compares columns with."""
    values = (child[1] if isinstance(child, tuple) else child for child in condition.children)
    return sum(
        _compared(value) if isinstance(value, Q) else len(value) if isinstance(value, list | tuple) else 1
        for value in values
    )


def _known(statuses: Iterable[str]) -> tuple[str, ...] | None:
    """Each of ``statuses`` that there is, once; None where none is named at all."""
    named = {status.strip().upper() for status in statuses} - {""}
    return tuple(status for status in Status if status in named) if named else None


def _as_compared(value: Any) -> Any:
    """A value of a criterion without what says nothing: blanks around a text, bounds that are both zero."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, tuple):
        return value
    if value == (0, 0):
        return (None, None)
    return tuple(storable_amount(bound) if isinstance(bound, Decimal) else bound for bound in value)


def _order(column: str, side: Side) -> Order:
    usual = _MADE_AVAILABLE if side is Side.BUYER and column != "DateDepot" else _DEPOSITED
    wanted = _COLUMNS.get(column.strip())
    return next((order for order in ORDERS[side] if order.column == wanted), usual)


def since(first: datetime | None, last: datetime | None) -> Q:
    """In its status since an instant between these. A ``last`` at midnight means the whole day."""
    if last is not None and last.astimezone(PARIS).time() == time():
        last += timedelta(days=1) - timedelta.resolution
    return (Q(status_at__gte=first) if first else Q()) & (Q(status_at__lte=last) if last else Q())


def of_type(*names: str | None) -> Q:
    """typeFacture: one of these, or any where none is given."""
    wanted = _words(names)
    codes = [row.code for row in INVOICE_TYPES if row.api in wanted]
    return Q(type_code__in=codes) if wanted else Q()


def of_kind(name: str | None) -> Q:
    """typeDemandePaiement; of a kind that this portal does not have there is nothing."""
    if not name or not name.strip():
        return Q()
    works = Q(billing_framework__in=[row.code for row in WORKS_PIECES])
    return {FACTURE: ~works, FACTURE_TRAVAUX: works}.get(name.strip().upper(), Q(pk__in=()))


def of_works_type(names: Iterable[str]) -> Q:
    """typeFactureTravaux: one of these, or any where none is given."""
    wanted = _words(names)
    return Q(billing_framework__in=[row.code for row in WORKS_PIECES if row.type in wanted]) if wanted else Q()


def in_cadre(name: str | None) -> Q:
    """cadreFacturation, by its name of the wire."""
    name = (name or "").strip().upper()
    return Q(billing_framework=code_of_api_name(name)) if name else Q()


def _words(names: Iterable[str | None]) -> set[str]:
    """Words of a list as it has them, without those that are empty."""
    return {name.strip().upper() for name in names if name} - {""}


def of_flow(number: str) -> Q:
    return (
        Q(pk__in=FlowInvoice.objects.filter(flow__number=number.strip()).values("invoice")) if number.strip() else Q()
    )


def parties(column: str, keys: Iterable[int | None], *, whole_siren: bool | None = False) -> Q:
    """Of a structure of one of these keys; with ``whole_siren`` of all establishments of its SIREN."""
    wanted = _given(keys)
    if not wanted or not whole_siren:
        return among(column, wanted)
    identifiers = Structure.objects.filter(pk__in=wanted).values_list("identifier", flat=True)
    sirens = sorted({identifier[:9] for identifier in identifiers}) or ["-"]
    return any_of(Q(**{f"{column}__identifier__startswith": siren}) for siren in sirens)


def has(**columns: Any) -> Q:
    """Exactly these values, those that are given."""
    return Q(**{name: value for name, value in columns.items() if value})


def among(column: str, keys: Iterable[int | None]) -> Q:
    wanted = _given(keys)
    if len(wanted) == 1:
        return Q(**{column: wanted[0]})
    return Q(**{f"{column}__in": wanted}) if wanted else Q()


def _given(keys: Iterable[int | None]) -> list[int]:
    """Each key that is one, once. Raises SearchTooWide."""
    given = list(dict.fromkeys(key for key in keys if key))
    if len(given) > MOST_COMPARED:
        raise SearchTooWide(MOST_COMPARED)
    return given


def is_closed(closed: bool | None) -> Q:
    """rejetTraite, as lines say it: false is any invoice whose rejection was not closed, most were never rejected."""
    return Q() if closed is None else Q(rejection_closed_at__isnull=not closed)


def any_of(conditions: Iterable[Q]) -> Q:
    """One of those that ask for something; any row where none does. Raises SearchTooWide."""
    either: list[Q] = []
    for condition in conditions:
        if condition:
            either.append(condition)
        if len(either) > MOST_EITHER:  # before the next is made, which may ask the database
            raise SearchTooWide(MOST_EITHER)
    return either[0] if len(either) == 1 else Q(*either, _connector=Q.OR)


def validated_by(key: int | None) -> Q:
    return Q(validator=key) | Q(second_validator=key) if key else Q()
