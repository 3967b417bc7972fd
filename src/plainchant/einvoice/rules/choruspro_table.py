"""Chorus Pro's own acceptance, the rows of what a header does not have (`header_table` has the others)."""

from __future__ import annotations

from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF
from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import Rule, table

MAX_SERVICE = 100
# S2.05 and the pivot's list, without the leading zero the flows sometimes have.
PAYMENT_CODES = frozenset(PAYMENT_MEANS_OF)

_ROWS: tuple[tuple[str, Severity, str, str, str], ...] = (
    ("CPRO-G1.02", "fatal", "BT-23", "The cadre is A1 to A25, without A11.", "Le cadre de facturation « {value} » n’existe pas. Écrivez A1 pour une facture ordinaire."),
    ("CPRO-G1.02-REFORME", "fatal", "BT-23", "The reform's processes are not cadres.", "« {value} » est un cadre de la réforme : la facture ainsi écrite part par une plateforme agréée. Pour la déposer dans Chorus Pro, écrivez A1 (facture ordinaire)."),
    ("CPRO-FOURNISSEUR", "fatal", "BT-30", "The supplier has an identifier.", "Le fournisseur n’a pas d’identifiant. Ajoutez votre SIRET (14 chiffres)."),
    ("CPRO-FOURNISSEUR-SIRET", "fatal", "BT-30", "A supplier's SIRET has 14 digits.", "Le SIRET du fournisseur « {value} » ne compte pas 14 chiffres. Recopiez-le depuis votre avis de situation Insee."),
    ("CPRO-FOURNISSEUR-SIREN", "fatal", "BT-30", "A French supplier is known by its SIRET, not by its SIREN.", "Le fournisseur n’est donné que par son SIREN « {value} » : Chorus Pro veut le SIRET. Ajoutez les 5 chiffres de l’établissement (le NIC), ce qui fait 14 chiffres, avec le schéma 0009."),
    ("CPRO-FOURNISSEUR-SCHEMA", "warning", "BT-30", "The scheme of the supplier's identifier is one that Chorus Pro knows.", "Chorus Pro ne sait pas de quelle sorte est l’identifiant du fournisseur, « {value} » (schéma : {scheme}). Écrivez le SIRET avec le schéma 0009 ; hors de France, le numéro de TVA avec 0223 ou l’identifiant du pays avec 0227."),
    ("CPRO-DESTINATAIRE", "fatal", "BT-47", "The recipient has an identifier.", "Le destinataire n’a pas d’identifiant. Ajoutez son SIRET (14 chiffres) : il figure dans l’annuaire."),
    ("CPRO-DESTINATAIRE-SIRET", "fatal", "BT-47", "The recipient's SIRET has 14 digits.", "Le SIRET du destinataire « {value} » ne compte pas 14 chiffres (un SIREN ne suffit pas). Cherchez-le dans l’annuaire."),
    ("CPRO-DESTINATAIRE-ETAT", "fatal", "BT-10", "Without the State's SIRET, a service is given.", "Le SIRET du destinataire est 00000000000000 : il faut alors le code du service. Ajoutez-le, ou mettez le vrai SIRET."),
    ("CPRO-SERVICE-LONG", "fatal", "BT-10", "A service code has at most 100 characters.", "Le code service compte {length} caractères ; 100 au plus sont acceptés. Recopiez-le depuis l’annuaire."),
    ("CPRO-PAIEMENT", "fatal", "BT-81", "The means of payment is given.", "Le moyen de paiement manque : Chorus Pro l’exige. Écrivez 30 pour un virement."),
    ("CPRO-S2.05", "fatal", "BT-81", "The means of payment is one that Chorus Pro knows.", "Chorus Pro ne connaît pas le moyen de paiement « {value} ». Écrivez 30 pour un virement."),
    ("CPRO-G1.16", "fatal", "BT-84", "An account is written as an IBAN.", "Le compte « {value} » n’a pas la forme d’un IBAN. En France il commence par FR et compte 27 signes : recopiez-le depuis votre RIB."),
    ("CPRO-MONTANTS", "fatal", "BG-22", "The totals are given.", "Les totaux de la facture manquent. Ajoutez le HT, la TVA, le TTC et le montant à payer."),
    ("CPRO-TVA", "fatal", "BG-23", "A row of the VAT breakdown has a base and a tax.", "Une ligne du récapitulatif de TVA n’a pas de base ou pas de montant. Complétez-la."),
    ("CPRO-TVA-CATEGORIE", "fatal", "BT-118 BT-151", "A CII with lines names the category of a VAT somewhere: samples leave it out of the header or of a line.", "Aucune TVA de la facture n’a sa catégorie (CategoryCode) : Chorus Pro refuse un CII ainsi écrit. Indiquez S (taux normal ou réduit), E (exonéré), AE… avec le TypeCode VAT, sur chaque ligne et dans le récapitulatif."),
    ("CPRO-PJ-VIDE", "fatal", "BT-125", "An attachment that is announced is there.", "Le document « {value} » est annoncé mais son contenu manque. Joignez-le, ou retirez la référence."),
    ("CPRO-REFERENCE-SANS-FICHIER", "warning", "BT-17 BT-18", "A reference to a tender (50) or to an invoiced object (130) holds a file.", "La référence « {value} » (type {kind}) n’a pas de fichier joint : Chorus Pro a déjà refusé des flux ainsi écrits. Retirez-la si l’acheteur ne l’a pas demandée ; sinon, mettez-la dans une note."),
    ("CPRO-PRIX-BRUT", "warning", "BT-147 BT-148", "A gross price comes with the amount of its discount.", "Le prix brut {gross} n’a pas le montant de sa remise (ActualAmount) : Chorus Pro a déjà refusé des flux ainsi écrits. Ajoutez ce montant, 0 s’il n’y a pas de remise, ou retirez le prix brut."),
    ("CPRO-PJ-NOM", "fatal", "BT-122", "The name of an attachment has at most 50 characters.", "Le nom de la pièce jointe « {value} » compte {length} caractères ; 50 au plus sont acceptés, extension comprise. Raccourcissez-le."),
    ("CPRO-PJ-EXTENSION", "fatal", "BT-122", "The name of an attachment has a known extension.", "La pièce jointe « {value} » n’a pas d’extension admise (.pdf, .xls, .jpg…). Renommez-la, ou enregistrez-la en PDF."),
    ("CPRO-PJ-TAILLE", "fatal", "BT-125", "An attachment has at most 10 MB.", "La pièce jointe « {value} » dépasse 10 Mo. Allégez-la."),
    ("CPRO-PJ-TOTAL", "fatal", "BG-24", "All attachments together have at most 120 MB.", "Les pièces jointes dépassent 120 Mo ensemble. Allégez-les."),
)  # fmt: skip

# Seen of flows in CII and of Factur-X, by those who write them; samples of 2018 without the amount were taken. Tryton's
# own scenario of Chorus Pro is refused for its categories.
_IN_CII = frozenset({"CPRO-REFERENCE-SANS-FICHIER", "CPRO-PRIX-BRUT", "CPRO-TVA-CATEGORIE"})

RULES: dict[str, Rule] = table(
    Rule(
        rule, tuple(terms.split()), english, french, severity, syntaxes=("cii",) if rule in _IN_CII else ("ubl", "cii")
    )
    for rule, severity, terms, english, french in _ROWS
)
