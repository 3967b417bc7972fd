"""The lines of an invoice, read from pages that lay them out in every way met so far."""

# ruff: noqa: E501

from __future__ import annotations

from decimal import Decimal

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from tests.capture.samples import drawn

Line = tuple[str, str, str, str, str]  # description, quantity, price, rate, amount; "" for what is not there


def lines_of(source: str) -> list[Line]:
    reading = read_fields(read_document(drawn(source)))
    return [
        (line.label, _shown(line.quantity), _shown(line.price), _shown(line.rate), f"{line.amount:.2f}")
        for line in reading.lines
    ]


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


HEAD = "Atelier Fictif, SIRET 902 100 015 00012\n\n= Facture n° F-12\n"
FOOT = "#align(right, table(columns: 2, stroke: none, [Total HT], [{}], [TVA 20 %], [{}], [Total TTC], [{}]))"

# What a page shows, and its lines as a person reads them.
PAGES: dict[str, tuple[str, list[Line]]] = {
    "the rate and its name in each row, units beside quantities": (
        HEAD
        + "#table(columns: (1fr, auto, auto, auto, auto), [Description], [Quantité], [Prix unitaire], [Taxes], [Montant],"
        "[\\[JP\\] Spectacle jeune public], [2,00 Unité(s)], [1 250,00], [5,5% TVA], [2 500,00 €],"
        "[Transport], [1,00 Unité(s)], [90,00], [5,5% TVA], [90,00 €])\n"
        "#align(right)[Montant HT #h(1cm) 2 590,00 € \\ TVA 5,5% #h(1cm) 142,45 € \\ Total #h(1cm) 2 732,45 €]",
        [
            ("[JP] Spectacle jeune public", "2", "1250", "5.5", "2500.00"),
            ("Transport", "1", "90", "5.5", "90.00"),
        ],
    ),
    "a column beside the table, level with its rows": (
        "#grid(columns: (4cm, 1fr), gutter: 8mm, [Compagnie Fictive \\ Licence 2-1000001 \\ SIRET \\ 902 100 015 00012 \\ \\ "
        "*FACTURE* \\ CF-0031-26 \\ \\ *DATE* \\ 27/02/2026 \\ *ÉCHÉANCE* \\ 29/03/2026 \\ *ENGAGEMENT* \\ EJ-55120],"
        "[#v(2.4cm) #table(columns: (1fr, auto), stroke: none, [*Prestation*], [*Montant*],"
        "[Cession, première représentation], [2 400,00], [Cession, seconde représentation], [2 000,00],"
        "[Transport et défraiements], [638,50])"
        "#align(right)[Total H.T. #h(1cm) 5 038,50 \\ TVA 5,5 % #h(1cm) 277,12 \\ Net à payer : 5 315,62 €]])",
        [
            ("Cession, première représentation", "", "", "", "2400.00"),
            ("Cession, seconde représentation", "", "", "", "2000.00"),
            ("Transport et défraiements", "", "", "", "638.50"),
        ],
    ),
    "whole numbers, and a description of two lines on both sides of its amounts": (
        HEAD + "#table(columns: (1fr, auto, auto, auto), align: horizon, stroke: none, [Prestation], [Jours], [TJM (€)],"
        "[Total (€)], [Développement du module \\ Sprint 4, du 2 au 20 février 2026], [12,5], [420], [5 250],"
        "[Formation des gestionnaires], [1], [600], [600])\n"
        "Montant total à régler #h(1fr) 5.850,00 EUR\n\nTVA non applicable - art. 293 B du CGI",
        [
            ("Développement du module Sprint 4, du 2 au 20 février 2026", "12.5", "420", "", "5250.00"),
            ("Formation des gestionnaires", "1", "600", "", "600.00"),
        ],
    ),
    "an author's note: what is withheld is no line": (
        HEAD + "#table(columns: (1fr, auto), stroke: none, [*Désignation*], [*Montant*],"
        "[Cession de droits de reproduction, 12 \\ illustrations], [1 500,00 €], [Montant brut hors taxes], [1 500,00 €],"
        "[Sécurité sociale (0,40 %)], [- 6,00 €], [CSG (9,20 % de 98,25 %)], [- 135,59 €],"
        "[CRDS (0,50 % de 98,25 %)], [- 7,37 €], [Net à payer à l'autrice], [1 351,04 €])\n"
        "TVA non applicable, art. 293 B du CGI.",
        [("Cession de droits de reproduction, 12 illustrations", "", "", "", "1500.00")],
    ),
    "headings of three lines, a discount of the line, a recapitulation beside the totals": (
        HEAD + "#table(columns: (1fr, auto, 1.6cm, auto, 1.8cm), align: horizon, stroke: none, [Description], [Quantité],"
        "[Prix unitaire], [Rem.], [Prix HT], [Nougat 250 g], [20 Unit(s)], [4,55 €], [10%], [81,90 €],"
        "[Huile d’olive], [10 Liter(s)], [19,80 €], [], [198,00 €])\n"
        "#grid(columns: (1fr, 1fr), table(columns: 3, stroke: none, [Taxe], [Base], [Montant], [TVA 20,0%], [81,90 €],"
        "[16,38 €], [TVA 5,5%], [198,00 €], [10,89 €]), align(right)[Total HT #h(5mm) 279,90 € \\ "
        "Total taxes #h(5mm) 27,27 € \\ Total TTC #h(5mm) 307,17 €])",
        [("Nougat 250 g", "20", "4.55", "", "81.90"), ("Huile d’olive", "10", "19.8", "", "198.00")],
    ),
    "headings with hardly a space between them": (
        HEAD + "#set text(size: 9pt)\n#table(columns: (auto, 1fr, auto, auto, auto, auto), inset: 3pt, stroke: none, [Réf.],"
        "[Désignation], [Qté], [P.U. HT], [% TVA], [Montant HT], [A12], [Masques, boîte de 20], [3], [1 250,00], [20 %],"
        "[3 750,00], [B7], [Gants], [1], [80,00], [20 %], [80,00])\n" + FOOT.format("3 830,00", "766,00", "4 596,00"),
        [
            ("Masques, boîte de 20", "3", "1250", "20", "3750.00"),
            ("Gants", "1", "80", "20", "80.00"),
        ],
    ),
    "no headings, amounts at the right margin": (
        HEAD + "Objet : ateliers du printemps\n\nAtelier de gravure du 3 mars #h(1fr) 450,00 € \\ "
        "Atelier : encres et papiers #h(1fr) 88,28 € \\ Déplacement #h(1fr) 36,50 €\n\n"
        "Total #h(1fr) 574,78 €\n\nTVA non applicable, art. 293 B du CGI. Pénalités de retard : 40,00 €",
        [
            ("Atelier de gravure du 3 mars", "", "", "", "450.00"),
            ("Atelier : encres et papiers", "", "", "", "88.28"),
            ("Déplacement", "", "", "", "36.50"),
        ],
    ),
    "no headings, the reckoning written out": (
        HEAD + "Répétitions, 12 x 50,00 € #h(1fr) 600,00 € \\ Concert, 1 x 820,00 € #h(1fr) 820,00 €\n\n"
        "Total lignes #h(1fr) 1 420,00 € \\ Remise globale #h(1fr) -142,00 € \\ Net HT #h(1fr) 1 278,00 €\n\n"
        "TVA non applicable, art. 293 B du CGI",
        [("Répétitions, 12 x 50,00 €", "12", "50", "", "600.00"), ("Concert, 1 x 820,00 €", "1", "820", "", "820.00")],
    ),
    "one line of a letter": (
        HEAD + "Lecture musicale à la médiathèque #h(1fr) 300,00 €\n\n*Total à payer : 300,00 €*\n\n"
        "TVA non applicable, art. 293 B du CGI",
        [("Lecture musicale à la médiathèque", "", "", "", "300.00")],
    ),
    "two pages, carried over, and a sub-total between two lots": (
        HEAD + "#table(columns: (1fr, auto, auto, auto), stroke: none, [Désignation], [Qté], [PU HT], [Total HT],"
        "[Lot 1 : cloisons], [2], [100,00], [200,00], [Pose], [1], [50,00], [50,00], [Sous-total lot 1], [], [], [250,00],"
        "[Lot 2 : peinture], [4], [25,00], [100,00], [À reporter], [], [], [350,00])\n#pagebreak()\n"
        "#table(columns: (1fr, auto, auto, auto), stroke: none, [Désignation], [Qté], [PU HT], [Total HT],"
        "[Report], [], [], [350,00], [Nettoyage], [1], [30,00], [30,00])\n" + FOOT.format("380,00", "76,00", "456,00"),
        [
            ("Lot 1 : cloisons", "2", "100", "", "200.00"),
            ("Pose", "1", "50", "", "50.00"),
            ("Lot 2 : peinture", "4", "25", "", "100.00"),
            ("Nettoyage", "1", "30", "", "30.00"),
        ],
    ),
    "words under the amounts, and a discount of the whole apart": (
        HEAD + "#table(columns: (1fr, auto, auto), stroke: none, [Description], [Qté], [Montant HT],"
        "[Captation vidéo \\ deux caméras, \\ montage compris], [1 forfait], [900,00], [Sous-titres], [2 h], [120,00],"
        "[Remise fidélité], [], [-102,00])\n" + FOOT.format("918,00", "183,60", "1 101,60"),
        [
            ("Captation vidéo deux caméras, montage compris", "1", "", "", "900.00"),
            ("Sous-titres", "2", "", "", "120.00"),
        ],
    ),
    "counts with their unit at the right of their column, under headings at its left": (
        HEAD + "#table(columns: (1fr, 3cm, 3cm, 3cm), align: (left, right, right, right), stroke: none, [Désignation],"
        "table.cell(align: left)[Quantité], table.cell(align: left)[Prix unitaire], table.cell(align: left)[Montant],"
        "[Peinture de la salle 2], [12 m²], [18,50], [222,00], [Encres], [0,5 h], [40,00], [20,00])\n"
        + FOOT.format("242,00", "48,40", "290,40"),
        [("Peinture de la salle 2", "12", "18.5", "", "222.00"), ("Encres", "0.5", "40", "", "20.00")],
    ),
    "an advance is sold before it is taken off": (
        HEAD + "#table(columns: (1fr, auto), stroke: none, [Désignation], [Montant HT],"
        "[Acompte de 30 % à la commande, devis D-7], [600,00])\n" + FOOT.format("600,00", "120,00", "720,00"),
        [("Acompte de 30 % à la commande, devis D-7", "", "", "", "600.00")],
    ),
    "what was paid before is no line": (
        HEAD + "#table(columns: (1fr, auto), stroke: none, [Désignation], [Montant], [Création du décor], [2 000,00],"
        "[Acompte versé le 3 mars], [-600,00], [Reste à payer], [1 400,00])\nTVA non applicable, art. 293 B du CGI",
        [("Création du décor", "", "", "", "2000.00")],
    ),
    "amounts with VAT beside those without": (
        HEAD + "#table(columns: (auto, 1fr, auto, auto, auto, auto), stroke: none, [Date], [Trajet], [HT], [Taux], [TVA], [TTC],"
        "[17/07/2026], [Rennes – Nantes], [100,00], [10%], [10,00], [110,00],"
        "[18/07/2026], [Attente], [50,00], [10%], [5,00], [55,00])\n"
        "Total Hors Taxes #h(1fr) 150,00 \\ T.V.A. 10% #h(1fr) 15,00 \\ Montant T.T.C. #h(1fr) 165,00",
        [("Rennes – Nantes", "", "", "10", "100.00"), ("Attente", "", "", "10", "50.00")],
    ),
    "only amounts with VAT: no line without": (
        HEAD + "#table(columns: (auto, 1fr, auto), stroke: none, [Qté], [Article], [Prix TTC], [1], [Plateaux], [110,00],"
        "[2], [Boissons], [60,00])\nTotal TTC #h(1fr) 170,00 \\ dont TVA 10 % #h(1fr) 15,45",
        [],
    ),
    "headings of two lines, the second of which has headings on both sides": (
        HEAD + "#table(columns: (auto, 1fr, auto, 2cm, auto, auto), align: bottom + center, stroke: none, inset: 2pt,"
        "[Réf.], [Désignation], [Quantité], [Prix unitaire \\ HT], [Taux TVA], [Montant HT],"
        "[P911], [Câble], [1], [1 450,00], [20 %], [1 450,00])\n" + FOOT.format("1 450,00", "290,00", "1 740,00"),
        [("Câble", "1", "1450", "20", "1450.00")],
    ),
    "a discount sold by the piece is a line": (
        HEAD + "#table(columns: (1fr, auto, auto, auto, auto), stroke: none, [Désignation], [TVA], [P.U. HT], [Qté], [Total HT],"
        "[Encre], [20 %], [565,00], [2], [1 130,00], [Rabais], [20 %], [-65,50], [1], [-65,50])\n"
        + FOOT.format("1 064,50", "212,90", "1 277,40"),
        [("Encre", "2", "565", "20", "1130.00"), ("Rabais", "1", "-65.5", "20", "-65.50")],
    ),
    "cents lined up at their comma": (
        HEAD + "Repas #h(1fr) 2 763#h(0pt);#box[,57] EUR \\ Cession #h(1fr) 791#h(0pt);#box[,89] EUR \\ Total #h(1fr) 3 555#h(0pt);#box[,46] EUR\n\n"
        "TVA non applicable, art. 293 B du CGI",
        [("Repas", "", "", "", "2763.57"), ("Cession", "", "", "", "791.89")],
    ),
    "quantity and price on a line of their own, under the words": (
        HEAD + "Mise aux normes #h(1fr) 1 244,26 € \\ #h(4mm) 2 j × 622,13 € \\ Dépose de la couverture #h(1fr) 800,00 € \\ "
        "#h(4mm) 0,5 forfait × 1 600,00 € \\ Peinture #h(1fr) 517,00 € \\ #h(4mm) 1 m² × 517,00 €\n\n"
        "Montant total hors taxes #h(1fr) 2 561,26 € \\ TVA 20 % #h(1fr) 512,25 € \\ Total TTC #h(1fr) 3 073,51 €",
        [
            ("Mise aux normes", "2", "622.13", "", "1244.26"),
            ("Dépose de la couverture", "0.5", "1600", "", "800.00"),
            ("Peinture", "1", "517", "", "517.00"),
        ],
    ),
    "headings with no more than a space between them": (
        HEAD + "#table(columns: (auto, 1fr, auto, auto, auto, auto, auto), stroke: none, inset: (x: 1.3pt, y: 3pt),"
        "[ISBN], [Titre], [Qté], [Prix public], [Rem.], [TVA], [Total HT],"
        "[97820632], [Le Livre], [5], [40,15], [9 %], [5,5 %], [182,68], [97820518], [La Suite], [2], [1 650,20], [9 %], [5,5 %], [3 003,36])\n"
        "#table(columns: 4, stroke: none, [Total lignes], [Montant net], [T.V.A. 5,5 %], [Montant total], [3 186,04], [3 186,04], [175,23], [3 361,27])",
        [("Le Livre", "5", "40.15", "5.5", "182.68"), ("La Suite", "2", "1650.2", "5.5", "3003.36")],
    ),
    "one line of a letter and a discount": (
        HEAD + "– Frais kilométriques : 928,00 € \\ – Remise exceptionnelle : -46,40 €\n\nLe montant total s'élève à 881,60 €.\n\n"
        "TVA non applicable, art. 293 B du CGI",
        [("– Frais kilométriques", "", "", "", "928.00")],
    ),
    "a recapitulation by rate is no table of lines": (
        HEAD + "#table(columns: 4, stroke: none, [Taux], [HT], [TVA], [TTC], [5,5 %], [100,00], [5,50], [105,50],"
        "[20 %], [50,00], [10,00], [60,00])\nTotal HT 150,00 \\ Total TVA 15,50 \\ Total TTC 165,50",
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shown", PAGES)
def test_the_lines_are_read_as_a_person_would(shown: str) -> None:
    source, expected = PAGES[shown]
    assert lines_of(source) == expected


def test_a_line_is_certain_when_quantity_and_price_make_its_amount() -> None:
    source, _ = PAGES["headings of three lines, a discount of the line, a recapitulation beside the totals"]
    lines = read_fields(read_document(drawn(source))).lines
    assert [line.certainty for line in lines] == ["certain", "certain"]
    wrong = read_fields(read_document(drawn(source.replace("81,90", "81,40")))).lines
    assert [line.certainty for line in wrong] == ["likely", "certain"]


def test_lines_on_a_page_after_the_totals_are_those_that_make_the_total() -> None:
    page = (
        HEAD + "Total HT #h(1fr) 574,78 € \\ TVA 20 % #h(1fr) 114,96 € \\ Total TTC #h(1fr) 689,74 €\n#pagebreak()\n"
        "Détail de votre facture\n\nLocation de routeur #h(1fr) 450,00 € \\ Communications #h(1fr) 124,78 €"
    )
    assert [line[-1] for line in lines_of(page)] == ["450.00", "124.78"]
    assert lines_of(page.replace("124,78", "124,00")) == []


def test_the_page_of_lines_behind_that_of_the_totals_is_read_with_it() -> None:
    """What it says is told by the number it names, not by its sum, which a discount of the whole lessens."""
    page = (
        HEAD + "Rabais #h(1fr) -57,48 € \\ Montant hors TVA #h(1fr) 517,30 € \\ Montant TVA #h(1fr) 103,46 € \\ "
        "Montant TTC de la facture #h(1fr) 620,76 €\n#pagebreak()\nDétail de votre facture n° F-12\n\n"
        "#table(columns: (1fr, auto, auto, auto, auto), stroke: none, [Libellé], [Quantité], [Prix unitaire HT], [Montant HT], [Taux TVA],"
        "[Location], [3], [150,00], [450,00], [20%], [Appels], [1], [124,78], [124,78], [20%])\nTotal HT #h(1fr) 574,78"
    )
    reading = read_fields(read_document(drawn(page)))
    assert [f"{line.amount}" for line in reading.lines] == ["450.00", "124.78"]
    sums = [reading.fields[name] for name in ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount")]
    assert [(read.value, read.certainty) for read in sums] == [
        ("517.30", "certain"),
        ("103.46", "certain"),
        ("620.76", "certain"),
    ]
    assert lines_of(page.replace("facture n° F-12", "facture n° F-11")) == []
