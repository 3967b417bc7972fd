import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plainchant.portal.lib.fields


class Migration(migrations.Migration):
    replaces = [
        ("invoices", "0001_initial"),
        ("invoices", "0003_legible_copy"),
        ("invoices", "0004_lots"),
        ("invoices", "0005_remarks"),
        ("invoices", "0007_history_by_delegation"),
        ("invoices", "0008_payments_noted"),
        ("invoices", "0010_calendar_links"),
        ("invoices", "0012_rejections_closed"),
        ("invoices", "0013_open_figures"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("mail", "0001_tables"),
        ("store", "0001_tables"),
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_on", models.DateField()),
                ("figures", models.JSONField()),
                (
                    "body",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="structures.structure"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("BROUILLON", "BROUILLON"),
                            ("SUPPRIMEE", "SUPPRIMEE"),
                            ("DEPOSEE", "DEPOSEE"),
                            ("EN_COURS_ACHEMINEMENT", "EN_COURS_ACHEMINEMENT"),
                            ("MISE_A_DISPOSITION", "MISE_A_DISPOSITION"),
                            ("A_RECYCLER", "A_RECYCLER"),
                            ("REJETEE", "REJETEE"),
                            ("SUSPENDUE", "SUSPENDUE"),
                            ("SERVICE_FAIT", "SERVICE_FAIT"),
                            ("MANDATEE", "MANDATEE"),
                            ("MISE_A_DISPOSITION_COMPTABLE", "MISE_A_DISPOSITION_COMPTABLE"),
                            ("COMPTABILISEE", "COMPTABILISEE"),
                            ("MISE_EN_PAIEMENT", "MISE_EN_PAIEMENT"),
                            ("COMPLETEE", "COMPLETEE"),
                            ("A_VALIDER_1", "A_VALIDER_1"),
                            ("VALIDEE_1", "VALIDEE_1"),
                            ("REFUSEE_1", "REFUSEE_1"),
                            ("ERREUR_FOURNISSEUR_SUR_VALIDEUR", "ERREUR_FOURNISSEUR_SUR_VALIDEUR"),
                            ("ABSENCE_VALIDATION_1_HORS_DELAI", "ABSENCE_VALIDATION_1_HORS_DELAI"),
                            ("A_VALIDER_2", "A_VALIDER_2"),
                            ("VALIDEE_2", "VALIDEE_2"),
                            ("REFUSEE_2", "REFUSEE_2"),
                            ("ERREUR_COTRAITANT_SUR_VALIDEUR", "ERREUR_COTRAITANT_SUR_VALIDEUR"),
                            ("ABSENCE_VALIDATION_2_HORS_DELAI", "ABSENCE_VALIDATION_2_HORS_DELAI"),
                        ],
                        max_length=40,
                    ),
                ),
                ("status_at", models.DateTimeField()),
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
                ("is_told_with_flow", models.BooleanField(default=False)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("type_code", models.CharField(default="380", max_length=3)),
                ("issue_date", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("billing_framework", models.CharField(default="A1", max_length=3)),
                ("vat_regime", models.CharField(blank=True, max_length=20)),
                ("commitment", models.CharField(blank=True, max_length=100)),
                ("contract", models.CharField(blank=True, max_length=100)),
                ("preceding_number", models.CharField(blank=True, max_length=100)),
                ("tax_exclusive_amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("tax_amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("tax_inclusive_amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("payable_amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("admitted_amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("document", models.JSONField(blank=True, null=True)),
                ("remarks", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("deposited_at", models.DateTimeField(null=True)),
                ("made_available_at", models.DateTimeField(null=True)),
                ("notice_written_at", models.DateTimeField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("downloaded_at", models.DateTimeField(null=True)),
                ("rejection_closed_at", models.DateTimeField(null=True)),
                ("seller_name", models.CharField(blank=True, db_default="", default="", max_length=201)),
                ("buyer_name", models.CharField(blank=True, db_default="", default="", max_length=201)),
                ("service_code", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("to_pay", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("words", models.TextField(blank=True, db_default="", default="")),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "bank_account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.bankaccount",
                    ),
                ),
                (
                    "buyer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_invoices",
                        to="structures.structure",
                    ),
                ),
                (
                    "buyer_service",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.service",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second_validator",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_invoices",
                        to="structures.structure",
                    ),
                ),
                (
                    "validator",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "-status_at", "-id"], name="invoices_issued_lately"),
                    models.Index(fields=["seller", "status", "-status_at", "-id"], name="invoices_issued_in_status"),
                    models.Index(fields=["seller", "status", "id"], name="invoices_issued_by_status"),
                    models.Index(fields=["seller", "due_on", "id"], name="invoices_issued_due"),
                    models.Index(fields=["seller", "to_pay", "id"], name="invoices_issued_amounts"),
                    models.Index(fields=["seller", "issue_date", "id"], name="invoices_issued_dated"),
                    models.Index(fields=["seller", "buyer_name", "id"], name="invoices_issued_to"),
                    models.Index(fields=["buyer", "-made_available_at", "-id"], name="invoices_received_lately"),
                    models.Index(fields=["buyer", "status", "due_on", "id"], name="invoices_received_due"),
                    models.Index(fields=["buyer", "status", "id"], name="invoices_received_by_status"),
                    models.Index(fields=["buyer", "service_code", "id"], name="invoices_received_by_service"),
                    models.Index(fields=["buyer", "due_on", "id"], name="invoices_received_by_day"),
                    models.Index(fields=["buyer", "to_pay", "id"], name="invoices_received_amounts"),
                    models.Index(fields=["buyer", "issue_date", "id"], name="invoices_received_dated"),
                    models.Index(fields=["buyer", "seller_name", "id"], name="invoices_received_from"),
                    models.Index(fields=["buyer", "number", "id"], name="invoices_received_numbers"),
                    models.Index(
                        fields=["buyer_service", "-made_available_at", "-id"], name="invoices_of_service_lately"
                    ),
                    models.Index(fields=["buyer_service", "status", "due_on", "id"], name="invoices_of_service_due"),
                    models.Index(
                        condition=models.Q(("validator__isnull", False)),
                        fields=["validator", "-status_at", "-id"],
                        name="invoices_validated_lately",
                    ),
                    models.Index(
                        condition=models.Q(("validator__isnull", False)),
                        fields=["validator", "status", "status_at", "id"],
                        name="invoices_validated_in_status",
                    ),
                    models.Index(
                        condition=models.Q(("second_validator__isnull", False)),
                        fields=["second_validator", "-status_at", "-id"],
                        name="invoices_seconded_lately",
                    ),
                    models.Index(
                        condition=models.Q(("second_validator__isnull", False)),
                        fields=["second_validator", "status", "status_at", "id"],
                        name="invoices_seconded_in_status",
                    ),
                    models.Index(fields=["seller", "number"], name="invoices_of_a_number"),
                    models.Index(
                        condition=models.Q(
                            ("notice_written_at__isnull", True), ("status__in", ["MISE_A_DISPOSITION", "COMPLETEE"])
                        ),
                        fields=["made_available_at"],
                        name="invoices_without_notice",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "ABSENCE_VALIDATION_1_HORS_DELAI",
                                    "ABSENCE_VALIDATION_2_HORS_DELAI",
                                    "DEPOSEE",
                                    "EN_COURS_ACHEMINEMENT",
                                    "VALIDEE_1",
                                    "VALIDEE_2",
                                ],
                            )
                        ),
                        fields=["status_at"],
                        name="invoices_on_their_way",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["A_VALIDER_1", "A_VALIDER_2"])),
                        fields=["status_at"],
                        name="invoices_to_validate",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["BROUILLON", "SUPPRIMEE"]), _negated=True),
                        fields=("seller", "number"),
                        name="invoices_one_for_a_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NOTIFICATION_DESTINATAIRE", "Destinataire prévenu par courriel"),
                            ("TELECHARGEMENT_FACTURE", "Facture téléchargée par le destinataire"),
                            ("PAIEMENT_RECU", "Argent reçu, noté par vous"),
                            ("TRAITEMENT_REJET", "Refus classé par vous"),
                            ("PAIEMENT_NON_RECU", "Argent non reçu\xa0: vous corrigez ce que vous aviez noté"),
                            ("RELANCE_AIMABLE", "Rappel envoyé au destinataire"),
                            ("RELANCE_FERME", "Relance envoyée au destinataire"),
                            ("RELANCE_FORMELLE", "Mise en demeure envoyée au destinataire"),
                        ],
                        max_length=30,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("day", models.DateField(null=True)),
                ("sequence", models.PositiveIntegerField(null=True)),
                ("digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mail.message"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "sequence"), name="invoices_events_have_no_twins")
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("role", models.CharField(choices=[("01", "Facture"), ("02", "Pièce complémentaire")], max_length=2)),
                ("part", models.PositiveIntegerField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("designation", models.CharField(blank=True, max_length=100)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="invoices.invoice"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("role", "01")), fields=("invoice",), name="invoices_one_principal_document"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="invoices.invoice"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="mail.message"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("message", "invoice"), name="invoices_told_once_by_a_message")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=30)),
                ("from_status", models.CharField(blank=True, max_length=40)),
                ("to_status", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("seller", "seller"),
                            ("buyer", "buyer"),
                            ("validator", "validator"),
                            ("system", "system"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_name", models.CharField(max_length=201)),
                ("reason_code", models.CharField(blank=True, max_length=30)),
                ("comment", models.CharField(blank=True, max_length=255)),
                ("payment_order", models.CharField(blank=True, max_length=50)),
                ("day", models.DateField(null=True)),
                ("amount", plainchant.portal.lib.fields.AmountField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.delegation",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "sequence"), name="invoices_history_has_no_twins")
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person",),
                        name="invoices_one_calendar_a_person",
                    )
                ],
            },
        ),
    ]
