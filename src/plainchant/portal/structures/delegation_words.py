"""What a delegation lets do, and until when, as pages, mails and logs say it."""

from __future__ import annotations

from plainchant.einvoice import wording
from plainchant.portal.rights.profiles import PROFILE_ROW

from .grants import Holder, profiles_held
from .models import Delegation


def opened_by(holder: Holder) -> str:
    """« Facturer, Suivre les factures envoyées »."""
    profiles, _ = profiles_held(holder=holder)
    return ", ".join(PROFILE_ROW[profile].name for profile in profiles)


def days_of(delegation: Delegation) -> str:
    """« du 3 novembre 2026 au 31 décembre 2026 », or « à partir du 3 novembre 2026, sans date de fin »."""
    if delegation.ends_on is None:
        return f"à partir du {wording.day(delegation.begins_on)}, sans date de fin"
    return f"du {wording.day(delegation.begins_on)} au {wording.day(delegation.ends_on)}"


def terms_in_words(delegation: Delegation) -> str:
    return f"{opened_by(delegation)}, {days_of(delegation)}"
