"""The lines of the histories are numbered and sealed (`histories`), and then neither changed nor removed.

A line that a former version writes is sealed later, by `histories.fill` or with the next line of its invoice: until
then, its number and its digest may be written, and nothing else.
"""

from typing import Any

from django.db import migrations, models

from plainchant.portal.lib.frozen import Frozen, freeze

CHANGES = (
    "id", "invoice_id", "sequence", "action", "from_status", "to_status", "at", "party", "actor_id", "actor_name",
    "delegation_id", "reason_code", "comment", "payment_order",
)  # fmt: skip
EVENTS = ("id", "invoice_id", "kind", "at", "actor_id", "message_id", "day")
ROWS = (
    Frozen("invoices_statuschange", columns=CHANGES, never="old.digest <> ''"),
    Frozen("invoices_event", columns=EVENTS, never="old.digest <> ''"),
)
FORMER = """
DROP TRIGGER {table}_append_only ON {table};
DROP FUNCTION {table}_is_append_only();
"""
FORMER_BACK = """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only'; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
"""


def _run(schema_editor: Any, sql: str) -> None:
    if schema_editor.connection.vendor == "postgresql":  # SQLite's went with their tables, made anew here
        for row in ROWS:
            schema_editor.execute(sql.format(table=row.table), params=None)


class Migration(migrations.Migration):
    former_version_works_because = (
        "0.1.0: the columns are empty or have a default, and a line without them is sealed by the next writer"
    )
    dependencies = [("invoices", "0010_calendar_links")]

    operations = [
        migrations.RunPython(lambda _, editor: _run(editor, FORMER), lambda _, editor: _run(editor, FORMER_BACK)),
        migrations.AddField(
            model_name="statuschange",
            name="digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(model_name="event", name="sequence", field=models.PositiveIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("invoice", "sequence"), name="invoices_events_have_no_twins"),
        ),
        freeze(*ROWS),
    ]
