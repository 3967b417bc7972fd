"""Structures (fiche structure), their services, bank accounts, and who may act for them.

A public recipient of the directory and a supplier who registers are both a Structure: on the wire they share one
identifier space, and a town hall that invoices another is both at once.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES, INDIVIDUAL_TYPE, SIRET_TYPE
from plainchant.einvoice.law.payment import PAYER_CATEGORIES
from plainchant.einvoice.structure_identifiers import in_words
from plainchant.portal.lib.operator import operator
from plainchant.portal.rights.profiles import SPACE_NAMES
from plainchant.portal.rights.rights import SPACES_FOR_PEOPLE, Mode, Space


class StructureNature(models.TextChoices):
    PRIVATE = "PRIVEE", "Structure privée"
    PUBLIC = "PUBLIQUE", "Structure publique"


class UnknownCommitment(models.TextChoices):
    """What a public body has done with a commitment number that it does not know; nothing without a value."""

    REMARK = "REMARQUE", "Le signaler au fournisseur, sans l’arrêter"
    REFUSAL = "REFUS", "Refuser la facture"


class Structure(models.Model):
    """One establishment. The five flags on invoices are what a public body demands; they mean nothing on others."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nature = models.CharField(max_length=8, choices=StructureNature.choices)
    identifier_type = models.CharField(
        max_length=14, choices=[(row.code, row.label) for row in IDENTIFIER_TYPES], default=SIRET_TYPE
    )
    identifier = models.CharField(max_length=80)
    name = models.CharField(max_length=201)  # raison sociale; of a PARTICULIER the two below
    first_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    last_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    label = models.CharField(max_length=201, blank=True)  # how its people call it
    address_line = models.CharField(max_length=255, blank=True)
    address_extra_1 = models.CharField(max_length=255, blank=True)
    address_extra_2 = models.CharField(max_length=255, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="FR")  # ISO 3166-1
    vat_number = models.CharField(max_length=18, blank=True)
    rcs_number = models.CharField(max_length=100, blank=True, default="", db_default="")  # « RCS Rennes 732 829 320 »
    email = models.EmailField(blank=True)  # of the structure: a public body is notified there too
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    # Its managers, and the directory, do not open it again.
    is_closed_by_operator = models.BooleanField(default=False, db_default=False)
    origin = models.OneToOneField(  # the structure that it was before its SIRET changed
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    payer_category = models.CharField(
        max_length=10, choices=[(row.code, row.label) for row in PAYER_CATEGORIES], blank=True
    )

    requires_service = models.BooleanField(default=False)  # codeServiceDoitEtreRenseigne
    requires_commitment = models.BooleanField(default=False)  # numeroEJDoitEtreRenseigne
    requires_service_or_commitment = models.BooleanField(default=False)  # gestionNumeroEJOuCodeService
    reports_no_payment = models.BooleanField(default=False)  # statutMiseEnPaiementNestPasRemonte
    is_works_authority_only = models.BooleanField(default=False)  # estMoaUniquement

    # Of a public body: what becomes of an invoice whose commitment is not in its list, a value of `UnknownCommitment`.
    unknown_commitment = models.CharField(
        max_length=10, choices=UnknownCommitment, blank=True, default="", db_default=""
    )

    # Of a public body: the steps of processing that it leaves out, codes of `invoices.lifecycle` separated by spaces.
    unused_steps = models.TextField(blank=True, default="", db_default="")

    # Of a public body: the columns that its managers have set. An import of the directory leaves them alone.
    own_columns = models.TextField(blank=True, default="", db_default="")  # names separated by spaces
    created_at = models.DateTimeField()
    spaces = models.JSONField(null=True)  # codes of the spaces it uses; NULL: what its nature says (`spaces.used_by`)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identifier_type", "identifier"], name="structures_one_for_an_identifier"),
        ]
        indexes = [models.Index(fields=["identifier"], name="structures_identifier")]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def is_public(self) -> bool:
        return self.nature == StructureNature.PUBLIC

    @property
    def is_individual(self) -> bool:
        return self.identifier_type == INDIVIDUAL_TYPE

    @property
    def known_as(self) -> str:
        """What it is known by, as a sentence names it: « SIRET 123 456 789 00012 »."""
        return in_words(self.identifier, identifier_type=self.identifier_type)


