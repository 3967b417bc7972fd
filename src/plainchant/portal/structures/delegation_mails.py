"""The messages about delegations, to the managers of both structures. Whoever asks reads only the SIRET they typed."""

from __future__ import annotations

from plainchant.einvoice.identifiers import grouped_siret
from plainchant.portal.accounts import links
from plainchant.portal.accounts.mails import SIGNATURE, Mail
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor

from .delegation_words import days_of, opened_by
from .models import Delegation, DelegationRequest, Structure


def opened(*, delegation: Delegation, actor: Actor) -> Mail:
    body = (
        "Bonjour,\n\n"
        f"{named(actor.name)} a ouvert une délégation\u00a0: {_who(delegation)}\n\n"
        f"{_terms(delegation)}"
        f"Les personnes de {named(delegation.delegate)} peuvent donc faire cela pour {named(delegation.client)}, "
        "chacune dans la limite de ce qu’elle fait déjà pour sa propre structure. "
        f"{named(delegation.client)} peut changer cette délégation ou y mettre fin à tout moment\u00a0; "
        f"{named(delegation.delegate)} peut la rendre.\n\n"
        f"{_ways(delegation)}"
    )
    return f"{named(delegation.delegate)} peut agir pour {named(delegation.client)}", body + SIGNATURE


def changed(*, delegation: Delegation, actor: Actor) -> Mail:
    body = (
        "Bonjour,\n\n"
        f"{named(actor.name)} a changé une délégation\u00a0: {_who(delegation)}\n\n"
        f"{_terms(delegation)}{_ways(delegation)}"
    )
    subject = f"Ce que {named(delegation.delegate)} peut faire pour {named(delegation.client)} a changé"
    return subject, body + SIGNATURE


def ended(*, delegation: Delegation, actor: Actor) -> Mail:
    body = (
        "Bonjour,\n\n"
        f"{named(actor.name)} a mis fin à une délégation, tout de suite\u00a0: {_who(delegation)}\n\n"
        f"Les personnes de {named(delegation.delegate)} n’y voient plus rien. Ce qu’elles ont fait reste dans "
        f"l’historique.\n\n{_ways(delegation)}"
    )
    return f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}", body + SIGNATURE


def returned(*, delegation: Delegation) -> Mail:
    body = (
        "Bonjour,\n\n"
        f"{named(delegation.delegate)} a rendu une délégation\u00a0: {_who(delegation)}\n\n"
        f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}, et n’en voit plus rien. "
        f"Ce qui était en cours vous revient\u00a0: regardez les brouillons et les factures suspendues.\n\n"
        f"{_ways(delegation)}"
    )
    return f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}", body + SIGNATURE


def asked(*, request: DelegationRequest, client: Structure) -> Mail:
    """To the managers of the client."""
    message = f"Son message\u00a0: {named(request.comment)}\n\n" if request.comment else ""
    body = (
        "Bonjour,\n\n"
        f"{named(request.delegate)} ({request.delegate.known_as}) demande à agir pour "
        f"{named(client)} ({client.known_as}), dont vous êtes le gestionnaire. La demande vient "
        f"de {named(request.created_by.get_full_name())} ({request.created_by.email}).\n\n"
        f"{message}"
        "Vous ne les connaissez pas\u00a0? Refusez, ou ne répondez pas\u00a0: sans votre accord, il ne se passe rien. "
        "Si vous acceptez, vous choisirez ce qui est permis, et jusqu’à quand.\n\n"
        f"{links.my_structures()}\n\n"
    )
    return f"{named(request.delegate)} demande à agir pour {named(client)}", body + SIGNATURE


def refused(*, request: DelegationRequest, comment: str) -> Mail:
    """To the managers of whoever asked."""
    message = f"Son message\u00a0: {named(comment)}\n\n" if comment else ""
    body = (
        "Bonjour,\n\n"
        f"La structure de SIRET {grouped_siret(request.siret)} ne souhaite pas que {named(request.delegate)} agisse "
        f"pour elle.\n\n{message}Rapprochez-vous d’elle si vous pensez qu’il s’agit d’une erreur.\n\n"
        f"{links.delegations(uid=request.delegate.uid)}\n\n"
    )
    return "Votre demande de délégation est refusée", body + SIGNATURE


def _who(delegation: Delegation) -> str:
    client, delegate = delegation.client, delegation.delegate
    return f"{named(delegate)} ({delegate.known_as}) pour {named(client)} ({client.known_as})."


def _terms(delegation: Delegation) -> str:
    message = f"Message joint\u00a0: {named(delegation.comment)}\n" if delegation.comment else ""
    return f"Ce qui est permis\u00a0: {opened_by(delegation).lower()}\nQuand\u00a0: {days_of(delegation)}\n{message}\n"


def _ways(delegation: Delegation) -> str:
    """One mail for both sides: each opens its own page."""
    return (
        f"Vous gérez {named(delegation.client)}\u00a0:\n{links.delegations(uid=delegation.client.uid)}\n"
        f"Vous gérez {named(delegation.delegate)}\u00a0:\n{links.delegations(uid=delegation.delegate.uid)}\n\n"
    )
