"""BR-FR 1.4.0.04, the rows: what the French reform asks of every invoice (XP Z12-012, FNFE's Schematron « Flux 2 »)."""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.law.mentions import TO_PUBLIC_BUYERS
from plainchant.einvoice.law.vat_rates import Territory, rates
from plainchant.einvoice.rule import Rule, Vocabulary, table

from .france_names import UBL_IDS


def _written(territory: Territory | None = None) -> str:
    """The rates of today, as a file writes them."""
    return ", ".join(f"{rate.normalize():f}" for rate in rates(territory=territory) if rate)


# The platforms also take the rates of the past, which are of no use today.
_TODAY = (
    f"Écrivez le vôtre : {_written(Territory.MAINLAND)}, ou 0 sans TVA (outre-mer : {_written(Territory.REUNION)} ; "
    f"Corse : {_written(Territory.CORSICA)})."
)
_PENALTY = TO_PUBLIC_BUYERS[codes.LATE_PENALTY].rstrip(".")
_KINDS = ", ".join(sorted(codes.ATTACHMENT_KINDS))
_CADRES = ", ".join(sorted(codes.CADRES))
_TYPES = ", ".join(sorted(codes.DOCUMENT_TYPES))
_SELF_BILLED = ", ".join(sorted(codes.SELF_BILLED_TYPES))

# The parties with an electronic address: attribute of the invoice, term of its identifiers, term of its address, words.
PARTIES: tuple[tuple[str, str, str, str], ...] = (
    ("seller", "BT-29", "BT-34", "du fournisseur"),
    ("buyer", "BT-46", "BT-49", "de l’acheteur"),
    ("payee", "BT-60", "EXT-FR-FE-29", "du bénéficiaire du paiement"),
    ("buyer_agent", "EXT-FR-FE-06", "EXT-FR-FE-12", "de l’agent de l’acheteur"),
    ("payer", "EXT-FR-FE-46", "EXT-FR-FE-52", "du payeur"),
    ("seller_agent", "EXT-FR-FE-69", "EXT-FR-FE-75", "de l’agent du fournisseur"),
    ("validator", "EXT-FR-FE-92", "EXT-FR-FE-98", "de celui à qui la facture est adressée"),
    ("invoicer", "EXT-FR-FE-115", "EXT-FR-FE-121", "de celui qui établit la facture"),
)
_PLACES = (
    ("BT-71", "du lieu de livraison"),
    ("EXT-FR-FE-146", "du lieu de livraison de la ligne"),
)


# fmt: off
# A row is a line.
def _numbers() -> Iterator[Rule]:
    again = "Recopiez celui sous lequel elle a été envoyée."  # the number of another invoice is nobody's to change
    for term, what, whose, shorter, other in (
        ("BT-1", "Le numéro de facture", "invoice number", "Raccourcissez-le.", "Retirez les autres signes."),
        ("BT-25", "Le numéro de la facture antérieure", "number of a preceding invoice", again, again),
        ("EXT-FR-FE-136", "Le numéro de la facture antérieure", "number of a preceding invoice cited by a line", again, again),
    ):
        yield Rule(f"BR-FR-01_{term}", (term,), f"The {whose} has 35 characters at most.", f"{what} « {{value}} » compte {{length}} caractères ; 35 au plus sont acceptés. {shorter}")
        yield Rule(f"BR-FR-02_{term}", (term,), f"The {whose} has only unaccented letters, digits and + - _ /.", f"{what} « {{value}} » ne peut contenir que des lettres sans accent, des chiffres et les signes + - _ /, sans espace. {other}")


def _dates() -> Iterator[Rule]:
    for rule, term, what, english in (
        ("BT-2", "BT-2", "La date de la facture", "issue date"),
        ("BT-7", "BT-7", "La date d’exigibilité de la TVA", "tax point date"),
        ("BT-9", "BT-9", "La date d’échéance", "due date"),
        ("BT-26", "BT-26", "La date de la facture antérieure", "date of a preceding invoice"),
        ("BT-72", "BT-72", "La date de livraison", "delivery date"),
        ("BT-73", "BT-73", "Le début de la période facturée", "start of the invoicing period"),
        ("BT-74", "BT-74", "La fin de la période facturée", "end of the invoicing period"),
        ("EXT-FR-FE-138", "EXT-FR-FE-138", "La date de la facture antérieure", "date of a preceding invoice cited by a line"),
        ("EXT-FR-FE-158", "EXT-FR-FE-158", "La date de livraison", "delivery date of a line"),
        ("EXT-FR-FE-134", "BT-134", "Le début de la période", "start of a line's period"),
        ("EXT-FR-FE-135", "BT-135", "La fin de la période", "end of a line's period"),
    ):
        yield Rule(f"BR-FR-03_{rule}", (term,), f"The {english} is a day of the calendar between 2000 and 2099.", f"{what} (« {{value}} ») ne se lit pas comme une date entre 2000 et 2099. Vérifiez le jour, le mois, l’année, et la forme : 20260312 en CII, 2026-03-12 en UBL.")


