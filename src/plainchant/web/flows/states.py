"""Where a flow stands, in the words people read."""

from __future__ import annotations

from plainchant.portal.flows.models import Flow, State
from plainchant.portal.flows.queries import taken_now

# State → the shape and the words.
STATES: dict[str, tuple[str, str]] = {
    State.PROPOSED: ("needs_you", "À confirmer"),
    State.RECEIVED: ("waiting", "Reçu, en attente"),
    State.WAITING: ("waiting", "En attente, reprend seul"),
    State.WORKING: ("moving", "En cours de lecture"),
    State.INTEGRATED: ("paid", "Tout est pris"),
    State.PARTLY: ("needs_you", "Pris en partie"),
    State.REJECTED: ("stopped", "Rien n’a été pris"),
}


def title_of(flow: Flow) -> str:
    """What has become of it, on top of its page. An invoice that had been taken before does not leave again."""
    if not flow.is_ended:
        return "Votre envoi est bien arrivé"
    if not flow.accepted:
        return "Aucune facture n’a pu être prise"
    if flow.refused or flow.trouble:
        return "Une partie des factures est à corriger"
    left = taken_now(flow=flow).count()
    again = flow.accepted - left
    if not left:
        return "La facture avait déjà été prise" if again == 1 else f"Les {again} factures avaient déjà été prises"
    sent = "La facture est partie" if flow.accepted == 1 else f"Les {left} factures sont parties"
    if again:
        sent = "Une facture est partie" if left == 1 else f"{left} factures sont parties"
        return f"{sent}, {again} l’{'était' if again == 1 else 'étaient'} déjà"
    return sent


def status_of(flow: Flow) -> dict[str, str]:
    """What `components/status.html` draws."""
    shape, word = STATES[flow.state]
    return {"shape": shape, "word": word, "official": flow.state}
