"""Who sells, who pays, on which account: what was typed, looked up; and what only the portal can say of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import SIRET_DIGITS, siret_in
from plainchant.einvoice.rules.recipient import unknown
from plainchant.portal.codes import make_finding
from plainchant.portal.directory.queries import body
from plainchant.portal.directory.requirements import finding_of, missing
from plainchant.portal.invoices.validators import validator_named
from plainchant.portal.invoices.works_actors import WorksActors, actors_named
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.closing import why_closed
from plainchant.portal.structures.models import BankAccount, Service, Structure

from .typed import Understood


@dataclass(frozen=True)
class DraftParties:
    """What of a draft the portal knows. ``findings``: what was typed and names nobody."""

    seller: Structure
    buyer: Structure | None = None
    service: Service | None = None
    account: BankAccount | None = None
    service_code: str = ""  # as it was typed
    findings: list[Finding] = field(default_factory=list)


def parties_of(understood: Understood, *, seller: Structure) -> DraftParties:
    """The buyer, its service and the seller's account that were typed, looked up."""
    findings: list[Finding] = []
    values = understood.values
    buyer = _buyer(values["buyer"], findings)
    account = None
    if values["bank_account"]:
        account = next((row for row in seller.bank_accounts.all() if str(row.uid) == values["bank_account"]), None)
        if account is None:
            message = f"Ce compte n’est pas sur la fiche de « {seller} ». Choisissez-en un autre."
            findings.append(make_finding("SAISIE-COMPTE-INCONNU", message, "bank_account"))
    return DraftParties(
        seller=seller,
        buyer=buyer,
        service=_service(buyer, values["buyer_service"]),
        account=account,
        service_code=values["buyer_service"],
        findings=findings,
    )


def validator_of(understood: Understood, parties: DraftParties) -> tuple[Structure | None, list[Finding]]:
    """Who has his say before the buyer, where the cadre wants somebody, and why it cannot be who was typed."""
    cadre = understood.values["billing_framework"]
    if cadre not in VALIDATED:
        return None, []
    return validator_named(understood.values["validator"], cadre=cadre, seller=parties.seller, buyer=parties.buyer)


def works_actors_of(understood: Understood, parties: DraftParties) -> tuple[WorksActors, list[Finding]]:
    """Who examines a piece of works before the buyer pays, where it is one, and why it cannot be who was typed."""
    values = understood.values
    return actors_named(
        moe=values["moe"],
        moa=values["moa"],
        cadre=values["billing_framework"],
        type_code=values["type_code"],
        seller=parties.seller,
        buyer=parties.buyer,
        contract=values["contract"],
    )


def body_of(text: str) -> Structure | None:
    """The public body whose SIRET is typed in ``text``."""
    siret = siret_in(text)
    return body(siret=siret) if siret is not None else None


def _buyer(text: str, findings: list[Finding]) -> Structure | None:
    if not text:
        return None
    siret = siret_in(text)
    if siret is None:
        message = (
            f"« {text[:30]} » n’est pas un SIRET, qui a {SIRET_DIGITS} chiffres et rien d’autre. "
            "Cherchez le destinataire par son nom dans l’annuaire."
        )
        findings.append(make_finding("SAISIE-FORME", message, "buyer"))
        return None
    buyer = body_of(text)
    if buyer is None:
        findings.append(finding_of(unknown(siret)))
    return buyer


def _service(buyer: Structure | None, code: str) -> Service | None:
    """The service of a code; of one in other capitals or spaces, where it can only be that one."""
    if buyer is None or not code:
        return None
    services = Service.objects.filter(structure=buyer)  # one that is closed too: the recipient's demands say so
    exact = services.filter(code=code).first()
    if exact is not None:
        return exact
    near = [service for service in services if _letters(service.code) == _letters(code)]
    return near[0] if len(near) == 1 else None


def _letters(code: str) -> str:
    return "".join(code.split()).casefold()


def findings_on_seller(parties: DraftParties) -> Iterator[Finding]:
    """The supplier and its account, as they are on its sheet."""
    if not parties.seller.is_active:
        yield make_finding(
            "CPRO-FOURNISSEUR-INACTIF",
            why_closed(parties.seller),
        )
    if parties.account is not None and not parties.account.is_active:
        state = "attend d’être confirmé par une autre personne" if parties.account.is_waiting else "a été fermé"
        yield make_finding(
            "CPRO-COMPTE-FERME",
            f"Le compte bancaire «\u00a0{parties.account.label}\u00a0» {state}. Choisissez-en un autre.",
            "bank_account",
        )


def findings_on_recipient(
    *, seller: Structure, buyer: Structure | None, service: Service | str | None, commitment: str, at: datetime
) -> Iterator[Finding]:
    """Whether there is a recipient, and what it demands. ``service``: a service, or the code that was typed."""
    if buyer is None:
        yield make_finding(
            "ANNUAIRE-DESTINATAIRE-ABSENT",
            "Le destinataire manque. Cherchez dans l’annuaire la structure publique à qui vous envoyez la facture.",
            "buyer",
        )
        return
    if buyer.pk == seller.pk:
        yield make_finding(
            "CPRO-SOI-MEME", "Le destinataire est votre propre structure. Choisissez qui doit payer.", "buyer"
        )
    day: date = day_in_paris(at)
    yield from missing(
        structure=buyer,
        service=service,
        commitment=commitment,
        day=day,
        seller_is_public=seller.is_public,
        seller=seller.identifier,
    )
