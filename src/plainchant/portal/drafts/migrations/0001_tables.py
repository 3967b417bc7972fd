import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from plainchant.portal.lib.frozen import Frozen, freeze


class Migration(migrations.Migration):
    replaces = [
        ("drafts", "0001_initial"),
        ("drafts", "0002_deductions"),
        ("drafts", "0003_document_part"),
        ("drafts", "0004_frozen_certificate"),
        ("drafts", "0005_interest"),
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
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificate", to="invoices.invoice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DocumentReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("result", models.JSONField()),
                ("pages", models.JSONField()),
                ("electronic", models.JSONField(default=dict)),
                ("read_at", models.DateTimeField()),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reading", to="invoices.invoice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("preset", models.CharField(blank=True, max_length=20)),
                ("is_sole_trader", models.BooleanField(default=False)),
                ("vat_regime", models.CharField(blank=True, max_length=20)),
                ("exemption", models.CharField(blank=True, max_length=30)),
                ("territory", models.CharField(blank=True, max_length=12)),
                ("legal_information", models.CharField(blank=True, max_length=400)),
                (
                    "template",
                    models.CharField(
                        choices=[("plain", "Sobre"), ("letterhead", "Avec mon logo et ma couleur")],
                        default="plain",
                        max_length=12,
                    ),
                ),
                ("colour", models.CharField(blank=True, max_length=7)),
                ("updated_at", models.DateTimeField()),
                (
                    "logo",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
                (
                    "structure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoice_settings",
                        to="structures.structure",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositDeduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deducted_by", to="invoices.invoice"
                    ),
                ),
                (
                    "final",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deductions", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("final", "deposit"), name="drafts_deducted_once_by_an_invoice")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("pages", models.CharField(max_length=40)),
                ("original_name", models.CharField(max_length=200)),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="document_part", to="invoices.invoice"
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("split_from", "position"), name="drafts_one_part_a_position")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("document", "Document déposé"),
                            ("sheet", "Saisie à l’écran"),
                            ("row", "Ligne d’un tableau de factures"),
                        ],
                        max_length=8,
                    ),
                ),
                ("typed", models.JSONField()),
                ("revision", models.PositiveIntegerField(default=0)),
                ("typed_revision", models.PositiveIntegerField(default=0)),
                ("saved_by_tab", models.CharField(blank=True, max_length=32)),
                ("composed", models.JSONField(null=True)),
                (
                    "origin_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reissue", "Remplace une facture rejetée"),
                            ("credit", "Avoir sur une facture"),
                            ("copy", "Copie"),
                            ("interest", "Intérêts d’une facture payée en retard"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="invoices.invoice"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts_from",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("origin__isnull", True), ("revision", 0), ("source", "sheet")),
                        fields=["invoice"],
                        name="drafts_untouched",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recognition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("read", "Read"), ("failed", "Failed")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recognition", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["asked_at"], name="recognition_waiting"
                    )
                ],
            },
        ),
        freeze(Frozen("drafts_certificate")),
    ]
