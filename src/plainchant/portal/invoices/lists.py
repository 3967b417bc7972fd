"""A page of a list of invoices, read from its place in an order: as quick among two millions as among ten.

Whose invoices they are is resolved first, into keys. Then each structure's or service's own index gives its first few
in the order asked for, the few are merged, and only those that the page shows are read, in the scope of the visitor's
right. A page is named by the row that it comes after or before, so that the last one costs what the first does.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import DateTimeField, F, Q, QuerySet

from plainchant.portal.lib.written_once import Value, WrittenOnce, written_once
from plainchant.portal.rights.actor import Acting, Actor, acting
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.reach import reached, services_reached
from plainchant.reader.text import storable

from .lifecycle import Side
from .models import Invoice
from .queries import IN_SIDE

MOST_COUNTED = 1_000  # « plus de 1 000 »: counting them all would cost more than the page
_TOGETHER = 400  # branches of one statement: SQLite takes 500
_MOST_PRODUCTS = 200
# Stand for the key and the status of a branch in a statement. Nothing that is looked for can be either.
_ANY_KEY, _ANY_STATUS = -(2**62) - 1, "\x01 any status \x01"
UNSHOWN = ("document", "words", "comment")

Narrowing = Callable[..., QuerySet[Invoice]]


@dataclass(frozen=True, kw_only=True)
class Order:
    """``name`` in an address; ``column`` of an invoice. ``falls``: the first time it is asked.

    ``may_be_empty``: rows without it come last, whichever way.
    """

    name: str
    column: str
    falls: bool = False
    may_be_empty: bool = False


_NUMBER = Order(name="numero", column="number")
_DATED = Order(name="date", column="issue_date", falls=True, may_be_empty=True)
_AMOUNT = Order(name="montant", column="to_pay", falls=True, may_be_empty=True)
_STATUS = Order(name="statut", column="status")
_SINCE = Order(name="depuis", column="status_at", falls=True)
_DUE = Order(name="echeance", column="due_on", may_be_empty=True)
_SERVICE = Order(name="service", column="service_code")
ORDERS: dict[Side, tuple[Order, ...]] = {
    Side.SELLER: (
        _SINCE, _NUMBER, Order(name="destinataire", column="buyer_name"),
        _AMOUNT, _STATUS, _DUE, _DATED,
    ),
    Side.BUYER: (
        Order(name="recue", column="made_available_at", falls=True), _NUMBER,
        Order(name="fournisseur", column="seller_name"), _SERVICE, _AMOUNT, _STATUS, _DUE, _DATED,
    ),
    **dict.fromkeys(
        (Side.VALIDATOR, Side.WORKS),
        (_SINCE, _NUMBER, Order(name="fournisseur", column="seller_name"), _AMOUNT, _STATUS, _DATED),
    ),
}  # fmt: skip


def order_named(name: str, *, side: Side) -> Order | None:
    return next((order for order in ORDERS[side] if order.name == name), None)


@dataclass(frozen=True, kw_only=True)
class InvoiceReach:
    """Whose invoices: the keys of whole structures, and of services alone, as the visitor's right reaches them now."""

    structures: tuple[int, ...]
    services: tuple[int, ...] = ()

    @classmethod
    def of(cls, *, actor: Actor, right: Right, side: Side, structure: Structure | None = None) -> InvoiceReach:
        """Of one ``structure`` alone, or of all."""
        if actor.author is None:
            return cls(structures=())
        who, key = acting(actor)
        within = {} if structure is None else {"structure": structure.pk}
        structures = tuple(_structures_of(who, right, key=key, **within))
        if side is not Side.BUYER:
            return cls(structures=structures)
        services = _services_of(who, right, key=key, **within)
        return cls(structures=structures, services=tuple(key for key, whose in services if whose not in structures))


@written_once(Structure)
def _structures_of(who: Acting, right: Right, *, key: int, **within: int) -> QuerySet[Structure, int]:
    whole = reached(actor=who.by(key), right=right)
    if "structure" in within:
        whole = whole.filter(pk=within["structure"])
    return whole.order_by("pk").values_list("pk", flat=True)


@written_once(Service)
def _services_of(who: Acting, right: Right, *, key: int, **within: int) -> QuerySet[Service, tuple[int, int]]:
    parts = services_reached(actor=who.by(key), right=right).filter(**within)
    return parts.order_by("pk").values_list("pk", "structure")


