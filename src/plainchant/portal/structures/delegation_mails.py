"""The messages about delegations, to the managers of both structures. Whoever asks reads only the SIRET they typed."""

from __future__ import annotations

from plainchant.einvoice import wording
from plainchant.einvoice.identifiers import grouped_siret
from plainchant.portal.accounts import links
from plainchant.portal.lib.elision import of, that
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor

from .delegation_words import days_of, opened_by
from .models import Delegation, DelegationRequest, Structure


def opened(*, delegation: Delegation, actor: Actor) -> Mail:
    client, delegate = named(delegation.client), named(delegation.delegate)
    return Mail(
        f"{delegate} peut agir pour {client}",
        f"{named(actor.name)} a ouvert une délégation\u00a0: {_who(delegation)}",
        _terms(delegation),
        f"Les personnes {of(delegate)} peuvent donc faire cela pour {client}. Chacune y fait au plus ce qu’elle "
        f"fait déjà pour sa propre structure. {client} peut changer cette délégation ou y mettre fin à tout moment. "
        f"{delegate} peut la rendre.",
        *_ways(delegation),
    )


def changed(*, delegation: Delegation, actor: Actor) -> Mail:
    return Mail(
        f"Ce {that(named(delegation.delegate))} peut faire pour {named(delegation.client)} a changé",
        f"{named(actor.name)} a changé une délégation\u00a0: {_who(delegation)}",
        _terms(delegation),
        *_ways(delegation),
    )


def ended(*, delegation: Delegation, actor: Actor) -> Mail:
    return Mail(
        f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}",
        f"{named(actor.name)} a mis fin à une délégation, tout de suite\u00a0: {_who(delegation)}",
        f"Les personnes {of(named(delegation.delegate))} n’y voient plus rien. Ce qu’elles ont fait reste dans "
        "l’historique.",
        *_ways(delegation),
    )


def returned(*, delegation: Delegation) -> Mail:
    return Mail(
        f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}",
        f"{named(delegation.delegate)} a rendu une délégation\u00a0: {_who(delegation)}",
        f"{named(delegation.delegate)} n’agit plus pour {named(delegation.client)}, et n’en voit plus rien. "
        "Ce qui était en cours vous revient\u00a0: regardez les brouillons et les factures suspendues.",
        *_ways(delegation),
    )


def run_out(*, delegation: Delegation) -> Mail:
    assert delegation.ends_on is not None  # noqa: S101 - its last day has passed
    client, delegate = named(delegation.client), named(delegation.delegate)
    return Mail(
        f"{delegate} n’agit plus pour {client}",
        f"Une délégation a pris fin, comme prévu\u00a0: {_who(delegation)}",
        f"Son dernier jour était le {wording.day(delegation.ends_on)}. Les personnes {of(delegate)} n’y voient plus "
        f"rien. Pour continuer, {client} peut ouvrir une nouvelle délégation.",
        *_ways(delegation),
    )


def lost(*, delegation: Delegation) -> Mail:
    """To those who acted for the client and manage neither side."""
    client, delegate = named(delegation.client), named(delegation.delegate)
    return Mail(
        f"{delegate} n’agit plus pour {client}",
        f"La délégation a pris fin\u00a0: {_who(delegation)}",
        f"Vous ne voyez donc plus les factures {of(client)}, et vous ne recevez plus de courriels à leur sujet. "
        "Ce que vous avez fait reste dans l’historique.",
        f"Une question\u00a0? Demandez à qui gère {delegate}.",
        Button("Voir vos structures", links.my_structures()),
    )


def asked(*, request: DelegationRequest, client: Structure) -> Mail:
    """To the managers of the client."""
    return Mail(
        f"{named(request.delegate)} demande à agir pour {named(client)}",
        f"{named(request.delegate)} ({request.delegate.known_as}) demande à agir pour "
        f"{named(client)} ({client.known_as}), dont vous êtes le gestionnaire. La demande vient "
        f"{of(named(request.created_by.get_full_name()))} ({request.created_by.email}).",
        _message(request.comment),
        "Vous ne les connaissez pas\u00a0? Refusez, ou ne répondez pas\u00a0: sans votre accord, il ne se passe rien. "
        "Si vous acceptez, vous choisirez ce qui est permis, et jusqu’à quand.",
        Button("Accepter ou refuser", links.my_structures()),
    )


def refused(*, request: DelegationRequest, comment: str) -> Mail:
    """To the managers of whoever asked."""
    return Mail(
        "Votre demande de délégation est refusée",
        f"La structure de SIRET {grouped_siret(request.siret)} ne souhaite pas {that(named(request.delegate))} agisse "
        "pour elle.",
        _message(comment),
        "Rapprochez-vous d’elle si vous pensez qu’il s’agit d’une erreur.",
        Button("Voir les délégations", links.delegations(uid=request.delegate.uid)),
    )


def _message(comment: str) -> str:
    return f"Son message\u00a0: {named(comment)}" if comment else ""


def _who(delegation: Delegation) -> str:
    client, delegate = delegation.client, delegation.delegate
    return f"{named(delegate)} ({delegate.known_as}) pour {named(client)} ({client.known_as})."


def _terms(delegation: Delegation) -> MailFacts:
    message = [MailFact("Message joint", named(delegation.comment))] if delegation.comment else []
    return MailFacts(
        (MailFact("Ce qui est permis", opened_by(delegation).lower()), MailFact("Quand", days_of(delegation)), *message)
    )


def _ways(delegation: Delegation) -> tuple[Button, ...]:
    """One mail for both sides: each opens its own page."""
    return tuple(
        Button(f"Vous gérez {named(side)}", links.delegations(uid=side.uid))
        for side in (delegation.client, delegation.delegate)
    )