class Service(models.Model):
    """A part of a public body that handles invoices: the « code service » routes an invoice to it."""

    PUBLIC_INVOICES = "FACTURES_PUBLIQUES"  # reserved to invoices between public bodies

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    requires_commitment = models.BooleanField(default=False)  # GestionEGMT
    reports_no_payment = models.BooleanField(default=False, db_default=False)  # the contrary of miseEnPaiement
    is_active = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    own_columns = models.TextField(blank=True, default="", db_default="")  # as those of a structure

    class Meta:
        constraints = [models.UniqueConstraint(fields=["structure", "code"], name="structures_one_service_for_a_code")]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class BankAccount(models.Model):
    """Where a supplier wants to be paid (coordonnées bancaires)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="bank_accounts")
    label = models.CharField(max_length=100)
    iban = models.CharField(max_length=34)  # without spaces, upper case
    bic = models.CharField(max_length=11, blank=True)
    # An invoice may name it: false until a second person has confirmed it, and once it is closed. Never deleted.
    is_active = models.BooleanField(default=True)
    is_waiting = models.BooleanField(default=False, db_default=False)  # for that second person
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)  # since when invoices may name it
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "iban"], condition=Q(is_active=True), name="structures_one_open_account_an_iban"
            ),
            models.UniqueConstraint(
                fields=["structure", "iban"],
                condition=Q(is_waiting=True),
                name="structures_one_waiting_account_an_iban",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def usable_since(self) -> datetime:
        """Since when invoices may name it, of one that is open or was."""
        return self.opened_at or self.created_at  # 0.1.0 writes no `opened_at`


class Membership(models.Model):
    """A person's attachment to a structure (rattachement). Gives access only while VALIDEE."""

    class State(models.TextChoices):
        PENDING = "EN_COURS_DE_VALIDATION", "En attente de validation"
        ACCEPTED = "VALIDEE", "Validé"
        REFUSED = "REFUSEE", "Refusé"
        DISABLED = "DESACTIVEE", "Désactivé"
        REMOVED = "SUPPRIMEE", "Supprimé"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=22, choices=State.choices)
    is_manager = models.BooleanField(default=False)  # gestionnaire principal
    comment = models.CharField(max_length=255, blank=True)  # of the person who asks
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "structure"], name="structures_one_membership_a_person"),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_manager=True, state="VALIDEE"),
                name="structures_one_manager",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.structure_id}: {self.state}"