@dataclass(frozen=True)
class Mark:
    """A row that a page comes after or before: its value in the order, and its key."""

    value: Any
    key: int


@dataclass(frozen=True)
class _InOrder:
    """What is asked of a branch: its first rows in an order, those that have a value in it or those that have none."""

    order: Order
    falls: bool
    mark: Mark | None
    has_value: bool
    size: int

    @property
    def by(self) -> tuple[str, str]:
        """Where there is no value too: it is the order of the index."""
        sign = "-" if self.falls else ""
        return f"{sign}{self.order.column}", f"{sign}pk"

    def of(self, rows: QuerySet[Invoice]) -> QuerySet[Invoice, tuple[int, Any]]:
        column, mark, beyond = self.order.column, self.mark, "lt" if self.falls else "gt"
        if self.order.may_be_empty:
            rows = rows.filter(**{f"{column}__isnull": not self.has_value})
        if mark is not None and self.has_value:
            same_or_beyond = Q(**{f"{column}__{beyond}e": mark.value})
            rows = rows.filter(
                same_or_beyond, Q(**{f"{column}__{beyond}": mark.value}) | Q(**{f"pk__{beyond}": mark.key})
            )
        elif mark is not None:
            rows = rows.filter(**{f"pk__{beyond}": mark.key})
        return rows.order_by(*self.by).values_list("pk", F(column))[: self.size]


@dataclass(frozen=True)
class _InAnyOrder:
    """What is asked of a branch: up to a number of its rows, to count them."""

    size: int

    def of(self, rows: QuerySet[Invoice]) -> QuerySet[Invoice, tuple[int, Any]]:
        return rows.order_by().values_list("pk", "pk")[: self.size]


_Cut = _InOrder | _InAnyOrder


def _branch(
    side: Side,
    column: str,
    statuses: tuple[str, ...] | None,
    narrow: Narrowing,
    cut: _Cut,
    *,
    key: int,
    status: str = "",
    **values: Value,
) -> QuerySet[Invoice, tuple[int, Any]]:
    """The rows of one structure or service, in one status where it is given."""
    rows = Invoice.objects.filter(IN_SIDE[side], **{column: key})
    if status:
        rows = rows.filter(status=status)
    elif statuses:
        rows = rows.filter(status__in=statuses)
    return cut.of(narrow(rows, **values))


_BRANCH = written_once(Invoice)(_branch)


