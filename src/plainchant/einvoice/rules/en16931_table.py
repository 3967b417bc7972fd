"""EN 16931's rules, the rows: what each of the 223 means, in our own words, and what to do about it."""

from __future__ import annotations

from plainchant.einvoice.codes import en16931 as lists
from plainchant.einvoice.rule import MISSING, Rule, table

from .vat_table import VAT_ROWS

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    # The document
    ("BR-01", "BT-24", "The specification followed is named.", "Le fichier ne dit pas quelle norme il suit (BT-24). Ajoutez « urn:cen.eu:en16931:2017 »."),
    ("BR-02", "BT-1", "The invoice has a number.", "La facture n’a pas de numéro. Donnez-lui celui de votre suite de factures."),
    ("BR-03", "BT-2", "The invoice has a date of issue.", "La date de la facture manque, ou le fichier ne dit pas sous quelle forme elle est écrite (format 102 : AAAAMMJJ). Écrivez-la, avec ce format."),
    ("BR-04", "BT-3", "The type of document is given.", "Le type de document manque. Indiquez 380 pour une facture, 381 pour un avoir."),
    ("BR-05", "BT-5", "The currency of the invoice is given.", "La monnaie de la facture manque. Indiquez EUR pour l’euro."),
    ("BR-06", "BT-27", "The seller is named.", "Le nom du fournisseur manque. Écrivez votre raison sociale, ou votre nom."),
    ("BR-07", "BT-44", "The buyer is named.", "Le nom de l’acheteur manque. Écrivez celui de l’organisme qui doit payer."),
    ("BR-08", "BG-5", "The seller's postal address is given.", "L’adresse du fournisseur manque. Ajoutez au moins le pays."),
    ("BR-09", "BT-40", "The seller's address names a country.", "Le pays du fournisseur manque dans son adresse. Écrivez FR pour la France."),
    ("BR-10", "BG-8", "The buyer's postal address is given.", "L’adresse de l’acheteur manque. Ajoutez au moins le pays."),
    ("BR-11", "BT-55", "The buyer's address names a country.", "Le pays de l’acheteur manque dans son adresse. Écrivez FR pour la France."),
    ("BR-12", "BT-106", "The sum of the lines is given.", "Il manque le total des lignes hors taxes. Additionnez les lignes et indiquez-le."),
    ("BR-13", "BT-109", "The total without VAT is given.", "Il manque le total hors taxes (HT). Indiquez-le."),
    ("BR-14", "BT-112", "The total with VAT is given.", "Il manque le total toutes taxes comprises (TTC). Indiquez-le."),
    ("BR-15", "BT-115", "The amount due is given.", "Il manque le montant à payer. Indiquez-le, même s’il est égal au TTC."),
    ("BR-16", "BG-25", "There is at least one line.", "La facture n’a aucune ligne. Décrivez au moins une prestation ou un article."),
    ("BR-17", "BT-59", "A payee is named, and is another than the seller.", "Le bénéficiaire du paiement n’est pas nommé, ou c’est le fournisseur lui-même. Nommez-le, ou retirez-le si c’est vous."),
    ("BR-18", "BT-62", "A tax representative is named.", "Le représentant fiscal n’a pas de nom. Écrivez-le."),
    ("BR-19", "BG-12", "A tax representative has a postal address.", "Le représentant fiscal n’a pas d’adresse. Ajoutez au moins son pays."),
    ("BR-20", "BT-69", "The tax representative's address names a country.", "Le pays du représentant fiscal manque. Ajoutez-le à son adresse."),
    # Lines
    ("BR-21", "BT-126", "Each line has an identifier.", "Cette ligne n’a pas de numéro. Numérotez les lignes : 1, 2, 3…"),
    ("BR-22", "BT-129", "Each line has a quantity.", "Cette ligne n’a pas de quantité. Indiquez-la ; pour un forfait, écrivez 1."),
    ("BR-23", "BT-130", "Each quantity has a unit.", "La quantité de cette ligne n’a pas d’unité. Indiquez C62 pour une pièce, HUR pour une heure."),
    ("BR-24", "BT-131", "Each line has a net amount.", "Cette ligne n’a pas de montant hors taxes. Indiquez-le."),
    ("BR-25", "BT-153", "Each line names what is sold.", "Cette ligne ne dit pas ce qui est vendu. Ajoutez une désignation."),
    ("BR-26", "BT-146", "Each line has a unit price.", "Cette ligne n’a pas de prix unitaire. Indiquez-le, hors taxes."),
    ("BR-27", "BT-146", "A unit price is not below zero.", "Le prix unitaire de cette ligne manque ou est négatif. Écrivez un prix positif ; pour retirer un montant, mettez le signe moins à la quantité."),
    ("BR-28", "BT-148", "A gross price is not below zero.", "Le prix brut {value} est négatif. Gardez un prix positif et mettez le signe moins à la quantité."),
    ("BR-29", "BT-73 BT-74", "A period ends on or after the day it starts.", "La période de facturation finit avant de commencer, ou l’une de ses dates ne se lit pas. Vérifiez les deux dates."),
    ("BR-30", "BT-134 BT-135", "A line's period ends on or after the day it starts.", "La période de cette ligne finit avant de commencer, ou l’une de ses dates ne se lit pas. Vérifiez les deux dates."),
    # Allowances and charges
    ("BR-31", "BT-92", "A document allowance has an amount.", "Une remise sur le total n’a pas de montant. Indiquez-le, ou retirez la remise."),
    ("BR-32", "BT-95", "A document allowance has a VAT category.", "Une remise sur le total ne dit pas quelle TVA elle concerne. Indiquez sa catégorie de TVA : S (taux normal ou réduit), E (exonéré)…"),
    ("BR-33", "BT-97 BT-98", "A document allowance has a reason or a code.", "Une remise sur le total n’a pas de motif. Écrivez-en un, par exemple « Remise commerciale »."),
    ("BR-36", "BT-99", "A document charge has an amount.", "Des frais sur le total n’ont pas de montant. Indiquez-le, ou retirez-les."),
    ("BR-37", "BT-102", "A document charge has a VAT category.", "Des frais sur le total ne disent pas quelle TVA s’y applique. Indiquez leur catégorie de TVA : S (taux normal ou réduit), E (exonéré)…"),
    ("BR-38", "BT-104 BT-105", "A document charge has a reason or a code.", "Des frais sur le total n’ont pas de motif. Écrivez-en un, par exemple « Transport »."),
    ("BR-41", "BT-136", "A line allowance has an amount.", "Une remise de cette ligne n’a pas de montant. Indiquez-le, ou retirez la remise."),
    ("BR-42", "BT-139 BT-140", "A line allowance has a reason or a code.", "Une remise de cette ligne n’a pas de motif. Écrivez-en un."),
    ("BR-43", "BT-141", "A line charge has an amount.", "Des frais de cette ligne n’ont pas de montant. Indiquez-le, ou retirez-les."),
    ("BR-44", "BT-144 BT-145", "A line charge has a reason or a code.", "Des frais de cette ligne n’ont pas de motif. Écrivez-en un."),
    # The VAT breakdown
    ("BR-45", "BT-116", "Each row of the VAT breakdown has a base.", "Une ligne du récapitulatif de TVA n’a pas de base hors taxes. Indiquez-la."),
    ("BR-46", "BT-117", "Each row of the VAT breakdown has an amount of tax.", "Une ligne du récapitulatif de TVA n’a pas de montant de TVA. Indiquez-le, 0 s’il n’y en a pas."),
    ("BR-47", "BT-118", "Each row of the VAT breakdown has a VAT category.", "Une ligne du récapitulatif de TVA n’a pas de catégorie. Indiquez S (taux normal ou réduit), E (exonéré), AE…"),
    ("BR-48", "BT-119", "Each row of the VAT breakdown has a rate, unless VAT does not apply.", "Une ligne du récapitulatif de TVA n’a pas de taux. Indiquez-le : 20, 10, 5.5, ou 0."),
    # Payment
    ("BR-49", "BT-81", "Payment instructions say by which means.", "Le moyen de paiement manque. Indiquez son code : 30 pour un virement."),
    ("BR-50", "BT-84", "A credit transfer names the account.", "Le virement ne dit pas sur quel compte. Indiquez votre IBAN."),
    ("BR-51", "BT-87", "No more than ten digits of a payment card are given.", "Le numéro de carte est trop complet : {value}. N’en gardez que les derniers chiffres."),
    ("BR-52", "BT-122", "A supporting document has a reference.", "Une pièce jointe ou un document cité n’a pas de référence. Donnez-lui un nom."),
    ("BR-53", "BT-6 BT-111", "With an accounting currency, the VAT is also given in it.", "La TVA n’est pas donnée en {value}, monnaie de comptabilité. Ajoutez ce total, ou retirez cette monnaie."),
    ("BR-54", "BT-160 BT-161", "An attribute of an item has a name and a value.", "Une caractéristique d’article n’a pas de nom, ou pas de valeur. Complétez-la, ou retirez-la."),
    ("BR-55", "BT-25", "A preceding invoice has a number.", "La facture d’origine est citée sans son numéro. Indiquez-le."),
    ("BR-56", "BT-63", "A tax representative has a VAT number.", "Le représentant fiscal n’a pas de numéro de TVA. Ajoutez-le."),
    ("BR-57", "BT-80", "A delivery address names a country.", "L’adresse de livraison n’a pas de pays. Écrivez FR pour la France."),
    ("BR-61", "BT-84", "A payment by transfer names the account.", "Le paiement se fait par virement mais aucun compte n’est indiqué. Ajoutez votre IBAN."),
    ("BR-62", "BT-34", "The seller's electronic address has a scheme.", "L’adresse électronique du fournisseur {value} n’a pas de type. Ajoutez-le : 0225 pour l’annuaire français, EM pour un courriel."),
    ("BR-63", "BT-49", "The buyer's electronic address has a scheme.", "L’adresse électronique de l’acheteur {value} n’a pas de type. Ajoutez-le : 0225 pour l’annuaire français, EM pour un courriel."),
    ("BR-64", "BT-157", "An item's standard identifier has a scheme.", "L’identifiant standard {value} de l’article n’a pas de type. Ajoutez-le (0160 pour un code-barres GTIN), ou retirez-le."),
    ("BR-65", "BT-158", "An item's classification has a list.", "La classification {value} de l’article ne dit pas de quelle liste elle vient. Ajoutez-la, ou retirez la classification."),
    # Agreement
    ("BR-CO-03", "BT-7 BT-8", "The day VAT falls due and its code exclude each other.", "La facture donne à la fois la date d’exigibilité de la TVA et un code qui la désigne. Gardez l’un des deux."),
    ("BR-CO-04", "BT-151", "Each line has a VAT category.", "Cette ligne n’a pas de catégorie de TVA. Indiquez S (taux normal ou réduit), E (exonéré)…"),
    ("BR-CO-05", "BT-97 BT-98", "Reason and code of an allowance say the same (not testable).", "Le motif et le code d’une remise doivent dire la même chose. Corrigez l’un des deux, ou n’en gardez qu’un."),
    ("BR-CO-06", "BT-104 BT-105", "Reason and code of a charge say the same (not testable).", "Le motif et le code de frais doivent dire la même chose. Corrigez l’un des deux, ou n’en gardez qu’un."),
    ("BR-CO-07", "BT-139 BT-140", "Reason and code of a line allowance say the same (not testable).", "Le motif et le code d’une remise de ligne doivent dire la même chose. Corrigez l’un des deux, ou n’en gardez qu’un."),
    ("BR-CO-08", "BT-144 BT-145", "Reason and code of a line charge say the same (not testable).", "Le motif et le code de frais de ligne doivent dire la même chose. Corrigez l’un des deux, ou n’en gardez qu’un."),
    ("BR-CO-09", "BT-31 BT-48 BT-63", "A VAT number starts with a country.", "Le numéro de TVA {value} ne commence pas par un code de pays en capitales. Écrivez-le : FR pour un numéro français."),
    ("BR-CO-10", "BT-106", "The sum of the lines is the sum of their net amounts.", "La somme des lignes fait {computed}, mais le total des lignes indiqué est {written}. Corrigez le total, ou la ligne en cause."),
    ("BR-CO-11", "BT-107", "The total of allowances is their sum.", "La somme des remises fait {computed}, mais le total des remises indiqué est {written}. Corrigez l’un ou l’autre."),
    ("BR-CO-12", "BT-108", "The total of charges is their sum.", "La somme des frais fait {computed}, mais le total des frais indiqué est {written}. Corrigez l’un ou l’autre."),
    ("BR-CO-13", "BT-109", "The total without VAT is lines less allowances plus charges.", "Lignes − remises + frais = {computed}, mais le total HT indiqué est {written}. Corrigez le total HT."),
    ("BR-CO-14", "BT-110", "The total of VAT is the sum of the breakdown.", "La somme des TVA du récapitulatif fait {computed}, mais le total de TVA indiqué est {written}. Corrigez l’un ou l’autre."),
    ("BR-CO-15", "BT-112", "The total with VAT is the total without VAT plus VAT.", "HT + TVA = {computed}, mais le TTC indiqué est {written}. Corrigez celui des trois montants qui est faux."),
    ("BR-CO-16", "BT-115", "The amount due is the total less what was paid, plus rounding.", "TTC − déjà payé + arrondi = {computed}, mais le montant à payer indiqué est {written}. Corrigez-le."),
    ("BR-CO-17", "BT-117", "The VAT of a row is its base times its rate.", "La base multipliée par le taux donne {computed} de TVA, mais {written} est indiqué. Corrigez le montant, la base ou le taux."),
    ("BR-CO-18", "BG-23", "There is at least one row of VAT breakdown.", "Le récapitulatif de TVA manque. Ajoutez une ligne par taux, même si la TVA est de 0."),
    ("BR-CO-19", "BG-14", "A period has a start or an end.", "La période de facturation n’a ni début ni fin. Indiquez une date, ou retirez la période."),
    ("BR-CO-20", "BG-26", "A line's period has a start or an end.", "La période de cette ligne n’a ni début ni fin. Indiquez une date, ou retirez la période."),
    ("BR-CO-21", "BT-97 BT-98", "A document allowance has a reason, a code, or both.", "Une remise sur le total n’a ni motif ni code de motif. Ajoutez l’un des deux."),
    ("BR-CO-22", "BT-104 BT-105", "A document charge has a reason, a code, or both.", "Des frais sur le total n’ont ni motif ni code de motif. Ajoutez l’un des deux."),
    ("BR-CO-23", "BT-139 BT-140", "A line allowance has a reason, a code, or both.", "Une remise de cette ligne n’a ni motif ni code de motif. Ajoutez l’un des deux."),
    ("BR-CO-24", "BT-144 BT-145", "A line charge has a reason, a code, or both.", "Des frais de cette ligne n’ont ni motif ni code de motif. Ajoutez l’un des deux."),
    ("BR-CO-26", "BT-29 BT-30 BT-31", "The seller can be identified by a number.", "Le fournisseur n’a aucun identifiant. Ajoutez votre SIRET, votre SIREN ou votre numéro de TVA."),
    # Code lists
    ("BR-CL-01", "BT-3", "The type of document is in its code list.", "Le type de document « {value} » n’est pas connu. Écrivez 380 (facture) ou 381 (avoir)."),
    ("BR-CL-03", "BT-5", "The currency of an amount is in ISO 4217.", "Un montant est donné dans une monnaie inconnue, ou sans monnaie (currencyID). Écrivez EUR pour l’euro."),
    ("BR-CL-04", "BT-5", "The invoice's currency is in ISO 4217.", "« {value} » n’est pas une monnaie connue. Écrivez EUR pour l’euro."),
    ("BR-CL-05", "BT-6", "The accounting currency is in ISO 4217.", "La monnaie de comptabilité « {value} » n’est pas connue. Écrivez EUR, ou retirez-la."),
    ("BR-CL-06", "BT-8", "The code of the day VAT falls due is in its list.", "Le code d’exigibilité de la TVA « {value} » n’est pas connu. Écrivez en CII 5 (date de la facture), 29 (livraison) ou 72 (paiement) ; en UBL, dans le même ordre, 3, 35 ou 432."),
    ("BR-CL-07", "BT-18 BT-128", "The scheme of an invoiced object is in its list.", "Le type de l’objet facturé (attribut schemeID, ReferenceTypeCode en CII) n’est pas un code de la liste UNTDID 1153. Écrivez un code de cette liste, ou retirez l’objet si vous n’en avez pas besoin."),
    ("BR-CL-08", "BT-21", "The subject of a note is in its list.", "Le code de sujet de la note n’est pas connu. Corrigez-le (AAI : information générale), ou retirez-le."),
    ("BR-CL-10", "BT-29 BT-46 BT-60", "The scheme of a party's identifier is in its list.", "Le type d’identifiant « {value} » d’une des parties n’est pas connu. Écrivez 0009 pour un SIRET, 0002 pour un SIREN."),
    ("BR-CL-11", "BT-30 BT-47 BT-61", "The scheme of a legal registration is in its list.", "Le type d’un numéro d’immatriculation n’est pas connu de la norme. Écrivez 0002 pour un SIREN, 0009 pour un SIRET."),
    ("BR-CL-13", "BT-158", "The scheme of a classification is in its list.", "La classification de l’article ne dit pas de quelle liste elle vient (attribut listID), ou cette liste n’est pas dans UNTDID 7143. Écrivez par exemple HS pour un code douanier, ou retirez la classification."),
    ("BR-CL-14", "BT-40 BT-55 BT-69 BT-80", "A country is in ISO 3166-1.", "« {value} » n’est pas un code de pays. Écrivez FR pour la France."),
    ("BR-CL-15", "BT-159", "The country an item comes from is in ISO 3166-1.", "Le pays d’origine « {value} » n’est pas un code de pays. Corrigez-le, ou retirez-le."),
    ("BR-CL-16", "BT-81", "The means of payment is in its list.", "Le moyen de paiement « {value} » n’est pas connu. Écrivez 30 pour un virement."),
    ("BR-CL-17", "BT-95 BT-102 BT-118", "A VAT category is in its list.", "La catégorie de TVA « {value} » n’est pas connue. Écrivez S (taux normal ou réduit), E (exonéré, franchise), AE (autoliquidation), K (livraison dans l’Union), G (exportation) ou O (hors du champ)."),
    ("BR-CL-18", "BT-118 BT-151", "A line's VAT category is in its list.", "La catégorie de TVA « {value} » n’est pas connue. Écrivez S (taux normal ou réduit), E (exonéré, franchise), AE (autoliquidation), K (livraison dans l’Union), G (exportation) ou O (hors du champ)."),
    ("BR-CL-19", "BT-98 BT-140", "The code of an allowance's reason is in its list.", "Le code de motif de remise « {value} » n’est pas connu. Écrivez 95 (remise), ou seulement le motif en toutes lettres."),
    ("BR-CL-20", "BT-105 BT-145", "The code of a charge's reason is in its list.", "Le code de motif de frais « {value} » n’est pas connu. Écrivez FC (transport), ou seulement le motif en toutes lettres."),
    ("BR-CL-21", "BT-157", "The scheme of an item's identifier is in its list.", "Le type de l’identifiant standard de l’article n’est pas connu. Écrivez 0160 pour un code-barres GTIN."),
    ("BR-CL-22", "BT-121", "The code of an exemption is in the VATEX list.", "Le code d’exonération « {value} » n’est pas connu. Pour la franchise en base écrivez VATEX-FR-FRANCHISE, ou seulement le motif."),
    ("BR-CL-23", "BT-130 BT-150", "A unit is in Recommendation 20 or 21.", "L’unité n’est pas connue. Écrivez C62 pour une pièce, HUR pour une heure, DAY pour un jour."),
    ("BR-CL-24", "BT-125", "The type of an attachment is one of six.", "Le type de la pièce jointe n’est pas admis. Joignez un PDF, une image PNG ou JPEG, un CSV ou un tableur."),
    ("BR-CL-25", "BT-34 BT-49", "The scheme of an electronic address is in its list.", "Le type d’adresse électronique n’est pas connu. Écrivez 0225 (annuaire français) ou EM (courriel)."),
    ("BR-CL-26", "BT-71", "The scheme of a delivery location is in its list.", "Le type d’identifiant du lieu de livraison n’est pas connu. Écrivez 0009 pour un SIRET, 0088 pour un GLN."),
)  # fmt: skip