def _types() -> Iterator[Rule]:
    for term, what, english in (
        ("BT-3", "Le type de facture", "type code of the invoice"),
        ("EXT-FR-FE-02", "Le type de la facture antérieure", "type code of a preceding invoice"),
        ("EXT-FR-FE-137", "Le type de la facture antérieure", "type code of a preceding invoice cited by a line"),
    ):
        yield Rule(f"BR-FR-04_{term}", (term,), f"The {english} is in the French list.", f"{what} « {{value}} » n’est pas admis en France. Écrivez 380 pour une facture, 381 pour un avoir, ou un autre code de la liste : {_TYPES}.")


def _notes() -> Iterator[Rule]:
    for code, french, english in (
        ("PMT", "La mention de l’indemnité forfaitaire de recouvrement manque. Ajoutez une note de code sujet PMT, par exemple « Indemnité forfaitaire pour frais de recouvrement de 40 euros ».", "flat fee for recovery costs"),
        ("PMD", f"La mention des pénalités de retard manque. Ajoutez une note de code sujet PMD ; pour un acheteur public, par exemple « {_PENALTY} ».", "late payment penalties"),
        ("AAB", "La mention de l’escompte manque. Ajoutez une note de code sujet AAB, par exemple « Pas d’escompte pour paiement anticipé ».", "discount for early payment, or that there is none"),
    ):
        yield Rule(f"BR-FR-05_BT-22_{code}", ("BT-21", "BT-22"), f"A note with subject code {code} tells the {english}.", french)
    for code, mention in (
        ("PMT", "les frais de recouvrement"),
        ("PMD", "les pénalités de retard"),
        ("AAB", "l’escompte"),
        ("TXD", "le régime de TVA"),
    ):
        yield Rule(f"BR-FR-06_BT-21_{code}", ("BT-21",), f"One note at most has subject code {code}.", f"Plusieurs notes portent le code sujet {code} ({mention}). Réunissez-les en une seule.")


def _parties() -> Iterator[Rule]:
    for term, whose in (*((term, whose) for _, term, _, whose in PARTIES), *_PLACES):
        yield Rule(f"BR-FR-09_{term}", (term,), f"A SIRET (scheme 0009) in {term} has 14 digits and starts with the SIREN.", f"Le SIRET {whose} (« {{value}} ») doit compter 14 chiffres, sans espace ni point, et commencer par son SIREN{{siren}}. Corrigez celui des deux qui est faux.")
        yield Rule(f"BR-FR-CO-10_{term}-1", (term,), f"Each identifier in {term} names its scheme.", f"L’identifiant « {{value}} » {whose} ne dit pas ce qu’il est. Précisez son schéma : 0009 pour un SIRET, 0224 pour un code de service.")
        yield Rule(f"BR-FR-CO-10_{term}-2", (term,), f"Each scheme stands once in {term}.", f"Plusieurs identifiants {whose} ont le même schéma {{scheme}}. N’en gardez qu’un.")
    for _, _, term, whose in PARTIES:
        yield Rule(f"BR-FR-23_{term}", (term,), f"An address with scheme 0225 in {term} has only letters, digits and + - _ .", f"L’adresse électronique {whose} (« {{value}} ») ne peut contenir que des lettres sans accent, des chiffres et les signes + - _ et le point. Recopiez-la depuis l’annuaire.")
        yield Rule(f"BR-FR-25_{term}", (term,), f"The electronic address in {term} has 125 characters at most.", f"L’adresse électronique {whose} compte {{length}} caractères ; 125 au plus sont acceptés. Recopiez-la depuis l’annuaire.")
    for term, whose in (("BT-29", "du fournisseur"), ("BT-46", "de l’acheteur")):
        yield Rule(f"BR-FR-24_{term}", (term,), f"A routing code (scheme 0224) in {term} has only letters, digits and + - _ .", f"Le code de service {whose} (« {{value}} ») ne peut contenir que des lettres sans accent, des chiffres et les signes + - _ et le point. Recopiez-le depuis l’annuaire.")
        yield Rule(f"BR-FR-26_{term}", (term,), f"A routing code (scheme 0224) in {term} has 100 characters at most.", f"Le code de service {whose} compte {{length}} caractères ; 100 au plus sont acceptés. Recopiez-le depuis l’annuaire.")


