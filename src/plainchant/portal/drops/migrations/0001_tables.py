import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("drops", "0001_initial"), ("drops", "0002_leaving")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("flows", "0001_tables"),
        ("invoices", "0001_tables"),
        ("store", "0001_tables"),
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Drop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "buyer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-created_at"], name="drops_of_a_person")],
            },
        ),
        migrations.CreateModel(
            name="DroppedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=255)),
                ("opened", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "À lire"),
                            ("asking", "Émetteur à choisir"),
                            ("electronic", "Facture électronique à envoyer"),
                            ("drafted", "Brouillon"),
                            ("handed_on", "Envoyée comme flux"),
                            ("refused", "Refusé"),
                            ("known", "Déjà là"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sentence", models.TextField(blank=True)),
                ("looked_revision", models.IntegerField(null=True)),
                ("is_ready", models.BooleanField(default=False)),
                ("questions", models.JSONField(default=list)),
                ("sending_asked_at", models.DateTimeField(null=True)),
                ("sending_revision", models.PositiveIntegerField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "drop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="drops.drop"
                    ),
                ),
                (
                    "flow",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="flows.flow"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dropped_files",
                        to="invoices.invoice",
                    ),
                ),
                (
                    "legible",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["asked_at"], name="dropped_file_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("sending_asked_at__isnull", False)),
                        fields=["sending_asked_at"],
                        name="dropped_file_sending",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("drop", "position"), name="drops_one_file_a_place")],
            },
        ),
    ]