_DECIMALS = (
    ("BR-DEC-01", "BT-92", "le montant d’une remise sur le total", "a document allowance"),
    ("BR-DEC-02", "BT-93", "la base d’une remise sur le total", "the base of a document allowance"),
    ("BR-DEC-05", "BT-99", "le montant de frais sur le total", "a document charge"),
    ("BR-DEC-06", "BT-100", "la base de frais sur le total", "the base of a document charge"),
    ("BR-DEC-09", "BT-106", "le total des lignes", "the sum of the lines"),
    ("BR-DEC-10", "BT-107", "le total des remises", "the total of allowances"),
    ("BR-DEC-11", "BT-108", "le total des frais", "the total of charges"),
    ("BR-DEC-12", "BT-109", "le total HT", "the total without VAT"),
    ("BR-DEC-13", "BT-110", "le total de TVA", "the total of VAT"),
    ("BR-DEC-14", "BT-112", "le total TTC", "the total with VAT"),
    ("BR-DEC-16", "BT-113", "le montant déjà payé", "the amount paid"),
    ("BR-DEC-17", "BT-114", "l’arrondi", "the rounding"),
    ("BR-DEC-18", "BT-115", "le montant à payer", "the amount due"),
    ("BR-DEC-19", "BT-116", "une base du récapitulatif de TVA", "a base of the VAT breakdown"),
    ("BR-DEC-20", "BT-117", "un montant du récapitulatif de TVA", "a tax of the VAT breakdown"),
    ("BR-DEC-23", "BT-131", "le montant de cette ligne", "a line's net amount"),
    ("BR-DEC-24", "BT-136", "une remise de cette ligne", "a line allowance"),
    ("BR-DEC-25", "BT-137", "la base d’une remise de cette ligne", "the base of a line allowance"),
    ("BR-DEC-27", "BT-141", "des frais de cette ligne", "a line charge"),
    ("BR-DEC-28", "BT-142", "la base de frais de cette ligne", "the base of a line charge"),
)
_SEVERITIES = {"BR-51": {"ubl": "warning"}}


