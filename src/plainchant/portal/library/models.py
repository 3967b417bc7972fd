"""Documents kept at hand to go with invoices: a person's own (« mes pièces »), or a structure's."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from plainchant.einvoice.codes.attachment_types import ATTACHMENT_TYPE_OF, ATTACHMENT_TYPES, AttachmentType
from plainchant.einvoice.codes.attachments import MAX_ATTACHMENT_NAME
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure


class PieceStanding(StrEnum):
    """Whether a document holds on a day."""

    HOLDS = "holds"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


class LibraryFile(models.Model):
    """One document of a shelf. An invoice that it is joined to holds the same stored bytes, and keeps them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Whose shelf it is on: one of the two.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="library_files"
    )
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="library_files"
    )
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    type_code = models.CharField(max_length=30, choices=[(kind.code, kind.label) for kind in ATTACHMENT_TYPES])
    name = models.CharField(max_length=MAX_ATTACHMENT_NAME)  # of the file, as it goes with an invoice
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # the last day on which it holds
    added_at = models.DateTimeField()  # of these bytes: a replacement begins again
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True, structure__isnull=False)
                | Q(owner__isnull=False, structure__isnull=True),
                name="library_one_shelf",
            ),
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(owner__isnull=False), name="library_one_name_a_person"
            ),
            models.UniqueConstraint(
                fields=["structure", "name"], condition=Q(structure__isnull=False), name="library_one_name_a_structure"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type(self) -> AttachmentType:
        return ATTACHMENT_TYPE_OF[self.type_code]

    def standing(self, *, on: date) -> PieceStanding:
        """Whether it holds on a day (the civil day in Paris)."""
        if self.valid_until is not None and on > self.valid_until:
            return PieceStanding.EXPIRED
        if self.valid_from is not None and on < self.valid_from:
            return PieceStanding.NOT_YET
        return PieceStanding.HOLDS
