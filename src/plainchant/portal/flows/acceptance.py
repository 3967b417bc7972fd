"""Whose invoice it is and whom it goes to: what only the portal can say of an invoice that came in a flow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.codes.cadres import CADRE_OF, VALIDATED
from plainchant.einvoice.codes.works import ACTOR_NAMES, WORKS_PIECE_OF
from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.model import Header
from plainchant.einvoice.rules.recipient import unknown
from plainchant.einvoice.structure_identifiers import kept_form
from plainchant.portal.directory import requirements
from plainchant.portal.invoices.validators import validator_named
from plainchant.portal.invoices.works_actors import NOBODY, WorksActors, actors_named
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
    validator: Structure | None = None  # who has his say before the buyer
    works: WorksActors = NOBODY  # who examines a piece of works before it
    remarks: tuple[Finding, ...] = ()  # what the recipient remarks, and takes the invoice all the same


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

        # A validator is asked for by name: there are few, and each may be named by many.
        self._validators: dict[tuple[str, str, int, int], tuple[Structure | None, list[Finding]]] = {}

    def validator_of(
        self, header: Header, *, seller: Structure, buyer: Structure
    ) -> tuple[Structure | None, list[Finding]]:
        """Whom the invoice names to validate it, and why it cannot be that one."""
        siret, cadre = header.validator.identifier if header.validator else "", header.billing_framework
        key = (siret, cadre, seller.pk, buyer.pk)
        if key not in self._validators:
            self._validators[key] = validator_named(siret, cadre=cadre, seller=seller, buyer=buyer)
        return self._validators[key]

    def works_of(self, header: Header, *, seller: Structure, buyer: Structure) -> tuple[WorksActors, list[Finding]]:
        """Who examines the piece: a table names both, an electronic invoice the maître d'œuvre as its validator."""
        return actors_named(
            moe=named.identifier if (named := header.moe or header.validator) else "",
            moa=header.moa.identifier if header.moa else "",
            cadre=header.billing_framework,
            type_code=header.type_code,
            seller=seller,
            buyer=buyer,
            contract=header.contract_reference,
        )

    def seller_of(self, header: Header) -> Structure | None:
        """The supplier; a structure that waits for its SIRET has no scheme in a file (AUTRE)."""
        named = _kept(header)
        return self.sellers.get((header.seller.identifier_scheme, named)) or self.sellers.get(("AUTRE", named))


def _kept(header: Header) -> str:
    return kept_form(header.seller.identifier, identifier_type=header.seller.identifier_scheme)


def _without_circuit(cadre: str) -> list[Row]:
    """A piece of works that begins no dossier is not taken at all: nobody would examine it before the payer has it."""
    named, piece = CADRE_OF[cadre], WORKS_PIECE_OF.get(cadre)
    if piece is None or piece.begins:
        return []
    sentence = f"Le cadre {cadre} ({named.label[0].lower()}{named.label[1:]}) ne peut pas être envoyé dans un flux. "
    if piece.goes_to is None:
        sentence += piece.mend
    else:
        sentence += (
            f"Cette pièce est faite par {ACTOR_NAMES[piece.made_by]}, à partir de la pièce "
            f"{' ou '.join(piece.answers)} du dossier. Ouvrez celle-ci dans «\u00a0Factures de travaux\u00a0» ou "
            "«\u00a0Suivi\u00a0», puis faites la pièce suivante."
        )
    return [row("FLUX-CIRCUIT", sentence, "billing_framework")]


def _works(
    header: Header, known: Known, *, seller: Structure | None, buyer: Structure
) -> tuple[WorksActors, list[Row]]:
    """Who examines a piece of works; nobody with nothing where it is none."""
    if seller is None:
        return NOBODY, []
    named, wrong = known.works_of(header, seller=seller, buyer=buyer)
    return named, [row_of(finding) for finding in wrong]


def _validator(
    header: Header, known: Known, *, seller: Structure | None, buyer: Structure
) -> tuple[Structure | None, list[Row]]:
    """Who has his say before the buyer; None with nothing where the cadre asks nobody."""
    if header.billing_framework not in VALIDATED or seller is None:
        return None, []
    validator, wrong = known.validator_of(header, seller=seller, buyer=buyer)
    return validator, [row_of(finding) for finding in wrong]


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
        seller=seller.identifier if seller is not None else None,
    )
    findings += [row_of(finding) for finding in refusals(lacking)]
    validator, wrong = _validator(header, known, seller=seller, buyer=buyer)
    findings += wrong
    works, wrong = _works(header, known, seller=seller, buyer=buyer)
    findings += wrong
    if findings or seller is None:
        return findings
    account = known.accounts.get((seller.pk, header.payment_account))
    return Addressed(
        seller=seller,
        buyer=buyer,
        service=service,
        account=account,
        validator=validator,
        works=works,
        remarks=tuple(finding for finding in lacking if finding.severity == "warning"),
    )
