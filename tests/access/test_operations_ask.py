"""Each operation asks for its own right, whatever page led to it: refused without it, done with it and no other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection

from plainchant import portal
from plainchant.capture.commitment_table import CommitmentRow
from plainchant.einvoice.codes.works import WORKS_PIECE_OF
from plainchant.einvoice.model import Header
from plainchant.portal import succession
from plainchant.portal.commitments import operations as commitments
from plainchant.portal.directory import operations as directory
from plainchant.portal.directory import services
from plainchant.portal.directory.services import BodyDemands, ServiceDetails
from plainchant.portal.drafts import (
    after_sending,
    attachments,
    interest,
    invoice_settings,
    issuers,
    next_piece,
    program_files,
    programs,
    service_hints,
    splitting,
    successors,
)
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.documents import KeptDocument, begin_draft, deposit_document
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drops import operations as drops
from plainchant.portal.drops import sending as drop_sending
from plainchant.portal.flows import operations as flows
from plainchant.portal.flows import proposal
from plainchant.portal.flows.folder import Piece
from plainchant.portal.hooks import operations as hooks
from plainchant.portal.invoices import (
    assignment,
    calendar_links,
    committed,
    lots,
    payment_imports,
    payments,
    reason_texts,
    rejections,
    reminders,
    service_codes,
    validation,
    works,
)
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.late_payment import amount_due
from plainchant.portal.invoices.lifecycle import Action, Side, moves_of
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.invoices.operations import Routing
from plainchant.portal.invoices.works import NextPiece
from plainchant.portal.library import operations as library
from plainchant.portal.library.operations import Description
from plainchant.portal.mandates import operations as mandates
from plainchant.portal.notices import operations as notices
from plainchant.portal.pins import operations as pins
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right, Space
from plainchant.portal.searches import operations as searches
from plainchant.portal.structures import (
    applications,
    bank_accounts,
    closing,
    delegations,
    departures,
    heirs,
    invitations,
    managers,
    memberships,
    naming,
    space_requests,
    technical_accounts,
)
from plainchant.portal.structures import operations as structures
from plainchant.portal.structures.models import Membership, Service, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails
from plainchant.portal.structures.queries import RECENT
from plainchant.portal.tickets import operations as tickets
from plainchant.portal.tickets.subjects import Step
from tests.access.holding import holding
from tests.access.parties import OTHER_SUPPLIER, Parties, parties
from tests.making import a_person, an_invoice_pdf, an_upload
from tests.portal.flows.making_flows import invoice as xml_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.one_store]

MANAGER, MEMBER = "the supplier's manager", "the supplier's member"
MAYOR, AGENT = "the town's manager", "the town's member"
Objects = Mapping[str, Any]


@dataclass(frozen=True)
class Asking:
    """An operation as ``who``, who may do it, would call it. ``right`` is the only one that it needs."""

    name: str
    right: Right
    who: str
    call: Callable[[Objects, Actor, datetime], object]


def _new_file(name: str) -> dict[str, Any]:
    return {"file_name": name, "size": 3, "description": Description(type_code="RIB")}


def _terms(at: datetime) -> delegations.Terms:
    return delegations.Terms(profiles=[AccessProfile.FOLLOW], begins_on=at.date())


def _xml(objects: Objects, number: str) -> bytes:
    return xml_invoice(number, seller=objects["the supplier"].identifier, buyer=objects["the town"].identifier)


def _piece(objects: Objects, number: str) -> Piece:
    content = _xml(objects, number)
    return Piece(f"{number}.xml", ContentFile(content), len(content))


def _service(objects: Objects, code: str = "ESSAI-2") -> Service:
    service: Service = objects["the town"].services.get(code=code)
    return service


_NEXT = NextPiece(
    cadre="A19", number="T-A5-EAV", issue_date=date(2026, 11, 3), tax_exclusive_amount=Decimal(10),
    tax_amount=Decimal(0), tax_inclusive_amount=Decimal(10), payable_amount=Decimal(10),
)  # fmt: skip


def _next_piece(piece: Invoice, cadre: str, at: datetime) -> dict[str, str]:
    return next_piece.proposed(piece=piece, row=WORKS_PIECE_OF[cadre], at=at)


def _routing(objects: Objects) -> Routing:
    return Routing(buyer=objects["the town"], commitment="EJ-7")


def _lot(objects: Objects) -> list[lots.LotInvoice]:
    values = {
        "number": "LOT-1",
        "buyer": objects["the town"],
        "payable_amount": Decimal(1),
        "issue_date": date(2026, 11, 2),
    }
    return [lots.LotInvoice(seller=objects["the supplier"], values=values, document=Header(), files=[])]


DOCUMENT = Header(number="X-9")
_PAID_LATE = amount_due(payable=Decimal(500), due_on=date(2026, 10, 1), at=date(2026, 11, 2), paid_on=date(2026, 11, 1))
ASKING = [
    Asking("edit a sheet", Right.MANAGE, MANAGER, lambda o, actor, at: structures.edit_sheet(
        structure=o["the supplier"], actor=actor, sheet=StructureDetails(label="X"), at=at)),
    Asking("keep a text", Right.MANAGE, MAYOR, lambda o, actor, at: reason_texts.keep(
        structure=o["the town"], reason_code="AUTRE", text="Voyez avec nous.", actor=actor, at=at)),
    Asking("keep a text no longer", Right.MANAGE, MAYOR, lambda o, actor, at: reason_texts.remove(
        text=o["a text of the town"], actor=actor, at=at)),
    Asking("import commitments", Right.KEEP_COMMITMENTS, MAYOR, lambda o, actor, at: commitments.import_rows(
        structure=o["the town"], rows=[CommitmentRow(2, "EJ-10", "12")], replaces=True, actor=actor, at=at)),
    Asking("edit a sheet of the directory", Right.MANAGE, MANAGER, lambda o, actor, at: directory.edit_sheet(
        structure=o["the supplier"], actor=actor, sheet=StructureDetails(label="X"), at=at)),
    Asking("correct a name", Right.MANAGE, MANAGER, lambda o, actor, at: directory.correct_name(
        structure=o["the supplier"], actor=actor, name=LegalName(name="X"), at=at)),
    Asking("correct the name on a sheet", Right.MANAGE, MANAGER, lambda o, actor, at: naming.correct_name(
        structure=o["the supplier"], actor=actor, name=LegalName(name="X"), at=at)),
    Asking("close a structure", Right.MANAGE, MANAGER, lambda o, actor, at: closing.close(
        structure=o["the supplier"], actor=actor, at=at)),
    Asking("open a structure again", Right.MANAGE, MANAGER, lambda o, actor, at: closing.reopen(
        structure=o["a closed structure"], actor=actor, at=at)),
    Asking("declare a new SIRET", Right.MANAGE, MANAGER, lambda o, actor, at: succession.change_siret(
        structure=o["the supplier"], siret=o["the supplier"].identifier[:9] + "99999", actor=actor, at=at)),
    Asking("add a service", Right.MANAGE, MAYOR, lambda o, actor, at: services.add(
        structure=o["the town"], actor=actor, code="NEUF", details=ServiceDetails(name="Neuf"), at=at)),
    Asking("change a service", Right.MANAGE, MAYOR, lambda o, actor, at: services.change(
        service=_service(o), actor=actor, code="ESSAI-2", details=ServiceDetails(name="X"), at=at)),
    Asking("change a service and its code", Right.MANAGE, MAYOR, lambda o, actor, at: service_codes.change_service(
        service=_service(o), actor=actor, code="NEUF", details=ServiceDetails(name="X"), at=at)),
    Asking("close a service", Right.MANAGE, MAYOR, lambda o, actor, at: services.close(
        service=_service(o), actor=actor, at=at)),
    Asking("open a service again", Right.MANAGE, MAYOR, lambda o, actor, at: services.reopen(
        service=_service(o, "ESSAI-3"), actor=actor, at=at)),
    Asking("say what a body demands", Right.MANAGE, MAYOR, lambda o, actor, at: services.set_demands(
        structure=o["the town"], actor=actor, demands=BodyDemands(requires_commitment=True), at=at)),
    Asking("ask another address", Right.MANAGE, MANAGER, lambda o, actor, at: structures.ask_address(
        structure=o["the supplier"], actor=actor, address="avis@example.org", at=at)),
    Asking("accept a request", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.decide(
        membership=o["a request"], actor=actor, accept=True, at=at)),
    Asking("refuse requests", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.decide_all(
        memberships=[o["a request"]], actor=actor, accept=False, at=at)),
    Asking("say what a member may do", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.open_to(
        membership=o["the member's attachment"], actor=actor, profiles=[AccessProfile.READ], at=at)),
    Asking("suspend a member", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.disable(
        membership=o["the member's attachment"], actor=actor, at=at)),
    Asking("give a member their access back", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.enable(
        membership=o["a suspended attachment"], actor=actor, at=at)),
    Asking("detach a member", Right.MANAGE, MANAGER, lambda o, actor, at: memberships.detach(
        membership=o["the member's attachment"], actor=actor, at=at)),
    Asking("hand the structure over", Right.MANAGE, MANAGER, lambda o, actor, at: managers.hand_over(
        membership=o["the member's attachment"], actor=actor, at=at)),
    Asking("invite somebody", Right.MANAGE, MANAGER, lambda o, actor, at: invitations.invite(
        structure=o["the supplier"], actor=actor, email="x@example.org", profiles=[AccessProfile.READ], at=at)),
    Asking("withdraw an invitation", Right.MANAGE, MANAGER, lambda o, actor, at: invitations.withdraw(
        invitation=o["an invitation"], actor=actor, at=at)),
    Asking("open a space", Right.MANAGE, MANAGER, lambda o, actor, at: space_requests.accept(
        request=o["a request for a space"], actor=actor, at=at)),
    Asking("refuse a space", Right.MANAGE, MANAGER, lambda o, actor, at: space_requests.refuse(
        request=o["a request for a space"], actor=actor, at=at)),
    Asking("choose the spaces of a structure", Right.MANAGE, MANAGER, lambda o, actor, at: space_requests.choose_spaces(
        structure=o["the supplier"], spaces=[Space.ISSUED], actor=actor, at=at)),
    Asking("delegate", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.delegate(
        structure=o["the supplier"], siret=o["the town"].identifier, terms=_terms(at), actor=actor, at=at)),
    Asking("change a delegation", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.change(
        delegation=o["a delegation given"], terms=_terms(at), actor=actor, at=at)),
    Asking("end a delegation", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.end(
        delegation=o["a delegation given"], actor=actor, at=at)),
    Asking("give a delegation back", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.give_back(
        delegation=o["a delegation held"], actor=actor, at=at)),
    Asking("ask to act for another", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.ask(
        structure=o["the supplier"], siret=o["the town"].identifier, comment="", actor=actor, at=at)),
    Asking("withdraw a request to act", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.withdraw(
        request=o["a request of the supplier"], actor=actor, at=at)),
    Asking("accept a request to act", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.accept(
        request=o["a request to act"], terms=_terms(at), actor=actor, at=at)),
    Asking("refuse a request to act", Right.MANAGE, MANAGER, lambda o, actor, at: delegations.refuse(
        request=o["a request to act"], actor=actor, at=at)),
    Asking("make a technical account", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.make(
        structure=o["the supplier"], name="X", profiles=[AccessProfile.FOLLOW], actor=actor, at=at)),
    Asking("rename a program", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.rename(
        account=o["a technical account"], name="X", actor=actor, at=at)),
    Asking("say what a program may do", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.open_to(
        account=o["a technical account"], profiles=[AccessProfile.FOLLOW], actor=actor, at=at)),
    Asking("give a program another password", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.add_secret(
        account=o["a technical account"], actor=actor, at=at)),
    Asking("withdraw a password", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.withdraw_secret(
        secret=o["a technical account"].secrets.get(), actor=actor, at=at)),
    Asking("end a program", Right.MANAGE, MANAGER, lambda o, actor, at: technical_accounts.end(
        account=o["a technical account"], actor=actor, at=at)),
    Asking("make an application", Right.MANAGE, MANAGER, lambda o, actor, at: applications.make(
        structure=o["the supplier"], actor=actor, name="Autre", at=at)),
    Asking("give an application another secret", Right.MANAGE, MANAGER, lambda o, actor, at: applications.add_secret(
        application=o["an application"], actor=actor, at=at)),
    Asking("withdraw a secret", Right.MANAGE, MANAGER, lambda o, actor, at: applications.withdraw_secret(
        secret=o["an application"].secrets.get(), actor=actor, at=at)),
    Asking("have tokens refused", Right.MANAGE, MANAGER, lambda o, actor, at: applications.revoke_tokens(
        application=o["an application"], actor=actor, at=at)),
    Asking("end an application", Right.MANAGE, MANAGER, lambda o, actor, at: applications.end(
        application=o["an application"], actor=actor, at=at)),
    Asking("have a program told", Right.MANAGE, MANAGER, lambda o, actor, at: hooks.make(
        structure=o["the supplier"], url="https://a.example.org/", actor=actor, at=at)),
    Asking("have a program told again", Right.MANAGE, MANAGER, lambda o, actor, at: hooks.send_again(
        webhook=o["a webhook"], since=at.date(), actor=actor, at=at)),
    Asking("have a program told no longer", Right.MANAGE, MANAGER, lambda o, actor, at: hooks.end(
        webhook=o["a webhook"], actor=actor, at=at)),
    Asking("add an account", Right.MANAGE, MANAGER, lambda o, actor, at: bank_accounts.add(
        structure=o["the supplier"], actor=actor, label="X", iban="FR7600000000010000000017736", bic="", at=at)),
    Asking("rename an account", Right.MANAGE, MANAGER, lambda o, actor, at: bank_accounts.rename(
        account=o["an account"], actor=actor, label="X", at=at)),
    Asking("close an account", Right.MANAGE, MANAGER, lambda o, actor, at: bank_accounts.close(
        account=o["an account"], actor=actor, at=at)),
    Asking("confirm an account", Right.SEND, MEMBER, lambda o, actor, at: bank_accounts.confirm(
        account=o["an account that waits"], actor=actor, at=at + RECENT)),
    Asking("refuse an account", Right.SEND, MEMBER, lambda o, actor, at: bank_accounts.refuse(
        account=o["an account that waits"], actor=actor, comment="", at=at)),
    Asking("give up an account", Right.MANAGE, MANAGER, lambda o, actor, at: bank_accounts.withdraw(
        account=o["an account that waits"], actor=actor, at=at)),
    Asking("give a mandate", Right.MANAGE, MAYOR, lambda o, actor, at: mandates.subscribe(
        structure=o["the town"], name="X", actor=actor, at=at)),
    Asking("end a mandate", Right.MANAGE, MANAGER, lambda o, actor, at: mandates.revoke(
        mandate=o["a mandate"], actor=actor, at=at)),
    Asking("file with a mandate", Right.MANAGE, MANAGER, lambda o, actor, at: mandates.attach(
        mandate=o["a mandate"], file=ContentFile(b"x"), name="x.txt", actor=actor, at=at)),
    Asking("change what invoices say", Right.MANAGE, MANAGER, lambda o, actor, at: invoice_settings.save_settings(
        structure=o["the supplier"], values={"vat_regime": "SANS_TVA"}, actor=actor, at=at)),
    Asking("change a colleague's piece", Right.MANAGE, MANAGER, lambda o, actor, at: library.describe(
        file=o["a piece the member added"], description=Description(type_code="RIB", name="x"), actor=actor, at=at)),
    Asking("add a piece", Right.PREPARE, MEMBER, lambda o, actor, at: library.add(
        file=ContentFile(b"xyz"), **_new_file("x.pdf"), actor=actor, at=at, structure=o["the supplier"])),
    Asking("describe a piece", Right.PREPARE, MEMBER, lambda o, actor, at: library.describe(
        file=o["a piece the member added"], description=Description(type_code="RIB", name="x"), actor=actor, at=at)),
    Asking("replace a piece", Right.PREPARE, MEMBER, lambda o, actor, at: library.replace(
        file=o["a piece the member added"], new=ContentFile(b"xyz"), **_new_file("x.pdf"), actor=actor, at=at)),
    Asking("remove a piece", Right.PREPARE, MEMBER, lambda o, actor, at: library.remove(
        file=o["a piece the member added"], actor=actor, at=at)),
    Asking("add a file for an invoice", Right.PREPARE, MEMBER, lambda o, actor, at: program_files.add_attachment(
        structure=o["the supplier"], upload=an_upload(content=b"x", name="x.txt"), actor=actor, at=at)),
    Asking("add a document for later", Right.PREPARE, MEMBER, lambda o, actor, at: program_files.add_document(
        structure=o["the supplier"], upload=an_upload(content=an_invoice_pdf()), actor=actor, at=at)),
    Asking("begin a sheet", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.start(
        seller=o["the supplier"], actor=actor, at=at)),
    Asking("begin with a document", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.begin_with_document(
        seller=o["the supplier"], typed={}, actor=actor, at=at)),
    Asking("begin from an invoice", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.begin_from(
        origin=o["a received invoice"], kind=Draft.Origin.COPY, typed={"fields": {}}, actor=actor, at=at)),
    Asking("hand in a document", Right.PREPARE, MEMBER, lambda o, actor, at: deposit_document(
        seller=o["the supplier"], upload=an_upload(content=an_invoice_pdf()), actor=actor, at=at)),
    Asking("begin the draft of a document", Right.PREPARE, MEMBER, lambda o, actor, at: begin_draft(
        seller=o["the supplier"], document=KeptDocument("x.pdf", o["a dropped file"].stored, None, {}, [], {}),
        actor=actor, at=at)),
    Asking("say whose a file is", Right.PREPARE, MEMBER, lambda o, actor, at: drops.choose_issuer(
        file=o["a dropped file"], seller=o["the supplier"], actor=actor, at=at)),
    Asking("change the issuer of a draft", Right.PREPARE, MEMBER, lambda o, actor, at: issuers.change_issuer(
        draft=o["a draft"].draft, seller=Structure.objects.get(name=OTHER_SUPPLIER), actor=actor, at=at)),
    Asking("copy an invoice", Right.PREPARE, MEMBER, lambda o, actor, at: successors.duplicate(
        draft=o["an entered invoice"].draft, actor=actor, at=at)),
    Asking("replace a rejected invoice", Right.PREPARE, MEMBER, lambda o, actor, at: successors.reissue(
        draft=o["a rejected invoice"].draft, actor=actor, at=at)),
    Asking("begin a credit note", Right.PREPARE, MEMBER, lambda o, actor, at: successors.credit(
        draft=o["an entered invoice"].draft, actor=actor, at=at)),
    Asking("begin an invoice", Right.PREPARE, MEMBER, lambda o, actor, at: invoices.create_draft(
        seller=o["the supplier"], deposit_mode=DepositMode.PDF, actor=actor, at=at)),
    Asking("save a draft", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.save(
        draft=o["a draft"].draft, typed={"fields": {"number": "X"}}, actor=actor, at=at, revision=None)),
    Asking("change a draft", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.change(
        draft=o["a draft"].draft, fields={"number": "X"}, actor=actor, at=at)),
    Asking("split a draft", Right.PREPARE, MEMBER, lambda o, actor, at: splitting.split(
        draft=o["a draft of two invoices"].draft, issuers=Structure.objects.none(), actor=actor, at=at)),
    Asking("delete a draft", Right.PREPARE, MEMBER, lambda o, actor, at: drafts.delete(
        draft=o["a draft"].draft, actor=actor, at=at)),
    Asking("delete the invoice of a draft", Right.PREPARE, MEMBER, lambda o, actor, at: invoices.delete_draft(
        invoice=o["a draft"], actor=actor, at=at)),
    Asking("add a file", Right.PREPARE, MEMBER, lambda o, actor, at: attachments.attach(
        draft=o["a draft"].draft, uploads=[an_upload(content=b"y", name="x.txt")], actor=actor, at=at)),
    Asking("add a file of the shelf", Right.PREPARE, MEMBER, lambda o, actor, at: attachments.attach(
        draft=o["a draft"].draft, pieces=[o["a piece of the member's own"]], actor=actor, at=at)),
    Asking("take a file off", Right.PREPARE, MEMBER, lambda o, actor, at: attachments.detach(
        file=o["a file of the draft"], actor=actor, at=at)),
    Asking("remove a file", Right.PREPARE, MEMBER, lambda o, actor, at: invoices.remove_file(
        file=o["a file of the draft"], actor=actor, at=at)),
    Asking("send a draft", Right.SEND, MEMBER, lambda o, actor, at: drafts.submit(
        draft=o["a draft"].draft, actor=actor, at=at)),
    Asking("deposit an invoice", Right.SEND, MEMBER, lambda o, actor, at: invoices.submit(
        invoice=o["a draft"], document=DOCUMENT, values={}, actor=actor, at=at)),
    Asking("deposit a lot", Right.SEND, MEMBER, lambda o, actor, at: lots.deposit_lot(
        lot=_lot(o), deposit_mode=DepositMode.FLOW, actor=actor, at=at)),
    Asking("send what is ready of a drop", Right.SEND, MEMBER, lambda o, actor, at: drop_sending.send_ready(
        drop=o["a drop"], revisions={str(o["a ready file"].uid): o["a ready file"].looked_revision},
        actor=actor, at=at)),
    Asking("send the electronic invoices of a drop", Right.SEND, MEMBER,
        lambda o, actor, at: drop_sending.send_electronic(
            drop=o["a drop"], structure=o["the supplier"], actor=actor, at=at)),
    Asking("hand in a flow", Right.SEND, MEMBER, lambda o, actor, at: flows.receive(
        structure=o["the supplier"], file=ContentFile(_xml(o, "X-1")), name="x.xml", size=9, actor=actor, at=at,
        deposit_mode=DepositMode.FLOW)),
    Asking("look at a table again", Right.SEND, MEMBER, lambda o, actor, at: proposal.look_again(
        flow=o["a proposed flow"], actor=actor, at=at)),
    Asking("confirm a table", Right.SEND, MEMBER, lambda o, actor, at: proposal.confirm(
        flow=o["a proposed flow"], digest=proposal.digest_of(o["a proposed flow"]), actor=actor, at=at)),
    Asking("hand in a folder", Right.SEND, MEMBER, lambda o, actor, at: flows.receive_folder(
        structure=o["the supplier"], pieces=[_piece(o, "X-1"), _piece(o, "X-2")], name="d",
        actor=actor, at=at, deposit_mode=DepositMode.FLOW)),
    Asking("answer a suspension", Right.ANSWER, MEMBER, lambda o, actor, at: after_sending.complete(
        invoice=o["a suspended invoice"], uploads=[], comment="Voilà", actor=actor, at=at)),
    Asking("complete an invoice", Right.ANSWER, MEMBER, lambda o, actor, at: invoices.complete(
        invoice=o["a suspended invoice"], files=[], comment="Voilà", actor=actor, at=at)),
    Asking("send a reminder", Right.ANSWER, MEMBER, lambda o, actor, at: reminders.send_reminder(
        invoice=o["an invoice sent elsewhere"], kind=reminders.REMINDERS[0].kind, text="Bonjour.", actor=actor,
        at=at + timedelta(days=90))),
    Asking("invoice interest", Right.PREPARE, MEMBER, lambda o, actor, at: interest.invoice_interest(
        invoice=o["a received invoice"], due=_PAID_LATE, actor=actor, at=at)),
    Asking("close a rejection", Right.ANSWER, MEMBER, lambda o, actor, at: rejections.close(
        invoice=o["a rejected invoice"], actor=actor, at=at)),
    Asking("note a payment", Right.ANSWER, MEMBER, lambda o, actor, at: payments.note_payment(
        invoice=o["a suspended invoice"], day=at.date(), actor=actor, at=at)),
    Asking("correct an address", Right.ANSWER, MEMBER, lambda o, actor, at: after_sending.recycle(
        invoice=o["a returned invoice"], routing=_routing(o), comment="", actor=actor, at=at)),
    Asking("correct an address as typed", Right.ANSWER, MEMBER, lambda o, actor, at: after_sending.recycle_as_typed(
        invoice=o["a returned invoice"], typed={"buyer": o["the town"].identifier, "commitment": "EJ-7"},
        actor=actor, at=at)),
    Asking("send an invoice again", Right.ANSWER, MEMBER, lambda o, actor, at: invoices.recycle(
        invoice=o["a returned invoice"], routing=_routing(o), comment="", actor=actor, at=at)),
    Asking("answer a ticket", Right.ANSWER_TICKETS, AGENT, lambda o, actor, at: tickets.answer(
        ticket=o["a ticket"], step=Step.ANSWERED, text="Voilà", uploads=[], actor=actor, at=at)),
    Asking("assign an invoice", Right.PROCESS, AGENT, lambda o, actor, at: assignment.assign(
        invoice=o["a received invoice"], to=actor.person, seen=None, actor=actor, at=at)),
    Asking("assign several invoices", Right.PROCESS, AGENT, lambda o, actor, at: assignment.assign_many(
        invoices=[o["a received invoice"], o["a suspended invoice"]], to=actor.person, actor=actor, at=at)),
    Asking("note downloads", Right.SEE_RECEIVED, AGENT, lambda o, actor, at: invoices.record_downloads(
        invoices=[o["a received invoice"], o["a suspended invoice"]], actor=actor, at=at)),
    Asking("note a download", Right.SEE_RECEIVED, AGENT, lambda o, actor, at: invoices.record_download(
        invoice=o["a received invoice"], actor=actor, at=at)),
    Asking("name another validator", Right.ANSWER, MEMBER, lambda o, actor, at: validation.name_validator(
        invoice=o["an invoice of a wrong validator"], siret=Structure.objects.get(name="Groupement").identifier,
        comment="", actor=actor, at=at)),
    Asking("validate", Right.VALIDATE, "the validator", lambda o, actor, at: validation.decide(
        invoice=o["an invoice to validate"], action=Action.VALIDATE, actor=actor, at=at)),
    Asking("validate as second", Right.VALIDATE, "the second validator", lambda o, actor, at: validation.decide(
        invoice=o["an invoice to validate again"], action=Action.REFUSE_SECOND, reason_code="DOUBLON",
        actor=actor, at=at)),
    Asking("answer as architect", Right.WORK, "the architect", lambda o, actor, at: works.decide(
        piece=o["a piece of works"], action=Action.TAKE_AS_MOE, actor=actor, at=at)),
    Asking("answer as owner", Right.WORK, AGENT, lambda o, actor, at: works.decide(
        piece=o["a piece at its owner"], action=Action.REFUSE_AS_MOA, reason_code="DOUBLON", actor=actor, at=at)),
    Asking("make the next piece of works", Right.WORK, "the architect", lambda o, actor, at: next_piece.make(
        piece=o["a piece of works"], cadre="A15", typed=_next_piece(o["a piece of works"], "A15", at), document=None,
        uploads=(), actor=actor, at=at)),
    Asking("write the next piece of works", Right.WORK, AGENT, lambda o, actor, at: works.make_next(
        piece=o["a piece at its owner"], new=_NEXT, files=(), actor=actor, at=at)),
    Asking("complete a piece of works", Right.ANSWER, MEMBER, lambda o, actor, at: next_piece.complete(
        piece=o["a piece to complete"], uploads=(), comment="Voilà", actor=actor, at=at)),
    Asking("write what completes a piece", Right.ANSWER, MEMBER, lambda o, actor, at: works.complete(
        piece=o["a piece to complete"], files=(), comment="Voilà", actor=actor, at=at)),
    Asking("name another architect", Right.ANSWER, MEMBER, lambda o, actor, at: works.name_actor(
        piece=o["a piece of a wrong architect"], action=Action.NAME_MOE, comment="", actor=actor, at=at,
        siret=Structure.objects.get(name="Groupement").identifier)),
    Asking("refuse a general account", Right.ANSWER, MEMBER, lambda o, actor, at: works.refuse_general(
        piece=o["a general account"], comment="", actor=actor, at=at)),
    *(
        Asking(f"process: {move.action}", move.right, AGENT, lambda o, actor, at, move=move: invoices.process(
            invoice=o["a received invoice"], action=move.action, actor=actor, at=at,
            reason_code="AUTRE" if move.needs_reason else "", comment="Parce que.",
            amount=Decimal(1) if move.action is Action.ADMIT_PART else None))
        for move in moves_of(party=Side.BUYER)
        if move.right
    ),
]  # fmt: skip


# Modules that read, ask or write for an operation, which has asked.
DO_NOT_ACT = {
    "queries",
    "activity",
    "actor",
    "duplicates",
    "expected",
    "mails",
    "delegation_mails",
    "technical_mails",
    "certificate",
    "moves",
    "permissions",
    "reach",
    "shares",
    "spaces",
}
ALONE = {
    structures.create,
    memberships.ask_to_join,
    memberships.leave,
    departures.close_account,
    invitations.answer,
    space_requests.ask,
    notices.choose,
    calendar_links.make_link,
    pins.pin,
    pins.unpin,
    searches.keep,
    searches.rename,
    searches.remove,
    tickets.ask,
    tickets.add,
    drops.hand_in,
    drops.hand_in_many,
    committed.committed,  # reads, among the commitments that the actor may see
    service_hints.service_hints,  # reads, among those and among the invoices that the actor may see
    assignment.colleagues_of,  # reads, among those who may what the actor may
    heirs.take_over,  # `succession.change_siret` has asked
    invoices.process_many,  # `process` asks, for each of them
    rejections.close_by_replacement,  # `drafts.submit` has asked
    program_files.added_by,  # reads, among the actor's own
    program_files.remove,  # among those too
    programs.send_sheet,  # `drafts.start` and `drafts.submit` ask, each for its right
    programs.send_document,  # `deposit_document` and `drafts.submit` ask
    payment_imports.looked_at,  # reads, among what the actor may pay
    payment_imports.pay_out,  # `process` asks, for each of them
}  # they need no right over a structure: below


def _asked(call: Callable[..., object]) -> set[object]:
    """The functions that a row calls: `flows.receive` for one, whatever other module has a `receive` too."""
    names = set(call.__code__.co_names)
    values = [call.__globals__[name] for name in names & set(call.__globals__)]
    modules = [value for value in values if inspect.ismodule(value)]
    assert len(modules) <= 1, f"which of {modules} has which of {names}?"
    values += [vars(module)[name] for module in modules for name in names & set(vars(module))]
    return {value for value in values if inspect.isfunction(value)}


def test_every_operation_that_takes_an_actor_is_asked_here() -> None:
    asked = {function for asking in ASKING for function in _asked(asking.call)}
    taking = {
        thing
        for place in pkgutil.walk_packages(portal.__path__, "plainchant.portal.")
        if place.name.rpartition(".")[2] not in DO_NOT_ACT and ".migrations" not in place.name
        for name, thing in vars(importlib.import_module(place.name)).items()
        if inspect.isfunction(thing) and not name.startswith("_") and thing.__module__ == place.name
        if "actor" in inspect.signature(thing).parameters
    }
    assert taking - asked - ALONE == set()


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Parties:
    with once_a_module():
        return parties(at=at)


@pytest.fixture
def world(built: Parties) -> Parties:
    return deepcopy(built)


def everything() -> dict[str, list[Any]]:
    """All rows of all tables, as the database holds them."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column  # type: ignore[union-attr]
            cursor.execute(f"SELECT * FROM {table} ORDER BY {connection.ops.quote_name(key)}")  # noqa: S608 - our tables
            rows[table] = cursor.fetchall()
    return rows


