"""Everything that would be refused of a draft, each finding beside the field that mends it, and what would be sent.

One check for both sources: what was typed, the parties, the recipient's demands, the header's rules, the numbers used
before; then what a document or a sheet has besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.making.composing import Sheet
from plainchant.einvoice.model import Header
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices.lifecycle import NOT_SENT
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import number_taken
from plainchant.portal.invoices.works_actors import NOBODY, WorksActors
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Structure

from .deposits import read_deposits
from .document_check import findings_on_document
from .fields import DraftSource
from .headers import columns_of, findings_on_header, header_of
from .models import DocumentReading, Draft
from .numbering import next_number
from .parties import DraftParties, findings_on_recipient, findings_on_seller, parties_of, validator_of, works_actors_of
from .queries import settings_of
from .sheet_check import findings_of_engine, findings_on_sheet
from .sheets import sheet_of
from .typed import TOTALS, Understood, understand


@dataclass(frozen=True)
class Checked:
    """``sheet`` is there when a sheet could be wholly understood, whatever the findings; a document has none.

    ``reading`` is what was read on a document, which a sheet has not.
    """

    understood: Understood
    parties: DraftParties
    header: Header
    findings: list[Finding]
    sheet: Sheet | None = None
    validator: Structure | None = None
    works: WorksActors = NOBODY
    reading: DocumentReading | None = None

    @property
    def stops(self) -> list[Finding]:
        return refusals(self.findings)

    @property
    def columns(self) -> dict[str, Any]:
        """What the invoice's row holds of it."""
        actors = {"validator": self.validator, "moe": self.works.moe, "moa": self.works.moa}
        return {**columns_of(self.understood, self.parties), **actors}


def check(*, draft: Draft, at: datetime) -> Checked:
    """Every finding on a draft as it was last saved, those that stop it and those worth a look."""
    invoice = draft.invoice
    understood = understand(draft.typed, source=DraftSource(draft.source))
    if draft.source == DraftSource.SHEET and not understood.values["number"]:
        understood.values["number"] = next_number(structure=invoice.seller, on=day_in_paris(at))
    parties = parties_of(understood, seller=invoice.seller)
    read_deposits(understood, invoice=invoice)
    validator, wrong = validator_of(understood, parties)
    works, wrong_in_works = works_actors_of(understood, parties)
    wrong += wrong_in_works
    header = header_of(understood, parties, validator=validator, works=works)
    findings: list[Finding] = []
    _add(findings, [*understood.findings, *parties.findings])
    if draft.source == DraftSource.DOCUMENT:
        _add(findings, wrong)
        _add(findings, _common(invoice, understood, parties, header, at))
        reading = DocumentReading.objects.filter(invoice=invoice).first()
        _add(findings, findings_on_document(invoice=invoice, reading=reading, header=header, parties=parties))
        return Checked(understood, parties, header, findings, validator=validator, works=works, reading=reading)
    _add(findings, wrong)
    _add(findings, findings_on_sheet(understood=understood, parties=parties))
    _add(findings, _common(invoice, understood, parties, header, at))
    sheet = None
    values = understood.values
    if understood.is_whole and parties.buyer and values["number"] and values["issue_date"]:
        sheet = sheet_of(
            understood=understood,
            parties=parties,
            validator=None if wrong else validator,
            settings=settings_of(structure=invoice.seller),
        )
        _add(findings, findings_of_engine(sheet=sheet, day=day_in_paris(at)))
    return Checked(understood, parties, header, findings, sheet, validator, works)


def wrong_by_itself(*, draft: Draft) -> list[Finding]:
    """What can be told while a form is filled in: texts that are no date or amount, and name nobody."""
    understood = understand(draft.typed, source=DraftSource(draft.source))
    return refusals([*understood.findings, *parties_of(understood, seller=draft.invoice.seller).findings])


# Where the portal adds up, the lines say what a total lacks.
_COMPUTED = frozenset({"CPRO-HT", "CPRO-TVA-ABSENTE", "CPRO-TTC", "CPRO-NET"})


def _add(findings: list[Finding], more: Iterable[Finding]) -> None:
    """Where a field is refused, what later layers say of it is left out: the first is nearest to what was typed."""
    seen = {finding.field for finding in refusals(findings)} - {None}
    findings += [finding for finding in more if finding.field not in seen]


def _common(
    invoice: Invoice, understood: Understood, parties: DraftParties, header: Header, at: datetime
) -> Iterator[Finding]:
    yield from findings_on_seller(parties)
    yield from findings_on_recipient(
        seller=parties.seller,
        buyer=parties.buyer,
        service=parties.service or parties.service_code,
        commitment=understood.values["commitment"],
        at=at,
    )
    for finding in findings_on_header(header, day=day_in_paris(at)):
        if finding.field == "preceding_number" and understood.deposits:
            continue  # cited as the deposit that it takes off
        if understood.source is DraftSource.DOCUMENT:
            yield finding
        elif finding.rule not in _COMPUTED:
            yield _on_what_was_typed(finding, header)
    yield from _numbers(invoice, header.number)


def _on_what_was_typed(finding: Finding, header: Header) -> Finding:
    """What is said of a total that the portal adds up, where its lines are typed."""
    if finding.field == "tax_inclusive_amount" and header.tax_inclusive_amount == 0:
        return make_finding(
            "SAISIE-ZERO", "Cette facture est de 0 €. Est-ce voulu ? Sinon, donnez un prix à ses lignes.", "lines"
        )
    return replace(finding, field="lines") if finding.field in TOTALS else finding


def _numbers(invoice: Invoice, number: str) -> Iterator[Finding]:
    if not number:
        return
    same = Invoice.objects.filter(seller=invoice.seller_id, number=number).exclude(pk=invoice.pk)
    if same.exclude(status__in=NOT_SENT).exists():
        yield from number_taken(seller=invoice.seller, number=number).findings
