"""ONE TABLE: what French invoices call each field, and who is meant by a heading.

Patterns are written against a line lower-cased and without accents (`Line.plain`). In them a space stands for any white
space, `$` for the end of a cell, `{N}` for "n°", "no", "numéro"… and `{FAC}` for the names of the document itself. `weight` (0..1) says how sure
the label alone makes us; `before` is what must stand in the line ahead of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from plainchant.einvoice.reading.lines import Line

_SHORTHAND = {
    "{N}": r"(?:n ?°\.?|n\.|no\.?(?![a-z])|num(?:ero|\.)?|#|n(?=\s*:))",
    "{FAC}": r"(?:facture(?:-avoir)?(?: d['e] ?(?:avoir|acompte|solde|situation))?(?: affacturee)?|avoir|note de credit"
    r"|note d(?:e droits d)?'(?:honoraires?|auteur|artiste)|invoice|credit note|memoire)",
    "{REF}": r"(?:ref(?:erence|\.)?)",
    "{HT}": r"(?:h\.? ?t\.?(?![a-z])|hors[- ]taxes?|hors tva)",
    "{TTC}": r"(?:t\.? ?t\.? ?c\.?(?![a-z])|toutes taxes comprises)",
    "{TVA}": r"(?:t\.? ?v\.? ?a\.?(?![a-z])|taxes?(?![a-z]))",
}


@dataclass(frozen=True, slots=True)
class Label:
    """One way to name a field. `field` is a field's name, or "other" for what must not be taken for one."""

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
        (1.0, r"{FAC} ?(?:{N}|{REF})(?: de (?:facture|piece))?"),
        (1.0, r"(?:{N}|{REF})(?: d[eu']| de la| de l')? ?(?:{FAC}|piece|document)"),
        (0.9, r"invoice (?:no|number|#|id)"),
        (0.85, r"affacturee {N}"),
        (0.8, r"{FAC}(?= ?[:#-]? ?[a-z]{0,8}[-_/. ]{0,3}\d)"),
        (0.6, r"{FAC}(?= ?:| ?$)"),
        (0.85, r"{N}(?= ?:? ?[a-z]{0,8}[-_/]?\d)", r"^(?:{FAC})[^0-9]{0,30}$"),
        (0.45, r"(?:^|(?<=  )){N}(?= ?:? ?[a-z]{0,8}[-_/]?\d)"),
        (0.4, r"(?:notre |nos )?{REF}(?:s)?(?= ?:)"),
    ),
    # BT-2
    *_rows(
        "issue_date",
        (1.0, r"date (?:de |d'|du |de la |de l')?(?:{FAC}|facturation|emission|edition|etablissement|piece|document)"),
        (1.0, r"(?:{FAC} )?(?:emise?|etablie?|datee?|editee?|facturee?) (?:le|du|en date du)(?= ?:? ?\d)"),
        (1.0, r"{FAC} (?:du|en date du)(?= ?:? ?\d)"),
        (0.95, r"(?:du|en date du|le|date)(?= ?:? ?\d{1,4}(?:er)?[-/. ])", r"(?:{FAC}|{N})[^a-z]*[\w/ .-]{1,30}?[ ,-]+$"),
        (0.9, r"du(?= ?$)", r"^(?:{FAC})  [\w/.-]{1,30}  $"),
        (0.8, r"(?:issue|invoice) date"),
        (0.7, r"(?<![a-z] )date(?: ?:|(?= ?$)|(?= \d))"),
        (0.6, r"\ble(?= ?:? ?\d{1,2}(?:er)?[-/. ])", r"(?:^|[a-z)], ?|[a-z]  |fait (?:a [\w -]+ )?)$"),
        (0.4, r"en date du"),
        (0.35, r"\bdate"),
    ),
    # BT-9
    *_rows(
        "due_date",
        (1.0, r"(?:date d')?echeance(?: de (?:paiement|reglement))?(?: au| le)?"),
        (1.0, r"date limite(?: de| du)? (?:paiement|reglement)"),
        (1.0, r"(?:a )?(?:payer|regler|payable|paiement|reglement|exigible)[a-z ]{0,30}? (?:avant|au plus tard)(?: le)?"),
        (0.9, r"(?:payable|paiement|reglement|a payer|a regler|exigible)(?: du| attendu)? (?:le|au)(?= ?:? ?\d)"),
        (0.9, r"(?:date (?:de |d'|du )(?:paiement|reglement|exigibilite)(?: (?:du )?paiement)?|due date|payment due)"),
    ),
    # BT-13: the commitment (engagement juridique) is what a public accountant looks for first
    *_rows(
        "purchase_order_reference",
        (1.0, r"(?:{N}|{REF})?(?: d['e] ?| de l')? ?engagement(?: juridique)?(?: {N})?"),
        (1.0, r"(?:{N} )?\be\.?j\.?(?= ?(?:{N}|:| \d))(?: ?{N})?"),
        (1.0, r"{N} e\.?j\.?(?= ?$)"),
        (0.95, r"(?:{N}|{REF})?(?: de| du)? ?(?:votre )?bons? de commande(?: ?{N})?(?: d'engagement)?(?: client)?"),
        (0.95, r"(?:{N}|{REF}|votre)(?: de| du| de la| votre)? ?commande(?: ?{N})?(?: client)?"),
        (0.9, r"commande(?: ?{N}| client)"),
        (0.9, r"(?:purchase order|p\.?o\.? (?:number|no|#))"),
        (0.85, r"(?:{N} )?(?:de )?\bb\.?d?c\.?(?= ?(?:{N}|:))(?: ?{N})?"),
        (0.6, r"\bcommande(?= ?:| ?$| [a-z]{0,8}[-_/]?\d)"),
    ),
    # BT-12
    *_rows(
        "contract_reference",
        (1.0, r"(?:{N}|{REF})(?: de| du| de la)? ?marche(?: public)?(?: ?{N})?"),
        (1.0, r"marche(?: public)?(?: ?{N}| ?{REF})"),
        (0.9, r"(?:{N}|{REF})(?: de| du| de la)? ?(?:contrat|convention)(?: ?{N})?"),
        (0.9, r"(?:contrat|convention)(?: ?{N}| ?{REF})"),
        (0.7, r"\bmarche(?: public)?(?= ?:| [a-z]{0,8}[-_/]?\d)"),
        (0.6, r"\b(?:contrat|convention)(?= ?:| [a-z]{0,8}[-_/]?\d)"),
    ),
    # BT-10
    *_rows(
        "buyer_reference",
        (1.0, r"(?:{N} |code (?:du )?)service(?: executant| destinataire| facture| client)?(?: ?{N})?"),
        (1.0, r"service executant(?: {N}| code)?"),
        (0.95, r"service ?{N}"),
        (0.8, r"(?:buyer reference|{REF} (?:de l')?acheteur)"),
        (0.6, r"\bservice(?: destinataire)?(?= ?:)"),
        (0.5, r"(?<=/ )service(?= [a-z])"),
    ),
    # BT-109
    *_rows(
        "tax_exclusive_amount",
        (1.0, r"(?:total|montant)(?: (?:general|global|net|montant|des prestations|facture))*(?: en)?(?: (?:euros|€|eur))? {HT}"),
        (0.8, r"(?:net|somme|base) {HT}"),
        (0.7, r"sous[- ]?total(?: {HT})?"),
        (0.6, r"base(?: imposable| {HT})?(?: {TVA})?(?= ?:| ?$)"),
        (0.55, r"(?:honoraires|prix total|prix|remuneration|cession)[a-z ']{0,20} {HT}"),
        (0.45, r"\b{HT}"),
    ),
    # BT-110
    *_rows(
        "tax_amount",
        (1.0, r"(?:total|montant)(?: (?:general|global|de la|de|des|la))* ?{TVA}"),
        (0.85, r"(?:dont )?{TVA}(?: (?:a|au taux de))?(?: ?\(? ?\d{1,2}(?:[.,]\d{1,2})? ?% ?\)?)"),
        (0.8, r"\d{1,2}(?:[.,]\d{1,2})? ?% {TVA}"),
        (0.7, r"(?:dont )?{TVA}(?= ?:| \(|(?: [a-z]+)? ?\d| ?$)"),
    ),
    # BT-112
    *_rows(
        "tax_inclusive_amount",
        (1.0, r"(?:total|montant|net|prix)(?: (?:general|global|net|montant|facture|a payer|a regler|du))*(?: en)?(?: (?:euros|€|eur))? {TTC}"),
        (0.65, r"(?:total|montant|net)(?: (?:total|net|general))* (?:a (?:payer|regler)|du)(?: (?:en (?:euros|eur|€)|{TTC}))?"),
        (0.6, r"\b{TTC}"),
        (0.5, r"(?:total (?:general|net|facture|de la facture)|montant (?:total|facture|de la facture)|grand total|total amount)"),
        (0.4, r"\btotal(?= ?:| ?$| \(?(?:eur|€)| \d)"),
        (0.35, r"(?:amount due|reste a payer)"),
    ),
    # BT-115
    *_rows(
        "payable_amount",
        (1.0, r"(?:net|reste|total|montant|solde|somme)(?: (?:total|{TTC}|net|facture))* (?:a (?:payer|regler|verser)|du)(?: {TTC})?"),
        (0.95, r"(?:^|(?<=\s\s))a (?:payer|regler)(?= ?\(| ?:| ?$| \d)"),
        (0.8, r"(?:amount due|net a (?:payer|regler))"),
        (0.5, r"solde(?= ?:| ?$)"),
    ),
    # What looks like one of the above and is not. The longest match on a spot wins, so these only have to be longer.
    *_rows(
        "other",
        (0, r"(?:{N} (?:de )?|{REF} (?:de )?|date (?:de )?)?(?:la |votre )?facture (?:associee|d'origine|rectifiee|precedente|initiale|anterieure|annulee)(?: ?{N})?"),
        (0, r"(?:portant sur|annul[a-z]+(?: et remplac[a-z]+)?|remplac[a-z]+|relati[a-z]+ a|concern[a-z]+|rectifi[a-z]+|suite a|correspondant a|rembours[a-z]+|sur) (?:de )?(?:la |notre |l'|une |les )?(?:{FAC})s?(?: ?{N}| ?:)?(?:[\w /.-]*?\d[\w/.-]* (?:du|le))?"),
        (0, r"facture (?:fournisseur|electronique|pro ?forma|pour|a |aux? |d'une|doit|acquittee)"),
        (0, r"(?:{N}|{REF}|code|compte)(?: de| du| d'| de la| de l')? ?(?:client|tva|siret|siren|rcs|rna|tel[a-z]*|page|compte|bon de (?:vente|livraison|reception)|livraison|devis|dossier|affaire|adherent|securite sociale|mda|ordre|naf|ape|postal|banque|guichet|agessa|urssaf|licence|lot|appel d'offres?|projet|comptable|article|produit|intracom[a-z]*|intervention|abonn[a-z]+|contact|fournisseur|mandat|avis de paiement)(?: ?{N})?"),
        (0, r"(?:devis|dossier|affaire|client|bon de (?:livraison|vente|reception)|licence|ordre)(?: ?{N})"),
        (0, r"{REF} (?:avis de paiement|produit|article|client|interne|comptable|projet|appel d'offres?)"),
        (0, r"{TVA} (?:intra[- ]?communautaire|intracom[a-z.]*|non applicable|sur les|acquittee|fr ?\d)"),
        (0, r"(?:{N}|numero|identifiant|regime|code|detail|taux|repartition)(?: de| d'| des| de la)?(?: la)? {TVA}(?: intra[- ]?com[a-z.]*)?"),
        (0, r"date(?:s)? (?:de |du |d'|des |de l'|de la )?(?:livraison|commande|naissance|debut|fin|prestation|execution|signature|notification|engagement|reception|la prestation|intervention|representation|concert|spectacle|realisation|valeur|devis|bon|service|service fait|marche|contrat|evenement|achevement)[a-z ]*"),
        (0, r"(?:periode|prestation|intervention|mission|concert|representation|spectacle|atelier|residence|seance|formation|exposition|travaux)[a-z' ]{0,40}?(?: du| le| en| :)"),
        (0, r"(?:livre|commande|signe|notifie|ne|nee|realise|effectue|recu|paye|execute|accepte|rendu|regle)e?s? (?:le|du)"),
        (0, r"(?:du|date du|signee? le|en date du)(?= \d)", r"(?:bon de commande|commande|marche|contrat|devis|convention|\bbc|decret|arrete|loi|engagement|\bej)[\w /.°-]{0,30} $"),
        (0, r"(?:p\.? ?u\.?|prix(?: unitaire)?|tarif|cout|p\.? ?t\.?)(?: (?:net|unit[a-z]*|article))? ?{HT}"),
        (0, r"(?:total|montant) (?:des? |de la )?(?:remises?|charges?|rabais|acomptes?|frais|deja|versements?|heures?|jours?|cotisations?|contributions?|precomptes?)"),
        (0, r"(?:remise|rabais|ristourne|acompte|avance|escompte|penalite|indemnite|deja (?:paye|regle|verse)|a deduire)[a-z' ]*(?:{HT}|{TTC})?"),
        (0, r"(?:au )?capital(?: social)?(?: de)?"),
        (0, r"reste a (?:facturer|realiser)"),
        (0, r"code service (?:postal|client)"),
    ),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Role:
    """A heading that says whose particulars follow: `party` is seller, buyer or other."""

    party: str
    pattern: str


