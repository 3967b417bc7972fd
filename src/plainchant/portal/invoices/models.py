"""An invoice as the portal follows it: columns to search by, the canonical document, its files and its histories.

Amounts are exact (AmountField). Instants the law tells apart stay apart: received, deposited, made available, notified.
"""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, TextField

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE
from plainchant.portal.lib.fields import AmountField
from plainchant.portal.mail.models import Message
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import BankAccount, Delegation, Service, Structure

from .kinds import InvoiceKind, kind_of
from .lifecycle import OF_SECOND, ON_THE_WAY, TO_VALIDATE, Side, Status


class DepositMode(models.TextChoices):
    """How an invoice or a flow came in: modeDepot of the wire, those that this portal knows."""

    PDF = "DEPOT_PDF_PORTAIL", "Document déposé sur le portail"  # a workbook or a picture too (decision 0020)
    ENTRY = "SAISIE_PORTAIL", "Saisie sur le portail"
    PDF_BY_PROGRAM = "DEPOT_PDF_API", "Document déposé par un programme"
    ENTRY_BY_PROGRAM = "SAISIE_API", "Saisie par un programme"
    FLOW = "UPLOAD_PORTAIL", "Flux déposé sur le portail"
    FLOW_BY_PROGRAM = "UPLOAD_API", "Flux envoyé par un programme"


class CommitmentKey(Func):
    """A commitment number in the form of `rules.recipient.commitment_key`.

    Its signs are no parameters of the statement: SQLite would not see that the index has the same expression.
    """

    template = "UPPER(REPLACE(REPLACE(REPLACE(REPLACE(%(expressions)s, ' ', ''), '-', ''), '/', ''), '.', ''))"
    arity = 1
    output_field = TextField()


