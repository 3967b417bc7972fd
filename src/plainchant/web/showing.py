"""How an invoice is shown, the same on every page: its status, its story, when it will be paid. Words only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice import wording
from plainchant.einvoice.codes.cadres import label_of
from plainchant.einvoice.law.vat_rates import written
from plainchant.portal.invoices.delay import Outlook, lateness_after, outlook_of
from plainchant.portal.invoices.kinds import ORDINARY_INVOICE, STATED, InvoiceKind
from plainchant.portal.invoices.lifecycle import STATUS_ROWS, Mood, Side, Status
from plainchant.portal.invoices.models import Event, Invoice, InvoiceFile
from plainchant.portal.invoices.payment_clock import ClockState, PaymentClock
from plainchant.portal.invoices.story import StoryStep, acting_before_payer

from .templatetags.plainchant import day as in_words
from .templatetags.plainchant import money


@dataclass(frozen=True)
class ShownStatus:
    """What `components/status.html` draws. ``official`` is empty where it would only repeat the word."""

    shape: str
    word: str
    official: str


def status_of(invoice: Invoice, *, side: Side) -> ShownStatus:
    """The shape and words of an invoice's status for one side of it."""
    row = STATUS_ROWS[Status(invoice.status)]
    mood, word = row.mood, row.word or row.mood.word
    if row.word_unowed and not invoice.kind.is_owed:
        word = row.word_unowed
    if side is Side.BUYER and row.for_buyer:
        mood, word = row.for_buyer
    if side is Side.VALIDATOR:
        is_over = mood in (Mood.PAID, Mood.STOPPED)
        mood, word = row.for_validator or ((mood, word) if is_over else (Mood.MOVING, "Chez l’acheteur"))
    if side is Side.WORKS:
        is_over = mood in (Mood.PAID, Mood.STOPPED)
        mood, word = row.for_works or ((mood, word) if is_over else (Mood.MOVING, "Chez le payeur"))
    official = f"{row.label} ({row.edi})" if row.edi else row.label
    return ShownStatus(shape=mood.value, word=invoice.kind.agreed(word), official="" if official == word else official)


# What a supplier reads on top of an invoice. {where} is the sentence of its status.
_SENTENCES = {
    Outlook.NOTHING: "{where}",
    Outlook.NOT_STARTED: "{where} Le délai de paiement commencera quand {buyer} aura été prévenu par courriel.",
    Outlook.NEW: "{buyer} a {your} depuis le {started_on} et doit vous payer au plus tard le {due_on}.",
    Outlook.RUNNING: "{where} Vous devez être payé au plus tard le {due_on}.",
    Outlook.LATE: "{where} Le délai de paiement est dépassé depuis le {due_on} : {owed} vous sont dus sans que vous "
    "ayez à les demander.",
    Outlook.LATE_OR_PAID: "{where} Vous deviez être payé au plus tard le {due_on}. {buyer} n’indique pas ici quand il "
    "paie : regardez votre compte avant de le relancer.",
}

_NOTED = "{where} Vous avez noté que l’argent est arrivé le {noted_on}."


def sentence_for_seller(invoice: Invoice, delay: PaymentClock, *, today: date, noted_on: date | None = None) -> str:
    """The one sentence on top of an invoice: where it is, and when it must be paid.

    ``noted_on``: the day on which its supplier noted that the money arrived.
    """
    buyer = str(invoice.buyer) if invoice.buyer else "Le destinataire"
    sentence = _NOTED if noted_on else _SENTENCES[outlook_of(invoice=invoice, delay=delay, today=today)]
    return sentence.format(
        where=STATUS_ROWS[Status(invoice.status)].sentence(
            kind=invoice.kind, buyer=buyer, **acting_before_payer(invoice, named=str)
        ),
        your=invoice.kind.words["your"],
        buyer=buyer,
        started_on=in_words(delay.started_on),
        due_on=in_words(delay.due_on),
        noted_on=in_words(noted_on),
        owed=_owed_when_late(delay.due_on) if delay.due_on else "",
    )


