"""The next invoices of a flow, carried together: into the portal, or refused with everything that is wrong with them.

The bytes of a lot are durable before anything names them. Then one transaction holds the invoices and the lines that
say what became of each, so that a worker that dies at any point loses nothing and does nothing twice. A lot that the
database does not take is carried again, one invoice at a time: only the one to blame stays behind.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header
from plainchant.einvoice.wording import counted
from plainchant.portal.drafts.rows import keep_rows
from plainchant.portal.invoices.lots import LotFile, LotInvoice, deposit_lot
from plainchant.portal.invoices.models import DepositMode, Invoice, InvoiceFile
from plainchant.portal.invoices.operations import number_taken, party_of
from plainchant.portal.invoices.queries import numbers_taken
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.antivirus import Infected, TooBigToScan
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import Content, keep_many, looked_at, register
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.technical_accounts import actor_of
from plainchant.reader.flows import DATA
from plainchant.reader.flows import InvoiceInFlow as Found
from plainchant.shapes import from_json

from .acceptance import Addressed, Known, addressed
from .codes import Row, refusals, remarks, row
from .collective import RowInFlow
from .models import Flow, FlowInvoice
from .queries import same_invoice

log = logging.getLogger(__name__)

MOST_INVOICES = 50
MOST_BYTES = 8 << 20  # of documents in memory; one that is bigger is a lot by itself


class Lot:
    """Invoices of one flow on their way from the reader to the database."""

    def __init__(self, *, flow: Flow, at: datetime) -> None:
        self._flow, self._at = flow, at
        self._found: list[Found] = []
        self._bytes = 0

    def add(self, found: Found) -> None:
        self._found.append(found)
        self._bytes += sum(len(document.content) for document in found.documents)

    @property
    def is_full(self) -> bool:
        return len(self._found) >= MOST_INVOICES or self._bytes >= MOST_BYTES

    def carry(self) -> int:
        """Carry every invoice of the lot, which is then empty; how many there were."""
        lot, self._found, self._bytes = self._found, [], 0
        try:
            _carry(flow=self._flow, lot=lot, at=self._at)
        except (IntegrityError, NotAllowed, *_UNFIT):  # NotAllowed: the sender's right has gone since the verdict
            for found in lot:
                _carry_alone(flow=self._flow, found=found, at=self._at)
        return len(lot)


_UNFIT = (DataError, ValidationError, ValueError)  # of a value that a column cannot hold


def _carry_alone(*, flow: Flow, found: Found, at: datetime) -> None:
    try:
        _carry(flow=flow, lot=[found], at=at)
    except _UNFIT:
        log.exception("flow %s: place %d.%d holds what no column does", flow.number, found.position, found.part)
        _carry(flow=flow, lot=[replace(found, findings=[row("FLUX-VALEUR", _UNFIT_SENTENCE)])], at=at)


_UNFIT_SENTENCE = "Une valeur de cette facture n’a pas la forme prévue. Produisez-la à nouveau avec votre logiciel."


# Where an invoice goes; or the invoice that this very file has become before; or everything that is wrong with it.
Verdict = Addressed | Invoice | list[Row]


def _carry(*, flow: Flow, lot: Sequence[Found], at: datetime) -> None:
    if not lot:
        return
    verdicts, too_early = verdicts_of(flow=flow, lot=lot, at=at)
    contents: dict[tuple[int, int], list[Content]] = {}
    for found in lot:
        if isinstance(verdicts.get(_place(found)), Addressed):
            try:
                contents[_place(found)] = [
                    looked_at(content=document.content, name=document.name, media_type=document.media_type)
                    for document in found.documents
                ]
            except (Infected, TooBigToScan) as seen:
                verdicts[_place(found)] = [row(seen.code, seen.sentence)]
    kept = iter(keep_many(contents=[document for group in contents.values() for document in group], at=at))
    stored = {place: [next(kept) for _ in group] for place, group in contents.items()}
    with transaction.atomic():
        Flow.objects.select_for_update().get(pk=flow.pk)  # two workers with one flow: one after the other
        done = set(
            FlowInvoice.objects.filter(flow=flow, position__in={found.position for found in lot}).values_list(
                "position", "part"
            )
        )
        judged = [
            (found, verdicts[_place(found)]) for found in lot if _place(found) in verdicts and _place(found) not in done
        ]
        going = [(found, verdict) for found, verdict in judged if isinstance(verdict, Addressed)]
        register(kept=[document for found, _ in going for document in stored[_place(found)]])
        invoices = deposit_lot(
            lot=[_lot_invoice(found, verdict, stored[_place(found)]) for found, verdict in going],
            deposit_mode=DepositMode(flow.deposit_mode),
            actor=actor_of(flow.sender),
            at=at,
        )
        made = {_place(found): invoice for (found, _), invoice in zip(going, invoices, strict=True)}
        keep_rows(
            rows=[
                (invoice, found.prepared)
                for (found, _), invoice in zip(going, invoices, strict=True)
                if isinstance(found, RowInFlow) and found.prepared is not None
            ]
        )
        FlowInvoice.objects.bulk_create(
            _result(flow, found, at, verdict=verdict, made=made.get(_place(found))) for found, verdict in judged
        )
    if too_early:
        _carry(flow=flow, lot=too_early, at=at)


def _place(found: Found) -> tuple[int, int]:
    return found.position, found.part


def verdicts_of(
    *, flow: Flow, lot: Sequence[Found], at: datetime
) -> tuple[dict[tuple[int, int], Verdict], list[Found]]:
    """What becomes of each; and those that bear the number of one before them in the lot, to be judged after it."""
    known = Known(headers=[found.header for found in lot if found.header is not None], actor=actor_of(flow.sender))
    verdicts: dict[tuple[int, int], Verdict] = {_place(found): _verdict(found, known, at) for found in lot}
    numbers = {
        _place(found): (verdict.seller.pk, found.header.number)
        for found in lot
        if found.header is not None and isinstance(verdict := verdicts[_place(found)], Addressed)
    }
    used = numbers_taken(wanted=numbers.values())
    met: set[tuple[int, str]] = set()
    too_early = []
    for found in lot:
        place, verdict = _place(found), verdicts[_place(found)]
        if place not in numbers or not isinstance(verdict, Addressed):
            continue
        if numbers[place] in used:
            verdicts[place] = _used(found, verdict.seller, numbers[place][1])
        elif numbers[place] in met:
            del verdicts[place]
            too_early.append(found)
        met.add(numbers[place])
    return verdicts, too_early


def _used(found: Found, seller: Structure, number: str) -> Invoice | list[Row]:
    """The mended archive sent whole again: what was good the first time is neither lost nor doubled."""
    same = same_invoice(seller=seller, number=number, content=found.content)
    return same or [row("CPRO-G2.07", number_taken(seller=seller, number=number).sentence, "number")]


def _verdict(found: Found, known: Known, at: datetime) -> Addressed | list[Row]:
    wrong = refusals(found.findings)
    if found.header is None or wrong:
        others = counted(found.more, "autre défaut", "autres défauts")
        sentence = f"Le même fichier a {others}. Corrigez d’abord ce qui précède."
        return [*wrong, *([row("FLUX-SUITE", sentence)] if found.more else [])]
    wrong = _too_long(found.header)
    if wrong:
        return wrong
    place = addressed(header=found.header, known=known, day=day_in_paris(at))
    if isinstance(place, list):
        return [{**finding, "path": found.places.get(str(finding["field"]), "")} for finding in place]
    return place


def _lot_invoice(found: Found, place: Addressed, stored: Sequence[StoredFile]) -> LotInvoice:
    header = found.header or Header()
    document = replace(
        header,
        seller=party_of(structure=place.seller),
        buyer=party_of(structure=place.buyer, service_code=place.service.code if place.service else ""),
        validator=party_of(structure=place.validator) if place.validator else None,
        moe=party_of(structure=place.works.moe) if place.works.moe else None,
        moa=party_of(structure=place.works.moa) if place.works.moa else None,
    )
    files = [
        LotFile(
            stored=kept,
            role=InvoiceFile.Role(sent.role),
            name=sent.name,
            part=found.part if sent.media_type == DATA else None,
        )
        for kept, sent in zip(stored, found.documents, strict=True)
    ]
    parties = {
        "buyer": place.buyer,
        "buyer_service": place.service,
        "bank_account": place.account,
        "validator": place.validator,
        "moe": place.works.moe,
        "moa": place.works.moa,
    }
    values = {**parties, **_columns(header)}
    findings = [*from_json(list[Finding], found.findings), *place.remarks]
    return LotInvoice(seller=place.seller, values=values, document=document, files=files, findings=findings)


def _columns(header: Header) -> dict[str, Any]:
    """The columns of an invoice that its header fills."""
    return {
        "number": header.number,
        "type_code": header.type_code,
        "issue_date": header.issue_date,
        "currency": header.currency,
        "billing_framework": header.billing_framework,
        "vat_regime": header.vat_regime,
        "commitment": header.purchase_order_reference,
        "contract": header.contract_reference,
        "preceding_number": header.preceding_invoice,
        "tax_exclusive_amount": header.tax_exclusive_amount,
        "tax_amount": header.tax_amount,
        "tax_inclusive_amount": header.tax_inclusive_amount,
        "payable_amount": header.payable_amount,
        "comment": header.note[:2000],
    }


_NAMES = {
    "number": "Le numéro",
    "type_code": "Le type de document",
    "currency": "La devise",
    "billing_framework": "Le cadre de facturation",
    "commitment": "Le numéro d’engagement",
    "contract": "Le numéro de marché",
    "preceding_number": "Le numéro de la facture d’origine",
}
_NOT_FROM_A_HEADER = {field.name for field in Invoice._meta.fields} - set(_columns(Header()))


def _too_long(header: Header) -> list[Row]:
    """What the portal has no room for. The acceptance refuses nearly all of it before; this is the last door."""
    try:
        Invoice(**_columns(header)).clean_fields(exclude=_NOT_FROM_A_HEADER)
    except ValidationError as error:
        return [
            row(
                "FLUX-VALEUR",
                f"{_NAMES.get(name, 'Un montant')} n’a pas la forme prévue, ou est trop long. Corrigez-le.",
                name,
            )
            for name in error.message_dict
        ]
    return []


def refuse(*, flow: Flow, found: Found, findings: list[Row], at: datetime) -> None:
    """Refuse an invoice of a flow, whatever its file says: who processes the flow passes over it."""
    result = _result(flow, found, at, verdict=findings, made=None)
    FlowInvoice.objects.bulk_create([result], ignore_conflicts=True)


def _result(flow: Flow, found: Found, at: datetime, *, verdict: Verdict, made: Invoice | None) -> FlowInvoice:
    header = found.header or Header()
    findings = [*(verdict if isinstance(verdict, list) else ()), *remarks(found.findings)]
    if isinstance(verdict, Invoice):
        made = verdict
        sentence = f"La facture {made.number} avait déjà été prise, la même : rien n’a été doublé."
        findings = [row("FLUX-DEJA-PRISE", sentence), *findings]
    return FlowInvoice(
        flow=flow,
        position=found.position,
        part=found.part,
        name=found.name,
        content=found.content,
        number=header.number[:100],
        seller_identifier=header.seller.identifier[:80],
        buyer_identifier=header.buyer.identifier[:80],
        invoice=made,
        findings=findings,
        at=at,
    )
