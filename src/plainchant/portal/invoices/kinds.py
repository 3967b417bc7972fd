"""What an invoice is, and what is to be paid of it: for every mail, list, page and certificate that speaks of one.

Plain Python, from the registries of kinds (BT-3) and of cadres (BT-23).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from plainchant.einvoice import wording
from plainchant.einvoice.codes.cadres import ORDINARY, is_paid
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE, INVOICE_TYPE_OF
from plainchant.einvoice.codes.works import WORKS_PIECE_OF

_VOWELS = "aeéiou"
# The end of a participle: « suspendue », but not « que ».
_FEMININE = re.compile(r"(?<=é)e\b|(?<=[^q]u)e\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked of the recipient: ``label`` before the amount; where nothing is, ``why``, and no delay runs."""

    label: str = "À payer"
    adjective: str = ""  # after the noun
    why: str = ""


OWED = Claim()
ADMITTED = Claim("Admis, à payer", "admise en partie")
CREDIT = Claim("À déduire", why="Rien n’est à payer et aucun délai de paiement ne court\u00a0: c’est un avoir.")
PAID = Claim(
    "Déjà payé",
    "déjà payée",
    "Rien n’est à payer et aucun délai de paiement ne court\u00a0: cette facture est déjà payée.",
)
NEGATIVE = Claim(
    "En faveur de l’acheteur",
    "négative",
    "Rien n’est à payer et aucun délai de paiement ne court\u00a0: le montant est négatif.",
)
STATED = Claim(
    "Montant de la pièce",
    why="Rien n’est encore à payer sur cette pièce\u00a0: c’est la dernière du dossier de travaux qui est payée.",
)
SETTLED = Claim(why="Il ne reste rien à payer\u00a0: aucun délai de paiement ne court.")


@dataclass(frozen=True, slots=True)
class InvoiceKind:
    """``name``: « Avoir », « Facture déjà payée ». ``amount`` goes with the claim's label.

    ``to_pay``: what the recipient pays, less than nothing where it may deduct or gets back; None while it is unknown.
    """

    name: str
    the: str
    is_masculine: bool
    claim: Claim
    amount: Decimal | None
    to_pay: Decimal | None

    @property
    def is_owed(self) -> bool:
        """Whether somebody has to pay it, and a delay runs."""
        return self.claim in (OWED, ADMITTED)

    @property
    def words(self) -> dict[str, str]:
        """What fills a French sentence about it, in the noun's gender."""
        noun = self.name[:1].lower() + self.name[1:]
        words = {
            "the": self.the,
            "of_the": f"du {self.the[3:]}" if self.the.startswith("le ") else f"de {self.the}",
            "this": f"{'cet' if noun[0] in _VOWELS else 'ce'} {noun}" if self.is_masculine else f"cette {noun}",
            "your": f"votre {noun}",
            "it": "il" if self.is_masculine else "elle",
        }
        capitals = {name.capitalize(): word[:1].upper() + word[1:] for name, word in words.items()}
        return {
            **words,
            **capitals,
            "kind": noun,
            "them": "le" if self.is_masculine else "la",
            "e": "" if self.is_masculine else "e",
        }

    def agreed(self, words: str) -> str:
        """« Corrigée et renvoyée » → « Corrigé et renvoyé » of an « avoir »."""
        return _FEMININE.sub("", words) if self.is_masculine else words


def kind_of(
    *, type_code: str, cadre: str, payable: Decimal | None, total: Decimal | None, admitted: Decimal | None = None
) -> InvoiceKind:
    """``payable`` is BT-115, ``total`` BT-112; None in a draft that has none yet.

    ``admitted``: what the recipient does not contest, None where it contests nothing.
    """
    row = INVOICE_TYPE_OF.get(type_code) or INVOICE_TYPE_OF[INVOICE]
    claim, amount, to_pay = _claim(type_code, cadre, payable, total)
    if claim is OWED and admitted is not None:
        claim, amount, to_pay = ADMITTED, admitted, admitted
    piece = WORKS_PIECE_OF.get(cadre)
    if piece is not None and type_code != CREDIT_NOTE:
        noun = piece.name[0].lower() + piece.name[1:]
        the = f"l’{noun}" if noun[0] in _VOWELS else f"le {noun}"
        if not piece.is_paid:
            claim, amount, to_pay = STATED, payable, None if payable is None else Decimal(0)
        return InvoiceKind(piece.name, the, True, claim, amount, to_pay)
    adjective = f" {claim.adjective}" if claim.adjective else ""
    return InvoiceKind(row.label + adjective, row.the + adjective, row.is_masculine, claim, amount, to_pay)


def _claim(
    type_code: str, cadre: str, payable: Decimal | None, total: Decimal | None
) -> tuple[Claim, Decimal | None, Decimal | None]:
    if type_code == CREDIT_NOTE:  # its amounts have no minus sign (CPRO-AVOIR-NEGATIF): the kind says the sense
        return CREDIT, payable and abs(payable), payable and -abs(payable)
    if is_paid(cadre):
        return PAID, total, Decimal(0)
    if payable is None or payable > 0:
        return OWED, payable, payable
    return (NEGATIVE, -payable, payable) if payable else (SETTLED, payable, payable)


def counted(*, invoices: int, credit_notes: int) -> str:
    """« 2 factures et 1 avoir »."""
    counts = ((invoices, "facture"), (credit_notes, "avoir"))
    return " et ".join(wording.counted(count, noun) for count, noun in counts if count)


ORDINARY_INVOICE = kind_of(type_code=INVOICE, cadre=ORDINARY, payable=None, total=None)
