"""ONE TABLE: what French invoices call each field, and who is meant by a heading.

Patterns are written against a line lower-cased and without accents (`TextLine.plain`). In them a space stands for any white
space, `$` for the end of a cell, `{N}` for "n°", "no", "numéro"… and `{FAC}` for the names of the document itself. `weight` (0..1) says how sure
the label alone makes us; `before` is what must stand in the line ahead of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from plainchant.capture.lines import TextLine

_SHORTHAND = {
    # « dû », and not « Montant du marché »: without accents they are one word.
    "{DUE}": r"due?(?! (?!(?:{TTC}|nette?|par|en|au|a|le|apres|pour|avant|sous|euros?|eur)(?![a-z]))[a-z])",
    # « à reporter sur la facture » behind the name of a reference.
    "{ASKED}": r"(?: a (?:rappeler|reporter|mentionner|indiquer|porter|faire figurer) (?:sur|dans|avec) [a-z' ]{3,30}?(?= ?:))?",
    "{N}": r"(?:n\.? ?°\.?|n\.|nos?\.?(?![a-z])|num(?:eros?|\.)?|#|n(?=\s*:|\s+[a-z]{0,6}[-_/ ]{0,2}\d))",
    "{FAC}": r"(?:fact\.|fac\.|facture(?:-avoir)?(?: (?:d['e] ?(?:avoir|acompte|solde|situation|vente|prestations?)|definitive|finale|mensuelle"
    r"|client|simplifiee|originale))?(?: affacturee)?|avoir|note de (?:credit|debit|frais|cession(?: de droits(?: d'auteur)?)?)|note d(?:e droits d)?'(?:honoraires?|auteur|artiste)"
    r"|invoice|credit note|memoire|decompte|quittance|etat de frais)",
    "{REF}": r"(?:ref(?:erence|\.)?)",
    "{HT}": r"(?:(?:h\.? ?t\.?(?![a-z])|hors[- ]taxes?|hors[- ]t\.?v\.?a\.?(?![a-z]))(?: ?/ ?(?:net |sub[- ]?)?total(?: (?:excl\.?|excluding) (?:vat|tax(?:es)?))?)?)",
    "{TTC}": r"(?:t\.? ?t\.? ?c\.?(?![a-z])|toutes taxes(?: comprises)?|t\.?v\.?a\.? (?:comprise|incluse)|taxes (?:comprises|incluses))(?: ?/ ?(?:grand )?total(?: (?:incl\.?|including) (?:vat|tax(?:es)?))?)?",
    "{TVA}": r"(?:t\.? ?v\.? ?a\.?(?: ?/ ?vat)?(?![a-z])|vat(?![a-z])|taxes?(?: sur la valeur ajoutee)?(?![a-z]))",
    "{SUM}": r"(?:prix total|total|totaux|montants?|somme|mt\.?|tot\.?)",
    # What begins a date: « 12 », « le 12 », « lundi 12 », « premier mars ».
    "{DATE}": r"(?: ?:? ?(?:le )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(?:\d|premier |(?:vingt|trente|dix)[ -]|(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente) [a-z]))",
    "{RATE}": r"(?: ?[:(]? ?\d{1,2}(?:[.,]\d{1,3})? ?% ?\)?)",
    "{OFIT}": r"(?: de (?:la |votre |cette |notre )?(?:facture|note|prestation)(?![a-z]))",
    "{ARTIST}": r"(?: (?:a|pour) (?:l'|la |le )(?:auteur|autrice|artiste|interesse|photographe)[a-z-]*)",
}


@dataclass(frozen=True, slots=True)
class Label:
    """One way to name a field. `field` is a field's name; "other" or "advance" for what must not be taken for one."""

    field: str
    pattern: str
    weight: float
    before: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A label met at `start:end` of a line."""

    label: Label
    start: int
    end: int


def _rows(field: str, *rows: tuple[float, str] | tuple[float, str, str]) -> tuple[Label, ...]:
    return tuple(Label(field, row[1], row[0], row[2] if len(row) == 3 else "") for row in rows)


# fmt: off
# ruff: noqa: E501
LABELS: tuple[Label, ...] = (
    # BT-1
    *_rows(
        "number",
        (1.0, r"{FAC} ?[:,-]? ?(?:{N}|{REF})(?: de (?:facture|piece))?"),
        (1.0, r"(?:{N}|{REF})(?: d[eu']| de la| de l'| de votre| de notre)? ?(?:{FAC}|piece|document|note)"),
        (0.95, r"note(?: d[e'] ?[a-z' ]{4,24})? {N}"),
        (0.9, r"invoice (?:no|number|#|id)"),
        (0.9, r"(?:piece|document|bordereau) ?{N}"),
        (0.85, r"affacturee {N}"),
        (0.8, r"{FAC}(?= ?[:#-]? ?[a-z]{0,8}[-_/. ]{0,3}\d)"),
        (0.6, r"{FAC}(?= ?:| ?$)"),
        (0.85, r"{N}(?= ?:? ?[a-z]{0,8}[-_/]?\d)", r"^(?:{FAC})[^0-9]{0,30}$"),
        (0.65, r"(?:^|(?<=  ))(?:numero|{N} ?:)(?= ?:? ?$)"),
        (0.55, r"(?:^|(?<=  ))n ?°\.?(?= ?:? ?$)"),
        (0.5, r"(?:^|(?<=  )){N}(?= ?:? ?[a-z]{0,8}[-_/]?\d)"),
        (0.4, r"(?:notre |nos |n ?/ ?)?{REF}(?:s)?(?= ?:)"),
        (0.4, r"(?:^|(?<=  )){REF}(?= [a-z]{2,6}[-_/]?[\w/-]*\d)"),
    ),
    # BT-2
    *_rows(
        "issue_date",
        (1.0, r"date (?:de |d'|du |de la |de l')?(?:{FAC}|facturation|emission|edition|etablissement|piece|document|creation)"),
        (1.0, r"(?:{FAC} )?(?:emise?|etablie?|datee?|editee?|facturee?|fait|dressee?) (?:le|du|en date du|ce jour,?)(?={DATE}| ?:? ?$)"),
        (1.0, r"{FAC} (?:du|en date du)(?={DATE})"),
        (0.9, r"(?:^|(?<=  ))facturation(?: le| du)?(?= ?:? ?\d)"),
        (0.9, r"du(?= ?$)", r"^(?:{FAC})  [\w/.-]{1,30}  $"),
        (0.8, r"(?:issue|invoice) date|date (?:of issue|issued)|issued on"),
        (0.9, r"(?:^|(?<=  ))en date du(?={DATE})"),
        (0.7, r"(?<![a-z] )date(?= ?:? ?\d| ?:| ?$)"),
        (0.6, r"\ble(?= ?:? ?\d{1,2}(?:er)?[-/. ]|(?! ?\d){DATE})", r"(?:^|[a-z)], ?|[a-z]  |fait (?:a [\w -]+ )?)$"),
        (0.6, r"(?:^|(?<=  ))le ?:(?= ?\d)"),
        (0.45, r"(?:en date|date) du"),
        (0.35, r"\bdate"),
    ),
    # BT-9
    *_rows(
        "due_date",
        (1.0, r"(?:date (?:d')?)?(?:echeance|ech\.)(?: de (?:paiement|reglement))?(?: au| le| :)?"),
        (1.0, r"date limite(?: de| du)? (?:paiement|reglement)"),
        (0.95, r"date limite(?= ?:? ?\d)", r"(?:paiement|reglement|payer|regler)[^.]{0,40}$"),
        (1.0, r"(?:a )?(?:payer|regler|virer|verser|payable|paiement|reglement|virement|exigible|valeur)[a-z' ]{0,30}? (?:avant|au plus tard|jusqu'au)(?: le)?"),
        (0.95, r"soit (?:avant |au plus tard )?le(?={DATE})", r"(?:payer|regler|payable|paiement|reglement|virement|echeance|delai|jours|mois)[^.]{0,60}$"),
        (0.8, r"au plus tard le(?={DATE})"),
        (0.95, r"(?:payable|paiement|reglement|a payer|a regler|exigible|valeur|solde)(?: du| attendu| exigible| a effectuer| souhaite)? (?:le|au|pour le)(?={DATE}| ?:? ?$)"),
        (0.9, r"(?:reglement|paiement)(?: ?:)?(?: par)? (?:virement|cheque|prelevement|mandat)[a-z0-9 ]{0,24}? (?:au|le)(?= \d)"),
        (0.9, r"(?:preleve(?:e|ment)?|sera debite)(?: [a-z]+){0,4}? (?:le|a partir du)(?= ?:? ?\d)"),
        (0.9, r"(?:date (?:de |d'|du )(?:paiement|reglement|exigibilite|prelevement)(?: (?:du )?(?:paiement|reglement))?|due date|payment due(?: (?:by|on|date))?|(?:due|payable|pay) (?:by|on|before))"),
    ),
    # BT-13: the commitment (engagement juridique) is what a public accountant looks for first
    *_rows(
        "purchase_order_reference",
        (1.0, r"(?:{N}|{REF})?(?: d['e] ?| de l')? ?engagement(?: juridique| comptable| budgetaire)?(?: ?\(?e\.?j\.?\)?(?![a-z0-9]|[-_/]\d))?(?: chorus(?: pro)?)?(?: {N})?{ASKED}"),
        (1.0, r"(?:{N} (?:d')?|{REF} |code )e\.?j\.?(?![a-z0-9])"),
        (1.0, r"\be\.?j\.?(?= ?(?:{N}|:| [a-z]{0,6}\d|$))(?: ?{N})?"),
        (0.95, r"(?:{N}|{REF})?(?: de| du)? ?(?:votre |v ?/ ?)?bons? de (?:commande|cde)(?: ?{N})?(?: d'engagement)?(?: client)?{ASKED}"),
        (0.95, r"(?:{N}|{REF}|votre|vos|v ?/)(?: ?(?:de|du|de la|votre|ref\.?))? ?(?:commandes?|cde)(?: ?{N})?(?: client| d'achat)?"),
        (0.9, r"(?:commande|cde)(?: ?{N}| client| d'achat)(?: ?{N})?"),
        (0.9, r"(?:purchase order|p\.?o\.? (?:number|no|#))"),
        (0.85, r"(?:{N} (?:de )?|{REF} )\bb\.?d?c\.?(?![a-z])"),
        (0.85, r"\bb\.?d?c\.?(?= ?(?:{N}|:))(?: ?{N})?"),
        (0.75, r"lettre de commande(?: ?{N})?|ordre d'achat(?: ?{N})?"),
        (0.6, r"\bcommande(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)"),
        (0.65, r"(?:votre|vos|v ?/|your) ?{REF}s?(?: ?{N})?(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)"),
        (0.65, r"(?<!vos )(?<!votre ){REF}s? clients?(?: ?{N})?(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)(?! ?:? ?(?:(?:c|cl|cli|clt|client)[-_/]?\d|411))|customer reference"),
    ),
    # BT-12
    *_rows(
        "contract_reference",
        (1.0, r"(?:{N}|{REF})(?: de| du| de la)? ?(?:marche(?: public| subsequent)?|accord[- ]cadre)(?: ?{N})?"),
        (1.0, r"(?:marche(?: public| subsequent)?|accord[- ]cadre)(?: ?{N}| ?{REF})"),
        (0.7, r"(?:{N}|{REF})(?: de| du| de la)? ?(?:contrat|convention)(?: ?{N})?"),
        (0.7, r"(?:votre )?(?:contrat|convention)(?: ?{N}| ?{REF})"),
        (0.8, r"(?:^|(?<=  ))(?:marche(?: public)?|accord[- ]cadre)(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)"),
        (0.7, r"(?<!\bdu )(?<!\bde )\b(?:marche(?: public)?|accord[- ]cadre)(?= ?:| [a-z]{0,8}[-_/]?\d)"),
        (0.6, r"\b(?:contrat|convention) (?:de |d')(?:cession|commande|residence|prestation|coproduction|exposition|auteur|edition)s?(?: (?:de droits|d'auteur|de services|artistique))*(?= ?:| [a-z]{0,8}[-_/]?\d)"),
        (0.6, r"\b(?:contrat|convention)(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)"),
    ),
    # BT-10
    *_rows(
        "buyer_reference",
        (1.0, r"(?:{N} (?:de |du )?|{REF} |code (?:du |de )?|identifiant (?:du )?)service(?: executant| destinataire| facture| client)?(?: ?\(?se\)?(?![a-z0-9]))?(?: chorus(?: pro)?)?(?: ?{N})?{ASKED}"),
        (1.0, r"service executant(?: {N}| code)?(?: chorus(?: pro)?)?"),
        (0.95, r"service ?{N}"),
        (0.9, r"(?:{N} |code )(?:se|serv\.?)(?![a-z])"),
        (0.85, r"(?:^|(?<=  )|\bcode )s\.?e\.?(?= ?:| ?$| [a-z]{0,4}[-_]?\d)"),
        (0.8, r"(?:buyer reference|{REF} (?:de l')?acheteur)"),
        (0.7, r"\bservice (?:destinataire|chorus(?: pro)?|facture|gestionnaire|beneficiaire)"),
        (0.6, r"\bservice(?= ?:)"),
        (0.55, r"(?:^|(?<=  ))service(?= ?$| [a-z0-9_-]{3,20}$)"),
        (0.55, r"(?<=/ )service(?= [a-z])"),
        (0.55, r"\bservice(?= [a-z]{0,6}[-_]?\d{2})"),
    ),
    # BT-109
    *_rows(
        "tax_exclusive_amount",
        (1.0, r"{SUM}(?: (?:general|global|net|brut|montant|total|des prestations|prestations?|des travaux|travaux|facture|de la facture|soumis))*(?: en)?(?: (?:euros|€|eur))? {HT}(?: net)?(?: (?:apres|remise))*{OFIT}?"),
        (0.85, r"(?:net|somme) {HT}"),
        (0.8, r"(?:total|montant) (?:des|du|de la|de l') ?(?!remises?|rabais|acomptes?|avances?|frais|lot|marche|devis|commande)[a-z]+(?: (?:d'|de |des )[a-z]+)? {HT}"),
        (0.7, r"base {HT}"),
        (0.7, r"sous[- ]?total(?: {HT})?|subtotal"),
        (0.7, r"(?:^|(?<=  )){HT}(?= ?:| ?$)"),
        (0.55, r"(?<!du )(?<!le )(?<!au )(?:(?:{SUM}|remuneration|honoraires|droits|assiette|cachet|salaire)(?: (?:total|totale|de la remuneration|des (?:droits|honoraires|prestations?)))* )?bruts?e?s?(?: (?:total|facture|de la remuneration|des droits))?(?: {HT})?"),
        (0.55, r"{SUM} (?:brut )?avant (?:remises?|retenues?|precomptes?|deductions?|cotisations?|rabais)"),
        (0.55, r"montant (?:des droits|de la cession|des honoraires|de la remuneration)(?: d'auteur)?(?: cedes)?(?: {HT})?"),
        (0.9, r"(?:{SUM} )?nets? (?:de|hors) {TVA}"),
        (0.6, r"base(?: imposable| taxable| {HT})?(?: {TVA})?(?: a)?{RATE}?(?= ?:| ?$)"),
        (0.55, r"(?:honoraires|prix total|prix|remuneration|cession|prestations?|travaux|facture)[a-z ']{0,20} {HT}"),
        (0.45, r"(?<!du )(?<!le )(?<!sur )\b{HT}"),
    ),
    # BT-110
    *_rows(
        "tax_amount",
        (1.0, r"{SUM}(?! nets? (?:de|hors))(?: (?:general|global|total|net|de la|de|des|la))* ?{TVA}"),
        (0.85, r"(?:dont )?(?:montant )?{TVA}(?: (?:a|au taux de|au taux normal de|sur [a-z ]{3,12}|(?!intra|non)[a-z]{6,14}(?: a)?))?(?: ?[:(]? ?\d{1,2}(?:[.,]\d{1,3})? ?% ?\)?)"),
        (0.8, r"\d{1,2}(?:[.,]\d{1,2})? ?%(?: de)? {TVA}"),
        (0.8, r"{TVA} (?:totale|due|collectee|exigible|facturee|acquittee(?= ?:? ?$))"),
        (0.7, r"(?:dont )?{TVA}(?= ?:| \(|(?: [a-z]+)? ?[-\d]| ?$)"),
    ),
    # BT-112
    *_rows(
        "tax_inclusive_amount",
        (0.75, r"prix (?:total )?{TTC}"),
        (0.9, r"{SUM} {TTC} (?:a (?:payer|regler)|du(?:e)?)"),
        (1.0, r"(?:{SUM}|net)(?: (?:general|global|net|brut|montant|total|facture|de la|de|a payer|a regler|du))*(?: en)?(?: (?:euros|€|eur))? {TTC}{OFIT}?"),
        (0.65, r"(?:{SUM}|net)(?: (?:total|net|general))* (?:a (?:payer|regler)|{DUE})(?: (?:en (?:euros|eur|€)|{TTC}))?"),
        (0.6, r"(?<!du )(?<!le )(?<!sur )\b{TTC}"),
        (0.5, r"(?:total (?:general|net|facture|de (?:la |votre |cette )?(?:facture|prestation|note))|montant (?:total|facture|de (?:la |votre )?facture)|somme totale|grand total|total amount)"),
        (0.5, r"(?:soit )?(?:un |le )?(?:montant )?total (?:de(?= |$)|\(?en (?:€|eur(?:os?)?(?![a-z]))\)?)"),
        (0.5, r"(?:la|une) somme (?:totale |globale |forfaitaire )?de|(?:un|le) montant (?:global |forfaitaire )?de(?= \d)"),
        (0.4, r"\btotal(?= ?:| ?$| \(?(?:eur|€)| [-\d])"),
        (0.35, r"(?:amount due|reste a payer)"),
    ),
    # BT-115
    *_rows(
        "payable_amount",
        (1.0, r"(?:net|reste|{SUM}|solde)(?: (?:total|{TTC}|net(?:te)?|facture|restant|vous))* (?:a ?(?:payer|regler|verser|reverser|virer|percevoir|recevoir|prelever|rembourser|crediter)|{DUE}|preleve)(?: {TTC})?{ARTIST}?(?: apres [a-z' ]{4,30})?(?: \(?en (?:euros?|eur|€)\)?)?"),
        (0.95, r"(?:^|(?<=\s\s))a (?:payer|regler|percevoir|verser)(?= ?\(| ?:| ?$| \d){ARTIST}?"),
        (0.9, r"net (?:verse|percu|paye|du|vire){ARTIST}?|net (?:auteur|autrice|artiste)"),
        (0.85, r"(?:amount due|balance due|residual(?= ?$)|net a (?:payer|regler)|net en votre faveur|solde en votre faveur|a votre credit|net a deduire|reste du)"),
        (0.6, r"solde(?: net)?(?= ?:| ?$| \d)"),
        (0.5, r"(?:^|(?<=\s\s))net(?= ?:| ?$| \d)"),
    ),
    # What stands between two totals. A discount comes before the net; what was paid before, and what the payer keeps for
    # somebody else, come between the gross and what is to be paid.
    *_rows(
        "prepaid_amount",
        (1.0, r"(?:(?:a deduire|moins|deduction(?: d[eu'])?|premier|second|deuxieme|dernier) ?:? ?)?(?:acomptes?|avances?|arrhes|provisions?)(?![a-z])(?: (?:deja )?(?:verses?|versees?|percus?|percues?|recus?|recues?|payes?|payees?|regles?|reglees?|factures?|deduits?|a deduire|du|sur commande|demarrage))?(?: {TTC})?"),
        (1.0, r"(?:montant |total |sommes? )?deja (?:verse|regle|paye|percu|facture|encaisse)e?s?"),
        (0.9, r"a deduire(?! ?:? ?(?:[a-z]{2,3} )?(?:precompt|retenu|cotis|contrib|csg|crds|cfp|secur|assur|vieill|format|charg|urssaf|agessa|ircec|raap|prelev|impot|tva|remise|rabais))[ :a-z]*|versements?(?: (?:recus?|du(?: mois)?|effectues?))?|(?:paiements?|reglements?|versements?) (?:deja )?(?:recus?|effectues?|encaisses?|partiels?)|(?:total|montant) (?:des )?(?:acomptes?|versements?|reglements?|avances?)|(?:paye|regle)e?s? (?:le|du)"),
        (0.9, r"(?:montant|total|somme) (?:regle|paye|encaisse)e?s? par [a-z' ]{2,30}?(?= ?:| ?$| \d)"),
        (0.5, r"(?:^|(?<=\s\s))(?:virement|cheque|especes|carte(?: bancaire)?|prelevement|(?:sepa )?wire transfer)(?: (?:sepa|bancaire))?(?= ?$)"),
        (1.0, r"trop[- ](?:percus?|verses?|payes?|facture)(?: [a-z' ]{2,30})?"),
        (0.9, r"(?:imputation|deduction)(?: de)?(?: l'|d'un )?avoir|avoir (?:a deduire|impute|deduit)"),
    ),
    *_rows(
        "discount_amount",
        (1.0, r"(?:total |montant |dont )?(?:des |de la )?(?:remises?|rabais|ristournes?|escompte)(?: (?:commerciale?|exceptionnelle?|globale?|accordee?|client|fidelite|{HT}|sur [a-z ]{3,12}))*"),
        (0.7, r"(?:^|(?<=\s\s))(?:reduction|geste commercial)(?: [a-z]{4,14})?"),
    ),
    *_rows(
        "withheld_amount",
        (1.0, r"(?:(?:total|montant|dont|moins|a deduire|deduction) ?:? ?)*(?:(?:du|des|de|le|les) )?precomptes?(?:(?: [a-z']+){1,4})?{RATE}?"),
        (1.0, r"(?:(?:total|montant|dont|moins) ?:? ?)*(?:(?:des?|de la|la|les) )?retenues?(?: [a-z']+){0,6}?(?: ?\(?art\.? ?285[a-z ]*\)?)?{RATE}?(?= ?\(| ?:| ?$| ?[-\d])"),
        (1.0, r"(?:part (?:de )?)?{TVA} (?:retenue|precomptee)(?: [a-z']+){0,4}{RATE}?"),
        (1.0, r"(?:total |montant |dont |moins )*(?:des )?(?:cotisations?|contributions?|charges)(?: (?:et|/) (?:cotisations?|contributions?))? (?:sociales?|precomptees?|salariales?|retenues?|vieillesse|urssaf|csg|crds)(?: (?:precomptees?|retenues?|urssaf|a la source)){0,2}{RATE}?"),
        (1.0, r"c\.?s\.?g\.?(?![a-z])(?: ?(?:/|et|\+|-) ?(?:la )?c\.?r\.?d\.?s\.?(?![a-z]))?{RATE}?|(?:contribution )?c\.?r\.?d\.?s\.?(?![a-z]){RATE}?"),
        (1.0, r"(?:montant |total |somme )(?:retenue?s?|precompte|a retenir)|(?:prelevement|impot)s?(?: retenus?)? a la source{RATE}?"),
        (0.7, r"(?:assurance |securite sociale )?vieillesse(?: (?:plafonnee|deplafonnee))?{RATE}?|securite sociale (?:plafonnee|deplafonnee){RATE}?"),
        (0.7, r"(?:^|(?<=\s\s))(?:c\.?f\.?p\.?(?![a-z])|r\.?g\.?(?= ?\d)){RATE}?"),
        (0.7, r"contributions? (?:a la |de la )?formation(?: professionnelle)?(?: ?\(?c\.?f\.?p\.?\)?)?{RATE}?"),
        # These are also what people sell, or what stands in a heading.
        (0.5, r"formation professionnelle{RATE}?|(?:^|(?<=\s\s))(?:total (?:des )?)?(?:cotisations?|contributions)(?: [a-z']+){0,2}?{RATE}?(?= ?\(| ?:| ?$| ?[-\d])"),
        (0.5, r"(?:^|(?<=\s\s)|(?<=: ))(?:securite sociale|urssaf(?: [a-z]+)?|agessa|m\.?d\.?a\.?|ircec|raap){RATE}?(?= ?\(| ?:| ?$| ?[-\d])"),
    ),
    # Of an invoice that this one takes off, or, where it is the title of the page, of this one (`regions`).
    Label("advance", r"facture d'acompte(?: ?{N})?(?= [\w/.-]+ (?:du|le)(?: |$))", 0),
    # What looks like one of the above and is not. The longest match on a spot wins, so these only have to be longer.
    *_rows(
        "other",
        (0, r"(?:{N} (?:de )?|{REF} (?:de )?|date (?:de )?)?(?:la |votre )?facture (?:associee|d'origine|rectifiee|precedente|initiale|anterieure|annulee)(?: ?{N})?"),
        (0, r"(?:portant sur|annul[a-z]+(?: et remplac[a-z]+)?|remplac[a-z]+|relati[a-z]+ a|concern[a-z]+|rectifi[a-z]+|suite a|correspondant a|rembours[a-z]+|sur|cf\.?|voir) (?:de )?(?:la |notre |l'|une |les |votre )?(?:{FAC})s?(?: ?{N}| ?:)?(?:[\w /.-]*?\d[\w/.-]* (?:du|le))?"),
        (0, r"facture (?:fournisseur|electronique|pro ?forma|pour|a |aux? |d'une|doit|acquittee)|prochaine facture|detail de (?:la|votre|cette) facture(?: ?{N})?"),
        (0, r"compte de contrat(?: ?{N})?|(?:{N}|{REF}|code|compte)(?: de| du| d'| de la| de l')? ?(?:(?<!ref\. )(?<!ref )(?<!reference )client|tva|siret|siren|rcs|rna|tel[a-z]*|page|compte|bon de (?:vente|livraison|reception)|livraison|devis|dossier|affaire|adherent|securite sociale|mda|ordre|naf|ape|postal|banque|guichet|agessa|urssaf|licence|lot|appel d'offres?|projet|comptable|article|produit|intracom[a-z]*|intervention|abonn[a-z]+|contact|fournisseur|mandat|avis de paiement|chantier|commercial|compteur|ligne|telephone|serie|finess)(?: ?{N})?"),
        (0, r"(?:devis|dossier|affaire|client|bons? de (?:livraison|vente|reception)|b\.?l\.?|licence|ordre|livraison|expedition|lot|chantier|proposition)(?: ?{N})"),
        (0, r"{REF} (?:avis de paiement|produit|article|interne|comptable|projet|appel d'offres?)"),
        (0, r"{TVA} (?:intra[- ]?communautaire|intracom[a-z.]*|intra(?![a-z])|non applicable|sur les (?:debits|encaissements)|acquittee(?! ?:? ?$|\s*:?\s*-?\d)|fr ?\d|due par)"),
        (0, r"(?:{N}|numero|identifiant|id\.?|regime|code|detail|taux|tx|repartition|exoneration|franchise en base)(?: id\.?)?(?: de| d'| des| de la)?(?: la)? ?{TVA}(?: intra[- ]?com[a-z.]*| intra(?![a-z]))?"),
        (0, r"date(?:s)? (?:de |du |d'|des |de l'|de la )?(?:livraison|commande|naissance|debut|fin|prestation|execution|signature|notification|engagement|reception|la prestation|intervention|representation|concert|spectacle|realisation|valeur|devis|bon|service|service fait|marche|contrat|evenement|achevement|expedition|depart|arrivee|sejour|peremption|releve|mise en service)[a-z ]*"),
        (0, r"(?:periode|prestation|intervention|mission|concert|representation|spectacle|atelier|residence|seance|formation|exposition|travaux|sejour|consommation|abonnement)[a-z' ]{0,40}?(?: du| le| en| ?:(?= ?(?:\d|du |le |en )))"),
        (0, r"(?:livre|commande|signe|notifie|ne|nee|realise|effectue|recu|execute|accepte|rendu|expedie|imprime|releve)e?s? (?:le|du)"),
        (0, r"(?:du|date du|(?:signe|emis|etabli|edite|date|passe|transmis|notifie|adresse|recu|accepte|valide)e?s? (?:le|du)|en date du|le)(?= \d{1,2}(?!\d))", r"(?:bon de commande|bons? de livraison|commande|marche|contrat|devis|convention|livraison|\bb\.?[cl]\.?|decret|arrete|loi|engagement|\bej)[\w /.°:-]{0,30} $"),
        (0, r"du(?= \d[\d/. a-z]{3,16} au )"),
        (0, r"(?:facture|emis|etabli|recu|encaisse|regle)e?s? (?:le|du)(?= \d)", r"(?<!facture d')(?:acompte|avance|arrhes|provision|situation)[^.]{0,40} $"),
        (0, r"(?:p\.? ?u\.?|prix(?: unitaire)?|tarif|cout|p\.? ?t\.?)(?: (?:net|unit[a-z]*|article))? ?{HT}"),
        (0, r"(?:p\.? ?u\.?|prix unitaire|tarif|cout)(?: (?:net|unit[a-z]*|article))? ?{TTC}"),
        (0, r"(?:total|montant) (?:des? |de la )?(?:charges?|frais|heures?|jours?)(?: de port)?(?: {HT})?"),
        # Owed by the payer besides: it lessens nothing.
        (0, r"(?:(?:pour information|montant de la|dont|part) ?:? ?)*(?:contributions?|cotisations?|part)?(?: de la| du| de| des)?(?: {RATE})?[a-z0-9,.%() ]{0,24}?diffuseurs?(?: [a-z' ]{2,40})?{RATE}?"),
        (0, r"dispenses? de precompte(?: [a-z]+)?(?: \d{4})?|(?:non soumis(?:e|es)?|pas|sans|aucune?|hors) (?:au |de )?(?:precompte|retenue)[a-z' ]*"),
        (0, r"(?:penalite|indemnite)[a-z' ]*|eco[- ]?(?:participation|contribution|taxe)[a-z' ]*(?:{HT}|{TTC})?|taxe de sejour|(?:frais de )?port(?: {HT}| {TTC})"),
        (0, r"(?:au )?capital(?: social)?(?: de)?"),
        (0, r"reste a (?:facturer|realiser)|(?:ancien|nouveau) solde|solde (?:anterieur|precedent|intermediaire)|total (?:precedent|anterieur)|(?:a reporter|report)(?: {HT})?"),
        (0, r"code service (?:postal|client)|service[s]? (?:clients?|commercia[a-z]*|comptab[a-z]*|apres[- ]vente|facturation|consommateurs?|relation)[a-z ]*"),
        (0, r"titulaire (?:du marche|du contrat)|(?:conformement|suivant|selon|au titre) [a-z' ]{0,12}(?:marche|contrat|convention|commande)(?! {N} ?[\w/-]*\d| (?!(?:19|20)\d\d(?![\w/-]))[a-z]{0,8}[-_/]?\d)"),
        (0, r"(?:votre )?prochaine (?:facture|echeance)[a-z ]*"),
    ),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class PartyHeading:
    """A heading that says whose particulars follow: `party` is seller, buyer, holder, delivery or other."""

    party: str
    pattern: str


ROLES: tuple[PartyHeading, ...] = (
    PartyHeading("buyer", r"(?:client|destinataire|acheteur|debiteur|donneur d'ordre|maitre d'ouvrage|commanditaire|diffuseur|preneur|payeur)(?:\(e\))?s?"),
    PartyHeading("buyer", r"(?:facture(?:e|r)?|adresse(?:e)?|vendu|destine(?:e)?|envoye(?:e)?) (?:a|au|aux)"),
    PartyHeading("buyer", r"(?:adresse|coordonnees|siret|identite|informations?|nom(?: et adresse)?)(?: de| du| de la)?(?: facturation| client| l'acheteur| destinataire)"),
    PartyHeading("buyer", r"(?:a l'attention|a l'intention|pour le compte) d[eu'](?:s| la| l')?"),
    PartyHeading("buyer", r"(?:doit|pour|bill to|sold to|buyer|customer|vos (?:identifiants|references|coordonnees)|votre (?:siret|structure|etablissement))"),
    PartyHeading("buyer", r"(?:facturation|a)(?= ?:| ?$)"),
    PartyHeading("buyer", r"beneficiaire d(?:e la prestation|es prestations|es travaux|u service)"),
    PartyHeading("buyer", r"(?:organisme|collectivite|etablissement|entite|structure|service) (?:public|publique|acheteur|payeur|destinataire|beneficiaire)"),
    PartyHeading("seller", r"(?:emetteur|emettrice|emis par|fournisseur|vendeur|prestataire|sous[- ]traitant|co[- ]?traitant|creancier|facture par|from|seller|expediteur)"),
    PartyHeading("holder", r"titulaire(?: du marche)?"),  # the seller, but on the invoice of who works for it
    PartyHeading("seller", r"(?:artiste|auteur|autrice|artiste[- ]auteur|photographe|compositeur|producteur|entreprise|societe|exploitant|de)(?= ?:| ?$)"),
    PartyHeading("seller", r"(?:notre|mon|nos|mes) (?:siret|references?|coordonnees|identifiants?)"),
    PartyHeading("seller", r"(?:facture|document) (?:emise?|etablie?|editee?) par"),
    PartyHeading("other", r"(?:valideur|encaisseur|affactureur|factor|subroge|mandataire|mandant|representant fiscal|beneficiaire|courtier|domiciliation|banque)"),
    PartyHeading("delivery", r"(?:livraison|livre a|lieu de livraison|adresse de livraison|adresse d'intervention|lieu d['e] ?(?:execution|intervention)|chantier)"),
)  # fmt: skip

# What only a seller prints about itself.
SELLER_SIGNS = (
    r"\b(?:rcs|r\.c\.s|rm\b|capital|ape|naf|sarl|sas|sasu|eurl|sa|ei|micro[- ]entrepr|auto[- ]entrepr|artiste|iban|rib|bic"
    r"|maison des artistes|mda|agessa|licence|urssaf|dispense d'immatriculation|s\.a\.s|s\.a\.r\.l|s\.a|siege social)\b"
)

# What a seller gives to be reached or paid by, and a buyer's block seldom has.
SELLER_HINTS = r"\b(?:tel|telephone|fax|mobile|e-?mail|courriel|www|tva intra|intracom|numero de tva|n° ?(?:id\.? )?(?:de )?tva|identifiant tva)\b|@"

# Words by which public bodies call themselves: the buyer, on a portal for public buyers.
PUBLIC_BODIES = (
    r"\b(?:commune|mairie|ville de|ministere|departement|conseil (?:departemental|regional|general)|region|universite"
    r"|centre hospitalier|chu|chru|ephad|ehpad|hopital|prefecture|sous-prefecture|drac|draaf|dreal|rectorat|academie"
    r"|lycee|college|ecole|ccas|cias|sdis|metropole|communaute (?:de communes|d'agglomeration|urbaine)|syndicat"
    r"|etablissement public|agence|direction|tresorerie|caisse|conservatoire|musee|bibliotheque|mediatheque|theatre national"
    r"|office public|opera national|inrae|cnrs|inserm|crous|etat|service facturier|cspf)\b"
)

# What may stand after an amount instead of before it: "1 000,00 € HT", "200 € de TVA".
SUFFIXES = {
    "tax_exclusive_amount": "(?:{HT}|nets? de {TVA})",
    "tax_amount": "(?:de )?{TVA}",
    "tax_inclusive_amount": "{TTC}",
}

VAT_FREE = (
    r"(?:{TVA} non applicable|293 ?-? ?b\b|(?:exonere?e?|exoneration)s? (?:de |de la )?{TVA}|franchise en base"
    r"|non (?:assujettie?|soumise?) a (?:la )?{TVA}|auto-?liquidation|art(?:icle|\.)? ?261[ ,-]|dispensee? de {TVA})"
)

CREDIT_NOTE = r"^[^a-z0-9]*(?:facture[- ]d'avoir|avoir|note de credit|credit note|facture[- ]avoir)(?= ?$| ?[:#(/-]| ?{N}| du \d| (?:sur|client|de|relatif)\b| [a-z]{0,8}[-_/]?\d)"
CREDIT_WORDS = r"\b(?:avoir|note de credit|credit note)\b"
# Which of the two a page speaks: the order of day and month hangs on it.
ENGLISH = r"\b(?:invoice|date of issue|due date|due|total amount|subtotal|bill to|ship to|payment|amount|quantity|unit price|tax|vat|description of|thank you|the|and|of)\b"
FRENCH = r"\b(?:facture|date d|echeance|montant|total ttc|total ht|tva|destinataire|paiement|reglement|quantite|designation|le|la|les|des|du|et|a)\b"
INVOICE = (
    r"\b(?:facture|note d(?:e droits d)?'(?:honoraires?|auteur|artiste)|note de (?:cession|frais)|invoice|memoire|decompte|quittance"
    r"|etat de frais)\b"
)


@cache
def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern of this file: shorthands opened, any white space for a space."""
    for name, meaning in _SHORTHAND.items():
        source = source.replace(name, meaning)
    return _compiled(source)


