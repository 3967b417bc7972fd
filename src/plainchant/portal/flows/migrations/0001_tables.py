import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("flows", "0001_initial"),
        ("flows", "0002_reports"),
        ("flows", "0003_proposal"),
        ("flows", "0004_file_let_go"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("invoices", "0001_tables"),
        ("store", "0001_tables"),
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Flow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=25, unique=True)),
                ("interface", models.CharField(max_length=8)),
                ("syntax", models.CharField(max_length=40)),
                ("declared", models.CharField(blank=True, max_length=40)),
                (
                    "packaging",
                    models.CharField(
                        choices=[
                            ("FILE", "une facture"),
                            ("ARCHIVE", "une archive"),
                            ("FOLDER", "plusieurs fichiers choisis ensemble"),
                            ("WORKBOOK", "un tableau, une ligne par facture"),
                        ],
                        default="FILE",
                        max_length=8,
                    ),
                ),
                ("expected", models.PositiveIntegerField(default=1)),
                (
                    "deposit_mode",
                    models.CharField(
                        choices=[
                            ("DEPOT_PDF_PORTAIL", "Document déposé sur le portail"),
                            ("SAISIE_PORTAIL", "Saisie sur le portail"),
                            ("UPLOAD_PORTAIL", "Flux déposé sur le portail"),
                            ("UPLOAD_API", "Flux envoyé par un programme"),
                        ],
                        max_length=28,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("given_number", models.CharField(blank=True, max_length=60)),
                ("content", models.CharField(max_length=64)),
                (
                    "scan",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "non analysé par un antivirus"),
                            ("CLEAN", "analysé par un antivirus"),
                            ("MEMBERS", "analysé fichier par fichier"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("IN_RECU", "Reçu"),
                            ("IN_EN_ATTENTE_TRAITEMENT_CPP", "En attente de traitement"),
                            ("IN_EN_COURS_TRAITEMENT_CPP", "En cours de traitement"),
                            ("IN_INTEGRE", "Intégré"),
                            ("IN_INTEGRE_PARTIEL", "Intégré en partie"),
                            ("IN_REJETE", "Rejeté"),
                            ("A_CONFIRMER", "À confirmer"),
                        ],
                        max_length=28,
                    ),
                ),
                ("state_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("trouble", models.TextField(blank=True)),
                ("trouble_code", models.CharField(blank=True, max_length=40)),
                ("proposal", models.JSONField(null=True)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="flows", to="structures.structure"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["structure", "-received_at"], name="flows_of_a_structure"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["IN_RECU", "IN_EN_ATTENTE_TRAITEMENT_CPP", "IN_EN_COURS_TRAITEMENT_CPP"])
                        ),
                        fields=["state_at"],
                        name="flows_not_ended",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "IN_REJETE"), _negated=True),
                        fields=("structure", "content"),
                        name="flows_one_for_a_content",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("given_number", ""), _negated=True),
                            models.Q(("state", "IN_REJETE"), _negated=True),
                        ),
                        fields=("structure", "given_number"),
                        name="flows_one_for_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlowInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("part", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=255)),
                ("content", models.CharField(blank=True, max_length=64)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("seller_identifier", models.CharField(blank=True, max_length=80)),
                ("buyer_identifier", models.CharField(blank=True, max_length=80)),
                ("findings", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "flow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="flows.flow"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "part"],
                "indexes": [
                    models.Index(condition=models.Q(("invoice__isnull", True)), fields=["at"], name="flows_refused_on")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("flow", "position", "part"), name="flows_one_result_a_place")
                ],
            },
        ),
    ]
