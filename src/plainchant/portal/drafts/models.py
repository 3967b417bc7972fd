"""An invoice being prepared: what was typed, the document it came in and what was read there, and its proof."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure

from .fields import DraftSource


class Draft(models.Model):
    """What an invoice is prepared from, kept once it is sent. ``typed`` stands in the form, whatever it is worth.

    ``revision`` grows with each change, of what is typed as of the documents that go with it: what is confirmed is what
    is sent. ``typed_revision`` is the one at which somebody last typed: a page that shows an older one does not save.
    """

    class Origin(models.TextChoices):
        """Why this draft began from another invoice."""

        REISSUE = "reissue", "Remplace une facture rejetée"
        CREDIT = "credit", "Avoir sur une facture"
        COPY = "copy", "Copie"
        INTEREST = "interest", "Intérêts d’une facture payée en retard"

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="draft")
    source = models.CharField(max_length=8, choices=[(source.value, source.label) for source in DraftSource])
    typed = models.JSONField()  # {"fields": {name: text}, "lines": [{name: text}], "answers": {…}}, see `fields`
    revision = models.PositiveIntegerField(default=0)
    typed_revision = models.PositiveIntegerField(default=0)  # 0: nobody has typed anything since it was begun
    saved_by_tab = models.CharField(max_length=32, blank=True)  # its own saves follow each other
    composed = models.JSONField(null=True)  # a sheet as it was sent (`sheets.to_json`): every file is drawn from it
    origin = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="drafts_from")
    origin_kind = models.CharField(max_length=8, choices=Origin.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["invoice"],
                condition=models.Q(source=DraftSource.SHEET.value, revision=0, origin__isnull=True),
                name="drafts_untouched",
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.invoice_id}"

    @property
    def fields(self) -> dict[str, str]:
        """What was typed, field by field."""
        fields: dict[str, str] = self.typed["fields"]
        return fields


class DepositDeduction(models.Model):
    """A deposit invoice that a final one has taken off. Written when the final one is sent, and never changed."""

    final = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deductions")
    deposit = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deducted_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["final", "deposit"], name="drafts_deducted_once_by_an_invoice")]

    def __str__(self) -> str:
        return f"{self.final_id} deducts {self.deposit_id}"


class DocumentReading(models.Model):
    """What the reader found in the document of an invoice: each value with its place on the page, and its cell."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="reading")
    result = models.JSONField()  # a capture.FieldReading (`shapes.to_json`)
    pages = models.JSONField()  # [{"number", "width_pt", "height_pt"}] of the pages that were read
    # Of a Factur-X: what the engine says of its data, and where the page says something else; empty for any other.
    electronic = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reading of {self.invoice_id}"


class ProgramFile(models.Model):
    """A file that a program handed in, to go with an invoice that it sends later. It is that program's alone.

    An invoice that it goes with has bytes of its own, so that this one can be let go (`tasks.retention`).
    """

    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField(db_index=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class DocumentPart(models.Model):
    """One of the invoices of a document that held several: its draft has its own pages, the whole document is kept.

    ``split_from`` is the draft that was handed in; it is a part too, and ``position`` (from 1) that of each in it.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="document_part")
    split_from = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    pages = models.CharField(max_length=40)  # « page 2 », « pages 3 à 5 »
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["split_from", "position"], name="drafts_one_part_a_position"),
        ]

    def __str__(self) -> str:
        return f"part {self.position} of {self.split_from_id}"


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


class InvoiceSettings(models.Model):
    """What a structure's invoices always say and how they look; proposed at each new entry."""

    class Template(models.TextChoices):
        PLAIN = "plain", "Sobre"
        LETTERHEAD = "letterhead", "Avec mon logo et ma couleur"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.OneToOneField(Structure, on_delete=models.PROTECT, related_name="invoice_settings")
    preset = models.CharField(max_length=20, blank=True)  # artist-author, micro-firm, association, company
    is_sole_trader = models.BooleanField(default=False)  # « EI » after the name
    vat_regime = models.CharField(max_length=20, blank=True)
    exemption = models.CharField(max_length=30, blank=True)  # VATEX
    territory = models.CharField(max_length=12, blank=True)  # where VAT's own rates apply: `vat_rates.Territory`
    legal_information = models.CharField(max_length=400, blank=True)  # capital, registration… (BT-33)
    template = models.CharField(max_length=12, choices=Template.choices, default=Template.PLAIN)
    colour = models.CharField(max_length=7, blank=True)  # #rrggbb
    logo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")  # our own PNG
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"settings of {self.structure_id}"