# No label of a field is without one of these: most cells of a page need no closer look.
_SUM_WORDS = r"total|totaux|montant|somme|mt\b|mt\.|tot\.|prix|net"
_TRIGGERS = {
    field: re.compile(words)
    for field, words in {
        "number": r"n ?°|\bno|n\.|num|\bn ?:|#|ref|fact|avoir|note d|invoice|credit|memoire|piece|document|bordereau|quittance|decompte|etat d",
        "issue_date": r"date|issued|\bdu\b|\ble\b|emis|etabli|edit|fact|fait|dress",
        "due_date": r"ech|pay|paie|regl|vir|vers|exigib|due|valeur|solde|preleve|debite|date|tard|soit",
        "purchase_order_reference": r"engagement|e\.?j|command|\bcde|b\.?d?c|purchase|p\.?o|ordre|ref|v ?/",
        "contract_reference": r"march|contrat|convention|accord",
        "buyer_reference": r"serv|s\.?e\b|s\.e|acheteur|buyer",
        "tax_exclusive_amount": r"h\.? ?t|hors|total|base|brut|avant|montant|net",
        "tax_amount": r"t\.? ?v\.? ?a|tax|vat",
        "tax_inclusive_amount": r"t\.? ?t\.? ?c|tax|t\.?v\.?a|total|montant|net|amount|reste|prix|somme|mt\b|tot\.",
        "payable_amount": rf"{_SUM_WORDS}|balance|residual|reste|solde|pay|regl|amount|credit|faveur|preleve|percevoir|verse",
        "prepaid_amount": r"virement|cheque|espece|carte|preleve|transfer|acompte|avance|arrhes|provision|deja|dedui|deduc|verse|regl|paye|paie|trop|avoir",
        "discount_amount": r"remise|rabais|ristourne|escompte|reduction|geste",
        "withheld_amount": r"precompt|reten|cotisation|contribution|charges|c\.?s\.?g|c\.?r\.?d|c\.?f\.?p|r\.?g|source|vieillesse|formation|securite|urssaf|agessa|m\.?d\.?a|ircec|raap",
        "advance": r"acompte",
        "other": r"[a-z]{2}",
    }.items()
}


