"""Kinds of invoices (BT-3, UNTDID 1001) and how one calls them. Which a rule admits is in the rule's own list."""

from __future__ import annotations

from dataclasses import dataclass

INVOICE, CREDIT_NOTE, DEPOSIT = "380", "381", "386"


@dataclass(frozen=True, slots=True)
class InvoiceType:
    """``the``: with its article, in a sentence. ``help``: said after the label in a list to choose from.

    ``api``: typeFacture of the API, which knows three.
    """

    code: str
    label: str
    the: str
    help: str = ""
    is_masculine: bool = False
    api: str = "FACTURE"

    @property
    def choice(self) -> str:
        return f"{self.label} ({self.help})" if self.help else self.label


INVOICE_TYPES: tuple[InvoiceType, ...] = (
    InvoiceType(INVOICE, "Facture", "la facture"),
    InvoiceType(CREDIT_NOTE, "Avoir", "l’avoir", "il annule ou réduit une facture", is_masculine=True, api="AVOIR"),
    InvoiceType("384", "Facture rectificative", "la facture rectificative"),
    InvoiceType(DEPOSIT, "Facture d’acompte", "la facture d’acompte", "vous demandez une avance", api="ACOMPTE"),
    InvoiceType("389", "Autofacture", "l’autofacture"),
)
INVOICE_TYPE_OF = {row.code: row for row in INVOICE_TYPES}
# What a form proposes, a workbook says and Chorus Pro's own XML can hold (`reduced.own_type`).
OFFERED = (INVOICE, CREDIT_NOTE)
CHOICES = tuple((code, INVOICE_TYPE_OF[code].choice) for code in OFFERED)
ENTERED = (INVOICE, DEPOSIT, CREDIT_NOTE)  # what is made on screen: every syntax has a word for it
ENTERED_CHOICES = tuple((code, INVOICE_TYPE_OF[code].choice) for code in ENTERED)


def type_named(word: str) -> str:
    """« Facture », « avoir », 380 → the code; "" for another word."""
    wanted = word.strip().lower()
    return next((code for code in OFFERED if wanted in (INVOICE_TYPE_OF[code].label.lower(), code)), "")
