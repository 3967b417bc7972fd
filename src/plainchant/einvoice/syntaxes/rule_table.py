"""The rules on the syntaxes themselves (UBL-SR, UBL-DT, UBL-CR, CII-SR, CII-DT), the rows.

Eleven hundred of them say that an element is not used, or how often it may stand: their sentences are made from the path
in the generated tables. The others are written by hand.
"""

from __future__ import annotations

from plainchant.einvoice.rule import Rule, Vocabulary
from plainchant.einvoice.syntaxes.cii import looks as cii_looks
from plainchant.einvoice.syntaxes.cii import restrictions as cii
from plainchant.einvoice.syntaxes.reading import Restriction, Scope
from plainchant.einvoice.syntaxes.ubl import looks as ubl_looks
from plainchant.einvoice.syntaxes.ubl import restrictions as ubl

_NORM = "la norme européenne EN 16931"
# What people know under another name than the element's.
NAMES = {
    "cac:AdditionalDocumentReference": "les pièces jointes et documents cités",
    "cac:PaymentTerms": "les conditions de paiement",
    "cac:AllowanceCharge": "les remises et frais",
    "cac:Signature": "la signature électronique",
    "cac:Delivery": "la livraison",
    "cac:TaxTotal": "le total de TVA",
    "cac:Contact": "le contact",
    "ram:DefinedTradeContact": "le contact",
    "ram:PostalTradeAddress": "l’adresse",
    "ram:SpecifiedTradeAllowanceCharge": "les remises et frais",
    "ram:AdditionalReferencedDocument": "les pièces jointes et documents cités",
    "ram:SpecifiedTradePaymentTerms": "les conditions de paiement",
    "ram:BillingSpecifiedPeriod": "la période de facturation",
    "ram:DueDateDateTime": "la date d’échéance",
    "ram:FormattedIssueDateTime": "la date du document cité",
    "ram:GuidelineSpecifiedDocumentContextParameter": "la spécification suivie (BT-24)",
}


def _whole(scope: Scope, restriction: Restriction) -> str:
    context = scope.context.removeprefix("/*").removeprefix("/")
    return f"{context}/{restriction.path}" if context and context != "*" else restriction.path


def _row(scope: Scope, restriction: Restriction, syntax: Vocabulary, fatal: frozenset[str]) -> Rule:
    path = _whole(scope, restriction)
    last = restriction.path.rpartition("/")[2]
    known = next((f" ({NAMES[step]})" for step in reversed(path.split("/")) if step in NAMES), "")
    if last.startswith("@"):
        english = f"The attribute {last[1:]} is not used at {path}."
        french = f"L’attribut {last[1:]} n’est pas prévu par {_NORM} à cet endroit. Retirez-le."
    elif (restriction.minimum, restriction.maximum) == (0, 0):
        english = f"{path} is not used."
        french = (
            f"L’élément {last}{known} n’est pas prévu par {_NORM} à cet endroit : d’autres logiciels l’ignoreront. "
            "Retirez-le, ou mettez son contenu dans une note."
        )
    elif restriction.minimum == 0:
        english = f"{path} stands at most {restriction.maximum} times."
        times = "’une fois" if restriction.maximum == 1 else f"e {restriction.maximum} fois"
        french = f"L’élément {last}{known} ne doit figurer qu{times} à cet endroit. Gardez le bon, retirez les autres."
    elif restriction.maximum == restriction.minimum:
        english = f"{path} stands exactly {restriction.minimum} times."
        french = f"L’élément {last}{known} doit figurer une fois, et une seule. Ajoutez-le, ou retirez les autres."
    else:
        english = f"{path} is wanted."
        french = f"L’élément {last}{known} manque. Ajoutez-le."
    severity = "fatal" if restriction.rule in fatal else "warning"
    return Rule(restriction.rule, (), english, french, severity, syntaxes=(syntax,))  # type: ignore[arg-type]