def _owed_when_late(due_on: date) -> str:
    lateness = lateness_after(due_on=due_on)
    rate = "" if lateness.interest_rate is None else f" au taux de {written(lateness.interest_rate)} % par an"
    return f"des intérêts{rate} et une indemnité de {lateness.lump_sum} €"


def counted(number: int, singular: str, many: str, *, most: int | None = None) -> str:
    """« 1 facture », « 2 factures », « plus de 99 factures » where counting stops after ``most``."""
    if most is not None and number > most:
        return f"plus de {most} {many}"
    return wording.counted(number, singular, many)


def amounts_in_words(amounts: Mapping[str, Decimal]) -> str:
    """« 120,00 € et 80,00 CHF » from the amount in each currency; « 0,00 € » from none."""
    return " et ".join(money(value, currency) for currency, value in sorted(amounts.items())) or money(0)


def amount_of(invoice: Invoice) -> str:
    """What is to be paid, in its own currency, for a list: with a minus sign what comes off or back."""
    kind = invoice.kind
    return money(kind.amount if kind.claim is STATED else kind.to_pay, invoice.currency)


def kind_in_list(invoice: Invoice) -> str:
    """What it is, beside its number: "" for an ordinary invoice."""
    name = invoice.kind.name
    return "" if name == ORDINARY_INVOICE.name else name


def last_day(delay: PaymentClock) -> date | None:
    """The day by which it must be paid, for a list: None where no delay runs."""
    return delay.due_on if delay.state is ClockState.RUNNING else None


def remark_of(invoice: Invoice) -> str:
    """What the mark beside its number says in a list: "" where nothing was noticed."""
    count = len(invoice.remarks)
    return f"À vérifier : {count} remarque{'s' if count > 1 else ''}" if count else ""


def timeline(steps: Sequence[StoryStep], delay: PaymentClock | None, *, kind: InvoiceKind) -> list[dict[str, Any]]:
    """What `components/timeline.html` draws: each step with who, when and why, then what is to come of ``delay``."""
    events = [_event(step, kind) for step in steps]
    if delay is not None and last_day(delay):
        events.append({"sentence": f"Dernier jour pour payer ({delay.limit_days} jours)", "expected_on": delay.due_on})
    return events


# Of what happened without a move; the others are said by their label.
_EVENTS = {Event.Kind.DOWNLOADED: "{name} téléchargé{e} par le destinataire"}


def _event(step: StoryStep, kind: InvoiceKind) -> dict[str, Any]:
    if step.event is Event.Kind.ASSIGNED:
        to = f"à {step.assignee}" if step.assignee else "à personne"
        return {"sentence": f"{kind.agreed('Attribuée')} {to}", "at": step.at, "who": step.who}
    if step.move is None or step.status is None:
        words = (_EVENTS.get(step.event) or str(step.event.label)) if step.event else ""
        return {
            "sentence": words.format(name=kind.name, **kind.words),
            "at": step.at,
            "who": step.who,
            **({"why": f"Le {in_words(step.day)}"} if step.day else {}),
        }
    order = f"Mandat n° {step.payment_order}" if step.payment_order else ""
    day = f"Le {in_words(step.day)}" if step.day else ""
    part = f"{money(step.amount, step.currency)} admis" if step.amount is not None else ""
    reason = step.reason.label if step.reason else ""
    return {
        "sentence": kind.agreed(step.move.history),
        "at": step.at,
        "who": step.who,
        "why": " · ".join(words for words in (part, reason, order, day, step.comment) if words),
        "official": step.status.edi and f"statut {step.status.edi}",
        "shape": step.status.mood.value,
    }


def details_of(invoice: Invoice) -> dict[str, Any]:
    """What both sides see: what was noticed when it was taken, the frozen document and the files."""
    attached = InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.COMPLEMENT)
    return {
        "remarks": [{"what": remark["message"], "official": remark["rule"]} for remark in invoice.remarks],
        "kind": invoice.kind,
        "amount_label": "" if invoice.kind.is_owed else invoice.kind.claim.label,
        "cadre": label_of(invoice.billing_framework),
        "sheet": invoice.document or {},
        "attached": attached.select_related("stored").order_by("id"),
    }
