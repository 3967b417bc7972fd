"""What was handed in, what was read in it, and the proof that it was."""

from __future__ import annotations

from django.db import models

from plainchant.portal.invoices.models import Invoice


class DocumentReading(models.Model):
    """What the reader found in the document of an invoice: each value with its place on the page, and its cell."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="reading")
    result = models.JSONField()  # einvoice.reading.FieldReading.to_json()
    pages = models.JSONField()  # [{"number", "width_pt", "height_pt"}] of the pages that were read
    # Of a Factur-X: what the engine says of its data, and where the page says something else; empty for any other.
    electronic = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reading of {self.invoice_id}"


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
