"""`plainchant sandbox invoice`: an invoice to try with, of a supplier of the sandbox to one of its recipients."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click

from plainchant.einvoice import compose, write
from plainchant.einvoice.command.written import write_out
from plainchant.einvoice.making.composing import Sheet, SheetLine, SheetParty
from plainchant.einvoice.model import VatCategory

_VAT = VatCategory(code="S", rate=Decimal(20))
_IBAN = "FR7612345987650123456789014"  # an invented account, whose key is right


def write_invoice(
    *,
    number: str,
    seller: tuple[str, str],
    buyer: str,
    at: datetime,
    amount: Decimal,
    service: str,
    commitment: str,
    output: Path,
) -> None:
    """A UBL invoice of one line, dated from the sandbox's day. ``seller``: its name and SIRET."""
    name, siret = seller
    sheet = Sheet(
        number=number,
        issue_date=at.date(),
        seller=SheetParty(
            name=name,
            siret=siret,
            vat_number=f"FR{(12 + 3 * (int(siret[:9]) % 97)) % 97:02}{siret[:9]}",
            address_line="1 rue des Essais",
            postcode="31000",
            city="Toulouse",
        ),
        buyer=SheetParty(
            name="Destinataire de test",
            siret=buyer,
            address_line="1 place du Marché",
            postcode="06999",
            city="Fable",
            service_code=service,
        ),
        lines=(SheetLine(name="Prestation d’essai", quantity=Decimal(1), price=amount, vat=_VAT),),
        vat_regime="TVA_SUR_DEBIT",
        commitment=commitment,
        delivery_date=at.date(),
        iban=_IBAN,
    )  # fmt: skip
    write_out(output, write(compose(sheet), syntax="ubl"))
    click.echo(f"{output} écrit : {number}, de {siret} à {buyer}.")