class Delegation(models.Model):
    """A structure lets the people of another act for it (délégation): an accountant, a collective.

    Those people may do for the client what the grants say, as far as they may do the same for their own structure.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="delegations_held")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the last day
    comment = models.CharField(max_length=255, blank=True, default="", db_default="")  # of the client, to its delegate
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "delegate"],
                condition=Q(ended_at__isnull=True),
                name="structures_one_open_delegation",
            ),
            models.CheckConstraint(condition=~Q(client=models.F("delegate")), name="structures_delegates_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.delegate_id}"


class DelegationRequest(models.Model):
    """A structure asks to act for the one that has this SIRET, which may be unknown here: whoever asks never learns.

    Gives nothing: a manager of that structure who accepts it opens a delegation.
    """

    class State(models.TextChoices):
        OPEN = "OUVERTE", "En attente de réponse"
        ACCEPTED = "ACCEPTEE", "Acceptée"
        REFUSED = "REFUSEE", "Refusée"
        WITHDRAWN = "RETIREE", "Retirée"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delegate = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="delegations_asked")
    siret = models.CharField(max_length=14)  # as it was typed, cleaned
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    comment = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "siret"], condition=Q(state="OUVERTE"), name="structures_one_open_request"
            )
        ]
        indexes = [models.Index(fields=["siret"], condition=Q(state="OUVERTE"), name="structures_requests_open")]

    def __str__(self) -> str:
        return f"{self.delegate_id} → {self.siret}: {self.state}"


class Invitation(models.Model):
    """A person is asked by mail to join a structure; what they may do there stands in its grants until they answer.

    It is for whoever has an account with that login address, and for nobody else.
    """

    class State(models.TextChoices):
        OPEN = "OUVERTE", "En attente de réponse"
        ACCEPTED = "ACCEPTEE", "Acceptée"
        DECLINED = "REFUSEE", "Refusée"
        WITHDRAWN = "RETIREE", "Retirée"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()  # in `accounts.addresses.one_spelling`
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "email"],
                condition=Q(state="OUVERTE"),
                name="structures_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} @ {self.structure_id}: {self.state}"


class TechnicalAccount(models.Model):
    """What a program comes in with, to act for a structure (compte technique). Gives nothing once it is revoked.

    ``account`` is what rows name as their author: nobody logs in with it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="technical_accounts")
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=255, unique=True)  # « TECH_1_123456789@factures.example »
    name = models.CharField(max_length=80)  # of the program, as managers call it
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "name"],
                condition=Q(revoked_at__isnull=True),
                name="structures_one_program_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TechnicalSecret(models.Model):
    """A password of a technical account. Two may serve at once, while programs move from one to the other."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    technical_account = models.ForeignKey(TechnicalAccount, on_delete=models.CASCADE, related_name="secrets")
    hashed = models.CharField(max_length=128)  # as people's passwords are; empty once it is withdrawn
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to the hour
    warned_days = models.PositiveSmallIntegerField(null=True)  # how long before its end managers were last told of it

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(withdrawn_at__isnull=True), name="structures_secrets_by_end")
        ]

    def __str__(self) -> str:
        return f"{self.technical_account_id}, {self.created_at:%Y-%m-%d}"


class Application(models.Model):
    """A program that asks for tokens of the interface, with a client_id. Its structure's managers made it.

    It opens nothing by itself: each call also names a technical account, of whatever structure.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="applications")
    client_id = models.CharField(max_length=36, unique=True)
    name = models.CharField(max_length=80)  # of the program, as managers call it
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tokens_valid_from = models.DateTimeField(null=True)  # those given before are refused
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "name"],
                condition=Q(revoked_at__isnull=True),
                name="structures_one_application_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationSecret(models.Model):
    """A client_secret. Two may serve at once, while programs move from one to the other."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    hashed = models.CharField(max_length=128)  # as people's passwords are; empty once it is withdrawn
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to the hour

    def __str__(self) -> str:
        return f"{self.application_id}, {self.created_at:%Y-%m-%d}"


_HOLDERS = ("membership", "delegation", "invitation", "technical_account")


def _held_by(holder: str) -> Q:
    return Q(**{f"{name}__isnull": name != holder for name in _HOLDERS})


class Grant(models.Model):
    """A space opened by an attachment, an invitation once it is accepted, a delegation, or a technical account.

    It is for the whole structure, or for one service of it.
    """

    membership = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="grants")
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.CASCADE, related_name="grants")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="grants")
    technical_account = models.ForeignKey(TechnicalAccount, null=True, on_delete=models.CASCADE, related_name="grants")
    space = models.CharField(max_length=30, choices=[(space.value, name) for space, name in SPACE_NAMES.items()])
    mode = models.CharField(max_length=25, choices=[(mode.value, mode.value) for mode in Mode])
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_held_by("membership")
                | _held_by("delegation")
                | _held_by("invitation")
                | _held_by("technical_account"),
                name="structures_grant_of_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True) | ~Q(space=Space.MANAGEMENT.value),
                name="structures_nobody_else_manages",
            ),
            models.CheckConstraint(
                condition=Q(technical_account__isnull=True) | ~Q(space__in=sorted(SPACES_FOR_PEOPLE)),
                name="structures_no_program_manages",
            ),
            # A null is no other null's equal: one constraint for each holder, the whole structure written as 0.
            models.UniqueConstraint("membership", "space", Coalesce("service", 0), name="structures_one_grant_to_one"),
            models.UniqueConstraint("delegation", "space", Coalesce("service", 0), name="structures_one_grant_by_one"),
            models.UniqueConstraint("invitation", "space", Coalesce("service", 0), name="structures_one_grant_in_one"),
            models.UniqueConstraint(
                "technical_account", "space", Coalesce("service", 0), name="structures_one_grant_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space}: {self.mode}"


class SpaceRequest(models.Model):
    """A person asks for a space of a structure that they are attached to; a manager who accepts it opens a grant."""

    class State(models.TextChoices):
        OPEN = "OUVERTE", "En attente de réponse"
        ACCEPTED = "ACCEPTEE", "Acceptée"
        REFUSED = "REFUSEE", "Refusée"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="space_requests")
    space = models.CharField(max_length=30, choices=[(space.value, name) for space, name in SPACE_NAMES.items()])
    mode = models.CharField(max_length=25, choices=[(mode.value, mode.value) for mode in Mode])
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    comment = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "space"], condition=Q(state="OUVERTE"), name="structures_one_space_asked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.space}: {self.state}"


class ActivityEntry(models.Model):
    """Who did what for a structure, when, and from where it was decided. Rows are added, never changed or removed."""

    class Kind(models.TextChoices):
        CREATED = "CREATION", "a créé la fiche"
        EDITED = "FICHE", "a modifié la fiche"
        RENAMED = "NOM", "a corrigé le nom"
        ASKED = "DEMANDE", "a demandé à être rattaché"
        ACCEPTED = "ACCEPTATION", "a accepté une demande"
        REFUSED = "REFUS", "a refusé une demande"
        INVITED = "INVITATION", "a invité une personne"
        INVITATION_WITHDRAWN = "INVITATION_RETIREE", "a retiré une invitation"
        JOINED = "INVITATION_ACCEPTEE", "a accepté une invitation"
        DECLINED = "INVITATION_REFUSEE", "a refusé une invitation"
        RIGHTS = "DROITS", "a changé ce qu’une personne peut faire"
        DISABLED = "DESACTIVATION", "a suspendu l’accès d’une personne"
        ENABLED = "REACTIVATION", "a rendu son accès à une personne"
        DETACHED = "DETACHEMENT", "a mis fin à un rattachement"
        LEFT = "DEPART", "a quitté la structure"
        HANDED_OVER = "TRANSMISSION", "a transmis la gestion"
        APPOINTED = "NOMINATION", "a nommé le gestionnaire"
        QUESTIONED = "REMISE_EN_CAUSE", "a remis en cause les rattachements"
        SPACE_ASKED = "ESPACE_DEMANDE", "a demandé un espace"
        SPACE_REFUSED = "ESPACE_REFUSE", "a refusé un espace"
        SPACES = "ESPACES", "a choisi les espaces de la structure"
        DELEGATED = "DELEGATION", "a ouvert une délégation"
        DELEGATION_CHANGED = "DELEGATION_CHANGEE", "a changé une délégation"
        DELEGATION_ENDED = "DELEGATION_FINIE", "a mis fin à une délégation"
        DELEGATION_RETURNED = "DELEGATION_RENDUE", "a rendu une délégation"
        DELEGATION_ASKED = "DELEGATION_DEMANDEE", "a demandé une délégation"
        DELEGATION_REFUSED = "DELEGATION_REFUSEE", "a refusé une délégation"
        TECHNICAL_MADE = "TECHNIQUE_CREE", "a créé un compte technique"
        TECHNICAL_RENAMED = "TECHNIQUE_RENOMME", "a renommé un compte technique"
        TECHNICAL_RIGHTS = "TECHNIQUE_DROITS", "a changé ce qu’un compte technique peut faire"
        TECHNICAL_SECRET = "TECHNIQUE_MDP_NEUF", "a donné un autre mot de passe à un compte technique"
        TECHNICAL_WITHDRAWN = "TECHNIQUE_MDP_RETIRE", "a retiré un mot de passe d’un compte technique"
        TECHNICAL_ENDED = "TECHNIQUE_FIN", "a mis fin à un compte technique"
        APPLICATION_MADE = "APPLICATION_CREEE", "a créé une application"
        APPLICATION_SECRET = "APPLICATION_SECRET", "a donné un autre secret à une application"
        APPLICATION_WITHDRAWN = "APPLICATION_RETRAIT", "a retiré un secret d’une application"
        APPLICATION_TOKENS = "APPLICATION_JETONS", "a annulé les jetons d’une application"
        APPLICATION_ENDED = "APPLICATION_FIN", "a mis fin à une application"
        WEBHOOK_MADE = "LOGICIEL_PREVENU", "fait prévenir un logiciel"
        WEBHOOK_ENDED = "LOGICIEL_ARRETE", "ne fait plus prévenir un logiciel"
        WEBHOOK_SENT_AGAIN = "LOGICIEL_RENVOI", "fait prévenir de nouveau un logiciel"
        CLOSED = "FERMETURE", "a fermé la structure aux nouvelles factures"
        REOPENED = "REOUVERTURE", "a rouvert la structure"
        SIRET_CHANGED = "NOUVEAU_SIRET", "a déclaré un nouveau SIRET"
        DEMANDS = "DEMANDES", "a changé ce que la structure demande sur les factures"
        REASON_TEXT = "TEXTE_GARDE", "a gardé un texte pour les factures arrêtées"
        REASON_TEXT_REMOVED = "TEXTE_RETIRE", "a retiré un texte pour les factures arrêtées"
        COMMITMENTS = "ENGAGEMENTS", "a importé des engagements"
        SERVICE_ADDED = "SERVICE_AJOUTE", "a ajouté un service"
        SERVICE_CHANGED = "SERVICE_MODIFIE", "a modifié un service"
        SERVICE_CLOSED = "SERVICE_FERME", "a fermé un service"
        SERVICE_REOPENED = "SERVICE_ROUVERT", "a rouvert un service"
        BANK_ADDED = "COMPTE_AJOUTE", "a ajouté un compte bancaire"
        BANK_ASKED = "COMPTE_DEMANDE", "a demandé l’ajout d’un compte bancaire"
        BANK_CONFIRMED = "COMPTE_CONFIRME", "a confirmé un compte bancaire"
        BANK_REFUSED = "COMPTE_REFUSE", "a refusé un compte bancaire"
        BANK_WITHDRAWN = "COMPTE_RENONCE", "a renoncé à l’ajout d’un compte bancaire"
        BANK_RENAMED = "COMPTE_RENOMME", "a renommé un compte bancaire"
        BANK_CLOSED = "COMPTE_FERME", "a retiré un compte bancaire"

    class Origin(models.TextChoices):
        PAGE = "PAGE", "sur le site"
        COMMAND = "COMMANDE", "par la personne qui tient le portail"
        PORTAL = "PORTAIL", "par le portail lui-même"

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="activity")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    actor_name = models.CharField(max_length=400)  # as it was then
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=400, blank=True)  # the person, the account, the new value: never an IBAN

    class Meta:
        indexes = [models.Index(fields=["structure", "-at"], name="structures_activity_lately")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_kind_display()}: {self.about}"

    @property
    def who(self) -> str:
        """Who did it, as the log shows it: of a command whoever runs the portal, by the name in its settings."""
        if self.origin != self.Origin.COMMAND:
            return self.actor_name
        return operator().name or "La personne qui tient ce portail"

    @property
    def where(self) -> str:
        """From where, in words."""
        return "par une commande, sur le serveur" if self.origin == self.Origin.COMMAND else self.get_origin_display()
