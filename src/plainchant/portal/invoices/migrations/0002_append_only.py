"""Histories are only ever inserted: the database itself refuses to rewrite them.

On SQLite UPDATE only; 0006 refuses DELETE there too.
"""

from django.db import migrations

TABLES = ("invoices_statuschange", "invoices_event")

POSTGRESQL = """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only'; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
"""
POSTGRESQL_BACK = "DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_is_append_only();"
SQLITE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
SQLITE_BACK = "DROP TRIGGER {table}_append_only"


def add(apps, schema_editor):
    sql = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for table in TABLES:
        schema_editor.execute(sql.format(table=table), params=None)


def remove(apps, schema_editor):
    sql = POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    for table in TABLES:
        schema_editor.execute(sql.format(table=table), params=None)


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
