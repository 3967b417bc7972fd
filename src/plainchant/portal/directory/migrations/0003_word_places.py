"""How often each word stands in a postcode or a town: what tells a town from any other word of a search."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.db import migrations, models

_ARTICLES = frozenset("l d de du des da la le les et a au aux en".split())  # as the index left them out


def count_places(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("directory", "Entry").objects
    words = apps.get_model("directory", "Word").objects
    places: Counter[str] = Counter()
    for phrase in entries.values_list("phrase", flat=True).iterator(chunk_size=5_000):
        places.update(set(phrase.partition("|")[2].split()) - _ARTICLES)
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE directory_word SET places = %s WHERE word = %s",
            [(count, word) for word, count in sorted(places.items())],
        )
    if words.exists():
        apps.get_model("directory", "Revision").objects.update(stamp=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_full_text")]

    operations = [
        migrations.AddField(model_name="word", name="places", field=models.IntegerField(default=0)),
        migrations.RunPython(count_places, migrations.RunPython.noop, elidable=True),
    ]
