"""A history cannot be removed on SQLite either, and what an invoice asks for cannot be changed once it is sent."""

from django.db import migrations

from plainchant.portal.lib.frozen import Frozen, freeze

AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
NAMES = ("number", "type_code", "issue_date", "currency", "seller_id", "created_at", "deposited_at")

SENT = Frozen(
    "invoices_invoice",
    condition="old.status <> 'BROUILLON'",
    columns=(*NAMES, *AMOUNTS),
    never="new.status = 'BROUILLON'",
)


class Migration(migrations.Migration):
    dependencies = [("invoices", "0005_remarks")]

    operations = [
        freeze(
            Frozen("invoices_statuschange", events=["DELETE"]),
            Frozen("invoices_event", events=["DELETE"]),
            vendors=["sqlite"],  # on PostgreSQL 0002 refuses both
        ),
        freeze(SENT),
    ]
