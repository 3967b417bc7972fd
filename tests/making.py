"""People, structures and invoices for tests, made as the portal would make them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.db import connection, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.documents import (
    OpenedDocument,
    begin_draft,
    deposit_document,
    keep_document,
    open_document,
)
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drafts.values import written
from plainchant.portal.invoices import guards
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.shares import shares_of
from plainchant.portal.mandates.models import BillingMandate
from plainchant.portal.mandates.operations import subscribe
from plainchant.portal.mandates.text import CURRENT
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.store.operations import register
from plainchant.portal.structures import applications, technical_accounts
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.models import (
    Application,
    BankAccount,
    Membership,
    Service,
    Structure,
    StructureNature,
    TechnicalAccount,
)

_serial = itertools.count(1)
_numbers = itertools.count(9_001)  # none that a test would write


def number_invoices_anew() -> None:
    """From the first number on: what is printed with it, and read there, is known from the module before."""
    global _numbers
    _numbers = itertools.count(9_001)


def a_person(*, at: datetime, name: str = "Ada", **fields: Any) -> User:
    """An activated account; tests log in by force."""
    number = next(_serial)
    fields.setdefault("email", f"{name.lower()}{number}@example.org")
    return User.objects.create_user(
        fields.pop("email"),
        "un mot de passe de test",
        first_name=name,
        last_name="Essai",
        is_active=True,
        terms_version="test",
        terms_accepted_at=at,
        created_at=at,
        **fields,
    )


def a_structure(
    *, at: datetime, name: str = "Atelier Lumen", nature: str = StructureNature.PRIVATE, **fields: Any
) -> Structure:
    """A private structure, unless told otherwise."""
    fields.setdefault("identifier", f"{90_000_000_000_000 + next(_serial)}")
    fields.setdefault("city", "Valbrume")
    return Structure.objects.create(name=name, nature=nature, created_at=at, **fields)


def a_town(*, at: datetime, name: str = "Commune de Valbrume", **fields: Any) -> Structure:
    """A public body that demands nothing, unless told otherwise."""
    return a_structure(at=at, name=name, nature=StructureNature.PUBLIC, payer_category="LOCAL", **fields)


def a_service(*, structure: Structure, code: str = "CULTURE", **fields: Any) -> Service:
    return Service.objects.create(structure=structure, code=code, name=f"Service {code.title()}", **fields)


def a_member(*, structure: Structure, at: datetime, name: str = "Ada", is_manager: bool = False) -> User:
    """A person with an accepted attachment to ``structure``, who may do everything there but manage it."""
    person = a_person(at=at, name=name)
    an_attachment(person=person, structure=structure, at=at, is_manager=is_manager)
    return person


def an_attachment(
    *,
    person: User,
    structure: Structure,
    at: datetime,
    is_manager: bool = False,
    profiles: Collection[AccessProfile] = (AccessProfile.EVERYTHING,),
    services: Collection[Service] = (),
) -> Membership:
    """An accepted attachment of ``person`` to ``structure``."""
    membership = Membership.objects.create(
        user=person,
        structure=structure,
        state=Membership.State.ACCEPTED,
        is_manager=is_manager,
        requested_at=at,
        decided_at=at,
    )
    give(holder=membership, profiles=() if is_manager else profiles, services=services)
    return membership


def a_program(
    *,
    structure: Structure,
    at: datetime,
    by: User | None = None,
    name: str = "Compta Facile",
    profiles: Collection[AccessProfile] = (AccessProfile.EVERYTHING,),
    services: Collection[Service] = (),
) -> tuple[TechnicalAccount, str]:
    """A technical account of ``structure``, made by its manager, and its password."""
    manager = by or Membership.objects.get(structure=structure, is_manager=True).user
    return technical_accounts.make(
        structure=structure, actor=Actor(manager), name=name, profiles=profiles, services=services, at=at
    )


def an_application(
    *, structure: Structure, at: datetime, name: str = "Compta Facile", by: User | None = None
) -> tuple[Application, str]:
    """What asks for tokens, made by the manager of ``structure``, and its client_secret."""
    manager = by or Membership.objects.get(structure=structure, is_manager=True).user
    return applications.make(structure=structure, actor=Actor(manager), name=name, at=at)


@contextmanager
def thawed() -> Iterator[None]:
    """Invoices may be changed for the block as no code of the portal may change them: their status too."""
    sent = import_module("plainchant.portal.invoices.migrations.0003_frozen").SENT
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:  # what waits for the end of the transaction forbids to change its table
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for guard in guards.guards():
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}" + (f" ON {guard.table}" if is_postgresql else ""))
        for statement in sent.statements_back(connection.vendor):
            cursor.execute(statement)
        yield
        for statement in sent.statements(connection.vendor):
            cursor.execute(statement)
        guards.install()


def put_in(status: Status, **chosen: Any) -> None:
    """Give these invoices a status that no move has led to."""
    with thawed():
        assert Invoice.objects.filter(**chosen).update(status=status)


def made_available(*, invoice: Invoice, at: datetime) -> None:
    """Carry a deposited invoice to its recipient, as the worker does."""
    carry_lot(uids=[str(invoice.uid)], at=at)
    invoice.refresh_from_db()


@functools.cache
def an_invoice_pdf(*, number: str = "F-2026-001", seller: str = "", buyer: str = "", total: str = "1 200,00") -> bytes:
    """A one-page invoice as a small firm would print it, without VAT."""
    lines = [
        '#set page(paper: "a4")',
        "= FACTURE",
        f"Facture n° {number} \\",
        "Date de facture : 02/11/2026",
        f"\n\nAtelier Lumen \\ SIRET : {seller}" if seller else "\n\nAtelier Lumen",
        f"\n\nClient : Commune de Valbrume \\ SIRET client : {buyer}" if buyer else "\n\nCommune de Valbrume",
        f"\n\nTotal HT : {total} € \\ TVA : 0,00 € \\ Total TTC : {total} € \\ Net à payer : {total} €",
        "\n\nTVA non applicable, art. 293 B du CGI",
    ]
    return bytes(typst.compile("\n".join(lines).encode(), format="pdf"))


def an_upload(*, content: bytes, name: str = "facture.pdf") -> Upload:
    return Upload(file=ContentFile(content, name=name), name=name, size=len(content))


@functools.cache
def _opened(*, number: str) -> OpenedDocument:
    """What the reader says of the invoice of that number: the same whenever it is asked."""
    return open_document(
        upload=an_upload(content=an_invoice_pdf(number=number)), at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    )


def _deposited(*, seller: Structure, number: str, actor: Actor, at: datetime, buyer: Structure | None) -> Draft:
    """A PDF is deposited; one that was read before is not read again, which takes longer than all the rest."""
    kept = keep_document(
        upload=an_upload(content=an_invoice_pdf(number=number)),
        opened=deepcopy(_opened(number=number)),
        owners=shares_of(actor=actor, structure=seller),
        at=at,
    )
    with transaction.atomic():
        register(kept=kept.files)
        return begin_draft(seller=seller, document=kept, actor=actor, at=at, buyer=buyer)


def a_draft(
    *,
    seller: Structure,
    user: User,
    at: datetime,
    buyer: Structure | None = None,
    upload: Upload | None = None,
    **values: Any,
) -> Invoice:
    """A deposited PDF (or ``upload``) whose form has been filled in as it should be; its draft is `invoice.draft`."""
    number = values.pop("number", f"F-{next(_numbers)}")
    actor = Actor(user)
    if upload is None:
        draft = _deposited(seller=seller, number=number, actor=actor, at=at, buyer=buyer)
    else:
        draft = deposit_document(seller=seller, upload=upload, actor=actor, at=at, buyer=buyer)
    complete: dict[str, Any] = {
        "buyer": buyer,
        "number": number,
        "issue_date": date(2026, 11, 2),
        "vat_regime": "SANS_TVA",
        "tax_exclusive_amount": Decimal("1200"),
        "tax_amount": Decimal(0),
        "tax_inclusive_amount": Decimal("1200"),
        "payable_amount": Decimal("1200"),
        **values,
    }
    drafts.change(draft=draft, fields={name: typed_as(value) for name, value in complete.items()}, actor=actor, at=at)
    return draft.invoice


def typed_as(value: Any) -> str:
    """A value as somebody would type it in a form, or choose it there."""
    match value:
        case None:
            return ""
        case Structure():
            return value.identifier
        case Service():
            return value.code
        case BankAccount():
            return str(value.uid)
        case Decimal():
            return written(value, places=2)
        case date():
            return f"{value:%d/%m/%Y}"
    return str(value)


def a_mandate(*, structure: Structure, by: User, at: datetime) -> BillingMandate:
    """A billing mandate in force; ``by`` must manage the structure."""
    return subscribe(structure=structure, name="Mes factures", actor=Actor(by), at=at)


def mandated(*structures: Structure, by: User, at: datetime) -> None:
    """Mandates in force, whoever manages these structures."""
    for structure in structures:
        BillingMandate.objects.get_or_create(
            structure=structure,
            revoked_at=None,
            defaults={
                "name": "Mes factures",
                "text_version": CURRENT,
                "facts": {},
                "subscribed_at": at,
                "subscribed_by": by,
            },
        )


def typed_entry(
    *, buyer: Structure | None = None, lines: list[dict[str, str]] | None = None, **fields: str
) -> dict[str, Any]:
    """What someone types for one school visit under the franchise; ``fields`` replaces what differs."""
    filled = {
        "buyer": buyer.identifier if buyer else "",
        "number": "F-2026-001",
        "issue_date": "02/11/2026",
        "delivery_date": "15/10/2026",
        "vat_regime": "SANS_TVA",
        "payment_mode": "VIREMENT",
        **fields,
    }
    line = {"name": "Rencontre avec une classe de CM2", "quantity": "2", "price": "250,00", "unit": "E48"}
    return {"fields": filled, "lines": [line] if lines is None else lines}


def an_entry(*, seller: Structure, user: User, at: datetime, buyer: Structure | None = None, **fields: str) -> Draft:
    """A draft that was entered on screen as it should be."""
    account = seller.bank_accounts.first() or BankAccount.objects.create(
        structure=seller, label="Courant", iban="FR1420041010050500013M02606", created_at=at, created_by=user
    )
    draft = drafts.start(seller=seller, actor=Actor(user), at=at)
    fields.setdefault("bank_account", str(account.uid))
    typed = typed_entry(buyer=buyer, lines=None, **fields)
    return drafts.save(draft=draft, typed=typed, revision=draft.revision, actor=Actor(user), at=at)
