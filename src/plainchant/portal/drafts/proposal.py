"""From what was read on the page to a draft's form: the directory and the supplier's own sheet have their say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plainchant.capture.confirmation import confirmed
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.queries import public_bodies, services_open_on

_AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
# What was read → the draft's column.
_REFERENCES = {
    "number": "number",
    "purchase_order_reference": "commitment",
    "contract_reference": "contract",
    "currency": "currency",
    "type_code": "type_code",
}


def propose(
    *, reading: dict[str, Any], seller: Structure, buyer: Structure | None, at: datetime
) -> tuple[dict[str, str], dict[str, Any]]:
    """What the form shows at first (as typed), and the same as column values.

    ``buyer`` was chosen before the deposit and wins over what the page says.
    """
    whole = FieldReading.from_json(reading)
    if buyer is None:
        whole = confirmed(whole, is_public_body=lambda siret: _body(siret) is not None)
    read, values = whole.fields, read_values(whole)
    if "payable_amount" not in values and "tax_inclusive_amount" in values:
        values["payable_amount"] = values["tax_inclusive_amount"]
    if values.get("tax_amount") == 0:
        values["vat_regime"] = "SANS_TVA"
    found = buyer or _body(read["buyer_siret"].value if "buyer_siret" in read else "")
    if found:
        values["buyer"] = found
        code = read["buyer_reference"].value if "buyer_reference" in read else ""
        service = _service(found, code, at)
        if service:
            values["buyer_service"] = service
    account = _account(seller, read["iban"].value if "iban" in read else "")
    if account:
        values["bank_account"] = account
    return as_typed(values), values


def read_values(reading: FieldReading) -> dict[str, Any]:
    """What was read, as column values: references, amounts and the date, without the directory's say."""
    read = reading.fields
    values: dict[str, Any] = {column: read[name].value[:100] for name, column in _REFERENCES.items() if name in read}
    values |= {name: Decimal(read[name].value) for name in _AMOUNTS if name in read}
    if "issue_date" in read:
        values["issue_date"] = date.fromisoformat(read["issue_date"].value)
    return values


def as_typed(values: dict[str, Any]) -> dict[str, str]:
    """Column values as the form's fields would hold them."""
    typed: dict[str, str] = {}
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, Structure):
            typed[name] = value.identifier
        elif isinstance(value, Service):
            typed[name] = value.code
        elif isinstance(value, Decimal):
            typed[name] = _french(value)
        elif hasattr(value, "strftime"):
            typed[name] = f"{value:%d/%m/%Y}"
        elif hasattr(value, "uid"):
            typed[name] = str(value.uid)
        else:
            typed[name] = str(value)
    return typed


def _french(amount: Decimal) -> str:
    whole, _, cents = f"{amount:f}".partition(".")
    cents = cents.rstrip("0").ljust(2, "0")
    return f"{whole},{cents}"


def _body(siret: str) -> Structure | None:
    if not siret:
        return None
    return public_bodies().filter(identifier_type=SIRET_TYPE, identifier=siret).first()


def _service(body: Structure, code: str, at: datetime) -> Service | None:
    if not code:
        return None
    return services_open_on(structure=body, day=day_in_paris(at)).filter(code=code).first()


def _account(seller: Structure, iban: str) -> Any:
    accounts = list(seller.bank_accounts.filter(is_active=True))
    for account in accounts:
        if account.iban == iban:
            return account
    return accounts[0] if len(accounts) == 1 else None
