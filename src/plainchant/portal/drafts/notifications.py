"""The mail of an entered invoice that is not in its life's table: to who must approve a sub-contractor's."""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.operations import OutboxMail, post_all
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses

NAMED_AS_VALIDATOR = "named_as_validator"


def tell_validator(*, invoice: Invoice, validator: Structure, at: datetime) -> None:
    """Tell everyone of the validator that it is named, in the caller's transaction. `sheet_check` wants somebody."""
    buyer = named(invoice.buyer.name) if invoice.buyer else "un acheteur public"
    mail = Mail(
        f"Une facture vous nomme comme valideur : {invoice.number}",
        f"{named(invoice.seller.name)} a envoyé {invoice.kind.words['the']} {invoice.number} à {buyer}, "
        f"et nomme {named(validator.name)} comme valideur (cadre {invoice.billing_framework}).",
        "Si vous n’êtes pas d’accord, dites-le sans attendre à l’acheteur et au fournisseur.",
    )
    recipients = notice_addresses(structure=validator, right=Right.SEE)
    mails = [OutboxMail(NAMED_AS_VALIDATOR, str(invoice.uid), recipient, mail) for recipient in recipients]
    post_all(mails=mails, at=at)
