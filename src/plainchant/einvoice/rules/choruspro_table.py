"""Chorus Pro's own acceptance, the rows."""

from __future__ import annotations

from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF
from plainchant.einvoice.rule import Rule, table

MAX_NUMBER = 20
MAX_SERVICE = 100
MAX_COMMITMENT = 50
# S2.05 and the pivot's list, without the leading zero the flows sometimes have.
PAYMENT_CODES = frozenset(PAYMENT_MEANS_OF)

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("CPRO-NUMERO-ABSENT", "BT-1", "The invoice has a number.", "Le numéro de facture manque. Donnez-lui celui de votre suite de factures."),
    ("CPRO-G1.05-LONGUEUR", "BT-1", "The number has at most 20 characters.", "Le numéro de facture « {value} » compte {length} caractères ; 20 au plus sont acceptés. Raccourcissez-le."),
    ("CPRO-G1.05", "BT-1", "The number has letters, digits, spaces and - + _ / only.", "Le numéro de facture « {value} » contient des signes refusés : « {strange} ». Gardez des lettres sans accent, des chiffres, des espaces et - + _ /."),
    ("CPRO-DATE", "BT-2", "The invoice has a date.", "La date de la facture manque ou ne se lit pas. Écrivez-la, par exemple 2026-03-12 (20260312 en CII)."),
    ("CPRO-DATE-ANNEE", "BT-2", "The year is between 2000 and 2099.", "La facture est datée du {value}, une année que Chorus Pro n’accepte pas. Corrigez-la."),
    ("CPRO-TYPE-ABSENT", "BT-3", "The type of document is given.", "Le type de document manque. Écrivez 380 pour une facture, 381 pour un avoir."),
    ("CPRO-TYPE", "BT-3", "The type of document is an invoice or a credit note.", "Chorus Pro ne connaît pas le type de document « {value} ». Écrivez 380 pour une facture, 381 pour un avoir."),
    ("CPRO-TYPE-REFUSE", "BT-3", "Self-billed invoices are not taken.", "Chorus Pro n’accepte pas le type de document {value} (autofacturation ou équivalent). Le fournisseur doit émettre une facture 380."),
    ("CPRO-DEVISE", "BT-5", "The currency is in ISO 4217.", "« {value} » n’est pas une monnaie connue. Écrivez EUR pour l’euro."),
    ("CPRO-G1.02", "BT-23", "The cadre is A1 to A25, without A11.", "Le cadre de facturation « {value} » n’existe pas. Écrivez A1 pour une facture ordinaire."),
    ("CPRO-G1.02-REFORME", "BT-23", "The reform's processes are not cadres.", "« {value} » est un cadre de la réforme : la facture ainsi écrite part par une plateforme agréée. Pour la déposer dans Chorus Pro, écrivez A1 (facture ordinaire)."),
    ("CPRO-FOURNISSEUR", "BT-30", "The supplier has an identifier.", "Le fournisseur n’a pas d’identifiant. Ajoutez votre SIRET (14 chiffres)."),
    ("CPRO-FOURNISSEUR-SIRET", "BT-30", "A supplier's SIRET has 14 digits.", "Le SIRET du fournisseur « {value} » ne compte pas 14 chiffres. Recopiez-le depuis votre avis de situation Insee."),
    ("CPRO-DESTINATAIRE", "BT-47", "The recipient has an identifier.", "Le destinataire n’a pas d’identifiant. Ajoutez son SIRET (14 chiffres) : il figure dans l’annuaire."),
    ("CPRO-DESTINATAIRE-SIRET", "BT-47", "The recipient's SIRET has 14 digits.", "Le SIRET du destinataire « {value} » ne compte pas 14 chiffres (un SIREN ne suffit pas). Cherchez-le dans l’annuaire."),
    ("CPRO-DESTINATAIRE-ETAT", "BT-10", "Without the State's SIRET, a service is given.", "Le SIRET du destinataire est 00000000000000 : il faut alors le code du service. Ajoutez-le, ou mettez le vrai SIRET."),
    ("CPRO-SERVICE-LONG", "BT-10", "A service code has at most 100 characters.", "Le code service compte {length} caractères ; 100 au plus sont acceptés. Recopiez-le depuis l’annuaire."),
    ("CPRO-ENGAGEMENT-LONG", "BT-13", "A commitment number has at most 50 characters.", "Le numéro d’engagement compte {length} caractères ; 50 au plus sont acceptés. Recopiez celui que vous a donné votre interlocuteur."),
    ("CPRO-MARCHE-LONG", "BT-12", "A contract number has at most 50 characters.", "Le numéro de marché compte {length} caractères ; 50 au plus sont acceptés. Recopiez-le depuis l’acte d’engagement."),
    ("CPRO-ORIGINE-LONGUE", "BT-25", "A preceding invoice's number has at most 20 characters.", "Le numéro de la facture d’origine « {value} » dépasse 20 caractères. Recopiez celui que Chorus Pro connaît."),
    ("CPRO-PAIEMENT", "BT-81", "The means of payment is given.", "Le moyen de paiement manque : Chorus Pro l’exige. Écrivez 30 pour un virement."),
    ("CPRO-S2.05", "BT-81", "The means of payment is one that Chorus Pro knows.", "Chorus Pro ne connaît pas le moyen de paiement « {value} ». Écrivez 30 pour un virement."),
    ("CPRO-G1.16", "BT-84", "An account is written as an IBAN.", "Le compte « {value} » n’a pas la forme d’un IBAN. En France il commence par FR et compte 27 signes : recopiez-le depuis votre RIB."),
    ("CPRO-MONTANTS", "BG-22", "The totals are given.", "Les totaux de la facture manquent. Ajoutez le HT, la TVA, le TTC et le montant à payer."),
    ("CPRO-HT", "BT-109", "The total without VAT is given.", "Le total hors taxes (HT) manque. Ajoutez-le."),
    ("CPRO-TTC", "BT-112", "The total with VAT is given.", "Le total toutes taxes comprises (TTC) manque. Ajoutez-le."),
    ("CPRO-NET", "BT-115", "The amount due is given.", "Le montant à payer manque. Ajoutez-le, même s’il est égal au TTC."),
    ("CPRO-MONTANT-LONG", "BG-22", "An amount has at most 19 digits and 6 decimals.", "Le montant {value} est trop long : 19 chiffres dont 6 après la virgule sont acceptés. Arrondissez-le."),
    ("CPRO-TOTAUX", "BT-112", "The total with VAT is the total without VAT plus VAT.", "HT + TVA = {net} + {tax} = {computed}, mais le TTC indiqué est {written}. Corrigez celui des trois qui est faux."),
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