_NO_FIELDS = {"other", "advance"}
_CODES = {"number", "purchase_order_reference", "contract_reference", "buyer_reference"}
_GOES_ON = re.compile(r"[-_/]?\d")


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source.replace(" ", r"\s"))


def matches(line: TextLine) -> list[Match]:
    """The labels of a line, left to right; of two that overlap the one that wholly contains the other stays."""
    found: list[Match] = []
    for cell in line.cells():  # a label never straddles two cells
        if not any(letter.isalpha() or letter == "°" or letter == "#" for letter in line.plain[slice(*cell)]):
            continue
        wanted = {field for field, trigger in _TRIGGERS.items() if trigger.search(line.plain, *cell)}
        for label, compiled, before in _compiled_labels():
            if label.field not in wanted:
                continue
            for hit in compiled.finditer(line.plain, *cell):
                start, end = hit.span()
                if start == end or (before and not before.search(line.plain[:start])):
                    continue
                if label.field in _CODES and line.plain[end - 1].isalnum() and _GOES_ON.match(line.plain, end):
                    continue  # « BC-26-118 » is a code, not the number of a BC
                while start < end and line.plain[start].isspace():
                    start += 1
                found.append(Match(label=label, start=start, end=end))
    kept = [match for match in found if not any(_swallows(other, match) for other in found)]
    best: dict[tuple[str, int, int], Match] = {}
    for match in kept:
        key = (match.label.field, match.start, match.end)
        if key not in best or best[key].label.weight < match.label.weight:
            best[key] = match
    return sorted(best.values(), key=lambda match: (match.start, match.end))


