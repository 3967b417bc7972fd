"""Files that a person has handed in and that are not yet drafts: to be read, or nobody knows yet whose they are."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from plainchant.portal.flows.models import Flow
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure


class Drop(models.Model):
    """Files handed in together, seen by that person alone: until its issuer is known, a document is no structure's."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(  # chosen for all of them; null: the one whose SIRET stands on each
        Structure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    buyer = models.ForeignKey(Structure, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="drops_of_a_person")]

    def __str__(self) -> str:
        return f"drop {self.uid}"


class DroppedFile(models.Model):
    """One file of a drop, and what has become of it.

    ``opened`` is what was read while it waits for its issuer (``{"reading", "pages", "electronic"}``); ``stored`` and
    ``legible`` are its bytes, the draft's too once there is one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "À lire"
        ASKING = "asking", "Émetteur à choisir"
        ELECTRONIC = "electronic", "Facture électronique à envoyer"
        DRAFTED = "drafted", "Brouillon"
        HANDED_ON = "handed_on", "Envoyée comme flux"
        REFUSED = "refused", "Refusé"
        KNOWN = "known", "Déjà là"  # the same bytes have been handed in before

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    drop = models.ForeignKey(Drop, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    stored = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    legible = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    opened = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices)
    sentence = models.TextField(blank=True)  # why it was refused, in French
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="dropped_files")
    flow = models.ForeignKey(Flow, null=True, on_delete=models.PROTECT, related_name="+")

    # Of a draft, as it was when it was last looked at (`readiness`): whether it could leave, and what is asked of it.
    looked_revision = models.IntegerField(null=True)
    is_ready = models.BooleanField(default=False)
    questions = models.JSONField(default=list)  # sentences, in French
    # Of a draft that its person has told to leave: at which revision, and why it could not.
    sending_asked_at = models.DateTimeField(null=True)
    sending_revision = models.PositiveIntegerField(null=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["drop", "position"], name="drops_one_file_a_place")]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="dropped_file_waiting"),
            models.Index(
                fields=["sending_asked_at"],
                condition=Q(sending_asked_at__isnull=False),
                name="dropped_file_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.drop_id}"
