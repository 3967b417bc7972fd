"""What lists are sorted and searched by, and the indexes that have their orders.

What was searched by its words: FTS5 beside the table on SQLite, kept in step by triggers; trigrams on PostgreSQL. Both
find any piece of three letters. Rows written before have no words: `listed.fill`, which every setup calls, writes them.
SQLite's table is made anew here, so the trigger of 0006 is made again; a later migration that does the same must make
both again.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plainchant.portal.lib.fields
from plainchant.portal.lib.frozen import Frozen, freeze

AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
NAMES = ("number", "type_code", "issue_date", "currency", "seller_id", "created_at", "deposited_at")

SENT = Frozen(
    "invoices_invoice",
    condition="old.status <> 'BROUILLON'",
    columns=(*NAMES, *AMOUNTS),
    never="new.status = 'BROUILLON'",
)

SQLITE = [
    """CREATE VIRTUAL TABLE invoices_invoice_fts USING fts5(
        words, content='invoices_invoice', content_rowid='id', tokenize='trigram', columnsize=0)""",
    """CREATE TRIGGER invoices_words_inserted AFTER INSERT ON invoices_invoice BEGIN
        INSERT INTO invoices_invoice_fts(rowid, words) VALUES (new.id, new.words);
    END""",
    """CREATE TRIGGER invoices_words_deleted AFTER DELETE ON invoices_invoice BEGIN
        INSERT INTO invoices_invoice_fts(invoices_invoice_fts, rowid, words) VALUES ('delete', old.id, old.words);
    END""",
    """CREATE TRIGGER invoices_words_updated AFTER UPDATE OF words ON invoices_invoice
    WHEN old.words <> new.words BEGIN
        INSERT INTO invoices_invoice_fts(invoices_invoice_fts, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO invoices_invoice_fts(rowid, words) VALUES (new.id, new.words);
    END""",
    "INSERT INTO invoices_invoice_fts(invoices_invoice_fts) VALUES ('rebuild')",
]
SQLITE_REVERSE = [
    "DROP TRIGGER invoices_words_inserted",
    "DROP TRIGGER invoices_words_deleted",
    "DROP TRIGGER invoices_words_updated",
    "DROP TABLE invoices_invoice_fts",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # trusted: whoever owns the database may
    "CREATE INDEX invoices_words ON invoices_invoice USING gin (words gin_trgm_ops)",
]
POSTGRESQL_REVERSE = ["DROP INDEX invoices_words"]


def _run(schema_editor: Any, sqlite: list[str], postgresql: list[str]) -> None:
    statements = sqlite if schema_editor.connection.vendor == "sqlite" else postgresql
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def create(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def drop(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE_REVERSE, POSTGRESQL_REVERSE)


class Migration(migrations.Migration):
    former_version_works_because = (
        "0.1.0: the columns have defaults in the database, and the triggers ask nothing of whoever writes a row; "
        "`listed.fill` writes what it leaves empty"
    )
    dependencies = [
        ("invoices", "0008_payments_noted"),
        ("structures", "0009_space_of_tickets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoices_issued",
        ),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoices_received",
        ),
        migrations.AddField(
            model_name="invoice",
            name="buyer_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=201),
        ),
        migrations.AddField(
            model_name="invoice",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="seller_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=201),
        ),
        migrations.AddField(
            model_name="invoice",
            name="service_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="invoice",
            name="to_pay",
            field=plainchant.portal.lib.fields.AmountField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="words",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="buyer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received_invoices",
                to="structures.structure",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="buyer_service",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="structures.service",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="seller",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issued_invoices",
                to="structures.structure",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "-status_at", "-id"], name="invoices_issued_lately"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "status", "-status_at", "-id"], name="invoices_issued_in_status"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "status", "id"], name="invoices_issued_by_status"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "due_on", "id"], name="invoices_issued_due"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "to_pay", "id"], name="invoices_issued_amounts"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "issue_date", "id"], name="invoices_issued_dated"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "buyer_name", "id"], name="invoices_issued_to"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "-made_available_at", "-id"], name="invoices_received_lately"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "status", "due_on", "id"], name="invoices_received_due"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "status", "id"], name="invoices_received_by_status"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "service_code", "id"], name="invoices_received_by_service"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "due_on", "id"], name="invoices_received_by_day"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "to_pay", "id"], name="invoices_received_amounts"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "issue_date", "id"], name="invoices_received_dated"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "seller_name", "id"], name="invoices_received_from"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer", "number", "id"], name="invoices_received_numbers"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["buyer_service", "-made_available_at", "-id"], name="invoices_of_service_lately"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["buyer_service", "status", "due_on", "id"], name="invoices_of_service_due"),
        ),
        freeze(SENT, vendors=["sqlite"]),
        migrations.RunPython(create, drop),
    ]