@pytest.fixture(scope="module")
def before(built: Parties, once_a_module: Callable[[], AbstractContextManager[None]]) -> dict[str, list[Any]]:
    """What each test finds."""
    with once_a_module():
        return everything()


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
def test_it_is_refused_to_somebody_who_has_every_other_right(
    world: Parties, before: dict[str, list[Any]], asking: Asking, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = set(Right) - {asking.right}
    holding(monkeypatch, others - {Right.MANAGE}, of_managers=others)
    with pytest.raises(NotAllowed):
        asking.call(world.objects, world.actors[asking.who], at)
    assert everything() == before


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
def test_it_is_done_for_somebody_who_has_that_right_alone(
    world: Parties, before: dict[str, list[Any]], asking: Asking, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch, {asking.right})
    asking.call(world.objects, world.actors[asking.who], at)
    assert everything() != before


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
def test_it_is_refused_to_those_whose_attachment_does_not_count(
    world: Parties, before: dict[str, list[Any]], asking: Asking, at: datetime
) -> None:
    for who in ("the manager of others", "somebody whose account was closed", "the portal", "a program that was ended"):
        with pytest.raises(NotAllowed):
            asking.call(world.objects, world.actors[who], at)
    assert everything() == before


NOBODY = ["somebody whose account was closed", "the portal", "the supplier's program"]


@pytest.mark.parametrize("who", NOBODY)
def test_joining_needs_an_open_account(world: Parties, who: str, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        memberships.ask_to_join(actor=world.actors[who], structure=world.seller, comment="", at=at)
    with pytest.raises(NotAllowed):
        structures.create(
            actor=world.actors[who],
            identifier="73282932000074",
            name=LegalName(name="X"),
            sheet=StructureDetails(),
            at=at,
        )
    with pytest.raises(NotAllowed):
        library.add(file=ContentFile(b"xyz"), **_new_file("x.pdf"), actor=world.actors[who], at=at)
    with pytest.raises(NotAllowed):
        calendar_links.make_link(actor=world.actors[who], at=at)
    with pytest.raises(NotAllowed):
        departures.close_account(actor=world.actors[who], at=at)


@pytest.mark.parametrize("who", [*NOBODY, "somebody without structure"])
def test_nobody_hands_a_document_in_without_a_structure(
    world: Parties, before: dict[str, list[Any]], who: str, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        drops.hand_in(upload=an_upload(content=an_invoice_pdf()), actor=world.actors[who], at=at)
    with pytest.raises(NotAllowed):
        drops.hand_in_many(uploads=[an_upload(content=an_invoice_pdf())], actor=world.actors[who], at=at)
    assert everything() == before


def test_somebody_without_structure_asks_to_join_one(world: Parties, at: datetime) -> None:
    newcomer = a_person(at=at)
    asked = memberships.ask_to_join(actor=Actor(newcomer), structure=world.seller, comment="", at=at)
    assert asked.state == Membership.State.PENDING
