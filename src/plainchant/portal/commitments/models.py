"""What a public body has promised to pay, as its accounts know it."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db import models

from plainchant.portal.lib.fields import AmountField
from plainchant.portal.structures.models import Service, Structure

MAX_NUMBER = 50  # as on the wire of Chorus Pro


class Commitment(models.Model):
    """One commitment. ``amount``: in all, taxes included. Without ``identifier`` it is for any supplier."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="commitments")
    number = models.CharField(max_length=MAX_NUMBER)  # as the body writes it
    key = models.CharField(max_length=MAX_NUMBER)  # in the form of `rules.recipient.commitment_key`
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=14, blank=True)  # SIRET or SIREN of the supplier
    supplier = models.CharField(max_length=200, blank=True)  # its name, as the body writes it
    subject = models.CharField(max_length=200, blank=True)
    contract = models.CharField(max_length=MAX_NUMBER, blank=True)
    amount = AmountField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["structure", "key"], name="commitments_one_of_a_number")]
        indexes = [models.Index(fields=["structure", "identifier"], name="commitments_of_a_supplier")]

    def __str__(self) -> str:
        return self.number

    def remains(self, *, taken: Decimal) -> Decimal:
        """Of what is committed, once ``taken`` is paid: less than nothing where invoices ask for more."""
        return (self.amount or Decimal(0)) - taken

    def is_for(self, identifier: str) -> bool:
        """Whether the supplier of this SIRET, or other identifier, may invoice on it."""
        return not self.identifier or identifier.startswith(self.identifier)

    def is_open_on(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)
