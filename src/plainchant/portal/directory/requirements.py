"""What a public body demands on an invoice: its service, its commitment number, one of the two, or nothing.

The order of the table matters: the flag « one of the two » is read before the others, as Chorus Pro's clients do. A
service may demand a commitment number for itself, whatever its body demands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plainchant.einvoice.finding import Finding
from plainchant.portal.codes import make_finding
from plainchant.portal.structures.models import Service, Structure

LONGEST_COMMITMENT = 50


class Need(StrEnum):
    REQUIRED = "required"
    ONE_OF = "one_of"  # this one or the other
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Requirements:
    """``sentences`` say it to the supplier, everyday words first."""

    service: Need
    commitment: Need
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    flags: tuple[str, ...]  # of Structure: all of them set
    service: Need
    commitment: Need


# The first row whose flags are all set decides.
TABLE = [
    _Row(("requires_service_or_commitment",), Need.ONE_OF, Need.ONE_OF),
    _Row(("requires_service", "requires_commitment"), Need.REQUIRED, Need.REQUIRED),
    _Row(("requires_service",), Need.REQUIRED, Need.OPTIONAL),
    _Row(("requires_commitment",), Need.OPTIONAL, Need.REQUIRED),
    _Row((), Need.OPTIONAL, Need.OPTIONAL),
]

SERVICE_WORDS = "le service à facturer (code service)"
COMMITMENT_WORDS = "le numéro d’engagement, que l’acheteur vous donne avec sa commande"
NOTHING_ASKED = "Ni service ni numéro d’engagement ne sont obligatoires. Si l’acheteur vous en a donné un, indiquez-le."


def requirements_of(structure: Structure, service: Service | None = None) -> Requirements:
    """What an invoice to ``structure`` must carry, once ``service`` has been chosen if one has."""
    row = next(row for row in TABLE if all(getattr(structure, flag) for flag in row.flags))
    commitment = row.commitment
    if service is not None and service.requires_commitment:
        commitment = Need.REQUIRED
    return Requirements(row.service, commitment, _sentences(row, commitment, service))


def _sentences(row: _Row, commitment: Need, service: Service | None) -> tuple[str, ...]:
    if row.service is Need.ONE_OF and commitment is Need.ONE_OF:
        return (f"Donnez {SERVICE_WORDS}, ou {COMMITMENT_WORDS}\u00a0: l’un des deux suffit.",)
    sentences = []
    if row.service is Need.REQUIRED:
        sentences.append(f"Donnez {SERVICE_WORDS}.")
    if commitment is Need.REQUIRED and row.commitment is Need.REQUIRED:
        sentences.append(f"Donnez {COMMITMENT_WORDS}.")
    elif commitment is Need.REQUIRED and service is not None:
        sentences.append(f"Le service «\u00a0{service.name}\u00a0» demande aussi {COMMITMENT_WORDS}.")
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
) -> list[Finding]:
    """Everything that would make ``structure`` refuse an invoice addressed so on ``day``.

    ``service`` is a service, or the code as it was typed. Fields are named as in forms: `buyer`, `buyer_service`,
    `commitment`.
    """
    findings = [] if structure.is_active else [_inactive_body(structure)]
    chosen, finding = _chosen(structure, service, day, seller_is_public=seller_is_public)
    if finding is not None:
        findings.append(finding)
    commitment = commitment.strip()
    has_service = service is not None and service != ""
    needs = requirements_of(structure, chosen)
    if needs.service is Need.ONE_OF and needs.commitment is Need.ONE_OF:
        if not has_service and not commitment:
            findings.append(_neither(structure))
    else:
        if needs.service is Need.REQUIRED and not has_service:
            findings.append(_no_service(structure))
        if needs.commitment is Need.REQUIRED and not commitment:
            findings.append(_no_commitment(structure, chosen))
    if len(commitment) > LONGEST_COMMITMENT:
        findings.append(_long_commitment(commitment))
    return findings


def _chosen(
    structure: Structure, service: Service | str | None, day: date, *, seller_is_public: bool
) -> tuple[Service | None, Finding | None]:
    if isinstance(service, str):
        code = service.strip()
        if not code:
            return None, None
        found = structure.services.filter(code=code).first()
    elif service is None:
        return None, None
    else:
        code = service.code
        found = service if service.structure_id == structure.pk else None
    if found is None:
        return None, make_finding(
            "ANNUAIRE-SERVICE-INCONNU",
            f"{structure} n’a pas de service «\u00a0{code}\u00a0» (code service). "
            "Choisissez-en un dans sa liste, ou demandez le bon code à la personne qui a commandé.",
            "buyer_service",
        )
    if found.code == Service.PUBLIC_INVOICES and not seller_is_public:
        return None, make_finding(
            "ANNUAIRE-SERVICE-RESERVE",
            f"Le service «\u00a0{code}\u00a0» est réservé aux factures entre structures publiques. "
            "Choisissez-en un autre dans la liste, ou demandez le code à la personne qui a commandé.",
            "buyer_service",
        )
    closed = _why_closed(found, day)
    if closed:
        return found, make_finding(
            "ANNUAIRE-SERVICE-INACTIF",
            f"Le service «\u00a0{found.name}\u00a0» (code service {found.code}) {closed}. "
            "Choisissez-en un autre dans la liste, ou demandez à l’acheteur lequel le remplace.",
            "buyer_service",
        )
    return found, None


def _why_closed(service: Service, day: date) -> str:
    if not service.is_active:
        return "ne reçoit plus de factures"
    if service.valid_from is not None and day < service.valid_from:
        return f"ne reçoit de factures qu’à partir du {service.valid_from:%d/%m/%Y}"
    if service.valid_until is not None and day > service.valid_until:
        return f"ne reçoit plus de factures depuis le {service.valid_until:%d/%m/%Y}"
    return ""


def _inactive_body(structure: Structure) -> Finding:
    return make_finding(
        "ANNUAIRE-DESTINATAIRE-INACTIF",
        f"{structure} ne reçoit plus de factures\u00a0: sa fiche est inactive dans l’annuaire. "
        "Demandez à l’acheteur le SIRET qui l’a remplacée.",
        "buyer",
    )


def _neither(structure: Structure) -> Finding:
    return make_finding(
        "ANNUAIRE-SERVICE-OU-ENGAGEMENT",
        f"{structure} demande {SERVICE_WORDS}, ou {COMMITMENT_WORDS}. "
        "Donnez l’un des deux\u00a0; sans eux, la facture ne peut pas être envoyée.",
        "buyer_service",
    )


def _no_service(structure: Structure) -> Finding:
    return make_finding(
        "ANNUAIRE-SERVICE-ABSENT",
        f"{structure} demande {SERVICE_WORDS}, et il manque. "
        "Choisissez-le dans la liste\u00a0; si vous hésitez, demandez-le à la personne qui a commandé.",
        "buyer_service",
    )


def _no_commitment(structure: Structure, service: Service | None) -> Finding:
    who = str(structure)
    if service is not None and service.requires_commitment and not structure.requires_commitment:
        who = f"Le service «\u00a0{service.name}\u00a0»"
    return make_finding(
        "ANNUAIRE-ENGAGEMENT-ABSENT",
        f"{who} demande {COMMITMENT_WORDS}, et il manque. "
        "Il est écrit sur le bon de commande ou le contrat\u00a0; sinon, demandez-le à la personne qui a commandé.",
        "commitment",
    )


def _long_commitment(commitment: str) -> Finding:
    return make_finding(
        "ANNUAIRE-ENGAGEMENT-LONG",
        f"Le numéro d’engagement a {len(commitment)} caractères, {LONGEST_COMMITMENT} au plus. "
        "Recopiez seulement le numéro qui est sur la commande.",
        "commitment",
    )
