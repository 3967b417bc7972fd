"""The hand an invented invoice is written in: wordings, dates, figures; and a note of everything that was written.

A layout asks for values (`page.number()`, `page.money("tax_amount")`); what it asked for is what the page says.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from random import Random

from .facts import Facts, Row

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()

TUNED: dict[str, tuple[str, ...]] = {
    "invoice": ("Facture", "FACTURE", "FACTURE"),
    "credit": ("Avoir", "AVOIR", "Facture d’avoir"),
    "number": ("Facture n°", "N° de facture", "Numéro de facture", "Numéro", "N° facture", "Réf. facture", "Facture N°"),
    "issue_date": ("Date", "Date de facture", "Date d’émission", "Date de facturation", "Date facture", "Émise le"),
    "due_date": ("Échéance", "Date d’échéance", "À régler avant le", "Date limite de paiement", "Échéance le"),
    "order": ("N° d’engagement", "Bon de commande", "N° de commande", "Votre commande", "Engagement juridique", "N° EJ",
              "Numéro d’engagement", "Bon de commande n°", "Réf. commande"),
    "contract": ("Marché n°", "N° de marché", "Marché", "Contrat n°", "Référence du marché"),
    "service": ("Code service", "Service exécutant", "Code service exécutant", "N° service"),
    "net": ("Total HT", "Total H.T.", "Montant HT", "Total hors taxes", "Sous-total HT", "Montant total HT"),
    "tax": ("TVA", "Total TVA", "Montant TVA", "T.V.A.", "Total T.V.A."),
    "gross": ("Total TTC", "Montant TTC", "TOTAL T.T.C.", "Total toutes taxes comprises", "Montant total TTC"),
    "payable": ("Net à payer", "Reste à payer", "NET À PAYER", "Solde à régler", "Montant à payer"),
    "siret": ("SIRET", "Siret", "N° SIRET", "SIRET :", "Siret n°"),
    "vat_number": ("TVA intracom.", "N° TVA", "TVA intracommunautaire", "N° de TVA intracommunautaire"),
    "franchise": ("TVA non applicable, art. 293 B du CGI", "TVA non applicable - article 293 B du code général des impôts"),
    "reverse_charge": ("Autoliquidation de la TVA (art. 283-2 nonies du CGI)",),
    "prepaid": ("Acompte versé", "Acompte", "Déjà réglé"),
    "discount": ("Remise", "Remise commerciale", "Rabais"),
    "buyer": ("Client", "Facturé à", "Adressé à", "Destinataire", "Adresse de facturation"),
    "seller": ("Émetteur", "Fournisseur", "Prestataire", "Vendeur"),
}  # fmt: skip
MORE: dict[str, tuple[str, ...]] = {
    "invoice": ("Facture", "FACTURE", "Facture de vente"),
    "credit": ("AVOIR", "Note de crédit", "Facture d’avoir"),
    "number": ("Facture numéro", "N° de la facture", "Facture no", "N° Facture", "Votre facture n°", "N° de pièce", "FACTURE Nº",
               "Référence facture"),
    "issue_date": ("Date de la facture", "Facturé le", "Date d’édition", "Établie le", "Date", "Date pièce", "En date du"),
    "due_date": ("Date d’exigibilité", "Paiement attendu le", "Payable le", "Date de règlement", "Échéance de paiement",
                 "À payer avant le", "Payable au plus tard le"),
    "order": ("N° d’engagement juridique", "Votre bon de commande", "Commande n°", "Réf. engagement", "Votre réf. commande",
              "EJ n°", "Numéro de bon de commande", "V/commande", "Commande client", "N° BC"),
    "contract": ("Numéro de marché", "Réf. marché", "Marché public n°", "N° contrat", "Marché :"),
    "service": ("Code du service", "Code service Chorus", "Service destinataire", "SE", "Code Service Exécutant"),
    "net": ("Montant hors taxe", "Total net HT", "Montant total hors taxes", "TOTAL HORS TVA", "Total HT en euros", "HT"),
    "tax": ("Montant de la TVA", "Total des taxes", "dont TVA", "Taxes", "Montant T.V.A."),
    "gross": ("Total à payer TTC", "Montant toutes taxes comprises", "TTC", "Total général TTC", "Montant de la facture TTC",
              "Prix TTC"),
    "payable": ("Solde dû", "Net à régler", "Total à payer", "Somme à payer", "Reste dû", "À payer", "Montant dû"),
    "siret": ("SIRET", "Siret", "N° de SIRET", "No SIRET", "Identifiant SIRET", "Numéro SIRET"),
    "vat_number": ("Identifiant TVA", "N°TVA intra", "Numéro de TVA", "N° Id. TVA"),
    "franchise": ("TVA non applicable selon l’article 293B du CGI", "Franchise en base de TVA, article 293 B du CGI",
                  "Exonération de TVA – art. 293 B CGI"),
    "reverse_charge": ("TVA due par le preneur – autoliquidation",),
    "prepaid": ("Avance perçue", "Arrhes", "À déduire : versement du mois"),
    "discount": ("Remise exceptionnelle", "Ristourne"),
    "buyer": ("À l’attention de", "Acheteur", "Facturation", "Vos coordonnées", "Doit"),
    "seller": ("De", "Nos coordonnées", "Titulaire du marché", "Société"),
}  # fmt: skip


THIRD: dict[str, tuple[str, ...]] = {
    "invoice": ("Facture", "FACTURE", "Facture client", "Note d’honoraires"),
    "credit": ("AVOIR", "Facture d’avoir", "Avoir client"),
    "number": ("N°", "Facture Nº", "Numéro de la facture", "Facture référence", "N° document", "Pièce n°", "Réf. de la facture"),
    "issue_date": ("Date d’établissement", "Date du document", "Le", "Date :", "Date de création", "Éditée le", "Date fact."),
    "due_date": ("Échéance au", "Date de paiement", "Date limite de règlement", "Paiement dû le", "Règlement avant le", "Payable avant le",
                 "Échéances"),
    "order": ("Numéro d’EJ", "N° EJ (engagement juridique)", "Référence d’engagement", "Bon de cde", "N° de votre commande", "Vos réf. commande",
              "Commande d’achat", "Réf. bon de commande", "N° BDC", "Engagement n°"),
    "contract": ("N° du marché", "Accord-cadre n°", "Marché public", "Réf. du marché", "Contrat / marché n°"),
    "service": ("Code service (Chorus Pro)", "Service exécutant (SE)", "N° de service", "Code SE", "Identifiant service"),
    "net": ("Total Hors Taxes", "Net HT", "Base HT", "Prix total HT", "Montant net HT", "Total H. T."),
    "tax": ("TVA due", "Total de la TVA", "Montant total TVA", "T. V. A.", "Total taxes"),
    "gross": ("Net TTC", "Montant T.T.C.", "Total facture TTC", "Total T.T.C. à régler", "Montant total (TTC)", "Total TVA comprise"),
    "payable": ("Reste à régler", "Montant restant dû", "Solde à payer", "NET A PAYER EUR", "Total dû", "Montant à régler"),
    "siret": ("SIRET", "Siret", "N.° SIRET", "N° Siret", "SIRET/NIC", "Code SIRET"),
    "vat_number": ("TVA CEE", "N° TVA intracommunautaire", "TVA intra", "N° identification TVA"),
    "franchise": ("TVA non applicable, article 293 B du Code général des impôts", "Dispensé de TVA (art. 293-B du CGI)", "Non assujetti à la TVA"),
    "reverse_charge": ("Autoliquidation",),
    "prepaid": ("Acompte reçu", "Avance versée le mois dernier", "Paiement déjà reçu", "Acomptes déduits"),
    "discount": ("Remise 1er achat", "Escompte", "Remise globale HT"),
    "buyer": ("Facture à", "Client facturé", "Organisme", "Adresse du client", "Payeur"),
    "seller": ("Vendeur", "Votre fournisseur", "Entreprise", "Émise par"),
}  # fmt: skip
# The hand of the last layouts, in words of its own.
HELD_OUT: dict[str, tuple[str, ...]] = {
    "invoice": ("FACTURE", "Facture n° ci-dessous", "Facture de solde", "Mémoire"),
    "credit": ("Facture d’avoir", "AVOIR", "Avoir client"),
    "number": ("N° Fact.", "Numéro facture", "Facture - N°", "Document n°", "Votre facture", "Référence de facture"),
    "issue_date": ("Date édition", "Du", "Facture du", "Établi le", "Date emission", "Date de pièce"),
    "due_date": ("Date échéance", "Échéance règlement", "À régler au plus tard le", "Paiement au plus tard le", "Payable pour le", "Date d’échéance du paiement"),
    "order": ("Numéro d’engagement", "EJ", "BC n°", "Votre n° de commande", "Commande N°", "Référence EJ", "N° d’engagement (bon de commande)"),
    "contract": ("Marché N°", "N° marché", "Référence marché", "Numéro du marché public"),
    "service": ("Code service destinataire", "Service executant", "Code Service", "Service"),
    "net": ("Total € HT", "Montant total H.T.", "Total prestation HT", "TOTAL HT NET", "Sous-total HT"),
    "tax": ("Montant de TVA", "TVA totale", "Total T.V.A", "TVA acquittée"),
    "gross": ("Total € TTC", "MONTANT TTC", "Total de la facture TTC", "Net à payer TTC", "Total T.T.C"),
    "payable": ("Solde TTC à payer", "Reste à payer TTC", "Net restant à payer", "Montant net à payer", "Total restant dû"),
    "siret": ("N°SIRET", "SIRET n°", "Siret :", "n° de Siret"),
    "vat_number": ("N° TVA CEE", "TVA INTRA :", "Code TVA", "N° intracommunautaire"),
    "franchise": ("T.V.A. non applicable, art. 293 B du CGI", "TVA non applicable – article 293 B", "Exonéré de TVA, article 293 B du CGI"),
    "reverse_charge": ("Auto-liquidation de la TVA",),
    "prepaid": ("Versement à la commande", "Acompte 30 % réglé", "Avance déduite", "Déjà payé"),
    "discount": ("Remise accordée", "Rabais consenti"),
    "buyer": ("Destinataire de la facture", "Client :", "Nom et adresse du client", "À l’attention de"),
    "seller": ("Émis par", "Prestataire", "Fournisseur :"),
}  # fmt: skip
ALL = {name: (*pool, *MORE[name]) for name, pool in TUNED.items()}


class Page:
    """One invoice being written. `says` grows with each value a layout asks for."""

    def __init__(self, facts: Facts, *, words: dict[str, tuple[str, ...]], escape: str = "typst") -> None:
        self.facts = facts
        self.chance = Random(f"page {facts.seed}")
        self.words = {name: self.chance.choice(pool) for name, pool in words.items()}
        self.says: dict[str, str] = {}
        self.detailed: set[Row] = set()  # the rows that were written with their quantity and price
        self.prices_before: dict[Row, Decimal] = {}  # those written before a discount of the line
        self.shows_lines = True  # with their amounts without VAT
        self.free_rows = 0  # rows of 0,00 written besides
        self._escape = escape
        self._dates = self.chance.choice(
            ("d/m/Y", "d/m/Y", "d/m/Y", "d/m/y", "d.m.Y", "d-m-Y", "long", "long", "Y-m-d", "short")
        )
        self._figures = self.chance.choice((" ,", " ,", "\u00a0,", "\u202f,", "\u202f,", ".,", ",.", ",", ".", " ,"))
        self._sign = self.chance.choice((" €", "\u00a0€", "\u202f€", "€", " EUR", "", " €", " Euros"))
        self._siret = self.chance.choice(("3 3 3 5", "3 3 3 5", "14", "14", "14", "9 5", "3.3.3.5", "3 3 3 3 2"))
        self.ink = self.chance.choice(("#1f3a5f", "#8a1c1c", "#005f56", "#333333", "#5b2a86"))
        self.font = self.chance.choice(
            ("DejaVu Sans", "DejaVu Serif", "Libertinus Serif", "Libertinus Serif", "New Computer Modern")
        )
        self.size = self.chance.choice((8, 9, 9.5, 10, 10, 11))
        self.has = {
            name: self.chance.random() < share
            for name, share in (("order", 0.75), ("contract", 0.4), ("service", 0.6), ("due_date", 0.75), ("iban", 0.8),
                                ("buyer_siret", 0.85), ("vat_number", 0.7), ("cited", 0.3), ("third", 0.15),
                                ("buyer_vat", 0.2), ("colon", 0.6))
        }  # fmt: skip
        self.says["type_code"] = "381" if facts.is_credit else "380"
        if self._sign:
            self.says["currency"] = "EUR"

    # --- text -------------------------------------------------------------------------------------------------------

    def t(self, text: str) -> str:
        """Text made safe for the language of the layout."""
        if self._escape == "html":
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def label(self, name: str, *, colon: bool | None = None) -> str:
        """The words of a label, with a colon where the hand writes one."""
        words = self.words[name]
        wants = self.has["colon"] if colon is None else colon
        return self.t(f"{words} :" if wants and not words.endswith((":", "n°", "no", "Nº", "le")) else words)

    @property
    def title(self) -> str:
        return self.t(self.words["credit" if self.facts.is_credit else "invoice"])

    # --- values -----------------------------------------------------------------------------------------------------

    def number(self) -> str:
        self.says["number"] = self.facts.number
        return self.t(self.facts.number)

    def date(self, name: str) -> str:
        """`issue_date` or `due_date`, noted."""
        day = self.facts.issued if name == "issue_date" else self.facts.due
        self.says[name] = day.isoformat()
        return self.t(self.day(day))

    def day(self, day: datetime.date) -> str:
        """Any day, as this hand writes days."""
        if self._dates == "long":
            return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"
        if self._dates == "short":
            return f"{day.day:02} {_SHORT[day.month - 1]} {day.year}"
        return re.sub("[dmYy]", lambda hit: day.strftime(f"%{hit[0]}"), self._dates)

    def money(self, name: str, *, sign: bool = True) -> str:
        """`net`, `tax`, `gross` or `payable`, noted."""
        value = getattr(self.facts, name)
        self.says[_TERMS[name]] = f"{value:.2f}"
        return self.t(self.amount(value, sign=sign))

    def amount(self, value: Decimal, *, sign: bool = True) -> str:
        """Any amount, as this hand writes amounts."""
        whole, cents = f"{abs(value):.2f}".split(".")
        thousands, point = self._figures[:-1], self._figures[-1]
        groups = re.findall(r"\d{1,3}(?=(?:\d{3})*$)", whole)
        return f"{'-' if value < 0 else ''}{thousands.join(groups)}{point}{cents}{self._sign if sign else ''}"

    def rate(self, rate: Decimal) -> str:
        point = self._figures[-1]
        plain = f"{rate.normalize():f}" if self.facts.seed % 3 else f"{rate:.2f}"
        return self.t(plain.replace(".", point) + ("%" if self.facts.seed % 2 else "\u00a0%"))

    def note_breakdown(self) -> None:
        """To be called by a layout that shows base and tax, or the tax of each rate."""
        self.says["vat_breakdown"] = "; ".join(
            " ".join(f"{part:.2f}" for part in row) for row in sorted(self.facts.rates)
        )

    def seller_siret(self) -> str:
        self.says["seller_siret"] = self.facts.seller.siret
        return self.t(self.siret(self.facts.seller.siret))

    def buyer_siret(self) -> str:
        self.says["buyer_siret"] = self.facts.buyer.siret
        return self.t(self.siret(self.facts.buyer.siret))

    def siret(self, value: str) -> str:
        between = "." if "." in self._siret else " "
        parts, at = [], 0
        for size in map(int, re.split(r"[ .]", self._siret)):
            parts.append(value[at : at + size])
            at += size
        return between.join(parts)

    def vat_number(self, value: str) -> str:
        self.says["seller_vat_number"] = value
        spaced = f"{value[:2]} {value[2:4]} {value[4:7]} {value[7:10]} {value[10:]}"
        return self.t(value if self.facts.seed % 2 else spaced)

    def iban(self) -> str:
        self.says["iban"] = self.facts.iban
        value = self.facts.iban
        return self.t(value if self.facts.seed % 4 == 0 else " ".join(re.findall(".{1,4}", value)))

    def order(self) -> str:
        self.says["purchase_order_reference"] = self.facts.order
        return self.t(self.facts.order)

    def contract(self) -> str:
        self.says["contract_reference"] = self.facts.contract
        return self.t(self.facts.contract)

    def service_code(self) -> str:
        self.says["buyer_reference"] = self.facts.service_code
        return self.t(self.facts.service_code)

    def note_no_vat(self) -> str:
        """The sentence that says why no VAT is due; empty when VAT is."""
        if self.facts.regime == "vat":
            return ""
        self.says["tax_amount"] = "0.00"
        for name in ("tax_exclusive_amount", "tax_inclusive_amount", "payable_amount"):
            self.says.setdefault(name, f"{self.facts.net if name != 'payable_amount' else self.facts.payable:.2f}")
        return self.t(self.words[self.facts.regime])


_TERMS = {
    "net": "tax_exclusive_amount",
    "tax": "tax_amount",
    "gross": "tax_inclusive_amount",
    "payable": "payable_amount",
}
