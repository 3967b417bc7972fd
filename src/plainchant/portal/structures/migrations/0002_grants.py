"""What a person may do is granted, space by space; whoever was attached may go on doing all that they could."""

import uuid
from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from plainchant.portal.lib.frozen import Frozen, freeze

# What `AccessProfile.EVERYTHING` opened when this was written.
EVERYTHING = ("FACTURES_EMISES", "FACTURES_RECUES", "SUIVI_DES_FLUX")


def give_members_what_they_had(apps: Any, _schema_editor: Any) -> None:
    members = apps.get_model("structures", "Membership").objects.filter(state="VALIDEE", is_manager=False)
    grants = apps.get_model("structures", "Grant").objects
    for number in members.values_list("pk", flat=True).iterator():
        grants.bulk_create(grants.model(membership_id=number, space=space, mode="MODIFICATION") for space in EVERYTHING)


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: tables are only added; it goes on giving members all that it gave them"

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
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OUVERTE", "En attente de réponse"),
                            ("ACCEPTEE", "Acceptée"),
                            ("REFUSEE", "Refusée"),
                            ("RETIREE", "Retirée"),
                        ],
                        default="OUVERTE",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="structures.structure",
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
                (
                    "invitation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="structures.invitation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActivityEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CREATION", "a créé la fiche"),
                            ("FICHE", "a modifié la fiche"),
                            ("NOM", "a corrigé le nom"),
                            ("DEMANDE", "a demandé à être rattaché"),
                            ("ACCEPTATION", "a accepté une demande"),
                            ("REFUS", "a refusé une demande"),
                            ("INVITATION", "a invité une personne"),
                            ("INVITATION_RETIREE", "a retiré une invitation"),
                            ("INVITATION_ACCEPTEE", "a accepté une invitation"),
                            ("INVITATION_REFUSEE", "a refusé une invitation"),
                            ("DROITS", "a changé ce qu’une personne peut faire"),
                            ("DESACTIVATION", "a suspendu l’accès d’une personne"),
                            ("REACTIVATION", "a rendu son accès à une personne"),
                            ("DETACHEMENT", "a mis fin à un rattachement"),
                            ("DEPART", "a quitté la structure"),
                            ("TRANSMISSION", "a transmis la gestion"),
                            ("NOMINATION", "a nommé le gestionnaire"),
                            ("REMISE_EN_CAUSE", "a remis en cause les rattachements"),
                            ("COMPTE_AJOUTE", "a ajouté un compte bancaire"),
                            ("COMPTE_RENOMME", "a renommé un compte bancaire"),
                            ("COMPTE_FERME", "a retiré un compte bancaire"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("PAGE", "sur le site"),
                            ("COMMANDE", "par la personne qui tient le portail"),
                            ("PORTAIL", "par le portail lui-même"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor_name", models.CharField(max_length=400)),
                ("about", models.CharField(blank=True, max_length=400)),
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
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="activity", to="structures.structure"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["structure", "-at"], name="structures_activity_lately")],
            },
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
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "OUVERTE")),
                fields=("structure", "email"),
                name="structures_one_open_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delegation__isnull", True), ("invitation__isnull", True), ("membership__isnull", False)),
                    models.Q(("delegation__isnull", False), ("invitation__isnull", True), ("membership__isnull", True)),
                    models.Q(("delegation__isnull", True), ("invitation__isnull", False), ("membership__isnull", True)),
                    _connector="OR",
                ),
                name="structures_grant_of_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delegation__isnull", True),
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
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                models.F("invitation"),
                models.F("space"),
                django.db.models.functions.comparison.Coalesce("service", 0),
                name="structures_one_grant_in_one",
            ),
        ),
        migrations.RunPython(give_members_what_they_had, migrations.RunPython.noop),
        freeze(Frozen("structures_activityentry")),
    ]
