"""Where a flow stands, in the words people read."""

from __future__ import annotations

from plainchant.portal.flows.models import Flow, State

# State → the shape and the words.
STATES: dict[str, tuple[str, str]] = {
    State.RECEIVED: ("waiting", "Reçu, en attente"),
    State.WAITING: ("waiting", "En attente, reprend seul"),
    State.WORKING: ("moving", "En cours de lecture"),
    State.INTEGRATED: ("paid", "Tout est pris"),
    State.PARTLY: ("needs_you", "Pris en partie"),
    State.REJECTED: ("stopped", "Rien n’a été pris"),
}


def status_of(flow: Flow) -> dict[str, str]:
    """What `components/status.html` draws."""
    shape, word = STATES[flow.state]
    return {"shape": shape, "word": word, "official": flow.state}
