"""The rows of the VAT categories' rules: nine categories that ask nearly the same, and Italian split payment."""

from __future__ import annotations

from plainchant.einvoice.rule import Rule

from .vat import CATEGORIES, Category

# Prefix of the rules → (French name, English name)
NAMES = {
    "S": ("S (taux normal ou réduit)", "standard rated"),
    "Z": ("Z (taux zéro)", "zero rated"),
    "E": ("E (exonéré)", "exempt"),
    "AE": ("AE (autoliquidation)", "reverse charge"),
    "IC": ("K (livraison intracommunautaire)", "intra-community supply"),
    "G": ("G (exportation)", "export"),
    "O": ("O (hors du champ de la TVA)", "not subject to VAT"),
    "AF": ("L (IGIC, Canaries)", "IGIC"),
    "AG": ("M (IPSI, Ceuta et Melilla)", "IPSI"),
}
_GROUPS = {"02": ("une ligne", "BT-151", "a line"), "03": ("une remise", "BT-95", "an allowance"), "04": ("des frais", "BT-102", "a charge")}  # fmt: skip
_RATES = {"05": ("Cette ligne est", "BT-152", "a line"), "06": ("Une remise est", "BT-96", "an allowance"), "07": ("Des frais sont", "BT-103", "a charge")}  # fmt: skip
_NUMBERS = {
    "any": ("le fournisseur (ou son représentant fiscal) n’a pas de numéro fiscal. Ajoutez votre numéro de TVA (BT-31)", "the seller has a tax number"),
    "vat": ("le fournisseur (ou son représentant fiscal) n’a pas de numéro de TVA. Ajoutez-le", "the seller has a VAT number"),
    "none": ("un numéro de TVA est indiqué. Retirez les numéros de TVA des parties, ou choisissez une autre catégorie", "nobody has a VAT number"),
}  # fmt: skip
# Where the buyer must have a number too, either may lack.
_OF_BOTH = {
    "vat": "le numéro de TVA du fournisseur (ou de son représentant fiscal) manque, ou celui de l’acheteur. Ajoutez celui qui manque (BT-31 pour le vôtre, BT-48 pour l’acheteur)",
    "vat or registration": "un numéro manque : le numéro de TVA du fournisseur ou de son représentant fiscal (BT-31), ou celui de l’acheteur. Ajoutez celui qui manque. Celui de l’acheteur est son numéro de TVA (BT-48) ou d’immatriculation (BT-47)",
}  # fmt: skip
# Who is exempt often has no VAT number: a French seller below the threshold gives the SIREN as tax number.
_WITHOUT_NUMBER = {"E": " ; si vous n’en avez pas (franchise en base), écrivez votre SIREN comme numéro fiscal (BT-32, « FC » en CII)"}  # fmt: skip
# The reason that each category gives, as French law has it (CGI 293 B, 283, 262 ter I, 262 I).
_REASONS = {
    "E": "« TVA non applicable, art. 293 B du CGI » en franchise, ou l’article qui vous exonère",
    "AE": "« Autoliquidation »",
    "IC": "« Exonération de TVA, art. 262 ter, I du CGI »",
    "G": "« Exonération de TVA, art. 262, I du CGI »",
    "O": "« Opération hors du champ d’application de la TVA », ou l’article qui l’en sort",
}  # fmt: skip
_WANTED_RATES = {
    "positive": ("le taux doit être au-dessus de 0. Indiquez-le (20, 10, 5.5…)", "above zero"),
    "zero": ("le taux doit être 0. Écrivez 0", "zero"),
    "absent": ("il ne faut pas de taux. Retirez-le", "absent"),
    "not negative": ("il faut un taux, qui n’est pas négatif. Indiquez-le", "zero or above"),
}


