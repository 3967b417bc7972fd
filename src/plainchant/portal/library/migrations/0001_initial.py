import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("store", "0001_tables"),
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="LibraryFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "type_code",
                    models.CharField(
                        choices=[
                            ("RIB", "RIB"),
                            ("DISPENSE_PRECOMPTE", "Dispense de précompte"),
                            ("BON_COMMANDE", "Bon de commande"),
                            ("BON_LIVRAISON", "Bon de livraison"),
                            ("CONTRAT", "Contrat ou convention"),
                            ("DEVIS", "Devis accepté"),
                            ("ATTESTATION_VIGILANCE", "Attestation de vigilance"),
                            ("ATTESTATION_FISCALE", "Attestation de régularité fiscale"),
                            ("ATTESTATION_ASSURANCE", "Attestation d’assurance"),
                            ("IMMATRICULATION", "Extrait Kbis ou avis de situation Sirene"),
                            ("AUTRE", "Autre document"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(max_length=50)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="library_files",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="library_files",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner__isnull", True), ("structure__isnull", False)),
                            models.Q(("owner__isnull", False), ("structure__isnull", True)),
                            _connector="OR",
                        ),
                        name="library_one_shelf",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("owner__isnull", False)),
                        fields=("owner", "name"),
                        name="library_one_name_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("structure__isnull", False)),
                        fields=("structure", "name"),
                        name="library_one_name_a_structure",
                    ),
                ],
            },
        ),
    ]
