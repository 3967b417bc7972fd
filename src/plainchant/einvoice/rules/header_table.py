"""The controls on an invoice's header, the rows: what a form asks before there is any file of data.

The ids of `choruspro_table` that a form can break too keep their row there, and one meaning; what is told here is the
same in the words of a form, where a number is copied from the page beside it.
"""

from __future__ import annotations

from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import Rule, table

# fmt: off
_ROWS: tuple[tuple[str, Severity, str, str, str], ...] = (
    ("CPRO-ORIGINE", "fatal", "BT-25", "Only a credit note names the invoice it corrects.", "Une facture d’origine ne se cite que sur un avoir. Retirez-la, ou dites que c’est un avoir."),
    ("CPRO-ORIGINE-SIGNES", "fatal", "BT-25", "The number of the invoice that is corrected has letters, digits, spaces and - + _ / only.", "Le numéro de la facture d’origine ne peut contenir que des lettres sans accent, des chiffres, des espaces et les signes - + _ /. Retirez {strange}."),
    ("CPRO-AVOIR-SANS-ORIGINE", "warning", "BT-25", "A credit note names the invoice it corrects.", "Cet avoir ne cite pas la facture qu’il corrige. Indiquez son numéro : l’acheteur fera le lien plus vite."),
    ("CPRO-COMMENTAIRE-LONG", "fatal", "BT-22", "A comment has at most 2,000 characters.", "Le commentaire compte {length} caractères ; 2000 au plus sont acceptés."),
    ("CPRO-DATE-ABSENTE", "fatal", "BT-2", "The date is written in the form.", "La date de la facture manque. Exemple : 12/03/2026."),
    ("CPRO-DATE-FUTURE", "warning", "BT-2", "The date is not after today.", "La facture est datée du {value}, dans l’avenir. Vérifiez : beaucoup d’acheteurs la rejetteront."),
    ("CPRO-DATE-ANCIENNE", "warning", "BT-2", "The date is not more than a year ago.", "La facture est datée du {value}, il y a plus d’un an. Vérifiez l’année."),
    ("CPRO-TVA-REGIME", "fatal", "BT-8", "How VAT applies is chosen.", "Dites comment la TVA s’applique à cette facture."),
    ("CPRO-TVA-NON-NULLE", "fatal", "BT-110", "There is no VAT where the seller charges none.", "Vous indiquez « {regime} » mais un montant de TVA de {tax}. Mettez la TVA à 0, ou choisissez un régime avec TVA."),
    ("CPRO-TVA-NULLE", "warning", "BT-110", "There is VAT where the seller charges some.", "Vous indiquez « {regime} » et une TVA de 0. Vérifiez le montant de TVA."),
    ("CPRO-MONTANT-ABSENT", "fatal", "BG-22", "The four totals are written in the form.", "Il manque {what}."),
    ("CPRO-A-PAYER", "warning", "BT-115", "What is due is the total with VAT, unless something was paid before.", "Le montant à payer ({payable}) n’est pas le TTC ({gross}). C’est juste si un acompte a été versé ou une remise accordée ; sinon, corrigez-le."),
    ("CPRO-AVOIR-NEGATIF", "warning", "BT-112", "The amounts of a credit note have no minus sign.", "Sur un avoir les montants s’écrivent sans signe moins : c’est le type « Avoir » qui dit le sens."),
)
# Rows of choruspro_table, in the words of a form.
IN_A_FORM: dict[str, str] = {
    "CPRO-NUMERO-ABSENT": "Le numéro de facture manque. Recopiez celui qui figure sur la facture.",
    "CPRO-G1.05-LONGUEUR": "Le numéro de facture « {value} » compte {length} caractères ; 20 au plus sont acceptés. Raccourcissez-le, sur la facture aussi.",
    "CPRO-G1.05": "Le numéro de facture ne peut contenir que des lettres sans accent, des chiffres, des espaces et les signes - + _ /. Retirez {strange}.",
    "CPRO-ORIGINE-LONGUE": "Le numéro de la facture d’origine « {value} » compte {length} caractères ; 20 au plus sont acceptés. Raccourcissez-le, sur la facture aussi.",
    "CPRO-MARCHE-LONG": "Le numéro de marché compte {length} caractères ; 50 au plus sont acceptés. Raccourcissez-le.",
    "CPRO-ENGAGEMENT-LONG": "Le numéro d’engagement a {length} caractères, 50 au plus. Recopiez seulement le numéro qui est sur la commande.",
    "CPRO-DATE-ANNEE": "L’année {value} ne convient pas. Vérifiez la date de la facture.",
    "CPRO-TYPE-ABSENT": "Dites s’il s’agit d’une facture ou d’un avoir.",
    "CPRO-TYPE": "Dites s’il s’agit d’une facture ou d’un avoir.",
    "CPRO-DEVISE": "« {value} » n’est pas une monnaie connue. Écrivez EUR pour l’euro.",
    "CPRO-TOTAUX": "HT + TVA = {net} + {tax} = {computed}, mais le TTC est de {gross}. Corrigez celui des trois montants qui n’est pas celui de la facture.",
}
# fmt: on
RULES: dict[str, Rule] = table(
    Rule(rule, tuple(terms.split()), english, french, severity, syntaxes=())
    for rule, severity, terms, english, french in _ROWS
)
SENTENCES: dict[str, str] = {rule: row.french for rule, row in RULES.items()} | IN_A_FORM