ROLES: tuple[Role, ...] = (
    Role("buyer", r"(?:client|destinataire|acheteur|debiteur|donneur d'ordre|maitre d'ouvrage|commanditaire|diffuseur)(?:\(e\))?s?"),
    Role("buyer", r"(?:facture(?:e|r)?|adresse(?:e)?|livre(?:e)?|vendu|destine(?:e)?|envoye(?:e)?) (?:a|au|aux)"),
    Role("buyer", r"(?:adresse|coordonnees|siret|identite|informations?|nom)(?: de| du| de la)?(?: facturation| client| l'acheteur| destinataire)"),
    Role("buyer", r"(?:a l'attention|a l'intention|pour le compte) d[eu']"),
    Role("buyer", r"(?:doit|pour|bill to|sold to|buyer|customer|vos (?:identifiants|references|coordonnees)|votre siret)"),
    Role("buyer", r"(?:organisme|collectivite|etablissement|entite|structure|service) (?:public|publique|acheteur|payeur|destinataire|beneficiaire)"),
    Role("seller", r"(?:emetteur|emettrice|emis par|fournisseur|vendeur|prestataire|titulaire|sous[- ]traitant|co[- ]?traitant|creancier|facture par|from|seller|expediteur)"),
    Role("seller", r"(?:artiste|auteur|autrice|artiste[- ]auteur|photographe|compositeur|producteur|entreprise|societe|exploitant)(?= ?:| ?$)"),
    Role("seller", r"(?:notre|mon|nos|mes) (?:siret|references?|coordonnees|identifiants?)"),
    Role("seller", r"(?:facture|document) (?:emise?|etablie?|editee?) par"),
    Role("other", r"(?:valideur|encaisseur|affactureur|factor|subroge|mandataire|mandant|representant fiscal|beneficiaire|livraison|livre a|lieu de livraison|adresse de livraison|adresse d'intervention|lieu d['e] ?(?:execution|intervention)|courtier)"),
)  # fmt: skip