def _vat() -> Iterator[Rule]:
    for term, terms, what, english in (
        ("BT-102", ("BT-95", "BT-102"), "La ligne de remise ou de frais", "allowance or charge"),
        ("BT-118", ("BT-118",), "Le récapitulatif de TVA", "VAT breakdown"),
        ("BT-151", ("BT-151",), "L’article", "line"),
    ):
        yield Rule(f"BR-FR-15_BT-95_{term}", terms, f"The VAT category of a {english} is S, E, AE, K, G, O or Z.", f"{what} {{problem}}. Écrivez S (avec TVA), E (exonéré), AE (autoliquidation), K (livraison dans l’Union), G (exportation), O (hors du champ) ou Z (taux zéro).")
        yield Rule(f"BR-FR-15_BT-95_{term}_LM", terms, f"The VAT category of a {english} is not L or M.", f"{what} porte la catégorie « {{value}} », réservée aux Canaries (L) ou à Ceuta et Melilla (M). Choisissez une catégorie française, par exemple S.")
    for term, terms, what, english in (
        ("BT-96_BT-103", ("BT-96", "BT-103"), "de la remise ou des frais", "an allowance or charge"),
        ("BT-119", ("BT-119",), "du récapitulatif", "the VAT breakdown"),
        ("BT-152", ("BT-152",), "de l’article", "a line"),
    ):
        yield Rule(f"BR-FR-16_{term}", terms, f"The VAT rate of {english} is one of the French rates, with two decimals at most.", f"Le taux de TVA {what} ({{value}} %) n’existe pas en France. {_TODAY}")
        yield Rule(f"BR-FR-DEC-04_{term}", terms, f"The VAT rate of {english} is positive, with 4 digits and 2 decimals at most.", f"Le taux de TVA {what} ({{value}}) s’écrit sans signe, avec 4 chiffres et 2 décimales au plus, par exemple 20 ou 5.5. Corrigez-le.")
    yield Rule("BR-FR-16_BT-103", ("BT-103",), "The VAT rate of a charge is one of the French rates.", f"Le taux de TVA des frais n’existe pas en France. {_TODAY}")


