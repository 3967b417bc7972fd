"""What invoices are searched by: any piece of three letters of their words.

FTS5 beside the table on SQLite, kept in step by triggers; trigrams on PostgreSQL. Where a later migration makes SQLite's
table anew, it must make the triggers again.
"""

from django.db import migrations

from plainchant.portal.lib.statements import Statements

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
]
SQLITE_BACK = [
    "DROP TRIGGER invoices_words_inserted",
    "DROP TRIGGER invoices_words_deleted",
    "DROP TRIGGER invoices_words_updated",
    "DROP TABLE invoices_invoice_fts",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # trusted: whoever owns the database may
    "CREATE INDEX invoices_words ON invoices_invoice USING gin (words gin_trgm_ops)",
]
POSTGRESQL_BACK = ["DROP INDEX invoices_words"]


class Migration(migrations.Migration):
    replaces = [("invoices", "0009_lists")]

    dependencies = [("invoices", "0001_tables")]

    operations = [
        Statements(sqlite=SQLITE, postgresql=POSTGRESQL, sqlite_back=SQLITE_BACK, postgresql_back=POSTGRESQL_BACK)
    ]
