"""What the directory says, in everyday words first."""

from __future__ import annotations

from plainchant.einvoice.identifiers import siren_in
from plainchant.einvoice.law.payment import PAYER_CATEGORY_OF, payment_limit
from plainchant.portal.directory.queries import SearchPage
from plainchant.portal.directory.requirements import Need, requirements_of
from plainchant.portal.structures.models import Structure
from plainchant.web.facts import ShownFact
from plainchant.web.templatetags.plainchant import siret

FIXED = "\u00a0"


def found(page: SearchPage, text: str) -> str:
    """How many were found, and what was searched if it is not what was typed."""
    if page.unknown:
        return (
            f"Rien pour «{FIXED}{text}{FIXED}»{FIXED}: «{FIXED}{page.unknown}{FIXED}» n’est nulle part dans l’annuaire."
        )
    if not page.total:
        return f"Rien pour «{FIXED}{text}{FIXED}»."
    count = _number(page)
    if page.corrected is None:
        return count[0].upper() + count[1:]
    siren = siren_in(page.corrected)
    if siren is not None:
        return (
            f"Ce SIRET n’est pas dans l’annuaire. Même organisme (SIREN {siret(siren)}), autre adresse{FIXED}: {count}"
        )
    if not page.corrected.strip():
        return (
            f"Ce SIRET n’est pas dans l’annuaire. Presque le même, à un chiffre près{FIXED}: vérifiez sur la commande."
        )
    return f"Rien pour «{FIXED}{text}{FIXED}». Voici pour «{FIXED}{page.corrected}{FIXED}»{FIXED}: {count}"


def _number(page: SearchPage) -> str:
    if not page.is_total_exact:
        return "beaucoup de structures, dont voici une partie. Ajoutez la ville ou le code postal."
    if page.total == 1:
        return "une structure."
    return f"{page.total} structures."


def demand_in_short(body: Structure) -> str:
    """For a line of results."""
    if not body.is_active:
        return "Ne reçoit plus de factures"
    needs = requirements_of(body)
    if needs.service is Need.ONE_OF:
        return "Service ou numéro d’engagement"
    asked = [
        name
        for need, name in ((needs.service, "service"), (needs.commitment, "numéro d’engagement"))
        if need is Need.REQUIRED
    ]
    return " et ".join(asked).capitalize() or "Rien de plus"


def demands(body: Structure, *, has_services: bool) -> list[str]:
    """Sentences, the most important first."""
    sentences = list(requirements_of(body).sentences)
    if requirements_of(body).service is Need.REQUIRED and not has_services:
        sentences.append(
            "Sa liste de services est vide dans l’annuaire\u00a0: demandez le code à la personne qui a commandé."
        )
    if body.is_works_authority_only:
        sentences.append("Elle ne reçoit ici que des factures de travaux (maître d’ouvrage).")
    return sentences


def facts(body: Structure) -> list[ShownFact]:
    """The sheet: who, where, when it pays."""
    lines = [body.address_line, body.address_extra_1, body.address_extra_2, f"{body.postcode} {body.city}".strip()]
    address = ", ".join(line for line in lines if line)
    facts = [ShownFact("SIRET", siret(body.identifier))]
    if address:
        facts.append(ShownFact("Adresse", address))
    if body.phone:
        facts.append(ShownFact("Téléphone", body.phone))
    days = payment_limit(category=body.payer_category).days
    payer = PAYER_CATEGORY_OF.get(body.payer_category)
    if payer is None:
        facts.append(
            ShownFact(
                "Délai pour payer",
                f"{days}{FIXED}jours le plus souvent",
                "L’annuaire ne dit pas de quel type de structure il s’agit.",
            )
        )
    else:
        facts.append(ShownFact("Délai pour payer", f"{days}{FIXED}jours", payer.sentence))
    facts.append(
        ShownFact(
            "Suivi du paiement",
            "Non",
            "Le portail ne saura pas quand elle paie\u00a0: surveillez votre compte bancaire.",
        )
        if body.reports_no_payment
        else ShownFact("Suivi du paiement", "Oui", "Vous verrez ici quand elle met la facture en paiement.")
    )
    return facts


def services_found(count: int, text: str) -> str:
    """Announced as one filters the services."""
    if not text:
        return f"{count} service{'s' if count > 1 else ''} ouvert{'s' if count > 1 else ''}."
    if not count:
        return f"Aucun service ouvert pour «{FIXED}{text}{FIXED}». Essayez un seul mot, ou le code de la commande."
    return f"{count} service{'s' if count > 1 else ''} pour «{FIXED}{text}{FIXED}»."
