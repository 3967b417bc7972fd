import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import plainchant.portal.rights.rights
from plainchant.portal.lib.frozen import Frozen, freeze


class Migration(migrations.Migration):
    replaces = [
        ("structures", "0001_initial"),
        ("structures", "0002_grants"),
        ("structures", "0003_every_identifier"),
        ("structures", "0004_delegations_asked_for"),
        ("structures", "0005_bank_confirmation"),
        ("structures", "0006_services_of_a_body"),
        ("structures", "0007_closing_and_heirs"),
        ("structures", "0008_spaces_asked_for"),
        ("structures", "0009_space_of_tickets"),
        ("structures", "0010_technical_accounts"),
        ("structures", "0011_space_of_validators"),
        ("structures", "0012_unused_steps"),
        ("structures", "0013_webhooks_in_the_log"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Structure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "nature",
                    models.CharField(
                        choices=[("PRIVEE", "Structure privée"), ("PUBLIQUE", "Structure publique")], max_length=8
                    ),
                ),
                (
                    "identifier_type",
                    models.CharField(
                        choices=[
                            ("SIRET", "SIRET"),
                            ("UE_HORS_FRANCE", "Numéro de TVA (Union européenne, hors France)"),
                            ("HORS_UE", "Hors Union européenne"),
                            ("RIDET", "RIDET (Nouvelle-Calédonie)"),
                            ("TAHITI", "Numéro Tahiti (Polynésie française)"),
                            ("AUTRE", "En cours d’immatriculation"),
                            ("PARTICULIER", "Particulier"),
                        ],
                        default="SIRET",
                        max_length=14,
                    ),
                ),
                ("identifier", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=201)),
                ("first_name", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("last_name", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("label", models.CharField(blank=True, max_length=201)),
                ("address_line", models.CharField(blank=True, max_length=255)),
                ("address_extra_1", models.CharField(blank=True, max_length=255)),
                ("address_extra_2", models.CharField(blank=True, max_length=255)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("country", models.CharField(default="FR", max_length=2)),
                ("vat_number", models.CharField(blank=True, max_length=18)),
                ("rcs_number", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("is_active", models.BooleanField(default=True)),
                ("is_closed_by_operator", models.BooleanField(db_default=False, default=False)),
                (
                    "payer_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ETAT", "État et établissements publics de l’État"),
                            ("LOCAL", "Collectivité et établissements publics locaux"),
                            ("SANTE", "Établissement public de santé"),
                            ("ENTREPRISE", "Entreprise publique"),
                        ],
                        max_length=10,
                    ),
                ),
                ("requires_service", models.BooleanField(default=False)),
                ("requires_commitment", models.BooleanField(default=False)),
                ("requires_service_or_commitment", models.BooleanField(default=False)),
                ("reports_no_payment", models.BooleanField(default=False)),
                ("is_works_authority_only", models.BooleanField(default=False)),
                ("unused_steps", models.TextField(blank=True, db_default="", default="")),
                ("own_columns", models.TextField(blank=True, db_default="", default="")),
                ("created_at", models.DateTimeField()),
                ("spaces", models.JSONField(null=True)),
                (
                    "origin",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["identifier"], name="structures_identifier")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identifier_type", "identifier"), name="structures_one_for_an_identifier"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=255)),
                ("requires_commitment", models.BooleanField(default=False)),
                ("reports_no_payment", models.BooleanField(db_default=False, default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("own_columns", models.TextField(blank=True, db_default="", default="")),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="structures.structure"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("structure", "code"), name="structures_one_service_for_a_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("EN_COURS_DE_VALIDATION", "En attente de validation"),
                            ("VALIDEE", "Validé"),
                            ("REFUSEE", "Refusé"),
                            ("DESACTIVEE", "Désactivé"),
                            ("SUPPRIMEE", "Supprimé"),
                        ],
                        max_length=22,
                    ),
                ),
                ("is_manager", models.BooleanField(default=False)),
                ("comment", models.CharField(blank=True, max_length=255)),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "structure"), name="structures_one_membership_a_person"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_manager", True), ("state", "VALIDEE")),
                        fields=("structure",),
                        name="structures_one_manager",
                    ),
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OUVERTE")),
                        fields=("structure", "email"),
                        name="structures_one_open_invitation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DelegationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("siret", models.CharField(max_length=14)),
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
                ("comment", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        related_name="delegations_asked",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OUVERTE")), fields=["siret"], name="structures_requests_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OUVERTE")),
                        fields=("delegate", "siret"),
                        name="structures_one_open_request",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("comment", models.CharField(blank=True, db_default="", default="", max_length=255)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="structures.structure",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("client", "delegate"),
                        name="structures_one_open_delegation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("client", models.F("delegate")), _negated=True),
                        name="structures_delegates_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("label", models.CharField(max_length=100)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("is_active", models.BooleanField(default=True)),
                ("is_waiting", models.BooleanField(db_default=False, default=False)),
                ("created_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        related_name="bank_accounts",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("structure", "iban"),
                        name="structures_one_open_account_an_iban",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_waiting", True)),
                        fields=("structure", "iban"),
                        name="structures_one_waiting_account_an_iban",
                    ),
                ],
            },
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
                            ("ESPACE_DEMANDE", "a demandé un espace"),
                            ("ESPACE_REFUSE", "a refusé un espace"),
                            ("ESPACES", "a choisi les espaces de la structure"),
                            ("DELEGATION", "a ouvert une délégation"),
                            ("DELEGATION_CHANGEE", "a changé une délégation"),
                            ("DELEGATION_FINIE", "a mis fin à une délégation"),
                            ("DELEGATION_RENDUE", "a rendu une délégation"),
                            ("DELEGATION_DEMANDEE", "a demandé une délégation"),
                            ("DELEGATION_REFUSEE", "a refusé une délégation"),
                            ("TECHNIQUE_CREE", "a créé un compte technique"),
                            ("TECHNIQUE_RENOMME", "a renommé un compte technique"),
                            ("TECHNIQUE_DROITS", "a changé ce qu’un compte technique peut faire"),
                            ("TECHNIQUE_MDP_NEUF", "a donné un autre mot de passe à un compte technique"),
                            ("TECHNIQUE_MDP_RETIRE", "a retiré un mot de passe d’un compte technique"),
                            ("TECHNIQUE_FIN", "a mis fin à un compte technique"),
                            ("LOGICIEL_PREVENU", "fait prévenir un logiciel"),
                            ("LOGICIEL_ARRETE", "ne fait plus prévenir un logiciel"),
                            ("FERMETURE", "a fermé la structure aux nouvelles factures"),
                            ("REOUVERTURE", "a rouvert la structure"),
                            ("NOUVEAU_SIRET", "a déclaré un nouveau SIRET"),
                            ("DEMANDES", "a changé ce que la structure demande sur les factures"),
                            ("SERVICE_AJOUTE", "a ajouté un service"),
                            ("SERVICE_MODIFIE", "a modifié un service"),
                            ("SERVICE_FERME", "a fermé un service"),
                            ("SERVICE_ROUVERT", "a rouvert un service"),
                            ("COMPTE_AJOUTE", "a ajouté un compte bancaire"),
                            ("COMPTE_DEMANDE", "a demandé l’ajout d’un compte bancaire"),
                            ("COMPTE_CONFIRME", "a confirmé un compte bancaire"),
                            ("COMPTE_REFUSE", "a refusé un compte bancaire"),
                            ("COMPTE_RENONCE", "a renoncé à l’ajout d’un compte bancaire"),
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
        migrations.CreateModel(
            name="TechnicalAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("identifier", models.CharField(max_length=255, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="technical_accounts",
                        to="structures.structure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("structure", "name"),
                        name="structures_one_program_a_name",
                    )
                ],
            },
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
                            ("FACTURES_A_VALIDER", "Factures à valider"),
                            ("SUIVI_DES_FLUX", "Suivi des flux"),
                            ("SOLLICITATIONS_RECUES", "Sollicitations reçues"),
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
                    "invitation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="structures.invitation",
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
                    "technical_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="structures.technicalaccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("delegation__isnull", True),
                                ("invitation__isnull", True),
                                ("membership__isnull", False),
                                ("technical_account__isnull", True),
                            ),
                            models.Q(
                                ("delegation__isnull", False),
                                ("invitation__isnull", True),
                                ("membership__isnull", True),
                                ("technical_account__isnull", True),
                            ),
                            models.Q(
                                ("delegation__isnull", True),
                                ("invitation__isnull", False),
                                ("membership__isnull", True),
                                ("technical_account__isnull", True),
                            ),
                            models.Q(
                                ("delegation__isnull", True),
                                ("invitation__isnull", True),
                                ("membership__isnull", True),
                                ("technical_account__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="structures_grant_of_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delegation__isnull", True),
                            models.Q(("space", "ACTIVITES_DU_GESTIONNAIRE"), _negated=True),
                            _connector="OR",
                        ),
                        name="structures_nobody_else_manages",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("technical_account__isnull", True),
                            models.Q(
                                ("space__in", [plainchant.portal.rights.rights.Space["MANAGEMENT"]]), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="structures_no_program_manages",
                    ),
                    models.UniqueConstraint(
                        models.F("membership"),
                        models.F("space"),
                        django.db.models.functions.comparison.Coalesce("service", 0),
                        name="structures_one_grant_to_one",
                    ),
                    models.UniqueConstraint(
                        models.F("delegation"),
                        models.F("space"),
                        django.db.models.functions.comparison.Coalesce("service", 0),
                        name="structures_one_grant_by_one",
                    ),
                    models.UniqueConstraint(
                        models.F("invitation"),
                        models.F("space"),
                        django.db.models.functions.comparison.Coalesce("service", 0),
                        name="structures_one_grant_in_one",
                    ),
                    models.UniqueConstraint(
                        models.F("technical_account"),
                        models.F("space"),
                        django.db.models.functions.comparison.Coalesce("service", 0),
                        name="structures_one_grant_of_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TechnicalSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("hashed", models.CharField(max_length=128)),
                ("created_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("warned_days", models.PositiveSmallIntegerField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "technical_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="structures.technicalaccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=["ends_at"],
                        name="structures_secrets_by_end",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpaceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "space",
                    models.CharField(
                        choices=[
                            ("FACTURES_EMISES", "Factures émises"),
                            ("FACTURES_RECUES", "Factures reçues"),
                            ("FACTURES_A_VALIDER", "Factures à valider"),
                            ("SUIVI_DES_FLUX", "Suivi des flux"),
                            ("SOLLICITATIONS_RECUES", "Sollicitations reçues"),
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
                    "state",
                    models.CharField(
                        choices=[
                            ("OUVERTE", "En attente de réponse"),
                            ("ACCEPTEE", "Acceptée"),
                            ("REFUSEE", "Refusée"),
                        ],
                        default="OUVERTE",
                        max_length=8,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="space_requests",
                        to="structures.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OUVERTE")),
                        fields=("membership", "space"),
                        name="structures_one_space_asked",
                    )
                ],
            },
        ),
        freeze(Frozen("structures_activityentry")),
    ]