class Invoice(models.Model):
    """One invoice or credit note (demande de paiement), from draft to payment.

    The columns of a draft hold what could be understood of what was typed (`portal.drafts`). ``document`` is written
    once, at deposit, and corrected only by a recycling (routing data, never an amount).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(max_length=40, choices=[(s.value, s.value) for s in Status])
    status_at = models.DateTimeField()
    deposit_mode = models.CharField(max_length=28, choices=DepositMode.choices)  # what the wire tells; decides nothing
    # The mail of its flow tells its supplier that it left: nothing is mailed of its way to the recipient.
    is_told_with_flow = models.BooleanField(default=False)

    # These three have the indexes of the lists below, and none of their own.
    seller = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="issued_invoices", db_index=False)
    buyer = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="received_invoices", db_index=False
    )
    buyer_service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Who has his say before the buyer (`lifecycle.IN_VALIDATION`), the second once he has been asked. Indexes below.
    validator = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    second_validator = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Of works: who directs them, for whom they are done, the piece that this one was made from and the dossier's first,
    # and when that was received: the delay of what is paid each month runs from there, CCP R2192-12.
    moe = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    moa = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_piece = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_received_at = models.DateTimeField(null=True)
    bank_account = models.ForeignKey(BankAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    number = models.CharField(max_length=100, blank=True)  # BT-1; at most 20 once deposited
    type_code = models.CharField(max_length=3, default=INVOICE)  # BT-3
    issue_date = models.DateField(null=True, blank=True)  # BT-2
    currency = models.CharField(max_length=3, default="EUR")  # BT-5
    billing_framework = models.CharField(max_length=3, default=ORDINARY)  # BT-23, cadre de facturation
    vat_regime = models.CharField(max_length=20, blank=True)  # typeTva of the wire
    commitment = models.CharField(max_length=100, blank=True)  # BT-13, numéro d'engagement
    contract = models.CharField(max_length=100, blank=True)  # BT-12, numéro de marché
    preceding_number = models.CharField(max_length=100, blank=True)  # BT-25, of a credit note
    tax_exclusive_amount = AmountField(null=True, blank=True)  # BT-109, HT
    tax_amount = AmountField(null=True, blank=True)  # BT-110, TVA
    tax_inclusive_amount = AmountField(null=True, blank=True)  # BT-112, TTC
    payable_amount = AmountField(null=True, blank=True)  # BT-115, à payer
    # What the recipient does not contest, where it contests a part: paid in time, CCP R2192-34.
    admitted_amount = AmountField(null=True, blank=True)
    comment = models.CharField(max_length=2000, blank=True)
    document = models.JSONField(null=True, blank=True)  # einvoice.model.Header, amounts as strings
    remarks = models.JSONField(default=list, blank=True)  # [{"rule", "message", "field"}], frozen at deposit

    created_at = models.DateTimeField()  # received by the portal
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    deposited_at = models.DateTimeField(null=True)
    made_available_at = models.DateTimeField(null=True)
    notice_written_at = models.DateTimeField(null=True)  # the outbox holds a notice to this recipient
    notified_at = models.DateTimeField(null=True)  # it has left: starts the payment delay, CCP R2192-15
    downloaded_at = models.DateTimeField(null=True)  # first download by the recipient
    rejection_closed_at = models.DateTimeField(null=True)  # the supplier has dealt with it, see `rejections`
    # Whom the recipient has it dealt with by; it counts while that person may, see `assignment`. Indexed below.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # What lists are sorted and searched by (`listed`), which follows from the others.
    seller_name = models.CharField(max_length=201, blank=True, default="", db_default="")  # as of its last writing
    buyer_name = models.CharField(max_length=201, blank=True, default="", db_default="")
    service_code = models.CharField(max_length=100, blank=True, default="", db_default="")
    to_pay = AmountField(null=True, blank=True)  # `InvoiceKind.to_pay`: less than nothing of a credit note
    words = models.TextField(blank=True, default="", db_default="")  # in the form of `listed.compared`
    due_on = models.DateField(null=True, blank=True)  # the last day to pay it, while its delay runs

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "number"],
                condition=~Q(status__in=["BROUILLON", "SUPPRIMEE"]),
                name="invoices_one_for_a_number",
            ),
            models.UniqueConstraint(
                fields=["made_from"], condition=Q(made_from__isnull=False), name="invoices_one_next_piece"
            ),
        ]
        indexes = [
            # In the orders of the lists, so that a page is read from its place in one of them, whatever their length.
            models.Index(fields=["seller", "-status_at", "-id"], name="invoices_issued_lately"),
            models.Index(
                fields=["seller", "-deposited_at", "-id"], name="invoices_issued_deposited"
            ),  # programs' order
            models.Index(fields=["seller", "status", "-status_at", "-id"], name="invoices_issued_in_status"),
            models.Index(fields=["seller", "status", "id"], name="invoices_issued_by_status"),
            models.Index(fields=["seller", "due_on", "id"], name="invoices_issued_due"),
            models.Index(fields=["seller", "to_pay", "id"], name="invoices_issued_amounts"),
            models.Index(fields=["seller", "issue_date", "id"], name="invoices_issued_dated"),
            models.Index(fields=["seller", "buyer_name", "id"], name="invoices_issued_to"),
            models.Index(fields=["buyer", "-made_available_at", "-id"], name="invoices_received_lately"),
            models.Index(fields=["buyer", "status", "due_on", "id"], name="invoices_received_due"),
            models.Index(fields=["buyer", "status", "id"], name="invoices_received_by_status"),
            models.Index(fields=["buyer", "service_code", "id"], name="invoices_received_by_service"),
            models.Index(fields=["buyer", "due_on", "id"], name="invoices_received_by_day"),
            models.Index(fields=["buyer", "to_pay", "id"], name="invoices_received_amounts"),
            models.Index(fields=["buyer", "issue_date", "id"], name="invoices_received_dated"),
            models.Index(fields=["buyer", "seller_name", "id"], name="invoices_received_from"),
            models.Index(fields=["buyer", "number", "id"], name="invoices_received_numbers"),
            models.Index(fields=["buyer_service", "-made_available_at", "-id"], name="invoices_of_service_lately"),
            models.Index(fields=["buyer_service", "status", "due_on", "id"], name="invoices_of_service_due"),
            *(
                models.Index(fields=[column, *order], condition=Q(**{f"{column}__isnull": False}), name=f"{name}_{by}")
                for column, name in (
                    ("validator", "invoices_validated"),
                    ("second_validator", "invoices_seconded"),
                    ("moe", "invoices_of_moe"),
                    ("moa", "invoices_of_moa"),
                )
                for by, order in (("lately", ["-status_at", "-id"]), ("in_status", ["status", "status_at", "id"]))
            ),
            models.Index(fields=["first_piece"], condition=Q(first_piece__isnull=False), name="invoices_later_pieces"),
            models.Index(
                fields=["assigned_to", "status", "due_on", "id"],
                condition=Q(assigned_to__isnull=False),
                name="invoices_assigned",
            ),
            models.Index(F("buyer"), CommitmentKey("commitment"), name="invoices_on_a_commitment"),
            # Not partial, as the unique one above is: SQLite would look nothing up in it.
            models.Index(fields=["seller", "number"], name="invoices_of_a_number"),
            models.Index(
                fields=["made_available_at"],
                condition=Q(notice_written_at__isnull=True, status__in=["MISE_A_DISPOSITION", "COMPLETEE"]),
                name="invoices_without_notice",
            ),
            models.Index(
                fields=["status_at"],
                condition=Q(status__in=sorted(status.value for status in ON_THE_WAY)),
                name="invoices_on_their_way",
            ),
            models.Index(
                fields=["status_at"],
                condition=Q(status__in=sorted(status.value for status in TO_VALIDATE)),
                name="invoices_to_validate",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"brouillon {self.uid}"

    @property
    def kind(self) -> InvoiceKind:
        """« Facture », « Avoir »… and what is to be paid of it."""
        return kind_of(
            type_code=self.type_code,
            cadre=self.billing_framework,
            payable=self.payable_amount,
            total=self.tax_inclusive_amount,
            admitted=self.admitted_amount,
        )

    @property
    def contested_amount(self) -> Decimal | None:
        """What the recipient does not admit of what is asked; None where it contests nothing."""
        if self.admitted_amount is None or self.payable_amount is None:
            return None
        return self.payable_amount - self.admitted_amount

    @property
    def last_validator(self) -> Structure | None:
        """Whose say it is before the buyer, or whose was the last. Select both validators with the row."""
        return self.second_validator if self.status in OF_SECOND else self.validator

    @property
    def is_credit_note(self) -> bool:
        return self.type_code == CREDIT_NOTE

    @property
    def title(self) -> str:
        """« Avoir AV-1 »: what it is and its number."""
        return f"{self.kind.name} {self.number}"


class InvoiceFile(models.Model):
    """A document of an invoice: the invoice itself, or something that goes with it (BG-24)."""

    class Role(models.TextChoices):
        INVOICE = "01", "Facture"
        COMPLEMENT = "02", "Pièce complémentaire"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")  # byte for byte as handed in
    # Drawn by the portal from a document that not everyone can open (a workbook, a picture).
    legible = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=2, choices=Role.choices)
    # Of the data an electronic invoice came as: its place among the invoices of that file, from 0. NULL for the rest.
    part = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=200)
    designation = models.CharField(max_length=100, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice"], condition=Q(role="01"), name="invoices_one_principal_document")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def page(self) -> StoredFile:
        """The PDF that shows it: the document itself, or the portal's copy. Select it with the row."""
        return self.legible or self.stored


