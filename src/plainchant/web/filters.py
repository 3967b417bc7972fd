"""What one looks for in a list of invoices, on either side, in which order, and from which place on.

The form, the address and the links of a list are made from `criteria` and `lists`: a criterion more is a row there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.values import NotUnderstood, number
from plainchant.portal.invoices.criteria import ME, Criterion, CriterionKind, criteria_of, narrowed
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.lists import Narrowing, Order, order_named
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.models import Structure
from plainchant.reader.text import storable
from plainchant.web.fields import DateField, StructureField

FROM, TO, LEAST, MOST = "-du", "-au", "-min", "-max"
ORDER, PLACE = "tri", "place"  # in the address
ASSIGNED = "attribuee"  # the criterion of who deals with it
_FALLS = "-"  # before the name of an order


class MoneyField(forms.CharField):
    """« 1 200,50 » → Decimal; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 10, "inputmode": "decimal"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        try:
            return number(super().clean(value), places=2, what="un montant", example="1 200,50")
        except NotUnderstood as error:
            raise ValidationError(str(error), code="amount") from error


def _text(row: Criterion, _side: Side) -> dict[str, forms.Field]:
    return {row.name: _of(row, forms.CharField, max_length=100)}


def _choice(row: Criterion, side: Side) -> dict[str, forms.Field]:
    return {row.name: _of(row, forms.ChoiceField, choices=[("", "Tous"), *row.choices(side)])}


def _codes(row: Criterion, side: Side) -> dict[str, forms.Field]:
    widget = forms.CheckboxSelectMultiple
    return {row.name: _of(row, forms.MultipleChoiceField, choices=row.choices(side), widget=widget)}


def _days(row: Criterion, _side: Side) -> dict[str, forms.Field]:
    return {
        row.name + FROM: DateField(label=f"{row.label} : du", required=False),
        row.name + TO: DateField(label=f"{row.label} : au", required=False),
    }


def _amounts(row: Criterion, _side: Side) -> dict[str, forms.Field]:
    return {
        row.name + LEAST: MoneyField(label=f"{row.label} : au moins", required=False),
        row.name + MOST: MoneyField(label=f"{row.label} : au plus", required=False),
    }


def _yes_no(row: Criterion, _side: Side) -> dict[str, forms.Field]:
    return {row.name: _of(row, forms.ChoiceField, choices=[("", "Peu importe"), ("oui", "Oui"), ("non", "Non")])}


def _mark(row: Criterion, _side: Side) -> dict[str, forms.Field]:
    return {row.name: _of(row, forms.BooleanField)}


def _of(row: Criterion, field: Callable[..., forms.Field], **more: Any) -> forms.Field:
    return field(label=row.label, help_text=row.help, required=False, **more)


_K = CriterionKind
_FIELDS: dict[CriterionKind, Callable[[Criterion, Side], dict[str, forms.Field]]] = {
    _K.TEXT: _text, _K.CHOICE: _choice, _K.CODES: _codes, _K.DAYS: _days, _K.AMOUNTS: _amounts, _K.YES_NO: _yes_no,
    _K.MARK: _mark,
}  # fmt: skip
_ENDS = {_K.DAYS: (FROM, TO), _K.AMOUNTS: (LEAST, MOST)}


