import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("directory", "0001_initial"),
        ("directory", "0003_word_places"),
        ("directory", "0004_establishments"),
    ]

    initial = True

    dependencies = [
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Establishment",
            fields=[
                ("siret", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=201)),
                ("address_line", models.CharField(blank=True, max_length=255)),
                ("address_extra_1", models.CharField(blank=True, max_length=255)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("is_open", models.BooleanField(default=True)),
                ("is_masked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stamp", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("bodies", models.IntegerField()),
                ("places", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "structure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="directory_entry",
                        serialize=False,
                        to="structures.structure",
                    ),
                ),
                ("identifier", models.CharField(max_length=80)),
                ("words", models.TextField()),
                ("phrase", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["identifier"], name="directory_entry_identifier")],
            },
        ),
    ]