def _decimals() -> Iterator[Rule]:
    for term, terms, what, english in (
        ("BT-92_BT-99", ("BT-92", "BT-99"), "Le montant de la remise ou des frais", "amount of an allowance or charge"),
        ("BT-93_BT-100", ("BT-93", "BT-100"), "Le montant sur lequel la remise ou les frais sont calculés", "base of an allowance or charge"),
        ("BT-106", ("BT-106",), "Le total des lignes", "sum of the lines"),
        ("BT-107", ("BT-107",), "Le total des remises", "sum of the allowances"),
        ("BT-108", ("BT-108",), "Le total des frais", "sum of the charges"),
        ("BT-109", ("BT-109",), "Le total hors taxes (HT)", "total without VAT"),
        ("BT-110", ("BT-110", "BT-111"), "Le total de la TVA", "total of VAT"),
        ("BT-111", ("BT-111",), "Le total de la TVA en euros", "total of VAT in the accounting currency"),
        ("BT-112", ("BT-112",), "Le total toutes taxes comprises (TTC)", "total with VAT"),
        ("BT-113", ("BT-113",), "Le montant déjà payé", "amount already paid"),
        ("BT-114", ("BT-114",), "L’arrondi", "rounding amount"),
        ("BT-115", ("BT-115",), "Le montant à payer", "amount due"),
        ("BT-116", ("BT-116",), "Le montant HT soumis à ce taux de TVA", "taxable amount"),
        ("BT-117", ("BT-117",), "Le montant de TVA de ce taux", "VAT of a rate"),
        ("BT-131", ("BT-131",), "Le montant de la ligne", "net amount of a line"),
        ("BT-136_BT-141", ("BT-136", "BT-141"), "Le montant de la remise ou des frais de la ligne", "amount of a line's allowance or charge"),
        ("BT-137_BT-142", ("BT-137", "BT-142"), "Le montant sur lequel la remise ou les frais de la ligne sont calculés", "base of a line's allowance or charge"),
    ):
        yield Rule(f"BR-FR-DEC-01_{term}", terms, f"The {english} has 2 decimals and 19 characters at most.", f"{what} ({{value}}) doit avoir 2 décimales au plus, et 19 caractères en tout. Arrondissez-le au centime.")
    for term, what, english in (
        ("BT-129", "La quantité facturée", "invoiced quantity"),
        ("BT-149", "La quantité pour laquelle vaut le prix", "base quantity of the price"),
    ):
        yield Rule(f"BR-FR-DEC-02_{term}", (term,), f"The {english} has 4 decimals and 19 characters at most.", f"{what} ({{value}}) doit avoir 4 décimales au plus, et 19 caractères en tout. Arrondissez-la.")
    for term, what, english in (
        ("BT-146", "Le prix unitaire net", "net price"),
        ("BT-147", "Le montant de la remise sur le prix unitaire", "discount on the price"),
        ("BT-148", "Le prix unitaire brut", "gross price"),
    ):
        minus = "écrivez-le sans signe moins" if term == "BT-147" else "mettez le signe moins à la quantité"
        yield Rule(f"BR-FR-DEC-03_{term}", (term,), f"The {english} is positive (save in cadres B9, S9, M9), with 6 decimals and 19 characters at most.", f"{what} ({{value}}) doit être positif, avec 6 décimales au plus et 19 caractères en tout. Arrondissez-le ; s’il est négatif, {minus}.")


