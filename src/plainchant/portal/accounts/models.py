"""People: one person, one login address, any number of structures."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account. Nothing can be done with it until the activation link has been used (``is_active``)."""

    email = models.EmailField(unique=True)  # the login; always lower case
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    contact_email = models.EmailField(blank=True)  # where notices go, if not to the login address
    phone = models.CharField(max_length=30, blank=True)
    siret_at_registration = models.CharField(max_length=14, blank=True)
    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)
    has_own_password = models.BooleanField(default=True, db_default=True)  # False: drawn by lot, known to nobody
    closed_by_owner_at = models.DateTimeField(null=True, blank=True)  # who may come back; NULL: by the operator
    erasure_asked_at = models.DateTimeField(null=True, blank=True)  # at the closing: `portal.personal_data`
    mail_codes_since = models.DateTimeField(null=True, blank=True)  # a code by mail is asked for beside the password
    is_technical = models.BooleanField(
        default=False, db_default=False
    )  # of a program, as author: nobody logs in with it
    operator_since = models.DateTimeField(null=True, blank=True)  # sees how the portal goes (`people operator`)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def state(self) -> str:
        """What an operator calls it: open, closed, or awaiting its owner's first visit."""
        if self.is_active:
            return "ouvert"
        return "fermé" if self.has_usable_password() else "à activer"

    @property
    def notice_address(self) -> str:
        """Where notices about invoices go."""
        return self.contact_email or self.email


class Activation(models.Model):
    """One activation link, as sent by mail. Only its SHA-256 is kept; it works once, for 60 minutes.

    ``typed``: what was typed when it was asked for, by whoever did: columns of the account, which they become when the
    owner of the address, who is shown them, uses it. Empty: the account's own stay.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="activations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    typed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"activation of {self.user_id}"


class LinkedIdentity(models.Model):
    """Somebody whom another service knows (OpenID Connect: an issuer and its subject), and whose account that opens."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="linked_identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_identity_opens_one_account")
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"


class LogIn(AbstractBaseSession):
    """A session of the site, as Django keeps them, with whose it is: a person sees and ends their own.

    ``user`` is None before the log-in; ``device`` is what the browser says of itself, in a few French words.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="log_ins")
    begun_at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class AddressClaim(models.Model):
    """An address that somebody wants notices sent to, or to log in with, until whoever reads it says so.

    Only the link's SHA-256 is kept. ``structure``: the uid of the one whose address it is to be; None: of the person
    who asks. The newest counts.
    """

    address = models.EmailField()
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_claims")
    structure = models.UUIDField(null=True)
    for_login = models.BooleanField(default=False, db_default=False)  # to log in with, instead of for notices
    former = models.EmailField(blank=True, default="", db_default="")  # the login address before, once it is changed
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["structure"], name="accounts_claims_structure")]

    def __str__(self) -> str:
        return f"claim {self.pk}"