# What the second line of a label broken in two begins with.
_CONTINUED = re.compile(
    r"(?:de |d'|du |la )*(?:paiement|reglement|commande|client|juridique|executant|service|facture|facturation|emission|echeance"
    r"|livraison|comprises|engagement|marche|destinataire|chorus|h\.?t|ttc|tva|payer|regler|n°)"
)


@dataclass(frozen=True, slots=True)
class BrokenLabel:
    """A label that began in a cell of one line and ended in the cell under it."""

    label: Label
    upper: tuple[int, int]  # the cell of the upper line
    lower: tuple[int, int]  # where the label stands in the lower line
    text: str


def broken_labels(upper: TextLine, lower: TextLine) -> list[BrokenLabel]:
    """The labels that run on from `upper` to `lower`, a line right under it."""
    found = []
    for cell in lower.cells():
        if not _CONTINUED.match(lower.plain, *cell):
            continue
        x0, _, x1, _ = lower.box_of(*cell)
        for above in upper.cells():
            box = upper.box_of(*above)
            if min(x1, box[2]) - max(x0, box[0]) <= 0 or any(letter.isdigit() for letter in upper.text[slice(*above)]):
                continue
            if _has_value_beside(upper, above) and _has_value_beside(lower, cell):
                continue  # two names, each with its value at the right
            head = upper.plain[slice(*above)]
            joined = f"{head} {lower.plain[slice(*cell)]}"
            best: tuple[float, int, Label] | None = None
            for label, compiled, before in _compiled_labels():
                hit = None if before else compiled.search(joined)
                if hit and hit.start() < len(head) and hit.end() > len(head) + 1:
                    rank = (label.weight, hit.end(), label)
                    best = rank if best is None or rank[:2] > best[:2] else best
            if best and best[2].weight >= 0.7:
                end = cell[0] + best[1] - len(head) - 1
                found.append(BrokenLabel(label=best[2], upper=above, lower=(cell[0], end), text=joined[: best[1]]))
    return found


def _has_value_beside(line: TextLine, cell: tuple[int, int]) -> bool:
    """Whether figures stand in the next cell of the line."""
    following = next((other for other in line.cells() if other[0] > cell[1]), None)
    return following is not None and any(map(str.isdigit, line.text[slice(*following)]))


def _swallows(longer: Match, shorter: Match) -> bool:
    if longer is shorter or longer.start > shorter.start or longer.end < shorter.end:
        return False
    is_longer = longer.end - longer.start > shorter.end - shorter.start
    return is_longer or (longer.label.field in _NO_FIELDS and shorter.label.field not in _NO_FIELDS)


@cache
def _compiled_labels() -> tuple[tuple[Label, re.Pattern[str], re.Pattern[str] | None], ...]:
    rows = []
    for label in LABELS:
        compiled = pattern(f"(?<![a-z0-9])(?:{label.pattern})")
        rows.append((label, compiled, pattern(label.before) if label.before else None))
    return tuple(rows)