def _of(category: Category) -> list[Rule]:
    prefix = f"BR-{category.prefix}"
    french, english = NAMES[category.prefix]
    rows = [
        Rule(
            f"{prefix}-01",
            ("BG-23", "BT-118"),
            f"What is {english} has {'its rows' if category.several else 'one row'} in the VAT breakdown, and nothing else has.",
            f"La catégorie de TVA {french} n’apparaît pas comme il faut dans le récapitulatif de TVA. Elle doit y figurer "
            f"{'pour chaque taux' if category.several else 'une fois, et une seule'}, quand des lignes, remises ou frais "
            "l’utilisent, et seulement alors. Ajoutez ou retirez la ligne du récapitulatif.",
        )
    ]
    numbers, numbers_in_english = _NUMBERS[category.seller]
    numbers = _OF_BOTH.get(category.buyer, numbers)
    for number, (what, term, what_in_english) in _GROUPS.items():
        rows.append(
            Rule(
                f"{prefix}-{number}",
                (term, "BT-31", "BT-32", "BT-63") + (("BT-48",) if category.buyer else ()),
                f"With {what_in_english} that is {english}, {numbers_in_english}.",
                f"La facture contient {what} de catégorie de TVA {french}, mais {numbers}{_WITHOUT_NUMBER.get(category.prefix, '')}.",
            )
        )
    wanted, wanted_in_english = _WANTED_RATES[category.rate]
    for number, (what, term, what_in_english) in _RATES.items():
        rows.append(
            Rule(
                f"{prefix}-{number}",
                (term,),
                f"The rate of {what_in_english} that is {english} is {wanted_in_english}.",
                f"{what} de catégorie de TVA {french} : {wanted}.",
            )
        )
    rows.append(
        Rule(
            f"{prefix}-08",
            ("BT-116",),
            f"The base of what is {english} is lines plus charges less allowances{', for each rate' if category.several else ''}.",
            f"Pour la catégorie de TVA {french}, lignes + frais − remises = {{computed}}, mais la base indiquée est {{written}}. "
            "Corrigez la base du récapitulatif, ou la catégorie d’une ligne.",
        )
    )
    if category.several:
        rows.append(
            Rule(
                f"{prefix}-09",
                ("BT-117",),
                f"The tax of what is {english} is base times rate.",
                f"Pour la catégorie de TVA {french}, base × taux = {{computed}}, mais la TVA indiquée est {{written}}. Corrigez-la.",
            )
        )
    else:
        rows.append(
            Rule(
                f"{prefix}-09",
                ("BT-117",),
                f"The tax of what is {english} is zero.",
                f"Pour la catégorie de TVA {french} la TVA doit être 0, mais {{written}} est indiqué. Écrivez 0, ou changez de catégorie.",
            )
        )
    if category.reason:
        rows.append(
            Rule(
                f"{prefix}-10",
                ("BT-120", "BT-121"),
                f"What is {english} says why no VAT is due.",
                f"La catégorie de TVA {french} demande un motif. Écrivez-le : {_REASONS[category.prefix]}.",
            )
        )
    else:
        rows.append(
            Rule(
                f"{prefix}-10",
                ("BT-120", "BT-121"),
                f"What is {english} gives no reason for an exemption.",
                f"La catégorie de TVA {french} n’a pas à donner de motif d’exonération. Retirez-le, ou choisissez la catégorie E.",
            )
        )
    return rows


VAT_ROWS: tuple[Rule, ...] = (
    *(row for category in CATEGORIES for row in _of(category)),
    Rule("BR-IC-11", ("BT-72", "BG-14"), "An intra-community supply says when it was made.", "Une livraison intracommunautaire doit dire quand elle a eu lieu. Ajoutez la date de livraison, ou la période de facturation."),
    Rule("BR-IC-12", ("BT-80",), "An intra-community supply says to which country.", "Une livraison intracommunautaire doit dire vers quel pays. Ajoutez le pays à l’adresse de livraison."),
    Rule("BR-O-11", ("BT-118",), "What is not subject to VAT is alone in the breakdown.", "La facture mêle une opération hors du champ de la TVA (O) et d’autres catégories. Faites deux factures."),
    Rule("BR-O-12", ("BT-151",), "With what is not subject to VAT, no line is of another category.", "La facture est hors du champ de la TVA (O), mais une ligne a une autre catégorie. Faites deux factures."),
    Rule("BR-O-13", ("BT-95",), "With what is not subject to VAT, no allowance is of another category.", "La facture est hors du champ de la TVA (O), mais une remise a une autre catégorie. Corrigez-la."),
    Rule("BR-O-14", ("BT-102",), "With what is not subject to VAT, no charge is of another category.", "La facture est hors du champ de la TVA (O), mais des frais ont une autre catégorie. Corrigez-la."),
    Rule("BR-B-01", ("BT-151",), "Split payment is for Italian domestic invoices.", "La catégorie de TVA B (paiement scindé) n’existe qu’entre Italiens. Choisissez une autre catégorie."),
    Rule("BR-B-02", ("BT-151",), "Split payment and standard rated VAT exclude each other.", "Les catégories de TVA B (paiement scindé) et S ne vont pas ensemble. Gardez l’une des deux."),
)  # fmt: skip
