"""What public bodies have promised to pay."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import plainchant.portal.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("structures", "0005_commitments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=50)),
                ("key", models.CharField(max_length=50)),
                ("identifier", models.CharField(blank=True, max_length=14)),
                ("supplier", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("contract", models.CharField(blank=True, max_length=50)),
                ("amount", plainchant.portal.lib.fields.AmountField()),
                ("first_day", models.DateField(blank=True, null=True)),
                ("last_day", models.DateField(blank=True, null=True)),
                ("imported_at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.service",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["structure", "identifier"], name="commitments_of_a_supplier")],
                "constraints": [
                    models.UniqueConstraint(fields=("structure", "key"), name="commitments_one_of_a_number")
                ],
            },
        ),
    ]
