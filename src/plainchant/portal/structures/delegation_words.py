"""What a delegation lets do, and until when, as pages, mails and logs say it."""

from __future__ import annotations

from plainchant.portal.rights.profiles import PROFILE_ROW

from .grants import Holder, profiles_held
from .models import Delegation


def opened_by(holder: Holder) -> str:
    """« Facturer, Suivre les factures envoyées »."""
    profiles, _ = profiles_held(holder=holder)
    return ", ".join(PROFILE_ROW[profile].name for profile in profiles)


def days_of(delegation: Delegation) -> str:
    """« du 03/11/2026 au 31/12/2026 », or « depuis le 03/11/2026 » without a last day."""
    if delegation.ends_on is None:
        return f"à partir du {delegation.begins_on:%d/%m/%Y}, sans date de fin"
    return f"du {delegation.begins_on:%d/%m/%Y} au {delegation.ends_on:%d/%m/%Y}"


def terms_in_words(delegation: Delegation) -> str:
    return f"{opened_by(delegation)}, {days_of(delegation)}"
