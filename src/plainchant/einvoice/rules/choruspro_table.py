"""Chorus Pro's own acceptance, the rows of what a header does not have (`header_table` has the others)."""

from __future__ import annotations

from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF
from plainchant.einvoice.rule import Rule, table

MAX_SERVICE = 100
# S2.05 and the pivot's list, without the leading zero the flows sometimes have.
PAYMENT_CODES = frozenset(PAYMENT_MEANS_OF)

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("CPRO-G1.02", "BT-23", "The cadre is A1 to A25, without A11.", "Le cadre de facturation « {value} » n’existe pas. Écrivez A1 pour une facture ordinaire."),
    ("CPRO-G1.02-REFORME", "BT-23", "The reform's processes are not cadres.", "« {value} » est un cadre de la réforme : la facture ainsi écrite part par une plateforme agréée. Pour la déposer dans Chorus Pro, écrivez A1 (facture ordinaire)."),
    ("CPRO-FOURNISSEUR", "BT-30", "The supplier has an identifier.", "Le fournisseur n’a pas d’identifiant. Ajoutez votre SIRET (14 chiffres)."),
    ("CPRO-FOURNISSEUR-SIRET", "BT-30", "A supplier's SIRET has 14 digits.", "Le SIRET du fournisseur « {value} » ne compte pas 14 chiffres. Recopiez-le depuis votre avis de situation Insee."),
    ("CPRO-DESTINATAIRE", "BT-47", "The recipient has an identifier.", "Le destinataire n’a pas d’identifiant. Ajoutez son SIRET (14 chiffres) : il figure dans l’annuaire."),
    ("CPRO-DESTINATAIRE-SIRET", "BT-47", "The recipient's SIRET has 14 digits.", "Le SIRET du destinataire « {value} » ne compte pas 14 chiffres (un SIREN ne suffit pas). Cherchez-le dans l’annuaire."),
    ("CPRO-DESTINATAIRE-ETAT", "BT-10", "Without the State's SIRET, a service is given.", "Le SIRET du destinataire est 00000000000000 : il faut alors le code du service. Ajoutez-le, ou mettez le vrai SIRET."),
    ("CPRO-SERVICE-LONG", "BT-10", "A service code has at most 100 characters.", "Le code service compte {length} caractères ; 100 au plus sont acceptés. Recopiez-le depuis l’annuaire."),
    ("CPRO-PAIEMENT", "BT-81", "The means of payment is given.", "Le moyen de paiement manque : Chorus Pro l’exige. Écrivez 30 pour un virement."),
    ("CPRO-S2.05", "BT-81", "The means of payment is one that Chorus Pro knows.", "Chorus Pro ne connaît pas le moyen de paiement « {value} ». Écrivez 30 pour un virement."),
    ("CPRO-G1.16", "BT-84", "An account is written as an IBAN.", "Le compte « {value} » n’a pas la forme d’un IBAN. En France il commence par FR et compte 27 signes : recopiez-le depuis votre RIB."),
    ("CPRO-MONTANTS", "BG-22", "The totals are given.", "Les totaux de la facture manquent. Ajoutez le HT, la TVA, le TTC et le montant à payer."),
    ("CPRO-TVA", "BG-23", "A row of the VAT breakdown has a base and a tax.", "Une ligne du récapitulatif de TVA n’a pas de base ou pas de montant. Complétez-la."),
    ("CPRO-PJ-VIDE", "BT-125", "An attachment that is announced is there.", "Le document « {value} » est annoncé mais son contenu manque. Joignez-le, ou retirez la référence."),
    ("CPRO-PJ-NOM", "BT-122", "The name of an attachment has at most 50 characters.", "Le nom de la pièce jointe « {value} » compte {length} caractères ; 50 au plus sont acceptés, extension comprise. Raccourcissez-le."),
    ("CPRO-PJ-EXTENSION", "BT-122", "The name of an attachment has a known extension.", "La pièce jointe « {value} » n’a pas d’extension admise (.pdf, .xls, .jpg…). Renommez-la, ou enregistrez-la en PDF."),
    ("CPRO-PJ-TAILLE", "BT-125", "An attachment has at most 10 MB.", "La pièce jointe « {value} » dépasse 10 Mo. Allégez-la."),
    ("CPRO-PJ-TOTAL", "BG-24", "All attachments together have at most 120 MB.", "Les pièces jointes dépassent 120 Mo ensemble. Allégez-les."),
)  # fmt: skip

RULES: dict[str, Rule] = table(
    Rule(rule, tuple(terms.split()), english, french) for rule, terms, english, french in _ROWS
)