_CREDIT_IN_INVOICE = "Un avoir ({value}) s’écrit en UBL dans un document CreditNote, pas dans un document Invoice. Faites refaire le fichier par votre logiciel comme un avoir ; si ce n’est pas un avoir, écrivez 380."
_INVOICE_IN_CREDIT = "Une facture ({value}) s’écrit en UBL dans un document Invoice, pas dans un document CreditNote. Faites refaire le fichier par votre logiciel comme une facture ; si c’est un avoir, écrivez 381."
_NOT_WRITTEN = "{what} = {{computed}}, mais {total} n’est pas indiqué. Ajoutez-le."
# Where the mend depends on what was found: rule → {(detail, its value): the sentence instead}.
_SENTENCES_FOR: dict[str, dict[tuple[str, str], str]] = {
    "BR-CL-01": {
        **{("value", code): _CREDIT_IN_INVOICE for code in sorted(lists.DOCUMENT_TYPES_UBL_CREDIT_NOTE - lists.DOCUMENT_TYPES_UBL_INVOICE)},
        **{("value", code): _INVOICE_IN_CREDIT for code in sorted(lists.DOCUMENT_TYPES_UBL_INVOICE - lists.DOCUMENT_TYPES_UBL_CREDIT_NOTE)},
    },
    "BR-CO-10": {("written", MISSING): _NOT_WRITTEN.format(what="La somme des lignes", total="le total des lignes")},
    "BR-CO-11": {("written", MISSING): _NOT_WRITTEN.format(what="La somme des remises", total="le total des remises")},
    "BR-CO-12": {("written", MISSING): _NOT_WRITTEN.format(what="La somme des frais", total="le total des frais")},
    "BR-CO-13": {
        ("computed", MISSING): "Le total HT ne peut pas être vérifié : le total des lignes n’est pas indiqué. Ajoutez-le.",
        ("written", MISSING): _NOT_WRITTEN.format(what="Lignes − remises + frais", total="le total HT"),
    },
    "BR-CO-14": {("written", MISSING): _NOT_WRITTEN.format(what="La somme des TVA du récapitulatif", total="le total de TVA")},
    "BR-CO-15": {
        ("computed", MISSING): "HT + TVA ne peut pas être vérifié : le total HT, ou le total de TVA dans la monnaie de la facture, n’est pas indiqué. Ajoutez-le ; s’il y est, ajoutez au total de TVA sa monnaie (attribut currencyID=\"EUR\").",
        ("written", MISSING): _NOT_WRITTEN.format(what="HT + TVA", total="le TTC"),
    },
    "BR-CO-16": {
        ("computed", MISSING): "Le montant à payer ne peut pas être vérifié : le TTC n’est pas indiqué. Ajoutez-le.",
        ("written", MISSING): _NOT_WRITTEN.format(what="TTC − déjà payé + arrondi", total="le montant à payer"),
    },
}  # fmt: skip

RULES: dict[str, Rule] = table(
    (
        *(
            Rule(
                rule,
                tuple(terms.split()),
                english,
                french,
                severity_in=_SEVERITIES.get(rule, {}),  # type: ignore[arg-type]
                french_for=_SENTENCES_FOR.get(rule, {}),
            )
            for rule, terms, english, french in _ROWS
        ),
        *(
            Rule(
                rule,
                (term,),
                f"At most two decimals are written: {english}.",
                f"Plus de deux chiffres après la virgule sont écrits pour {french} : {{value}}. Arrondissez au centime.",
            )
            for rule, term, french, english in _DECIMALS
        ),
        Rule(
            "BR-DEC-15",
            ("BT-111",),
            "The total of VAT in accounting currency is there, and at most two decimals are written.",
            "Le total de TVA en monnaie de comptabilité {problem}. Donnez-le au centime près, ou retirez la monnaie de "
            "comptabilité (BT-6).",
        ),
        *VAT_ROWS,
    )
)
