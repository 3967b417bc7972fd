"""The controls on an invoice's header, the rows: what Chorus Pro looks at of every invoice, whatever its form.

A file of data and a form where somebody copied a page are judged by the same rows, with the same sentences. Where the
EDI annex names a rule its number is kept (CPRO-G1.05).
"""

from __future__ import annotations

from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import Rule, table

FORM = "form"  # beside "ubl" and "cii": what was typed, before there is any file
# Of the types its text lists, Factur-X says of these two « not accepted by CHORUSPRO »; 384 and 389 it leaves.
REFUSED_TYPES = frozenset({"261", "751"})
MAX_REFERENCE = 50
MAX_COMMENT = 2000

# fmt: off
_ROWS: tuple[tuple[str, Severity, str, str, str], ...] = (
    ("CPRO-NUMERO-ABSENT", "fatal", "BT-1", "The invoice has a number.", "Le numéro de facture manque. Donnez celui qui figure sur la facture : le suivant de votre suite."),
    ("CPRO-G1.05-LONGUEUR", "fatal", "BT-1", "The number has at most 20 characters.", "Le numéro de facture « {value} » compte {length} caractères ; 20 au plus sont acceptés. Raccourcissez-le, sur la facture aussi."),
    ("CPRO-G1.05", "fatal", "BT-1", "The number has letters, digits, spaces and - + _ / only.", "Le numéro de facture « {value} » ne peut contenir que des lettres sans accent, des chiffres, des espaces et les signes - + _ /. Retirez {strange}."),
    ("CPRO-ORIGINE", "warning", "BT-25", "A credit note names the invoice it corrects; an invoice seldom does.", "Cette facture cite une facture d’origine ({value}), ce que fait d’habitude un avoir. Si c’en est un, dites que c’est un avoir ; sinon, vérifiez que vous vouliez la citer."),
    ("CPRO-ORIGINE-LONGUE", "fatal", "BT-25", "The number of the invoice that is corrected has at most 20 characters.", "Le numéro de la facture d’origine « {value} » compte {length} caractères ; 20 au plus sont acceptés. Recopiez celui que Chorus Pro connaît."),
    ("CPRO-ORIGINE-SIGNES", "fatal", "BT-25", "The number of the invoice that is corrected has letters, digits, spaces and - + _ / only.", "Le numéro de la facture d’origine « {value} » ne peut contenir que des lettres sans accent, des chiffres, des espaces et les signes - + _ /. Retirez {strange}."),
    ("CPRO-AVOIR-SANS-ORIGINE", "warning", "BT-25", "A credit note names the invoice it corrects.", "Cet avoir ne cite pas la facture qu’il corrige. Indiquez son numéro : l’acheteur fera le lien plus vite."),
    ("CPRO-MARCHE-LONG", "fatal", "BT-12", "A contract number has at most 50 characters.", "Le numéro de marché compte {length} caractères ; 50 au plus sont acceptés. Recopiez-le depuis l’acte d’engagement."),
    ("CPRO-ENGAGEMENT-LONG", "fatal", "BT-13", "A commitment number has at most 50 characters.", "Le numéro d’engagement compte {length} caractères ; 50 au plus sont acceptés. Recopiez seulement le numéro qui est sur la commande."),
    ("CPRO-DATE", "fatal", "BT-2", "The invoice has a date.", "La date de la facture manque, ou ne se lit pas. Écrivez le jour, le mois et l’année : 12/03/2026."),
    ("CPRO-DATE-ANNEE", "fatal", "BT-2", "The year is between 2000 and 2099.", "La facture est datée du {value} : Chorus Pro n’accepte que les années 2000 à 2099. Corrigez la date."),
    ("CPRO-DATE-FUTURE", "warning", "BT-2", "The date is not after today.", "La facture est datée du {value}, dans l’avenir. Vérifiez : beaucoup d’acheteurs la rejetteront."),
    ("CPRO-DATE-ANCIENNE", "warning", "BT-2", "The date is not more than a year ago.", "La facture est datée du {value}, il y a plus d’un an. Vérifiez l’année."),
    ("CPRO-TYPE-ABSENT", "fatal", "BT-3", "The type of document is given.", "Il n’est pas dit s’il s’agit d’une facture (380) ou d’un avoir (381). Dites-le."),
    ("CPRO-TYPE", "fatal", "BT-3", "The type of document is one that Chorus Pro takes.", "Chorus Pro ne connaît pas le type de document « {value} ». Écrivez 380 pour une facture, 381 pour un avoir."),
    ("CPRO-TYPE-REFUSE", "fatal", "BT-3", "A self-billed credit note and an information for accounting are not taken.", "Chorus Pro n’accepte pas le type de document {value} (261 : avoir établi par l’acheteur ; 751 : information comptable). Écrivez 380 pour une facture, 381 pour un avoir."),
    ("CPRO-DEVISE", "fatal", "BT-5", "The currency is in ISO 4217.", "« {value} » n’est pas une monnaie connue. Écrivez EUR pour l’euro."),
    ("CPRO-TVA-NON-NULLE", "fatal", "BT-110", "There is no VAT where the seller charges none.", "Vous indiquez « {regime} » mais un montant de TVA de {tax}. Mettez la TVA à 0, ou choisissez un régime avec TVA."),
    ("CPRO-TVA-NULLE", "warning", "BT-110", "There is VAT where the seller charges some.", "Vous indiquez « {regime} » et une TVA de 0. Vérifiez le montant de TVA."),
    ("CPRO-HT", "fatal", "BT-109", "The total without VAT is given.", "Le total hors taxes (HT) manque, ou ne se lit pas comme un nombre. Écrivez-le."),
    ("CPRO-TTC", "fatal", "BT-112", "The total with VAT is given.", "Le total toutes taxes comprises (TTC) manque, ou ne se lit pas comme un nombre. Écrivez-le."),
    ("CPRO-NET", "fatal", "BT-115", "The amount due is given.", "Le montant à payer manque, ou ne se lit pas comme un nombre. Écrivez-le, même s’il est égal au TTC."),
    ("CPRO-MONTANT-LONG", "fatal", "BG-22", "An amount has at most 12 digits before the point and 6 after.", "{what} ({value}) est trop long : 12 chiffres avant la virgule et 6 après sont acceptés. Vérifiez-le, ou arrondissez-le."),
    ("CPRO-TOTAUX", "fatal", "BT-112", "The total with VAT is the total without VAT plus VAT.", "HT + TVA = {net} + {tax} = {sum}, mais le TTC est de {gross}. Corrigez celui des trois montants qui est faux."),
    ("CPRO-A-PAYER", "warning", "BT-115", "What is due is the total with VAT, unless something was paid before.", "Le montant à payer ({payable}) n’est pas le TTC ({gross}). C’est juste si un acompte a été versé ou une remise accordée ; sinon, corrigez-le."),
    ("CPRO-A-PAYER-TROP", "warning", "BT-115", "What is due is not more than the total with VAT.", "Le montant à payer ({payable}) dépasse le TTC ({gross}). Le plus souvent l’un des deux est faux : vérifiez-les, l’acheteur ne paiera pas plus que la facture."),
    ("CPRO-AVOIR-NEGATIF", "warning", "BT-112", "The amounts of a credit note have no minus sign.", "Sur un avoir les montants s’écrivent sans signe moins : c’est le type « Avoir » qui dit le sens. Retirez les signes moins."),
    ("CPRO-FACTURE-NEGATIVE", "warning", "BT-112", "The total of an invoice is more than zero.", "Le TTC de cette facture est de {gross}. Pour rendre de l’argent ou annuler une facture, faites un avoir, ses montants sans signe moins ; sinon, corrigez le montant."),
)
# What only a form asks, where there is no file of data yet.
_TYPED: tuple[tuple[str, Severity, str, str, str], ...] = (
    ("CPRO-COMMENTAIRE-LONG", "fatal", "BT-22", "A comment has at most 2,000 characters.", "Le commentaire compte {length} caractères ; 2000 au plus sont acceptés. Raccourcissez-le."),
    ("CPRO-TVA-REGIME", "fatal", "BT-8", "How VAT applies is chosen.", "Dites comment la TVA s’applique à cette facture."),
    ("CPRO-TVA-ABSENTE", "fatal", "BT-110", "The total of VAT is written in the form.", "Le montant de TVA manque. Écrivez 0 si vous n’en facturez pas."),
)
# fmt: on
# Total of an invoice → what begins a sentence about it.
AMOUNTS: dict[str, str] = {
    "line_extension_amount": "Le total des lignes",
    "allowance_total_amount": "Le total des remises",
    "charge_total_amount": "Le total des frais",
    "tax_exclusive_amount": "Le total HT",
    "tax_amount": "Le total de TVA",
    "tax_inclusive_amount": "Le total TTC",
    "prepaid_amount": "Le montant déjà payé",
    "payable_amount": "Le montant à payer",
}
# Official samples have invoices below zero: the platform takes them. Who sits at a form can still make a credit note.
_AT_A_FORM: dict[str, dict[str, Severity]] = {"CPRO-FACTURE-NEGATIVE": {FORM: "fatal"}}
_DATE_IN_A_FILE = "La date de la facture manque, ou ne se lit pas. Écrivez-la, par exemple {example}."

RULES: dict[str, Rule] = table(
    Rule(
        rule,
        tuple(terms.split()),
        english,
        french,
        severity,
        severity_in=_AT_A_FORM.get(rule, {}),
        french_for={
            ("example", "2026-03-12"): _DATE_IN_A_FILE,
            ("example", "20260312"): _DATE_IN_A_FILE,
        }
        if rule == "CPRO-DATE"
        else {},
    )
    for rule, severity, terms, english, french in _ROWS
)
TYPED: dict[str, Rule] = table(
    Rule(rule, tuple(terms.split()), english, french, severity, syntaxes=())
    for rule, severity, terms, english, french in _TYPED
)