class FilterForm(forms.Form):
    """``side`` is whose list it is. What cannot be understood is said beside its field, and narrows nothing."""

    marks_optional = False

    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 30, "type": "search"}),
    )
    structure = StructureField(label="Structure", empty_label="Toutes les vôtres", required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        side: Side,
        structures: QuerySet[Structure],
        chosen: Structure | None = None,
        me: User | None = None,
        colleagues: Iterable[User] = (),
    ) -> None:
        """``structures``: whose invoices are in the list. ``chosen``: the one to show where nothing else is asked.

        ``colleagues``: whom they may be assigned to, ``me`` among them; read only where they are shown or asked for.
        """
        if chosen is not None and "structure" not in data:
            data = data.copy()
            data["structure"] = str(chosen.uid)
        super().__init__(data)
        self.query = data
        self.side = side
        self.is_chosen = chosen is not None
        of_whom = self.fields["structure"]
        assert isinstance(of_whom, StructureField)  # noqa: S101 - declared above
        of_whom.offer(structures)
        self.has_several = of_whom.is_asked
        if not self.has_several:
            del self.fields["structure"]
        other = "destinataire" if side is Side.SELLER else "fournisseur"
        self.fields["q"].label = f"Chercher : numéro, {other}, engagement, montant…"
        self.rows = criteria_of(side)
        for row in self.rows:
            self.fields |= _FIELDS[row.kind](row, side)
        self.me, self.colleagues = me, colleagues
        if isinstance(assigned := self.fields.get(ASSIGNED), forms.ChoiceField):
            usual = list(assigned.choices)  # type: ignore[arg-type]  # a list of pairs, made above
            assigned.choices = lambda: [
                *usual,
                *((str(person.pk), str(person)) for person in self.colleagues if person != self.me),
            ]

    @property
    def criteria(self) -> list[forms.BoundField]:
        """The fields behind « Plus de critères »."""
        return [self[name] for name in self.fields if name not in ("q", "structure")]

    @property
    def is_detailed(self) -> bool:
        """Whether one of them is used, or was not understood."""
        return bool(self._asked(self._names()) or any(self[name].errors for name in self._names()))

    def _names(self) -> list[str]:
        return [name for name in self.fields if name not in ("q", "structure")]

    def values(self) -> dict[str, Any]:
        """What is looked for, by the name of the table's row; what was not understood is left out."""
        self.is_valid()
        found: dict[str, Any] = {}
        for row in self.rows:
            ends = _ENDS.get(row.kind)
            if ends:
                found[row.name] = tuple(self.cleaned_data.get(row.name + end) for end in ends)
            elif row.kind is CriterionKind.YES_NO:
                answer = self.cleaned_data.get(row.name)
                found[row.name] = {"oui": True, "non": False}.get(answer or "")
            else:
                found[row.name] = self.cleaned_data.get(row.name) or None
        return found

    def statuses_among(self, among: Collection[str] | None = None) -> tuple[str, ...] | None:
        """Those looked for, of ``among`` where that is given; None for any."""
        asked = self.values()["status"]
        if among is None:
            return tuple(asked) if asked else None
        return tuple(sorted(status for status in among if not asked or status in asked))

    @property
    def whose(self) -> Structure | None:
        self.is_valid()
        return self.cleaned_data.get("structure")

    def narrowing(self, *, today: date) -> Narrowing:
        """What narrows a list besides the structure and the statuses."""
        values = {**self.values(), "status": None}
        if values.get(ASSIGNED) == ME:
            values[ASSIGNED] = str(self.me.pk) if self.me else "0"
        text = self.cleaned_data.get("q") or ""

        def narrow(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
            return narrowed(rows, values=values, text=text, side=self.side, today=today)

        return narrow

    @property
    def names_structures(self) -> bool:
        """Whether the list holds invoices of several structures, so that each must say whose it is."""
        return self.has_several and not self.whose

    @property
    def is_used(self) -> bool:
        """Whether anything is looked for."""
        return bool(self._asked(["q", "structure", *self._names()]))

    def order(self, default: Order, *, falls: bool) -> tuple[Order, bool]:
        """In which order the list is asked for, and whether it falls."""
        asked = self.data.get(ORDER, "")
        order = order_named(asked.removeprefix(_FALLS), side=self.side)
        return (order, asked.startswith(_FALLS)) if order else (default, falls)

    def address(self, **other: str) -> str:
        """The query string of the same search in the same order, with ``other`` before it; "" for none of both.

        The place in the list is not kept: of another search, or of another order, one sees the first page.
        """
        query = QueryDict(mutable=True)
        query.update(other)
        for name, values in self._asked([*self.fields]).items():
            query.setlist(name, values)
        order = self.data.get(ORDER, "")
        if order and ORDER not in other and order_named(order.removeprefix(_FALLS), side=self.side):
            query[ORDER] = order
        # Where one is chosen, all of them must be asked for.
        if self.is_chosen and self.has_several and "structure" not in query:
            query["structure"] = ""
        text = query.urlencode()
        return f"?{text}" if text else ""

    def address_without(self, name: str) -> str:
        """`address` of the same search without one of its fields."""
        query = QueryDict(self.address().removeprefix("?"), mutable=True)
        query.pop(name, None)
        return f"?{query.urlencode()}" if query else ""

    def _asked(self, names: list[str]) -> dict[str, list[str]]:
        """What the address asks for in these fields and was understood, as it was written."""
        self.is_valid()
        found = {}
        for name in names:
            if name in self.fields and self.cleaned_data.get(name):
                found[name] = [storable(value) for value in self.query.getlist(name) if value]
                if name == "structure":
                    found[name] = [str(self.cleaned_data[name].uid)]
        return found


def sorted_columns(
    columns: list[dict[str, str]], form: FilterForm, *, order: Order, falls: bool, **kept: str
) -> list[dict[str, str]]:
    """The columns of a list with the address that sorts by each. A column names its order with « order »."""
    found = []
    for column in columns:
        asked = order_named(column.get("order", ""), side=form.side)
        if asked is not None:
            is_this = asked == order
            falling = not falls if is_this else asked.falls
            url = form.address(**kept, **{ORDER: (_FALLS if falling else "") + asked.name})
            state = {"sorted": "descending" if falls else "ascending"} if is_this else {}
            column = {**column, "sort_url": url, **state}
        found.append(column)
    return found