def _several_sellers() -> Iterator[Rule]:
    group = "GROUP without parent"
    yield Rule("BR-FR-MV-01_EXT-FR-FE-163", ("EXT-FR-FE-163",), "In cadres B8 to M9 each line says whether it is GROUP, DETAIL or INFORMATION.", "La ligne ne dit pas son rôle, nécessaire sur une facture de plusieurs vendeurs. Indiquez GROUP, DETAIL ou INFORMATION.")
    yield Rule("BR-FR-MV-02_EXT-FR-FE-163", ("EXT-FR-FE-163",), f"In cadres B8, S8, M8 at least one line is {group}.", "Cette facture de plusieurs vendeurs ne les sépare pas. Ajoutez pour chaque vendeur une ligne de regroupement (GROUP).")
    yield Rule("BR-FR-MV-03_EXT-FR-FE-164", ("EXT-FR-FE-164",), f"A line that is {group} names its seller.", "La ligne de regroupement ne nomme pas son vendeur. Indiquez le nom du vendeur de cette ligne.")
    yield Rule("BR-FR-MV-03_EXT-FR-FE-167", ("EXT-FR-FE-167",), f"A line that is {group} has the SIREN of its seller.", "La ligne de regroupement ne donne pas le SIREN de son vendeur. Ajoutez-le.")
    yield Rule("BR-FR-MV-03_EXT-FR-FE-177", ("EXT-FR-FE-177",), f"A line that is {group} has the country of its seller.", "La ligne de regroupement ne donne pas le pays de son vendeur. Indiquez-le, par exemple FR.")
    yield Rule("BR-FR-MV-03_EXT-FR-FE-181", ("EXT-FR-FE-181",), f"A line that is {group} has its VAT in the invoice's currency.", "La ligne de regroupement ne donne pas le total de TVA de son vendeur. Ajoutez-le, dans la monnaie de la facture.")
    yield Rule("BR-FR-MV-03_EXT-FR-FE-182", ("EXT-FR-FE-182",), f"A line that is {group} has its VAT in the accounting currency, if the invoice has one.", "La facture a une monnaie de comptabilité, mais la ligne de regroupement ne donne pas sa TVA dans cette monnaie. Ajoutez ce montant.")
    yield Rule("BR-FR-MV-03_BT-128_AFL", ("BT-128",), f"A line that is {group} has the number of its part (scheme AFL).", "La ligne de regroupement ne donne pas le numéro de la facture de ce vendeur. Ajoutez-le comme référence de la ligne, avec le schéma AFL.")
    yield Rule("BR-FR-MV-03_BT-128_AVV", ("BT-128",), f"A line that is {group} has the cadre of its part (scheme AVV), other than B8, S8, M8.", "La ligne de regroupement ne donne pas le cadre de facturation de ce vendeur, ou donne B8, S8 ou M8. Ajoutez son cadre (par exemple B1 ou S1) comme référence de la ligne, avec le schéma AVV.")
    yield Rule("BR-FR-MV-05_EXT-FR-FE-BG-12", ("BT-131",), f"The amount of a line that is {group} is the sum of the lines below it, to a cent each.", "Le montant de la ligne de regroupement ({value}) n’est pas la somme de ses lignes ({total}). Corrigez l’un ou l’autre.")
    yield Rule("BR-FR-MV-06_EXT-FR-FE-167", ("EXT-FR-FE-167",), "In cadres B8 to M9 each line has the SIREN of its seller, the one of the line above it.", "La ligne doit donner le SIREN de son vendeur, le même que celui de la ligne de regroupement dont elle dépend. Ajoutez-le, ou corrigez-le.")
    yield Rule("BR-FR-MV-07_BT-128", ("BT-128",), "In cadres B8 to M9 each line has the number of its part (AFL), the one of the line above it.", "La ligne doit donner le numéro de la facture de son vendeur (schéma AFL). C’est celui de la ligne de regroupement dont elle dépend. Ajoutez-le, ou corrigez-le.")
    yield Rule("BR-FR-MV-08_BT-128", ("BT-128", "BT-120"), "The exemption reason of a DETAIL line starts with #number of its part#.", "Le texte du motif de TVA de la ligne doit commencer par le numéro de la facture de son vendeur. Écrivez-le entre deux dièses, par exemple « #F2026-001# ». Complétez-le.")
    yield Rule("BR-FR-MV-09_EXT-FR-FE-181", ("EXT-FR-FE-181", "BT-117"), f"The VAT of a line that is {group} is the sum of the breakdowns of its part, to a cent.", "La TVA de la ligne de regroupement ({value}) n’est pas la somme des TVA de ce vendeur dans le récapitulatif ({total}). Corrigez l’un ou l’autre.")
    yield Rule("BR-FR-MV-10_EXT-FR-FE-184", ("EXT-FR-FE-184",), f"The total with VAT of a line that is {group} is its net amount plus its VAT, to a cent a line.", "Le montant TTC de la ligne de regroupement ({value}) n’est pas son montant HT plus sa TVA. Corrigez celui des trois qui est faux.")
    yield Rule("BR-FR-MV-11_BT-128", ("BT-128", "BT-1"), f"Exactly one line that is {group} of the invoice's own seller has the invoice's own number (AFL).", "Parmi les lignes de regroupement du vendeur principal, une seule doit porter le numéro de la facture elle-même (schéma AFL). Corrigez ces numéros.")
    yield Rule("BR-FR-MV-12_BT-128", ("BT-128",), f"Lines that are {group} have different numbers (AFL).", "Le numéro « {value} » est déjà celui d’une autre partie de cette facture. Donnez à chaque vendeur un numéro de facture différent (schéma AFL).")
    yield Rule("BR-FR-MV-13_BT-3", ("BT-3",), "An invoice in cadre B8, S8 or M8 is not self-billed.", "Le type « {value} » est celui d’une facture établie par l’acheteur, ce qui ne va pas avec une facture de plusieurs vendeurs. Choisissez un autre type, par exemple 380.")
    yield Rule("BR-FR-MV-14-EXT-FR-FE-136", ("EXT-FR-FE-136",), f"On a corrective invoice or credit note of several sellers, a line that is {group} cites the invoice it corrects.", "La ligne de regroupement ne cite pas la facture que cette rectification ou cet avoir corrige. Ajoutez son numéro.")
    yield Rule("BR-FR-MV-14-EXT-FR-FE-138", ("EXT-FR-FE-138",), f"On a corrective invoice or credit note of several sellers, a line that is {group} gives the date of the invoice it corrects.", "La ligne de regroupement ne donne pas la date de la facture que cette rectification ou cet avoir corrige. Ajoutez-la.")
    yield Rule("BR-FR-BD-02_EXT-FR-FE-163", ("EXT-FR-FE-163",), f"In cadres B9, S9, M9 exactly two lines are {group}.", "Une facture où chacun vend à l’autre doit avoir deux lignes de regroupement (GROUP), une pour chaque sens. Il y en a {count}. Gardez-en une par sens, ou ajoutez celle qui manque.")
    yield Rule("BR-FR-BD-02_BT-31", ("EXT-FR-FE-167", "BT-30"), f"In cadres B9, S9, M9 one of the lines that are {group} has the seller's SIREN.", "Une des deux lignes de regroupement doit porter le SIREN du vendeur de la facture. Ajoutez-le, ou corrigez-le.")
    yield Rule("BR-FR-BD-02_BT-47", ("EXT-FR-FE-167", "BT-47"), f"In cadres B9, S9, M9 one of the lines that are {group} has the buyer's SIREN.", "Une des deux lignes de regroupement doit porter le SIREN de l’acheteur de la facture. Ajoutez-le, ou corrigez-le.")
    yield Rule("BR-FR-BD-13_BT-3", ("BT-3",), "An invoice in cadre B9, S9 or M9 is self-billed.", f"Le type « {{value}} » ne va pas avec une facture où chacun vend à l’autre. Choisissez l’un de ceux-ci : {_SELF_BILLED}.")
    yield Rule("BR-FR-BD-14-EXT-FR-FE-136", ("EXT-FR-FE-136",), f"On a corrective invoice or credit note in cadre B9, S9 or M9, a line that is {group} cites the invoice it corrects.", "La ligne de regroupement ne cite pas la facture que cette rectification ou cet avoir corrige. Ajoutez son numéro.")
    yield Rule("BR-FR-BD-14-EXT-FR-FE-138", ("EXT-FR-FE-138",), f"On a corrective invoice or credit note in cadre B9, S9 or M9, a line that is {group} gives the date of the invoice it corrects.", "La ligne de regroupement ne donne pas la date de la facture que cette rectification ou cet avoir corrige. Ajoutez-la.")