# What only a seller prints about itself.
SELLER_SIGNS = (
    r"\b(?:rcs|r\.c\.s|rm\b|capital|ape|naf|sarl|sas|sasu|eurl|sa|ei|micro[- ]entrepr|auto[- ]entrepr|artiste|iban|rib|bic"
    r"|maison des artistes|mda|agessa|licence|urssaf|dispense d'immatriculation)\b"
)

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
    "tax_exclusive_amount": "{HT}",
    "tax_amount": "(?:de )?{TVA}",
    "tax_inclusive_amount": "{TTC}",
}

VAT_FREE = (
    r"(?:{TVA} non applicable|293 ?-? ?b\b|(?:exonere?e?|exoneration)s? (?:de |de la )?{TVA}|franchise en base"
    r"|non (?:assujettie?|soumise?) a (?:la )?{TVA}|auto-?liquidation|261[ ,-])"
)

CREDIT_NOTE = r"^(?:facture[- ]d'avoir|avoir|note de credit|credit note|facture[- ]avoir)\b"
INVOICE = r"\b(?:facture|note d(?:e droits d)?'(?:honoraires?|auteur|artiste)|invoice|memoire)\b"


def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern of this file: shorthands opened, any white space for a space."""
    for name, meaning in _SHORTHAND.items():
        source = source.replace(name, meaning)
    return _compiled(source)


# No label is without one of these: most lines of a page need no closer look.
_TRIGGER = re.compile(
    r"n ?°|\bno\b|n\.|num|\bn ?:|#|ref|fact|avoir|credit|note d|invoice|memoire|date|\bdu\b|\ble\b|\bau\b|emis|etabli|edit"
    r"|echeance|pay|regl|exigible|due|engagement|e\.?j|command|b\.?d?c|purchase|p\.?o|march|contrat|convention|service"
    r"|acheteur|buyer|total|montant|somme|net|solde|reste|amount|base|prix|h\.? ?t|hors|t\.? ?v\.? ?a|tax|t\.? ?t\.? ?c"
    r"|capital|acompte|remise|devis|dossier|period|prestation|licence|code|client|affacturee"
)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source.replace(" ", r"\s"))


def matches(line: Line) -> list[Match]:
    """The labels of a line, left to right; of two that overlap the one that wholly contains the other stays."""
    found: list[Match] = []
    cells = [cell for cell in line.cells() if _TRIGGER.search(line.plain, *cell)]  # a label never straddles two cells
    if not cells:
        return found
    for label, compiled, before in _compiled_labels():
        for hit in (hit for cell in cells for hit in compiled.finditer(line.plain, *cell)):
            start, end = hit.span()
            if start == end or (before and not before.search(line.plain[:start])):
                continue
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


def _swallows(longer: Match, shorter: Match) -> bool:
    if longer is shorter or longer.start > shorter.start or longer.end < shorter.end:
        return False
    is_longer = longer.end - longer.start > shorter.end - shorter.start
    return is_longer or (longer.label.field == "other" and shorter.label.field != "other")


@cache
def _compiled_labels() -> tuple[tuple[Label, re.Pattern[str], re.Pattern[str] | None], ...]:
    rows = []
    for label in LABELS:
        compiled = pattern(f"(?<![a-z0-9])(?:{label.pattern})")
        rows.append((label, compiled, pattern(label.before) if label.before else None))
    return tuple(rows)
