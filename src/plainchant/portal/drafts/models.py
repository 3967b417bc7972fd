"""What was handed in, what was read in it, and the proof that it was."""

from __future__ import annotations

from django.db import models

from plainchant.portal.invoices.models import Invoice


class DocumentReading(models.Model):
    """What the reader found in the document of an invoice: each value with its place on the page, and its cell."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="reading")
    result = models.JSONField()  # capture.FieldReading.to_json()
    pages = models.JSONField()  # [{"number", "width_pt", "height_pt"}] of the pages that were read
    # Of a Factur-X: what the engine says of its data, and where the page says something else; empty for any other.
    electronic = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reading of {self.invoice_id}"


class Recognition(models.Model):
    """A scan or a photo whose characters are to be recognised: a row that waits until it was read or given up.

    ``tried_at`` is the instant a worker took it, ``sentence`` what to tell the person when nothing was read.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READ = "read"
        FAILED = "failed"

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="recognition")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sentence = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="waiting"), name="recognition_waiting"),
        ]

    def __str__(self) -> str:
        return f"recognition of {self.invoice_id}"


class Certificate(models.Model):
    """The proof of one deposit (certificat de dépôt), frozen in the transaction that made it.

    ``facts`` is everything the printed certificate says; ``sha256`` fingerprints those facts, so that a copy can be
    compared with the portal's own.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="certificate")
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"certificate of {self.invoice_id}"