# Those of `looks.py`, and those no path can say: (id, English, French).
_BY_HAND: tuple[tuple[str, str, str], ...] = (
    ("UBL-CR-002", "The UBL version, if given, is 2.1.", "La version d’UBL indiquée n’est pas 2.1. Écrivez 2.1, ou retirez-la."),
    ("UBL-CR-412", "In an invoice, the due date does not stand in the means of payment.", "La date d’échéance est au mauvais endroit. Mettez-la dans cbc:DueDate."),
    ("UBL-CR-420", "The card's verification number is not used.", "Le cryptogramme de la carte ne doit jamais figurer sur une facture. Retirez-le."),
    ("UBL-CR-665", "The scheme of a supporting document's reference is not used.", "La référence d’une pièce jointe porte un type (schemeID) qui n’est pas prévu. Retirez-le."),
    ("UBL-CR-666", "The invoiced object has no attachment.", "L’objet facturé (type 130) contient une pièce jointe. Mettez-la dans un document cité à part."),
    ("UBL-CR-673", "The invoiced object has no description.", "L’objet facturé (type 130) a une description, qui n’est pas prévue. Retirez-la."),
    ("UBL-DT-01", "Amounts have at most two decimals.", "Le montant {value} a plus de deux chiffres après la virgule. Arrondissez-le au centime."),
    ("UBL-DT-06", "An attachment says of which type it is.", "La pièce jointe ne dit pas son type (mimeCode). Ajoutez-le, par exemple application/pdf."),
    ("UBL-DT-07", "An attachment has a file name.", "La pièce jointe n’a pas de nom de fichier (filename). Donnez-lui un nom."),
    ("UBL-DT-18", "The attribute name is used on the means of payment only.", "L’attribut name n’est prévu que sur le moyen de paiement. Retirez-le ici."),
    ("UBL-SR-04", "There is at most one invoiced object.", "Plusieurs objets facturés (type 130) sont cités. Gardez-en un."),
    ("UBL-SR-12", "The seller has at most one VAT number.", "Le fournisseur a plusieurs numéros de TVA. Gardez le bon."),
    ("UBL-SR-13", "The seller has at most one other tax number.", "Le fournisseur a plusieurs numéros fiscaux. Gardez le bon."),
    ("UBL-SR-18", "The buyer has at most one VAT number.", "L’acheteur a plusieurs numéros de TVA. Gardez le bon."),
    ("UBL-SR-19", "A payee has one name, and is another than the seller.", "Le bénéficiaire du paiement a plusieurs noms, ou c’est le fournisseur. Gardez un nom, ou retirez le bénéficiaire."),
    ("UBL-SR-20", "A payee has one identifier, and is another than the seller.", "Le bénéficiaire du paiement a plusieurs identifiants, ou c’est le fournisseur. Gardez-en un, ou retirez le bénéficiaire."),
    ("UBL-SR-21", "A payee has one registration, and is another than the seller.", "Le bénéficiaire du paiement a plusieurs immatriculations, ou c’est le fournisseur. Gardez-en une, ou retirez le bénéficiaire."),
    ("UBL-SR-29", "There is at most one SEPA creditor identifier.", "Plusieurs identifiants de créancier SEPA sont donnés. Gardez-en un."),
    ("UBL-SR-30", "An allowance has at most one reason.", "Une remise a plusieurs motifs. Gardez-en un."),
    ("UBL-SR-31", "A charge has at most one reason.", "Des frais ont plusieurs motifs. Gardez-en un."),
    ("UBL-SR-43", "A reference has a scheme only if it is the invoiced object.", "Ce document cité porte un type réservé à l’objet facturé (130). Retirez le type, ou écrivez 130."),
    ("UBL-SR-44", "All means of payment carry the same remittance information.", "Les moyens de paiement donnent des références de virement différentes. Gardez la même partout."),
    ("UBL-SR-46", "At most one means of payment is named.", "Plusieurs moyens de paiement portent un libellé. Gardez-en un."),
    ("UBL-SR-47", "All means of payment have the same code.", "La facture donne plusieurs moyens de paiement différents. Gardez-en un seul."),
    ("UBL-SR-51", "An address has at most three lines.", "Une adresse a trop de lignes. Gardez-en trois."),
    ("UBL-SR-53", "A tax number has a scheme.", "Un numéro fiscal est incomplet : il manque le numéro, ou le type de taxe (VAT). Complétez-le."),
    ("CII-SR-046", "An item's standard identifier has a scheme.", "L’identifiant standard de l’article n’a pas de type. Ajoutez-le (0160 pour un code-barres GTIN)."),
    ("CII-SR-090", "A country of origin has a code.", "Le pays d’origine de l’article n’a pas de code, ou en a plusieurs. Gardez-en un."),
    ("CII-SR-119", "A discount on a price is an allowance with an amount.", "La remise sur le prix est incomplète : il faut l’indicateur (false) et le montant. Complétez-la."),
    ("CII-SR-449", "A place of delivery has one identifier.", "Le lieu de livraison a deux identifiants de sortes différentes. Gardez-en un."),
    ("CII-SR-450", "The buyer has one identifier.", "L’acheteur a deux identifiants de sortes différentes. Gardez-en un."),
    ("CII-SR-451", "The payee has one identifier.", "Le bénéficiaire a deux identifiants de sortes différentes. Gardez-en un."),
    ("CII-SR-457", "At most one tender is cited.", "Plusieurs consultations (type 50) sont citées. Gardez-en une."),
    ("CII-SR-458", "At most one invoiced object is cited.", "Plusieurs objets facturés (type 130) sont cités. Gardez-en un."),
    ("CII-SR-462", "One code says when VAT falls due.", "Plusieurs codes d’exigibilité de la TVA se contredisent. Gardez le même partout."),
    ("CII-SR-465", "The seller's contact is a person or a department.", "Le contact du fournisseur nomme une personne et un service. Gardez l’un des deux."),
    ("CII-SR-466", "The buyer's contact is a person or a department.", "Le contact de l’acheteur nomme une personne et un service. Gardez l’un des deux."),
    ("CII-SR-467", "All means of payment have the same code.", "La facture donne plusieurs moyens de paiement différents. Gardez-en un seul."),
    ("CII-SR-468", "All means of payment have the same text.", "Les moyens de paiement portent des libellés différents. Gardez le même partout."),
    ("CII-SR-469", "There is one remittance information.", "Plusieurs références de virement sont données. Gardez-en une."),
    ("CII-SR-470", "A credit transfer names the account.", "Le paiement se fait par virement mais un compte manque. Ajoutez votre IBAN."),
    ("CII-SR-474", "A line cites at most one invoiced object.", "Cette ligne cite plusieurs objets facturés. Gardez-en un."),
    ("CII-SR-475", "A supporting document has one name.", "Les pièces jointes ont plus d’un nom. Gardez-en un."),
    ("CII-SR-476", "A supporting document has one attachment.", "Plusieurs contenus sont joints au même endroit. Gardez-en un par document."),
    ("CII-DT-015", "Only supporting documents have an address.", "Ce document cité a une adresse internet, réservée aux pièces jointes (type 916). Retirez-la."),
    ("CII-DT-018", "The type of a cited document is 50, 130 or 916.", "Le type du document cité n’est pas prévu. Écrivez 916 pour une pièce jointe."),
    ("CII-DT-021", "Only supporting documents have a name.", "Ce document cité a un nom, réservé aux pièces jointes. Écrivez le type 916, ou retirez le nom."),
    ("CII-DT-022", "Only supporting documents have an attachment.", "Ce document cité a un contenu, réservé aux pièces jointes. Écrivez le type 916."),
    ("CII-DT-024", "Only the invoiced object has a reference type.", "Ce document cité a un type de référence, réservé à l’objet facturé (130). Retirez-le."),
    ("CII-DT-027", "Only a preceding invoice has a date.", "Ce document cité a une date, réservée à la facture d’origine. Retirez-la."),
    ("CII-DT-031", "Only totals of VAT name a currency.", "Ce montant porte une monnaie (currencyID), réservée au total de TVA. Retirez-la."),
    ("CII-DT-032", "The version of a currency list is not used.", "Ce montant porte une version de liste de monnaies. Retirez-la."),
    ("CII-DT-033", "A unit is given where billed quantities have one.", "Cette quantité porte une unité alors que les quantités facturées n’en ont pas. Ajoutez-la aux lignes."),
    ("CII-DT-037", "The type of tax is VAT.", "Le type de taxe n’est pas VAT (TVA). Écrivez VAT."),
    ("CII-DT-041", "Only the VAT breakdown has a base.", "Une base de TVA figure en dehors du récapitulatif. Retirez-la."),
    ("CII-DT-052", "Only applicable taxes have an exemption code.", "Un code d’exonération figure sur une remise ou des frais. Retirez-le."),
    ("CII-DT-054", "Only the VAT breakdown has a tax point date.", "Une date d’exigibilité figure en dehors du récapitulatif de TVA. Retirez-la."),
    ("CII-DT-058", "Only the VAT breakdown has a tax point code.", "Un code d’exigibilité figure en dehors du récapitulatif de TVA. Retirez-le."),
    ("CII-DT-097", "A date in format 102 is a date.", "La date {value} est écrite sous une autre forme que celle annoncée (format 102 : AAAAMMJJ, par exemple 20260312). Récrivez-la ainsi."),
    ("CII-DT-098", "Only applicable taxes have an exemption reason.", "Un motif d’exonération figure sur une remise ou des frais. Retirez-le."),
)  # fmt: skip


def _rules() -> dict[str, Rule]:
    rows: dict[str, Rule] = {}
    tables: tuple[tuple[tuple[Scope, ...], Vocabulary, frozenset[str]], ...] = (
        (ubl.SCOPES, "ubl", frozenset(ubl.FATAL)),
        (cii.SCOPES, "cii", frozenset(cii.FATAL)),
    )
    for scopes, syntax, fatal in tables:
        for scope in scopes:
            for restriction in scope.restrictions:
                rows.setdefault(restriction.rule, _row(scope, restriction, syntax, fatal))
    fatal = ubl_looks.FATAL | cii_looks.FATAL
    for rule, english, french in _BY_HAND:
        own: Vocabulary = "ubl" if rule.startswith("UBL") else "cii"
        rows[rule] = Rule(rule, (), english, french, "fatal" if rule in fatal else "warning", syntaxes=(own,))
    return rows


RULES: dict[str, Rule] = _rules()
