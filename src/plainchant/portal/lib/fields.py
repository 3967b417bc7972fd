"""Amounts in the database, exact on every engine."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from plainchant.einvoice.amounts import LARGEST, MOST_DECIMALS

_SCALE = Decimal(10) ** MOST_DECIMALS
_CENT = Decimal("0.01")


if TYPE_CHECKING:
    _Field = models.Field[Decimal | int | None, Decimal | None]
else:
    _Field = models.Field


class AmountField(_Field):
    """A Decimal of at most 12 digits before the point and 6 after, stored as whole millionths.

    Django's DecimalField passes through a float on SQLite; whole numbers sort, filter and add exactly on both
    databases. Six decimals are what the Chorus Pro wire allows (`decimal(19,6)`).
    """

    description = "Exact amount"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("An amount is never a float.")
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise ValidationError(f"« {value} » n’est pas un montant.") from error

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        if value is None:
            return None
        amount = Decimal(value).scaleb(-6)
        # 12.50, not 12.500000: people and certificates read these.
        return amount.quantize(_CENT) if value % 10_000 == 0 else amount.normalize()

    def get_prep_value(self, value: Any) -> int | None:
        amount = self.to_python(value)
        if amount is None:
            return None
        scaled = amount * _SCALE
        if not amount.is_finite() or abs(amount) >= LARGEST or scaled != scaled.to_integral_value():
            raise ValidationError(f"« {amount} » n’entre pas dans 12 chiffres et 6 décimales.")
        return int(scaled)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)
