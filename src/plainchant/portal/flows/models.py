"""Flows: what software hands in, one file with one invoice or hundreds, and what became of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.store.antivirus import Scan
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure


class State(models.TextChoices):
    """etatCourantFlux of the wire. None in between says that a flow is well before it is known to be."""

    RECEIVED = "IN_RECU", "Reçu"
    WAITING = "IN_EN_ATTENTE_TRAITEMENT_CPP", "En attente de traitement"  # the antivirus does not answer
    WORKING = "IN_EN_COURS_TRAITEMENT_CPP", "En cours de traitement"
    INTEGRATED = "IN_INTEGRE", "Intégré"
    PARTLY = "IN_INTEGRE_PARTIEL", "Intégré en partie"
    REJECTED = "IN_REJETE", "Rejeté"
    PROPOSED = "A_CONFIRMER", "À confirmer"  # ours: a table that somebody looks at before anything leaves


ENDED = frozenset({State.INTEGRATED, State.PARTLY, State.REJECTED})
NOT_ENDED = frozenset({State.RECEIVED, State.WAITING, State.WORKING})


class Packaging(models.TextChoices):
    """In what the invoices came."""

    FILE = "FILE", "une facture"
    ARCHIVE = "ARCHIVE", "une archive"
    FOLDER = "FOLDER", "plusieurs fichiers choisis ensemble"
    WORKBOOK = "WORKBOOK", "un tableau, une ligne par facture"


class Flow(models.Model):
    """One file handed in (flux de dépôt), acknowledged with a number, processed afterwards."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=25, unique=True)  # numéro de flux: CPP001, the interface's code, 15 digits
    interface = models.CharField(max_length=8)  # FSO1106A…
    syntax = models.CharField(max_length=40)  # syntaxeFlux, told from the content
    declared = models.CharField(max_length=40, blank=True)  # syntaxeFlux as the sender or the flow's name says it
    packaging = models.CharField(max_length=8, choices=Packaging.choices, default=Packaging.FILE)
    expected = models.PositiveIntegerField(default=1)  # files, or rows of a workbook, counted when it came in
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="flows")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deposit_mode = models.CharField(max_length=28, choices=DepositMode.choices)
    name = models.CharField(max_length=255)  # of the file, as sent
    given_number = models.CharField(max_length=60, blank=True)  # the name, where it is a flow's name in official form
    content = models.CharField(max_length=64)  # its SHA-256: the same file sent twice is one flow
    stored = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")  # null: let go
    # What the antivirus had said of a file that was let go.
    scan = models.CharField(max_length=8, choices=Scan.choices, default=Scan.NOT_SCANNED, blank=True)

    state = models.CharField(max_length=28, choices=State.choices)
    state_at = models.DateTimeField()
    received_at = models.DateTimeField()
    trouble = models.TextField(blank=True)  # what is wrong with the flow as a whole, in French
    trouble_code = models.CharField(max_length=40, blank=True)  # a code of codes.FLOW
    proposal = models.JSONField(null=True)  # what a table would become, see `proposal`; kept once it is confirmed
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "content"], condition=~Q(state="IN_REJETE"), name="flows_one_for_a_content"
            ),
            models.UniqueConstraint(
                fields=["structure", "given_number"],
                condition=~Q(given_number="") & ~Q(state="IN_REJETE"),
                name="flows_one_for_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "-received_at"], name="flows_of_a_structure"),
            models.Index(
                fields=["state_at"],
                condition=Q(state__in=["IN_RECU", "IN_EN_ATTENTE_TRAITEMENT_CPP", "IN_EN_COURS_TRAITEMENT_CPP"]),
                name="flows_not_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def antivirus(self) -> Scan:
        """What it said of the file, also of one that was let go."""
        return Scan(self.stored.scan if self.stored is not None else self.scan)

    @property
    def label(self) -> str:
        """The flow's name as Chorus Pro's notifications write it."""
        return f"{self.interface}_CPP001_{self.number}"


class FlowInvoice(models.Model):
    """What became of one invoice of a flow. One row for each place in the file: processing twice changes nothing."""

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="results")
    position = models.PositiveIntegerField()  # of the file in the archive
    part = models.PositiveIntegerField()  # of the invoice in the file
    name = models.CharField(max_length=255, blank=True)  # of the file in the archive; of the row in the workbook
    content = models.CharField(max_length=64, blank=True)  # SHA-256 of the file: sent again, it is the same invoice
    number = models.CharField(max_length=100, blank=True)  # numeroDP
    seller_identifier = models.CharField(max_length=80, blank=True)
    buyer_identifier = models.CharField(max_length=80, blank=True)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="+")  # None: refused
    findings = models.JSONField(default=list)  # rows of flows.codes, refusals first; of a taken one, only remarks
    at = models.DateTimeField()

    class Meta:
        ordering = ["position", "part"]
        constraints = [models.UniqueConstraint(fields=["flow", "position", "part"], name="flows_one_result_a_place")]
        indexes = [models.Index(fields=["at"], condition=Q(invoice__isnull=True), name="flows_refused_on")]

    def __str__(self) -> str:
        return f"{self.flow_id} {self.position}.{self.part} {self.number}"

    @property
    def title(self) -> str:
        """By what its sender knows it."""
        return self.number or self.name or f"Fichier n° {self.position + 1}"
