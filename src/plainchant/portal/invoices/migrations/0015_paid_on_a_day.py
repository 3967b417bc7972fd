"""With the move that says that an invoice was paid, the day on which it was: of accounts that tell it later."""

from typing import Any

from django.db import migrations, models

from plainchant.portal.lib.frozen import Frozen

FORMER = (
    "id", "invoice_id", "sequence", "action", "from_status", "to_status", "at", "party", "actor_id", "actor_name",
    "delegation_id", "reason_code", "comment", "payment_order",
)  # fmt: skip
BEFORE = Frozen("invoices_statuschange", columns=FORMER, never="old.digest <> ''")
AFTER = Frozen("invoices_statuschange", columns=(*FORMER, "day"), never="old.digest <> ''")


def _replace(schema_editor: Any, former: Frozen, new: Frozen) -> None:
    vendor = schema_editor.connection.vendor
    for statement in (*former.statements_back(vendor), *new.statements(vendor)):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: the column is empty, and a line that says no day is paid on that of the move"
    dependencies = [("invoices", "0014_validators")]

    operations = [
        migrations.AddField(model_name="statuschange", name="day", field=models.DateField(null=True)),
        migrations.RunPython(
            lambda _, editor: _replace(editor, BEFORE, AFTER), lambda _, editor: _replace(editor, AFTER, BEFORE)
        ),
    ]
