"""What a recipient admits of an invoice whose amount it contests, in its row and in the line that says so."""

from importlib import import_module
from typing import Any

from django.db import migrations

import plainchant.portal.lib.fields
from plainchant.portal.lib.frozen import Frozen

BEFORE = import_module("plainchant.portal.invoices.migrations.0015_paid_on_a_day").AFTER
AFTER = Frozen("invoices_statuschange", columns=(*BEFORE.columns, "amount"), never="old.digest <> ''")


def _replace(schema_editor: Any, former: Frozen, new: Frozen) -> None:
    vendor = schema_editor.connection.vendor
    for statement in (*former.statements_back(vendor), *new.statements(vendor)):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: the columns are empty, and it knows no move that fills them"
    dependencies = [("invoices", "0015_paid_on_a_day")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="admitted_amount",
            field=plainchant.portal.lib.fields.AmountField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="statuschange",
            name="amount",
            field=plainchant.portal.lib.fields.AmountField(blank=True, null=True),
        ),
        migrations.RunPython(
            lambda _, editor: _replace(editor, BEFORE, AFTER), lambda _, editor: _replace(editor, AFTER, BEFORE)
        ),
    ]
