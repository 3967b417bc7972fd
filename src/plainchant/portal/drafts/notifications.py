"""The mail of an entered invoice that is not in its life's table: to who must approve a sub-contractor's."""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.accounts.mails import SIGNATURE
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.operations import OutboxMail, post_all
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses

NAMED_AS_VALIDATOR = "named_as_validator"


def tell_validator(*, invoice: Invoice, validator: Structure, at: datetime) -> None:
    """Tell everyone of the validator that it is named, in the caller's transaction. `sheet_check` wants somebody."""
    buyer = named(invoice.buyer.name) if invoice.buyer else "un acheteur public"
    mails = [
        OutboxMail(
            kind=NAMED_AS_VALIDATOR,
            recipient=recipient,
            subject=f"Une facture vous nomme comme valideur : {invoice.number}",
            body=(
                "Bonjour,\n\n"
                f"{named(invoice.seller.name)} a envoyé {invoice.kind.words['the']} {invoice.number} à {buyer}, "
                f"et nomme {named(validator.name)} comme valideur (cadre {invoice.billing_framework}).\n\n"
                "Si vous n’êtes pas d’accord, dites-le sans attendre à l’acheteur et au fournisseur."
                f"\n\n{SIGNATURE}"
            ),
            event=str(invoice.uid),
        )
        for recipient in notice_addresses(structure=validator, right=Right.SEE)
    ]
    post_all(mails=mails, at=at)
