"""What an invoice asks for cannot be changed once it is sent, and its histories are neither changed nor removed.

A line of a history that is not sealed yet (`histories`) may be: until then its number and its digest may be written,
and nothing else.
"""

from django.db import migrations

from plainchant.portal.lib.frozen import Frozen, freeze

AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
NAMES = ("number", "type_code", "issue_date", "currency", "seller_id", "created_at", "deposited_at")
CHANGES = (
    "id", "invoice_id", "sequence", "action", "from_status", "to_status", "at", "party", "actor_id", "actor_name",
    "delegation_id", "reason_code", "comment", "payment_order", "day", "amount",
)  # fmt: skip
EVENTS = ("id", "invoice_id", "kind", "at", "actor_id", "message_id", "day")

SENT = Frozen(
    "invoices_invoice",
    condition="old.status <> 'BROUILLON'",
    columns=(*NAMES, *AMOUNTS),
    never="new.status = 'BROUILLON'",
)
HISTORIES = (
    Frozen("invoices_statuschange", columns=CHANGES, never="old.digest <> ''"),
    Frozen("invoices_event", columns=EVENTS, never="old.digest <> ''"),
)


class Migration(migrations.Migration):
    replaces = [
        ("invoices", "0002_append_only"),
        ("invoices", "0006_frozen"),
        ("invoices", "0011_chained_histories"),
        ("invoices", "0014_validators"),
        ("invoices", "0015_paid_on_a_day"),
        ("invoices", "0016_part_admitted"),
    ]

    dependencies = [("invoices", "0002_words")]

    operations = [freeze(SENT, *HISTORIES)]
