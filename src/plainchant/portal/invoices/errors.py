"""Why an invoice was not changed."""

from __future__ import annotations

from datetime import date

from plainchant.einvoice import wording
from plainchant.einvoice.finding import Finding
from plainchant.portal.lib.errors import Refused

from .lifecycle import STATUS_ROWS, Status


class StatusHasChanged(Refused):
    """Somebody else acted first, or the action does not fit the status. Nothing has been changed.

    ``by``: who did, where the reader may know it.
    """

    code = "status_has_changed"

    def __init__(self, *, status: Status, by: str = "") -> None:
        self.status = status
        who = f", par {by}" if by else ""
        super().__init__(
            f"Cette facture est maintenant « {STATUS_ROWS[status].label} »{who} : cette action n’est plus possible. "
            "Relisez la page, puis choisissez parmi ce qui reste possible."
        )


class StepNotUsed(Refused):
    """A step of processing that this public body has chosen to leave out."""

    code = "step_not_used"

    def __init__(self, *, label: str) -> None:
        super().__init__(
            f"Votre structure n’utilise pas l’étape « {label} ». Choisissez-en une autre, ou demandez à son "
            "gestionnaire de la rétablir (« Ce que la structure demande »)."
        )


class DraftHasChanged(Refused):
    """The draft is no longer the one that was looked at: another tab, or another person, has saved it."""

    code = "draft_has_changed"

    def __init__(self) -> None:
        super().__init__(
            "Ce brouillon a été modifié entre-temps, peut-être dans un autre onglet. Relisez-le : rien n’a été envoyé."
        )


class ReasonMissing(Refused):
    """A recipient stops an invoice without saying why."""

    code = "reason_missing"


class AmountNotPossible(Refused):
    """The part that a recipient admits is none of what is asked."""

    code = "amount_not_possible"


class TooEarly(Refused):
    """A piece of the tacit procedure of works is made before the others have been silent for long enough."""

    code = "works_too_early"

    def __init__(self, *, first_day: date) -> None:
        super().__init__(
            f"Cette pièce n’est possible qu’à partir du {wording.day(first_day)}, si personne n’a répondu d’ici là. "
            "Attendez ce jour, ou relancez le maître d’œuvre et le maître d’ouvrage."
        )


class NumberTaken(Refused):
    """The supplier has already used this number."""

    code = "CPRO-G2.07"


class WouldBeRefused(Refused):
    """The invoice was not sent: ``findings`` lists everything to mend."""

    code = "would_be_refused"

    def __init__(self, *, findings: list[Finding]) -> None:
        super().__init__("Cette facture serait refusée. Corrigez ce qui est indiqué, puis envoyez-la.")
        self.findings = findings


class NothingOwed(Refused):
    """Nothing is owed for lateness, or not a sum that could be claimed today."""

    code = "nothing_owed"

    def __init__(
        self, sentence: str = "Rien n’est dû aujourd’hui pour un retard de paiement de cette facture."
    ) -> None:
        super().__init__(sentence)
