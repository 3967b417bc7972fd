"""What a person may do is granted, space by space; whoever was attached may go on doing all that they could."""

import uuid
from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# What `AccessProfile.EVERYTHING` opened when this was written.
EVERYTHING = ("FACTURES_EMISES", "FACTURES_RECUES", "SUIVI_DES_FLUX")


def give_members_what_they_had(apps: Any, _schema_editor: Any) -> None:
    members = apps.get_model("structures", "Membership").objects.filter(state="VALIDEE", is_manager=False)
    grants = apps.get_model("structures", "Grant").objects
    for number in members.values_list("pk", flat=True).iterator():
        grants.bulk_create(grants.model(membership_id=number, space=space, mode="MODIFICATION") for space in EVERYTHING)


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="structures.structure",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to="structures.structure",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "space",
                    models.CharField(
                        choices=[
                            ("FACTURES_EMISES", "Factures émises"),
                            ("FACTURES_RECUES", "Factures reçues"),
                            ("SUIVI_DES_FLUX", "Suivi des flux"),
                            ("ACTIVITES_DU_GESTIONNAIRE", "Activités du gestionnaire"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("CONSULTATION_UNIQUEMENT", "CONSULTATION_UNIQUEMENT"),
                            ("MODIFICATION", "MODIFICATION"),
                        ],
                        max_length=25,
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="structures.delegation",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="structures.membership",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="structures.service",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("client", "delegate"),
                name="structures_one_open_delegation",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("client", models.F("delegate")), _negated=True),
                name="structures_delegates_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("membership__isnull", True), ("delegation__isnull", True), _connector="XOR"),
                name="structures_grant_of_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("membership__isnull", False),
                    models.Q(("space", "ACTIVITES_DU_GESTIONNAIRE"), _negated=True),
                    _connector="OR",
                ),
                name="structures_nobody_else_manages",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                models.F("membership"),
                models.F("space"),
                django.db.models.functions.comparison.Coalesce("service", 0),
                name="structures_one_grant_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                models.F("delegation"),
                models.F("space"),
                django.db.models.functions.comparison.Coalesce("service", 0),
                name="structures_one_grant_by_one",
            ),
        ),
        migrations.RunPython(give_members_what_they_had, migrations.RunPython.noop),
    ]