@dataclass(frozen=True, kw_only=True)
class InvoiceKeys:
    """The keys of what is listed. What is shown of them is read in the scope of a permission.

    ``narrow`` is given ``values`` beside the rows. Where they are not None, it is a function of a module and its
    statements are written once for all of its lists.
    """

    side: Side
    reach: InvoiceReach
    narrow: Narrowing = lambda rows: rows
    values: Mapping[str, Value] | None = None
    statuses: tuple[str, ...] | None = None  # of one of these; None for any

    def numbered(self, *, order: Order, falling: bool, page: int, size: int) -> list[int]:
        """Those of the page of this number, from 1: programs ask for pages so. All before it are read too."""
        return self._walk(order, falling, None, False, page * size)[(page - 1) * size :]

    def count(self, most: int = MOST_COUNTED) -> int:
        """How many there are, ``most`` + 1 for more."""
        found = 0
        for column, branches in self._branches():
            found += self._many(_InAnyOrder(most + 1), column, branches, limit=most + 1)
        return min(found, most + 1)

    def exists(self) -> bool:
        return any(
            self._ask(_InAnyOrder(1), column, branches, order="", limit=1) for column, branches in self._branches()
        )

    def _walk(self, order: Order, falling: bool, mark: Mark | None, backwards: bool, size: int) -> list[int]:
        """Keys from a place on. Rows that have no value in this order come after all that have."""
        zones = [True, False] if order.may_be_empty else [True]
        if backwards:
            zones.reverse()
        if mark is not None:
            zones = zones[zones.index(mark.value is not None) :]
        keys: list[int] = []
        for place, has_value in enumerate(zones):
            if len(keys) < size:
                here = mark if place == 0 else None
                keys += self._stretch(order, falling != backwards, here, has_value, size - len(keys))
        return keys

    def _stretch(self, order: Order, falls: bool, mark: Mark | None, has_value: bool, size: int) -> list[int]:
        direction = "DESC" if falls else "ASC"
        outer = f"2 {direction}, 1 {direction}" if has_value else f"1 {direction}"
        cut = _InOrder(order, falls, mark, has_value, size)
        found = [
            [key for key, _ in self._ask(cut, column, keys, order=outer, limit=size)]
            for column, keys in self._branches()
        ]
        if len(found) < 2:
            return found[0] if found else []
        # Of structures and of services, or of first and of second validators: merged by the database, which alone
        # knows its order of letters.
        merged = Invoice.objects.filter(pk__in=[key for keys in found for key in keys]).order_by(*cut.by)
        return list(merged.values_list("pk", flat=True)[:size])

    def _branches(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """The column that a branch fixes, and the keys it may have, each with a status where few are asked for."""
        columns = [("seller_id", self.reach.structures)]
        if self.side is Side.BUYER:
            columns = [("buyer_id", self.reach.structures), ("buyer_service_id", self.reach.services)]
        if self.side is Side.VALIDATOR:
            columns = [("validator_id", self.reach.structures), ("second_validator_id", self.reach.structures)]
        if self.side is Side.WORKS:
            columns = [("moe_id", self.reach.structures), ("moa_id", self.reach.structures)]
        if self.statuses == ():
            return []
        return [(column, list(product(keys, self._split(keys) or ("",)))) for column, keys in columns if keys]

    def _split(self, keys: Sequence[int]) -> tuple[str, ...]:
        return self.statuses if self.statuses and len(keys) * len(self.statuses) <= _MOST_PRODUCTS else ()

    def _ask(
        self, cut: _Cut, column: str, branches: list[tuple[int, str]], *, order: str, limit: int
    ) -> list[tuple[int, Any]]:
        """Run a statement for each branch and merge what they give: (key, value) in ``order``."""
        found = self._statement(cut, column, branches, order=order, limit=limit)
        return _fetched(*found) if found else []

    def _many(self, cut: _Cut, column: str, branches: list[tuple[int, str]], *, limit: int) -> int:
        """How many rows the branches give, ``limit`` at most; the database counts them."""
        found = self._statement(cut, column, branches, order="", limit=limit)
        if found is None:
            return 0
        statement, values = found
        [(count,)] = _fetched(f"SELECT COUNT(*) FROM ({statement}) AS counted", values)  # noqa: S608 - our own
        return int(count)

    def _statement(
        self, cut: _Cut, column: str, branches: list[tuple[int, str]], *, order: str, limit: int
    ) -> tuple[str, list[Any]] | None:
        """One statement for all branches, and its values; None where no row can be."""
        connection = connections[router.db_for_read(Invoice)]
        fixed: dict[str, Value] = {"key": _ANY_KEY, **({"status": _ANY_STATUS} if branches[0][1] else {})}
        statuses = None if branches[0][1] else self.statuses
        asked = _BRANCH if self.values is not None else WrittenOnce(Invoice, _branch)
        written = asked.statement(self.side, column, statuses, self.narrow, cut, **fixed, **(self.values or {}))
        if written is None:
            return None
        sql, params = written
        last = f" ORDER BY {order} LIMIT {limit}" if order else f" LIMIT {limit}"
        statement: str
        values: list[Any]
        if len(branches) == 1:
            statement, values = sql, _put(params, *branches[0])
        elif connection.vendor == "postgresql":
            statement, values = _lateral(sql, list(params), branches)
            statement += last
        else:
            statement = _union(sql, len(branches), last)
            values = [value for branch in branches for value in _put(params, *branch)]
        return statement, values


@dataclass(frozen=True, kw_only=True)
class InvoiceList(InvoiceKeys):
    """What is listed. ``scope`` is the permission's: what a page shows is read in it."""

    scope: QuerySet[Invoice]

    def sheet(self, *, order: Order, falling: bool, place: str = "", size: int) -> ListPage:
        """The page at ``place``, as the address of another page named it; the first for what cannot be understood."""
        backwards, mark = _understood(place, order)
        keys = self._walk(order, falling, mark, backwards, size + 1)
        is_cut = len(keys) > size
        if backwards and place != LAST and not is_cut:
            return self.sheet(order=order, falling=falling, size=size)  # the first page, whole
        keys = keys[:size]
        if backwards:
            keys.reverse()
        rows = self.scope.defer(*UNSHOWN).in_bulk(keys)
        invoices = [rows[key] for key in keys if key in rows]
        has_before, has_after = (is_cut, bool(place != LAST)) if backwards else (mark is not None, is_cut)
        return ListPage(
            invoices=invoices,
            before=_place("b", invoices[0], order) if invoices and has_before else "",
            after=_place("a", invoices[-1], order) if invoices and has_after else "",
        )

    def whole(self, *, order: Order, falling: bool, size: int) -> Iterator[list[Invoice]]:
        """All of it, ``size`` at a time: each slice is read when it is asked for, in a statement of its own."""
        place, is_last = "", False
        while not is_last:
            sheet = self.sheet(order=order, falling=falling, place=place, size=size)
            yield sheet.invoices
            place, is_last = sheet.after, not sheet.after

    def beside(self, invoice: Invoice, *, order: Order, falling: bool) -> tuple[Invoice | None, Invoice | None]:
        """Who comes before ``invoice`` in this order and who after, whether or not it is still in the list itself."""
        mark = Mark(getattr(invoice, order.column), invoice.pk)
        keys = [self._walk(order, falling, mark, backwards, 1) for backwards in (True, False)]
        rows = self.scope.only("uid").select_related(None).in_bulk([key for found in keys for key in found])
        before, after = (rows.get(found[0]) if found else None for found in keys)
        return before, after


def _fetched(statement: str, values: list[Any]) -> list[Any]:
    with connections[router.db_for_read(Invoice)].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _put(params: Sequence[Any], key: int, status: str) -> list[Any]:
    """The parameters of a statement, with what a branch has in place of what stands for it."""
    return [key if value == _ANY_KEY else status if value == _ANY_STATUS else value for value in params]


def _union(sql: str, count: int, last: str) -> str:
    """The statement ``count`` times over, in groups that SQLite takes; ``last``: order and limit of each group."""
    groups = [min(_TOGETHER, count - first) for first in range(0, count, _TOGETHER)]
    branch, joint = f"SELECT * FROM ({sql})", " UNION ALL "  # noqa: S608 - our own
    return joint.join(f"SELECT * FROM ({joint.join([branch] * size)}{last})" for size in groups) + last  # noqa: S608


def _lateral(sql: str, params: list[Any], branches: list[tuple[int, str]]) -> tuple[str, list[Any]]:
    """The statement once for each branch, planned once."""
    pieces = sql.split("%s")
    written, values = [pieces[0]], [[key for key, _ in branches], [status for _, status in branches]]
    for value, piece in zip(params, pieces[1:], strict=True):
        named = "branch.key" if value == _ANY_KEY else "branch.status" if value == _ANY_STATUS else ""
        written += [named or "%s", piece]
        if not named:
            values.append(value)
    head = "SELECT found.* FROM unnest(%s::bigint[], %s::text[]) AS branch(key, status) CROSS JOIN LATERAL ("
    return f"{head}{''.join(written)}) AS found", values


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page; ``before`` and ``after``: the places of its neighbours, "" where there is none."""

    invoices: list[Invoice]
    before: str
    after: str


LAST = "fin"  # the place of the last page


def _place(side: str, invoice: Invoice, order: Order) -> str:
    value = getattr(invoice, order.column)
    text = None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    packed = json.dumps([text, invoice.pk], separators=(",", ":")).encode()
    return f"{side}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def _understood(place: str, order: Order) -> tuple[bool, Mark | None]:
    """Whether a place is before its mark, and the mark. It comes from an address: it may be anything."""
    if place == LAST:
        return True, None
    side, _, packed = place.partition(".")
    try:
        text, key = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        value = None if text is None else _value(str(text), order)
    except (ValueError, TypeError, ArithmeticError, ValidationError, RecursionError):
        return False, None
    is_sound = side in ("a", "b") and type(key) is int and 0 < key < 2**63 and (value is not None or order.may_be_empty)
    return (side == "b", Mark(value, key)) if is_sound else (False, None)


def _value(text: str, order: Order) -> Any:
    """A value of the order's column. ValueError, ArithmeticError or ValidationError for what is none."""
    column: Any = Invoice._meta.get_field(order.column)
    if isinstance(column, DateTimeField):
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError("an instant without its zone")
        return value.astimezone(UTC)
    value = column.to_python(storable(text))
    column.get_prep_value(value)  # what the column could not hold
    return value
