"""Whose invoice it is and whom it goes to: what only the portal can say of an invoice that came in a flow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.model import Header
from plainchant.einvoice.rules.recipient import unknown
from plainchant.einvoice.structure_identifiers import kept_form
from plainchant.portal.directory import requirements
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.closing import why_closed
from plainchant.portal.structures.models import BankAccount, Service, Structure
from plainchant.portal.structures.queries import public_bodies
from plainchant.portal.structures.reach import reached

from .codes import Row, row, row_of


@dataclass(frozen=True)
class Addressed:
    """The parties of an invoice as the portal knows them."""

    seller: Structure
    buyer: Structure
    service: Service | None
    account: BankAccount | None  # the supplier's, where the invoice names one that is on its sheet


class Known:
    """The structures, services and accounts that a lot of invoices names, looked up once for all of them."""

    def __init__(self, *, headers: Iterable[Header], actor: Actor) -> None:
        headers = list(headers)
        sellers = {_kept(header) for header in headers}
        buyers = {header.buyer.identifier for header in headers}
        codes = {header.buyer.service_code.strip() for header in headers} - {""}
        # Each invoice is sent in the name of its own supplier: the right to send is asked for each of them.
        sendable = reached(actor=actor, right=Right.SEND).filter(identifier__in=sellers)
        self.sellers = {(seller.identifier_type, seller.identifier): seller for seller in sendable}
        self.bodies = {seller.identifier: seller for seller in public_bodies().filter(identifier__in=buyers)}
        services = Service.objects.filter(structure__in=self.bodies.values(), code__in=codes) if codes else ()
        self.services = {(service.structure_id, service.code): service for service in services}
        ibans = {header.payment_account for header in headers} - {""}
        accounts = BankAccount.objects.filter(structure__in=self.sellers.values(), iban__in=ibans, is_active=True)
        self.accounts = {(account.structure_id, account.iban): account for account in accounts} if ibans else {}

    def seller_of(self, header: Header) -> Structure | None:
        """The supplier; a structure that waits for its SIRET has no scheme in a file (AUTRE)."""
        named = _kept(header)
        return self.sellers.get((header.seller.identifier_scheme, named)) or self.sellers.get(("AUTRE", named))


def _kept(header: Header) -> str:
    return kept_form(header.seller.identifier, identifier_type=header.seller.identifier_scheme)


def _without_circuit(cadre: str) -> list[Row]:
    """What is carried here goes straight to the buyer: an invoice that others must see before is not taken at all."""
    named = CADRE_OF[cadre]
    if named.circuit.is_carried:
        return []
    instead = "Saisissez-la à l’écran en nommant le valideur, ou déposez-la" if named.circuit.is_asked else "Déposez-la"
    sentence = (
        f"Avec le cadre {cadre} ({named.label[0].lower()}{named.label[1:]}), la facture doit d’abord passer par "
        f"{named.validator or named.circuit.through}. Les flux n’ont pas encore ce circuit. {instead} sur Chorus Pro."
    )
    return [row("FLUX-CIRCUIT", sentence, "billing_framework")]


def addressed(*, header: Header, known: Known, day: date) -> Addressed | list[Row]:
    """The parties, or everything that keeps the invoice from going on: one sentence each."""
    findings = _without_circuit(header.billing_framework)
    seller = known.seller_of(header)
    if seller is None:
        findings.append(
            row(
                "FLUX-FOURNISSEUR",
                f"Le fournisseur {header.seller.identifier[:40] or 'sans SIRET'} n’est pas une de vos structures. "
                "Demandez le rattachement à sa fiche, ou corrigez le SIRET de l’émetteur.",
                "seller",
            )
        )
    elif not seller.is_active:
        findings.append(
            row(
                "CPRO-FOURNISSEUR-INACTIF",
                why_closed(seller),
                "seller",
            )
        )
    siret = header.buyer.identifier
    buyer = known.bodies.get(siret)
    if buyer is None:
        return [*findings, row_of(requirements.finding_of(unknown(siret)))]
    if seller is not None and seller.pk == buyer.pk:
        findings.append(row("CPRO-SOI-MEME", "Le destinataire est aussi l’émetteur. Indiquez qui doit payer.", "buyer"))
    code = header.buyer.service_code.strip()
    service = known.services.get((buyer.pk, code))
    lacking = requirements.missing(
        structure=buyer,
        service=service or code,
        commitment=header.purchase_order_reference,
        day=day,
        seller_is_public=seller is not None and seller.is_public,
    )
    findings += [row_of(finding) for finding in lacking]
    if findings or seller is None:
        return findings
    account = known.accounts.get((seller.pk, header.payment_account))
    return Addressed(seller=seller, buyer=buyer, service=service, account=account)
