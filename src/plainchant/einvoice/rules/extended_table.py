"""The rules that Factur-X EXTENDED and EXTENDED-CTC-FR have beside EN 16931 or in its place, the rows.

The two profiles have nearly the same ones, each under its own numbers, and EXTENDED-CTC-FR others again in UBL. So a rule
is known here by what it is about: the norm's number where it takes its place, a word of ours elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import MISSING, Report, Rule, Vocabulary

from . import en16931_table
from .vat import CATEGORIES
from .vat_table import NAMES

# What the columns of `_NUMBERS` are of.
_FILES: tuple[tuple[str, Vocabulary], ...] = (
    ("EXTENDED", "cii"),
    ("EXTENDED-CTC-FR", "cii"),
    ("EXTENDED-CTC-FR", "ubl"),
)
# What a rule is about → its number in each file; "-" where a file has none. "=": EXTENDED has the same list of codes under
# one FX-SCH-A number for each place, and we tell them under the number of EXTENDED-CTC-FR. One that has no number in
# EXTENDED-CTC-FR's CII (BR-FXEXT-04) has the one that its sentence gives.
_NUMBERS = """
BR-22                   BR-FXEXT-BR-22         BR-FREXT-BR-22         BR-FREXT-22
BR-23                   BR-FXEXT-BR-23         BR-FREXT-BR-23         BR-FREXT-23
BR-24                   BR-FXEXT-BR-24         BR-FREXT-BR-24         BR-FREXT-24
BR-26                   BR-FXEXT-BR-26         BR-FREXT-BR-26         BR-FREXT-26
BR-CO-04                BR-FXEXT-CO-04         BR-FREXT-CO-04         BR-FREXT-CO-04
BR-38                   BR-FXEXT-BR-38         BR-FREXT-BR-38         -
BR-44                   BR-FXEXT-BR-44         BR-FREXT-BR-44         -
BR-CO-10                BR-FXEXT-CO-10         BR-FREXT-CO-10         BR-FREXT-CO-10
BR-CO-11                BR-FXEXT-CO-11         BR-FREXT-CO-11         BR-FREXT-CO-11
BR-CO-12                BR-FXEXT-CO-12         BR-FREXT-CO-12         BR-FREXT-CO-12
BR-CO-13                BR-FXEXT-CO-13         BR-FREXT-CO-13         BR-FREXT-CO-13
BR-CO-15                BR-FXEXT-CO-15         BR-FREXT-CO-15         BR-FREXT-CO-15
BR-CO-16                BR-FXEXT-CO-16         -                      -
BR-S-09                 BR-FXEXT-S-09b         BR-FXEXT-S-09          BR-FREXT-S-09
due                     BR-CO-25               BR-CO-25               BR-CO-25
role                    =                      BR-FREXT-05            BR-FREXT-05
role-missing            BR-FXEXT-06            BR-FREXT-06            BR-FREXT-06
group-sum               BR-FXEXT-08            BR-FREXT-08            BR-FREXT-08
parent                  BR-FXEXT-11            BR-FREXT-11            BR-FREXT-11
group-below             BR-FXEXT-12            BR-FREXT-12            BR-FREXT-12
note                    BR-FXEXT-01            -                      -
line-note               BR-FXEXT-02            -                      -
tax-number              BR-FXEXT-03            -                      -
attribute-code          BR-FXEXT-04            BR-FXEXT-04            BR-FREXT-04
attribute-name          BR-FXEXT-BR-54-1       BR-FREXT-54-1          BR-FREXT-54-1
attribute-value         BR-FXEXT-BR-54-2       BR-FREXT-54-2          BR-FREXT-54-2
attribute-names         -                      CII-FREXT-SR-069       -
attribute-values        -                      CII-FREXT-SR-072       -
date-and-time           BR-FXEXT-CII-DT-097a   -                      -
empty                   PEPPOL-EN16931-R008    -                      -
delivery-terms          -                      CII-FREXT-SR-293       UBL-FREXT-CR-410
line-delivery-terms     -                      CII-FREXT-SR-106       UBL-FREXT-CR-645
exchange-rate           -                      CII-FREXT-SR-366       CII-FREXT-CR-490
net-prices              -                      CII-FREXT-SR-439       -
one-category            -                      -                      UBL-FREXT-SR-48
document-type           -                      CII-EXT-DT-018         -
reference-type          -                      CII-FREXT-DT-024       -
reference-date          -                      CII-FREXTDT-027        -
party-scheme            =                      BR-FREXT-CL-10         BR-FREXT-CL-10
price-allowance-reason  =                      BR-FREXT-CL-19-GP      -
charge-reason           =                      BR-FREXT-CL-20         BR-FREXT-CL-20
tax-reason              =                      BR-FREXT-CL-20-TAX     BR-FREXT-CL-20-TAX
reason-list             -                      BR-FREXT-CL-20-LISTID  BR-FREXT-CL-20-LISTID
mime-type               =                      BR-FREXT-CL-24         BR-FREXT-CL-24
mime-type-json          -                      BR-FREXT-CL-24         BR-FREXT-CL-24
incoterm                =                      BR-FREXT-CL-27         BR-FREXT-CL-27
fx-missing              FX-MANQUE              -                      -
fx-twice                FX-REPETE              -                      -
fx-code                 FX-CODE                -                      -
"""
# How the numbers of the VAT categories begin in each file: the presence in the breakdown, the base, and how it ends.
_CATEGORY_NUMBERS = (("BR-FXEXT", "BR-FXEXT", "b"), ("BR-FREXT", "BR-FXEXT", ""), ("BR-FREXT", "BR-FREXT", ""))
_WARNINGS = frozenset(
    """
    BR-FXEXT-04 PEPPOL-EN16931-R008 CII-FREXT-SR-106 CII-FREXT-SR-293 CII-FREXT-SR-366
    UBL-FREXT-CR-410 UBL-FREXT-CR-645 CII-FREXT-CR-490
    """.split()
)
# Official: it is written so that it can never fail (an element that is a ReferenceTypeCode and not one at once).
NEVER_FAILS = frozenset({"BR-EXT-CL-07"})

# What a rule is about → terms, our English, our French. What is not here is worded as the norm's rule of that number.
_ROWS: dict[str, tuple[str, str, str]] = {
    "BR-CO-16": ("BT-115", "The amount due is the total with VAT, less what is paid, plus rounding and what is collected for others.", "Le montant à payer indiqué est {written}, mais TTC − déjà payé + arrondi + sommes perçues pour un tiers = {computed}. Corrigez ce qui est faux."),
    "BR-S-09": ("BT-117", "The tax of what is standard rated is base times rate, a cent for each amount apart.", "Pour la catégorie de TVA S (taux normal ou réduit), base × taux = {computed}, mais la TVA indiquée est {written}. Corrigez-la."),
    "due": ("BT-9 BT-20", "What remains to be paid has a due date or payment terms.", "Il reste un montant à payer, mais ni date d’échéance ni conditions de paiement ne sont indiquées. Ajoutez l’une ou l’autre."),
    "role": ("BT-X-8 EXT-FR-FE-163", "The role of a line is DETAIL, GROUP or INFORMATION.", "Le rôle « {value} » de cette ligne n’est pas connu. Écrivez DETAIL (ligne ordinaire), GROUP (sous-total) ou INFORMATION."),
    "role-missing": ("BT-X-8 BT-X-304 EXT-FR-FE-163", "A line below another says its role.", "Cette ligne dépend de la ligne {parent}, mais ne dit pas son rôle. Ajoutez-le : DETAIL (ligne ordinaire), GROUP (sous-total) ou INFORMATION."),
    "group-sum": ("BT-131", "The amount of a group is the sum of the lines just below it.", "Cette ligne est un sous-total : les lignes qu’elle regroupe font {computed}, mais elle indique {written}. Corrigez l’un des montants, ou retirez celui du sous-total."),
    "parent": ("BT-X-304 EXT-FR-FE-162", "The line above a line stands in the invoice.", "Cette ligne dit dépendre de la ligne « {value} », mais aucune autre ligne de la facture n’a ce numéro. Corrigez-le."),
    "group-below": ("BT-131", "The groups below a group that has an amount have one too.", "Ce sous-total a un montant, mais un sous-total qu’il regroupe n’en a pas. Ajoutez-le."),
    "note": ("BT-21 BT-22", "A note with a subject has a text.", "Une note dit son sujet, mais n’a pas de texte. Écrivez-le, ou retirez la note."),
    "line-note": ("BT-127", "A note of a line with a subject has a text.", "Une note de cette ligne dit son sujet, mais n’a pas de texte. Écrivez-le, ou retirez la note."),
    "tax-number": ("BT-48", "The tax number of anybody but the seller is a VAT number.", "Le numéro fiscal « {value} » n’est pas annoncé comme un numéro de TVA. Seul le fournisseur peut en donner un autre : écrivez un numéro de TVA (schemeID « VA »), ou retirez-le."),
    "attribute-code": ("BT-X-11 EXT-FR-FE-159", "The code of an item's attribute is of UNTDID 6313.", "Le code « {value} » d’une caractéristique de l’article n’est pas connu (liste UNTDID 6313). Retirez-le, et donnez un nom à la caractéristique."),
    "attribute-name": ("BT-160 BT-X-11", "An item's attribute has a name or a code.", "Une caractéristique de l’article n’a pas de nom. Donnez-lui en un, par exemple « Couleur », ou retirez-la."),
    "attribute-value": ("BT-161 BT-X-12", "An item's attribute has a value, or a measure with its unit, not both.", "Une caractéristique de l’article a soit un texte, soit une mesure avec son unité, pas les deux. Donnez-lui l’un des deux."),
    "attribute-names": ("BT-160", "An item's attribute has one name.", "Une caractéristique de l’article a plusieurs noms. Gardez-en un."),
    "attribute-values": ("BT-161", "An item's attribute has one value.", "Une caractéristique de l’article a plusieurs valeurs. Gardez-en une ; les autres deviennent d’autres caractéristiques."),
    "date-and-time": ("", "A date and time of format 205 exists.", "« {value} » n’est pas une date avec son heure. Écrivez l’année, le mois, le jour, l’heure et les minutes : AAAAMMJJHHMM (format 205)."),
    "empty": ("", "No element is empty.", "L’élément {value} du fichier est vide. Écrivez ce qu’il doit dire, ou retirez-le."),
    "delivery-terms": ("BT-X-145", "Delivery terms are a code and the name of a place.", "Les conditions de livraison ne se disent ici que par un Incoterm et le nom d’un lieu. Retirez le reste."),
    "line-delivery-terms": ("", "Delivery terms of a line are a code and the name of a place.", "Les conditions de livraison de la ligne ne se disent ici que par un Incoterm et le nom d’un lieu. Retirez le reste."),
    "exchange-rate": ("", "A rate of exchange is two currencies, the rate and its day.", "Un taux de change ne se dit ici que par les deux monnaies, le taux et sa date. Retirez le reste."),
    "net-prices": ("BT-146", "A line has one net price.", "Cette ligne a plusieurs prix unitaires nets. Gardez-en un."),
    "one-category": ("BT-151", "A line has one VAT category; a group or a line for information none or one.", "Cette ligne doit avoir une catégorie de TVA, et une seule (un sous-total ou une ligne d’information : une au plus). Ajoutez-la, ou gardez-en une."),
    "document-type": ("", "Only certain references say which type of document they cite.", "Cette référence à un document n’a pas à dire de quel type il est (« {value} »). Retirez ce type."),
    "reference-type": ("BT-18 BT-128", "Only an invoiced object and a contract say of which kind their number is.", "Cette référence à un document n’a pas à dire de quelle sorte est son numéro (« {value} »). Retirez cette indication."),
    "reference-date": ("BT-26", "Only certain references have a date.", "Cette référence à un document n’a pas à donner de date. Retirez-la."),
    "party-scheme": ("BT-29 BT-46 BT-60", "The scheme of an identifier is of ISO 6523, or BY or SE.", "Le type « {value} » de cet identifiant n’est pas connu. Écrivez 0009 pour un SIRET, 0002 pour un SIREN, 0224 pour un code de service."),
    "price-allowance-reason": ("", "The reason of a discount on a price is of UNTDID 5189.", "Le code « {value} » du motif de la remise sur le prix n’est pas connu. Écrivez 95 pour une remise, ou retirez-le."),
    "charge-reason": ("BT-105 BT-145", "The reason of a charge is of UNTDID 7161.", "Le code « {value} » du motif de ces frais n’est pas connu. Écrivez FC pour le transport, ou retirez le code et écrivez le motif en toutes lettres."),
    "tax-reason": ("BT-177 BT-193", "The code of a tax other than VAT is of UNTDID 5153.", "Le code « {value} » de cette taxe autre que la TVA n’est pas connu (liste UNTDID 5153). Écrivez ENV pour une taxe environnementale, OTH pour une autre."),
    "reason-list": ("BT-105 BT-177", "The code of a charge is of the list 7161, that of a tax of 5153.", "Le code de ces frais est annoncé de la liste « {value} ». Indiquez 7161 pour des frais, 5153 pour une taxe, ou ne nommez pas de liste."),
    "mime-type": ("BT-125", "An attachment is of a type that is taken.", "Une pièce jointe est du type « {value} », qui n’est pas accepté. Joignez un PDF, une image PNG ou JPEG, un CSV, un tableur (XLSX ou ODS) ou un XML."),
    "mime-type-json": ("BT-125", "An attachment is of a type that is taken.", "Une pièce jointe est du type « {value} », qui n’est accepté que dans le profil EXTENDED. Joignez un PDF, un CSV ou un XML."),
    "fx-missing": ("", "What EXTENDED wants of an element is there.", "Il manque {value} à cet élément. Ajoutez-le, ou retirez l’élément s’il ne sert pas."),
    "fx-twice": ("", "What EXTENDED has a place for once stands once.", "{value} figure deux fois à cet endroit. Gardez le bon, retirez l’autre."),
    "fx-code": ("", "A code is in the list that EXTENDED has for it.", "Le code « {value} » n’est pas de la liste que le profil EXTENDED admet à cet endroit. Corrigez-le, ou retirez-le s’il n’est pas obligatoire."),
    "incoterm": ("BT-X-145", "Delivery terms are an Incoterm.", "« {value} » n’est pas un Incoterm connu. Écrivez par exemple DAP (livré à destination) ou EXW (retiré chez le fournisseur)."),
}  # fmt: skip
# What is said instead where a detail is so: an amount to compare with that is not there, an element that must stay.
_INSTEAD = {
    "empty": ("value", "ApplicableHeaderTradeDelivery", "L’élément ApplicableHeaderTradeDelivery du fichier est vide. Vous pouvez le laisser, le format le demande ; une date ou une adresse de livraison y a sa place."),
    "group-sum": ("computed", MISSING, "Cette ligne est un sous-total avec un montant, mais une ligne qu’elle regroupe n’en a pas. Ajoutez-le, ou retirez celui du sous-total."),
    "BR-CO-16": ("computed", MISSING, "Le montant à payer ne peut pas être vérifié : le TTC n’est pas indiqué. Ajoutez-le."),
}  # fmt: skip
# What is added for the two ways to sum a category that has reasons of exemption.
_REASONS = {
    "ini": " Ce calcul, celui d’avant 2026, ne distingue pas les motifs d’exonération. Si vous en donnez plusieurs, ne tenez pas compte de cette remarque.",
    "rev": " Ce calcul n’additionne que les lignes, remises et frais qui donnent le même motif d’exonération que le récapitulatif. Écrivez-le aussi sur eux.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbered:
    """Reports by what a rule is about, under the numbers of one file; what that file does not have is not told."""

    numbers: Mapping[str, str]
    report: Report

    def fail(self, about: str, group: object, field: str = "", **details: object) -> None:
        number = self.numbers.get(about)
        if number is not None:
            self.report.fail(number, group, field, **details)


def _plain(number: str, ending: str) -> str:
    """The number of a base as the official file writes it."""
    return "BR-FXEXT-S08b" if ending and number == "BR-FXEXT-S-08" else number + ending


def _numbers(column: int) -> dict[str, str]:
    """What a rule is about → its number in one file."""
    rows = [line.split() for line in _NUMBERS.split("\n") if line]
    found = {about: numbers[column] for about, *numbers in rows if numbers[column] not in "-="}
    found |= {about: numbers[1] for about, *numbers in rows if numbers[column] == "="}
    presence, bases, ending = _CATEGORY_NUMBERS[column]
    for category in CATEGORIES:
        norm, base = f"BR-{category.prefix}", f"{bases}-{category.prefix}-08"
        found[f"{norm}-01"] = f"{presence}-{category.prefix}-01"
        found[f"{norm}-08"] = _plain(base, ending)
        for way in _REASONS:
            found[f"{norm}-08{way}"] = base + way
    return found


NUMBERS = {file: _numbers(column) for column, file in enumerate(_FILES)}

# Those that the file of EXTENDED numbers by place, told under a number of EXTENDED-CTC-FR, or under ours.
BY_PLACE = frozenset(
    number for number in NUMBERS["EXTENDED", "cii"].values() if number.startswith(("BR-FREXT-", "FX-"))
)


def _rule(about: str) -> Rule:
    if about in _ROWS:
        terms, english, french = _ROWS[about]
        instead = {}
        if about in _INSTEAD:
            name, value, other = _INSTEAD[about]
            instead[name, value] = other
        return Rule(about, tuple(terms.split()), english, french, french_for=instead)
    way = about[-3:] if about[-3:] in _REASONS else ""
    row = en16931_table.RULES[about.removesuffix(way)]
    if about.endswith("-01"):
        french, english = NAMES[about.split("-")[1]]
        return replace(
            row,
            english=f"What is {english} stands in the VAT breakdown, and nothing else does.",
            french=f"La catégorie de TVA {french} doit figurer dans le récapitulatif de TVA si des lignes, remises ou frais "
            "l’utilisent, et seulement alors. Ajoutez ou retirez la ligne du récapitulatif.",
        )
    has_reason = any(category.reason for category in CATEGORIES if category.prefix == about.split("-")[1])
    more = _REASONS[way] if way and has_reason else ""
    severity: Severity = "warning" if way else "fatal"
    others = {details: french + more for details, french in row.french_for.items()}
    return replace(row, french=row.french + more, french_for=others, severity=severity, severity_in={})


def _rules() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for (_, syntax), numbers in NUMBERS.items():
        for about, number in numbers.items():
            row, known = _rule(about), rules.get(number)
            rules[number] = replace(
                row,
                id=number,
                severity="warning" if number in _WARNINGS else row.severity,
                syntaxes=tuple(dict.fromkeys((*(known.syntaxes if known else ()), syntax))),
            )
    return rules


RULES = _rules()