MAX_ACTOR_NAME = 201


class StatusChange(models.Model):
    """One line of an invoice's history. Only ever inserted, by `histories`: a trigger refuses anything else."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="history")
    sequence = models.PositiveIntegerField()  # 1, 2, 3… without a gap
    action = models.CharField(max_length=30)  # an Action; no choices, so that one more needs no migration
    from_status = models.CharField(max_length=40, blank=True)
    to_status = models.CharField(max_length=40)
    at = models.DateTimeField()
    party = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Side])
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=MAX_ACTOR_NAME)  # as it was then
    # By which the actor acted for the party, where it was by a delegation alone.
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=30, blank=True)
    comment = models.CharField(max_length=255, blank=True)
    payment_order = models.CharField(max_length=50, blank=True)  # numéro de mandat, with MANDATEE only
    day = models.DateField(null=True)  # with MISE_EN_PAIEMENT: on which it was paid, where the recipient says so
    amount = AmountField(null=True, blank=True)  # what was admitted, of a part
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")  # see `histories`; "": not yet

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["invoice", "sequence"], name="invoices_history_has_no_twins")]

    def __str__(self) -> str:
        return f"{self.invoice_id} #{self.sequence} → {self.to_status}"


class Event(models.Model):
    """Something that happened to an invoice without changing its status. Only ever inserted, by `histories`."""

    class Kind(models.TextChoices):
        NOTIFIED = "NOTIFICATION_DESTINATAIRE", "Destinataire prévenu par courriel"
        DOWNLOADED = "TELECHARGEMENT_FACTURE", "Facture téléchargée par le destinataire"
        # The recipient's own: the supplier reads nothing of it.
        ASSIGNED = "ATTRIBUTION", "Attribuée"
        # The supplier's own: the recipient reads nothing of it.
        PAID = "PAIEMENT_RECU", "Argent reçu, noté par vous"
        REJECTION_CLOSED = "TRAITEMENT_REJET", "Refus classé par vous"
        NOT_PAID = "PAIEMENT_NON_RECU", "Argent non reçu\u00a0: vous corrigez ce que vous aviez noté"
        # Reminders, in the order in which they are sent.
        REMINDED_KINDLY = "RELANCE_AIMABLE", "Rappel envoyé au destinataire"
        REMINDED_FIRMLY = "RELANCE_FERME", "Relance envoyée au destinataire"
        REMINDED_FORMALLY = "RELANCE_FORMELLE", "Mise en demeure envoyée au destinataire"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)  # with PAID: on which the money arrived
    # With ASSIGNED: to whom, NULL for nobody any more.
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(null=True)  # 1, 2, 3… without a gap; NULL: written by a former version
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")  # see `histories`; "": not yet

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["invoice", "sequence"], name="invoices_events_have_no_twins")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.kind}"


class Notice(models.Model):
    """A message that tells a recipient of an invoice: when it leaves, the payment delay starts. It may tell of many."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="notices")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="notices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "invoice"], name="invoices_told_once_by_a_message")]

    def __str__(self) -> str:
        return f"{self.message_id} tells of {self.invoice_id}"


MAX_REASON_TEXT = 255


class ReasonText(models.Model):
    """What a public body writes again and again when it stops an invoice, with the reason that it goes with.

    ``text`` may hold the fields of `reason_texts.FIELDS`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="reason_texts")
    reason_code = models.CharField(max_length=30)  # of `einvoice.codes.reasons`
    text = models.CharField(max_length=MAX_REASON_TEXT)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["structure", "reason_code", "text"], name="invoices_one_text")]

    def __str__(self) -> str:
        return self.text


class BodyFigures(models.Model):
    """What is published of a public body, counted once a day. There is a row only where no supplier can be recognised.

    ``figures``: an `open_figures.PublishedFigures`, already rounded.
    """

    body = models.OneToOneField(Structure, on_delete=models.CASCADE, related_name="figures")
    counted_on = models.DateField()
    figures = models.JSONField()

    def __str__(self) -> str:
        return f"figures of {self.body_id} on {self.counted_on}"


class CalendarLink(models.Model):
    """The secret address at which a person's calendar program reads which payments are expected."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="invoices_one_calendar_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
