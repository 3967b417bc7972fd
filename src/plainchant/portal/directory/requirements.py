"""What a public body demands on an invoice, as a form, a page or a flow asks it.

The rules are the engine's (`einvoice.rules.recipient`): one set, for whole invoices and for those of which the portal
has the address alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from plainchant.einvoice.directory import Recipient, RecipientService
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.rules.recipient import Demand, Need, Needs, needs_of, unmet
from plainchant.einvoice.rules.recipient_table import RULES
from plainchant.portal.codes import make_finding
from plainchant.portal.commitments.queries import keeps_any, named_by
from plainchant.portal.structures.models import Service, Structure, UnknownCommitment
from plainchant.portal.structures.queries import heir_of

_FIELDS = {"buyer": "buyer", "service": "buyer_service", "commitment": "commitment"}  # as forms name them


@dataclass(frozen=True)
class Requirements:
    """``sentences`` say it to the supplier, everyday words first."""

    service: Need
    commitment: Need
    sentences: tuple[str, ...]


SERVICE_WORDS = "le service à facturer (code service)"
COMMITMENT_WORDS = "le numéro d’engagement, que l’acheteur vous donne avec sa commande"
NOTHING_ASKED = "Ni service ni numéro d’engagement ne sont obligatoires. Si l’acheteur vous en a donné un, indiquez-le."


def requirements_of(structure: Structure, service: Service | None = None) -> Requirements:
    """What an invoice to ``structure`` must carry, once ``service`` has been chosen if one has."""
    recipient = _recipient(structure, service)
    needs = needs_of(recipient, recipient.services.get(service.code) if service is not None else None)
    return Requirements(needs.service, needs.commitment, _sentences(needs, needs_of(recipient), service))


_UNKNOWN: dict[str, Literal["", "remark", "refusal"]] = {
    "": "", UnknownCommitment.REMARK: "remark", UnknownCommitment.REFUSAL: "refusal",
}  # fmt: skip


def _recipient(
    structure: Structure, service: Service | None, *, commitment: str = "", seller: str | None = None
) -> Recipient:
    """The body as the engine's rules know it, with the one service, and the one commitment, that are spoken of.

    ``seller``: whose invoice it is, as `missing` is given it.
    """
    known = [service] if service is not None else []
    judges = seller is not None and commitment and structure.unknown_commitment and keeps_any(structure=structure)
    named = named_by(structure=structure, number=commitment) if judges else None
    return Recipient(
        unknown_commitment=_UNKNOWN[structure.unknown_commitment] if judges else "",
        # One in another supplier's name is no more known to this one than one that there is not.
        known_commitments=frozenset({named.key} if named is not None and named.is_for(seller or "") else ()),
        siret=structure.identifier,
        name=str(structure),
        is_active=structure.is_active,
        replaced_by=_replacement(structure),
        service_required=structure.requires_service,
        commitment_required=structure.requires_commitment,
        service_or_commitment_required=structure.requires_service_or_commitment,
        services={
            service.code: RecipientService(
                code=service.code,
                name=service.name,
                is_active=service.is_active,
                valid_from=service.valid_from,
                valid_until=service.valid_until,
                commitment_required=service.requires_commitment,
                is_for_public_sellers=service.code == Service.PUBLIC_INVOICES,
            )
            for service in known
        },
    )


def _replacement(structure: Structure) -> str:
    heir = None if structure.is_active else heir_of(structure=structure)
    return heir.identifier if heir is not None else ""


def _sentences(needs: Needs, of_the_body: Needs, service: Service | None) -> tuple[str, ...]:
    if needs == Needs(Need.ONE_OF, Need.ONE_OF):
        return (f"Donnez {SERVICE_WORDS}, ou {COMMITMENT_WORDS} : l’un des deux suffit.",)
    sentences = []
    if needs.service is Need.REQUIRED:
        sentences.append(f"Donnez {SERVICE_WORDS}.")
    if of_the_body.commitment is Need.REQUIRED:
        sentences.append(f"Donnez {COMMITMENT_WORDS}.")
    elif needs.commitment is Need.REQUIRED and service is not None:
        sentences.append(f"Le service « {service.name} » demande aussi {COMMITMENT_WORDS}.")
    if not sentences:
        sentences.append(NOTHING_ASKED)
    return tuple(sentences)


def missing(
    *,
    structure: Structure,
    service: Service | str | None,
    commitment: str,
    day: date,
    seller_is_public: bool = False,
    seller: str | None = None,
) -> list[Finding]:
    """Everything that would make ``structure`` refuse an invoice addressed so on ``day``, or is worth a look.

    ``seller``: the identifier of whoever invoices. None, for who may be anybody: the commitment is then not looked up,
    so that nobody finds out which there are.

    ``service`` is a service, or the code as it was typed. Fields are named as in forms: `buyer`, `buyer_service`,
    `commitment`.
    """
    code = service.code if isinstance(service, Service) else (service or "").strip()
    if isinstance(service, Service):
        known = service if service.structure_id == structure.pk else None
    else:
        known = structure.services.filter(code=code).first() if code else None
    demands = unmet(
        _recipient(structure, known, commitment=commitment, seller=seller),
        service=code,
        commitment=commitment,
        day=day,
        seller_is_public=seller_is_public,
    )
    return [finding_of(demand) for demand in demands]


def finding_of(demand: Demand) -> Finding:
    """The sentence of a demand that is not met, beside the field of a form."""
    return make_finding(demand.rule, RULES[demand.rule].sentence(demand.details), _FIELDS[demand.datum])
