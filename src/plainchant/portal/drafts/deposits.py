"""Deposit invoices (386) that a final invoice takes off, each once: which can be, and that they were.

A deposit counts as deducted while the final invoice stands: one that was rejected, or wholly credited, gives it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from plainchant.einvoice.amounts import ZERO, to_cents
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, DEPOSIT
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.vat_rates import every_rate
from plainchant.einvoice.making.composing import DeductedDeposit, DepositRate, totals_of
from plainchant.einvoice.model import VatCategory
from plainchant.einvoice.wording import money
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices.lifecycle import NOT_SENT, REFUSED
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.errors import Refused
from plainchant.portal.structures.models import Structure

from .fields import MADE_HERE, DraftSource
from .models import DepositDeduction, Draft
from .sheets import from_json
from .typed import Understood, amounts_of, understand


class DepositDeducted(Refused):
    """A deposit that was chosen can no longer be taken off: another invoice has, or it was refused or credited."""

    code = "deposit_deducted"

    def __init__(self) -> None:
        super().__init__(
            "Un des acomptes choisis vient d’être déduit d’une autre facture, ou a été refusé. Relisez la liste des "
            "acomptes : rien n’a été envoyé."
        )


@dataclass(frozen=True)
class OpenDeposit:
    """A deposit that can be taken off. ``deducted`` is None where nothing says under which rates it was invoiced."""

    invoice: Invoice
    deducted: DeductedDeposit | None


def open_deposits(*, seller: Structure, buyer: Structure | None) -> list[OpenDeposit]:
    """The deposits that ``seller`` has sent to ``buyer`` and that no invoice has taken off, the oldest first."""
    if buyer is None:
        return []
    return [OpenDeposit(invoice, _deducted(invoice)) for invoice in _open(seller, buyer).select_related("draft")]


def understood_of(draft: Draft) -> Understood:
    """Everything that is typed in a draft, with the deposits that it takes off."""
    understood = understand(draft.typed, source=DraftSource(draft.source))
    read_deposits(understood, invoice=draft.invoice)
    return understood


def read_deposits(understood: Understood, *, invoice: Invoice) -> None:
    """Look up the deposits that are chosen, and say what is wrong with them and with what was paid before."""
    chosen = _chosen(understood)
    if chosen:
        known = {row.uid: row for row in _sent(invoice.seller).filter(uid__in=chosen)}
        free = {row.invoice.uid: row for row in open_deposits(seller=invoice.seller, buyer=invoice.buyer)}
        if understood.source not in MADE_HERE:  # the document has taken them off: its totals are copied
            free = {uid: replace(row, deducted=_without_rates(row.invoice)) for uid, row in free.items()}
        understood.findings += _findings_on(chosen, known, free)
        understood.deposits = tuple(row.deducted for uid in chosen if (row := free.get(uid)) and row.deducted)
    understood.findings += _findings_on_prepaid(understood)


def record(*, draft: Draft, understood: Understood) -> None:
    """Keep which deposits an invoice that is being sent takes off. In its transaction. Raises DepositDeducted."""
    chosen = _chosen(understood)
    if not chosen:
        return
    # Held before it is looked at: two final invoices sent at once do so one after the other.
    held = list(Invoice.objects.select_for_update().filter(uid__in=chosen).order_by("pk"))
    buyer = draft.invoice.buyer
    free = set(_open(draft.invoice.seller, buyer).values_list("pk", flat=True)) if buyer else set()
    if len(held) != len(chosen) or any(deposit.pk not in free for deposit in held):
        raise DepositDeducted
    DepositDeduction.objects.bulk_create(DepositDeduction(final=draft.invoice, deposit=deposit) for deposit in held)


@dataclass(frozen=True)
class Family:
    """The deposits that an invoice takes off; of a deposit, the invoice that takes it off."""

    deposits: list[Invoice]
    final: Invoice | None


def family_of(*, invoice: Invoice) -> Family:
    """Which invoices belong to the same work."""
    taken = DepositDeduction.objects.filter(final=invoice).select_related("deposit")
    last = _standing().filter(deposit=invoice).select_related("final").order_by("pk").last()
    return Family([row.deposit for row in taken.order_by("deposit__issue_date", "pk")], last.final if last else None)


def _chosen(understood: Understood) -> list[UUID]:
    """The uids that are typed, each once; one that no invoice has stands for whatever is no uid.

    A deposit and a credit note take none off.
    """
    if understood.values["type_code"] in (DEPOSIT, CREDIT_NOTE):
        return []
    return list(dict.fromkeys(map(_uid, understood.values["deducts"].split())))


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return _NO_INVOICE


_NO_INVOICE = UUID(int=0)


def _sent(seller: Structure) -> QuerySet[Invoice]:
    return Invoice.objects.filter(seller=seller, type_code=DEPOSIT, deposited_at__isnull=False).exclude(
        status__in=NOT_SENT
    )


def _standing() -> QuerySet[DepositDeduction]:
    """Deductions by invoices that were neither rejected nor wholly credited."""
    credits = _credits_on("final__seller", "final__number").filter(
        tax_inclusive_amount__gte=OuterRef("final__tax_inclusive_amount")
    )
    return DepositDeduction.objects.exclude(final__status__in=REFUSED).exclude(Exists(credits))


def _credits_on(seller: str, number: str) -> QuerySet[Invoice]:
    return Invoice.objects.filter(
        seller=OuterRef(seller), preceding_number=OuterRef(number), type_code=CREDIT_NOTE, deposited_at__isnull=False
    ).exclude(status__in=REFUSED)


def _open(seller: Structure, buyer: Structure) -> QuerySet[Invoice]:
    return (
        _sent(seller)
        .filter(buyer=buyer)
        .exclude(status__in=REFUSED)
        .exclude(Exists(_standing().filter(deposit=OuterRef("pk"))))
        .exclude(Exists(_credits_on("seller", "number")))
        .order_by("issue_date", F("pk"))
    )


def _deducted(invoice: Invoice) -> DeductedDeposit | None:
    rates = _rates_of(invoice)
    if not rates or invoice.issue_date is None:
        return None
    return DeductedDeposit(number=invoice.number, issue_date=invoice.issue_date, rates=rates)


def _without_rates(invoice: Invoice) -> DeductedDeposit:
    assert invoice.issue_date is not None  # noqa: S101 - it was sent
    return DeductedDeposit(number=invoice.number, issue_date=invoice.issue_date, rates=())


def _rates_of(invoice: Invoice) -> tuple[DepositRate, ...]:
    """From the sheet it was made from; of any other, where its totals leave one rate only."""
    draft = getattr(invoice, "draft", None)
    if draft is not None and draft.composed:
        sums = totals_of(from_json(draft.composed))
        return tuple(DepositRate(vat=rate.vat, net=rate.base) for rate in sums.rates)
    net, tax = invoice.tax_exclusive_amount, invoice.tax_amount
    if not net or tax is None:
        return ()
    if not tax:
        row = EXEMPTION_OF[FRANCHISE]
        vat = VatCategory(code=row.category, rate=ZERO, exemption_reason=row.mention, exemption_reason_code=row.code)
        return (DepositRate(vat=vat, net=net),)
    fitting = [rate for rate in every_rate() if to_cents(net * rate / 100) == tax]
    return (DepositRate(vat=VatCategory(code="S", rate=fitting[0]), net=net),) if len(fitting) == 1 else ()


def _findings_on(chosen: list[UUID], known: dict[UUID, Invoice], free: dict[UUID, OpenDeposit]) -> Iterator[Finding]:
    for uid in chosen:
        deposit = known.get(uid)
        if uid in free and free[uid].deducted is None:
            yield make_finding(
                "SAISIE-ACOMPTE-TAUX",
                f"L’acompte {free[uid].invoice.number} n’a pas été fait ici, et ses totaux ne disent pas à quel taux "
                "de TVA. Décochez-le, et retirez-le par une ligne de quantité -1 pour chaque taux.",
                "deducts",
            )
        elif uid not in free:
            final = _standing().filter(deposit=deposit).select_related("final").last() if deposit else None
            number = deposit.number if deposit else ""
            why = f"est déjà déduit de la facture {final.final.number}" if final else "ne peut pas être déduit ici"
            yield make_finding(
                "SAISIE-ACOMPTE-DEDUIT",
                f"L’acompte {number} {why}. Décochez-le : un acompte ne se retire qu’une fois, "
                "d’une facture au même acheteur.".replace("  ", " "),
                "deducts",
            )


def _findings_on_prepaid(understood: Understood) -> Iterator[Finding]:
    prepaid, gross = understood.values.get("prepaid_amount") or ZERO, amounts_of(understood)["tax_inclusive_amount"]
    if not prepaid or understood.source is not DraftSource.SHEET or gross is None:
        return
    currency = understood.values["currency"]
    if prepaid > gross:
        yield make_finding(
            "SAISIE-DEJA-RECU-TROP",
            f"Vous dites avoir déjà reçu {money(prepaid, currency)}, plus que le total de la facture "
            f"({money(gross, currency)}). Vérifiez ces deux montants.",
            "prepaid_amount",
        )
    elif prepaid == gross:
        yield make_finding(
            "SAISIE-DEJA-RECU-TOUT",
            "Vous avez déjà tout reçu : videz cette case et dites, dans « Qui facture ? », que la facture est déjà "
            "payée.",
            "prepaid_amount",
        )