_OTHERS = (
    Rule("BR-FR-08_BT-23", ("BT-23",), "The cadre de facturation is there and in the French list.", f"Le cadre de facturation {{problem}}. Écrivez par exemple B1 (vente de biens), S1 (services) ou M1 (les deux) ; la liste complète : {_CADRES}."),
    Rule("BR-FR-10_BT-30", ("BT-30",), "The seller has a SIREN (scheme 0002) of 9 digits.", "Le SIREN du fournisseur manque ou n’a pas 9 chiffres. Indiquez les 9 chiffres du SIREN avec le schéma 0002 ; le SIRET va dans les identifiants, avec le schéma 0009."),
    Rule("BR-FR-11_BT-47", ("BT-47",), "Where a BAR note says B2B, the buyer has a SIREN (scheme 0002) of 9 digits.", "La facture dit être entre entreprises (note BAR : B2B), mais le SIREN de l’acheteur manque ou n’a pas 9 chiffres. Indiquez-le avec le schéma 0002."),
    Rule("BR-FR-12_BT-49", ("BT-49",), "The buyer has an electronic address.", "L’adresse de facturation électronique de l’acheteur manque (ce n’est pas un courriel). Ajoutez celle que donne l’annuaire, avec le schéma 0225 pour une adresse française."),
    Rule("BR-FR-13_BT-34", ("BT-34",), "The seller has an electronic address.", "L’adresse de facturation électronique du fournisseur manque (ce n’est pas un courriel). Ajoutez celle que donne l’annuaire, souvent votre SIREN, avec le schéma 0225."),
    Rule("BR-FR-17_BT-123", ("BT-123",), "The description of an attachment is in the French list of kinds.", f"La pièce jointe est décrite par « {{value}} », qui n’est pas un type connu. Écrivez l’un de ceux-ci : {_KINDS}."),
    Rule("BR-FR-18_BT-123", ("BT-123",), "One attachment at most is the readable copy.", "Plusieurs pièces jointes sont décrites comme LISIBLE. Gardez cette description pour une seule, la copie lisible de la facture."),
    Rule("BR-FR-20_BT-21", ("BT-21", "BT-22"), "A BAR note says B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE or ARCHIVEONLY, and nothing else.", "La note BAR dit « {value} ». Elle ne peut dire que B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE ou ARCHIVEONLY. En UBL, placez-la après les autres notes, car ce qui la suit est lu avec elle."),
    Rule("BR-FR-21_BT-49", ("BT-49",), "Between French companies the buyer's electronic address starts with its SIREN, with scheme 0225 (self-billed invoices apart).", "La facture dit être entre entreprises françaises (note BAR : B2B). L’adresse électronique de l’acheteur doit commencer par son SIREN, avec le schéma 0225. Corrigez-la."),
    Rule("BR-FR-22_BT-34", ("BT-34",), "On a self-billed invoice between French companies the seller's electronic address starts with its SIREN, with scheme 0225.", "Sur une facture établie par l’acheteur, l’adresse électronique du fournisseur doit commencer par son SIREN, avec le schéma 0225. Corrigez-la."),
    Rule("BR-FR-27_BG-32", ("BG-32",), "A property of an item has a name or a code.", "Une caractéristique de l’article n’a ni nom ni code. Donnez-lui un nom, par exemple Couleur, ou retirez-la."),
    Rule("BR-FR-27_BT-160", ("BT-160",), "The name of a property is not empty.", "Le nom d’une caractéristique de l’article est vide. Écrivez-le, ou retirez-la."),
    Rule("BR-FR-27_EXT-FR-FE-159", ("EXT-FR-FE-159",), "The code of a property is not empty.", "Le code d’une caractéristique de l’article est vide. Écrivez-le, ou retirez-le."),
    Rule("BR-FR-28-Value", ("BT-161", "EXT-FR-FE-160"), "A property of an item has a value, or a measure with its unit, and not both.", "La caractéristique « {value} » de l’article doit avoir soit une valeur, soit une mesure avec son unité, pas les deux. Donnez-lui l’une des deux."),
    Rule("BR-FR-29_BT-18", ("BT-18",), "Schemes AFL and AVV stand once at most among the invoiced objects.", "Plusieurs objets facturés ont le schéma {scheme}. N’en gardez qu’un."),
    Rule("BR-FR-29_AFL", ("BT-18",), "An invoiced object with scheme AFL is not empty.", "L’objet facturé de schéma AFL est vide. Écrivez le numéro, ou retirez cet objet."),
    Rule("BR-FR-29_AVV", ("BT-18",), "An invoiced object with scheme AVV is not empty.", "L’objet facturé de schéma AVV est vide. Écrivez le cadre de facturation, ou retirez cet objet."),
    Rule("BR-FR-30_BT-128", ("BT-128",), "Schemes AFL and AVV stand once at most among the objects of a line.", "Plusieurs références de la ligne ont le schéma {scheme}. N’en gardez qu’une."),
    Rule("BR-FR-30_AFL", ("BT-128",), "An object of a line with scheme AFL is not empty.", "La référence de schéma AFL de la ligne est vide. Écrivez le numéro, ou retirez-la."),
    Rule("BR-FR-30_AVV", ("BT-128",), "An object of a line with scheme AVV is not empty.", "La référence de schéma AVV de la ligne est vide. Écrivez le cadre de facturation, ou retirez-la."),
    Rule("BR-FR-31_BT-21", ("BT-21",), "One BAR note at most says how the invoice is to be treated.", "Plusieurs notes BAR disent comment traiter la facture. N’en gardez qu’une."),
    Rule("BR-FR-32-LEGALID", ("BT-30", "BT-47", "BT-61"), "A registration with scheme 0002 is a SIREN: 9 digits.", "« {value} » porte le schéma 0002, celui du SIREN, qui compte 9 chiffres. Écrivez le SIREN, ou le schéma 0009 s’il s’agit d’un SIRET de 14 chiffres."),
    Rule("BR-FR-32-GLOBALID", ("BT-29", "BT-46", "BT-60"), "An identifier with scheme 0002 or 0231 has 9 digits.", "« {value} » porte le schéma {scheme}, qui demande 9 chiffres. Écrivez les 9 chiffres, ou le schéma 0009 s’il s’agit d’un SIRET de 14 chiffres."),
    Rule("BR-FR-CO-03_BT-3", ("BT-3", "BT-12", "BT-73", "BT-74"), "A global credit note (262) has a contract and the two ends of its period.", "Un avoir de type 262 (remise sur une période) doit citer le contrat et donner le début et la fin de la période. Ajoutez ce qui manque."),
    Rule("BR-FR-CO-04_BT-4", ("BT-3", "BG-3"), "A corrective invoice (384, 471, 472, 473) cites exactly one preceding invoice.", "Une facture rectificative doit citer une facture antérieure, et une seule ; celle-ci en cite {count}. Indiquez le numéro et la date de celle qu’elle corrige."),
    Rule("BR-FR-CO-05_BT-3", ("BT-3", "BG-3"), "A credit note cites, with number and date, at least one preceding invoice for the whole or one for each line.", "L’avoir ne cite pas la facture qu’il corrige. Ajoutez son numéro et sa date, pour tout l’avoir ou pour chaque ligne."),
    Rule("BR-FR-CO-07_BT-9", ("BT-9", "BT-2"), "The due date is not before the issue date (deposits and paid invoices apart).", "L’échéance ({value}) est antérieure à la date de la facture. Corrigez l’une des deux. Si la facture est déjà payée, choisissez le cadre B2 (biens), S2 (services) ou M2 (les deux)."),
    Rule("BR-FR-CO-08_BT-23", ("BT-23", "BT-3"), "The cadre of a final invoice after deposit (B4, S4, M4) does not go with a deposit (386, 500, 503).", "Le cadre « {value} » est celui d’une facture après acompte, mais le type de la facture est celui d’un acompte. Changez le cadre ou le type."),
    Rule("BR-FR-CO-09_BT-23-1", ("BT-23", "BT-113", "BT-112"), "In cadres B2, S2, M2 the amount already paid is the total with VAT.", "Le cadre dit que la facture est déjà payée : le montant déjà payé doit être égal au total TTC. Corrigez ce montant ou le cadre."),
    Rule("BR-FR-CO-09_BT-23-2", ("BT-23", "BT-115"), "In cadres B2, S2, M2 nothing is due.", "Le cadre dit que la facture est déjà payée : le montant à payer doit être 0. Corrigez ce montant ou le cadre."),
    Rule("BR-FR-CO-09_BT-23-3", ("BT-23", "BT-9"), "In cadres B2, S2, M2 the due date (the day of payment) is there.", "Le cadre dit que la facture est déjà payée : la date d’échéance doit donner le jour du paiement. Ajoutez-la."),
    Rule("BR-FR-CO-12_BT-5", ("BT-5", "BT-6", "BT-111"), "An invoice in another currency has EUR as accounting currency and its VAT in euros.", "La facture est en {value} : la TVA doit aussi être donnée en euros. Indiquez EUR comme monnaie de comptabilité et ajoutez le total de TVA en euros."),
    Rule("BR-FR-CO-14_BT-29-1", ("BT-29", "BT-22"), "A member of a single taxable person (scheme 0231) says so in a TXD note.", "Le fournisseur est membre d’un assujetti unique (schéma 0231). Ajoutez une note de code sujet TXD dont le texte est MEMBRE_ASSUJETTI_UNIQUE."),
    Rule("BR-FR-CO-15_BT-29-1", ("BT-29", "BT-63"), "A member of a single taxable person (scheme 0231) has that person as tax representative, with a VAT number.", "Le fournisseur est membre d’un assujetti unique (schéma 0231). Indiquez l’assujetti unique comme représentant fiscal, avec son numéro de TVA."),
)
# fmt: on


def _named(rule: Rule) -> Iterator[Rule]:
    """A row under each of the ids it has."""
    ubl = UBL_IDS.get(rule.id)
    if rule.id == "BR-FR-16_BT-103":
        yield Rule(rule.id, rule.terms, rule.english, rule.french, syntaxes=("ubl",))
    elif ubl is None:
        yield rule
    else:
        if rule.id not in ubl:
            yield Rule(rule.id, rule.terms, rule.english, rule.french, syntaxes=("cii",))
        for name in ubl:
            both: tuple[Vocabulary, ...] = ("ubl", "cii") if name == rule.id else ("ubl",)
            yield Rule(name, rule.terms, rule.english, rule.french, syntaxes=both)


def _rows() -> Iterator[Rule]:
    yield from _numbers()
    yield from _dates()
    yield from _types()
    yield from _notes()
    yield from _parties()
    yield from _vat()
    yield from _decimals()
    yield from _OTHERS
    yield from _several_sellers()


RULES = table(row for rule in sorted(_rows(), key=lambda rule: rule.id) for row in _named(rule))
