"""The full-text index, in each database's own language.

SQLite keeps FTS5 in step with triggers on `directory_entry`; PostgreSQL with a generated column. Both index the words
exactly as `search.text` wrote them. A later migration that makes Django rebuild `directory_entry` on SQLite must make
the triggers again.
"""

from __future__ import annotations

from django.db import migrations

from plainchant.portal.lib.statements import Statements

SQLITE = [
    # detail=none, columnsize=0: only « which bodies have this word » is ever asked.
    """CREATE VIRTUAL TABLE directory_entry_fts USING fts5(
        words, content='directory_entry', content_rowid='structure_id', prefix='2 3 4', detail=none, columnsize=0,
        tokenize="unicode61 remove_diacritics 2 tokenchars '#='")""",
    """CREATE TRIGGER directory_entry_inserted AFTER INSERT ON directory_entry BEGIN
        INSERT INTO directory_entry_fts(rowid, words) VALUES (new.structure_id, new.words);
    END""",
    """CREATE TRIGGER directory_entry_deleted AFTER DELETE ON directory_entry BEGIN
        INSERT INTO directory_entry_fts(directory_entry_fts, rowid, words)
        VALUES ('delete', old.structure_id, old.words);
    END""",
    """CREATE TRIGGER directory_entry_updated AFTER UPDATE OF words ON directory_entry WHEN old.words <> new.words BEGIN
        INSERT INTO directory_entry_fts(directory_entry_fts, rowid, words)
        VALUES ('delete', old.structure_id, old.words);
        INSERT INTO directory_entry_fts(rowid, words) VALUES (new.structure_id, new.words);
    END""",
]
SQLITE_BACK = [
    "DROP TRIGGER directory_entry_inserted",
    "DROP TRIGGER directory_entry_deleted",
    "DROP TRIGGER directory_entry_updated",
    "DROP TABLE directory_entry_fts",
]

POSTGRESQL = [
    # The "simple" words as they are: no parser that would see addresses and numbers in them.
    """ALTER TABLE directory_entry ADD COLUMN words_vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    # Without a pending list: it would be searched line by line after every import.
    "CREATE INDEX directory_entry_words ON directory_entry USING gin (words_vector) WITH (fastupdate = off)",
    # Byte order: « starts with » is then a range, whatever the language of the database.
    'ALTER TABLE directory_entry ALTER COLUMN identifier TYPE varchar(80) COLLATE "C"',
]
POSTGRESQL_BACK = [
    "DROP INDEX directory_entry_words",
    "ALTER TABLE directory_entry DROP COLUMN words_vector",
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_tables")]

    operations = [
        Statements(sqlite=SQLITE, postgresql=POSTGRESQL, sqlite_back=SQLITE_BACK, postgresql_back=POSTGRESQL_BACK)
    ]
