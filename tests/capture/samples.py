"""Invoices as artists and small firms write them, drawn at run time, each with what a person would read on it.

Everyone and every number here is invented; the SIRETs only have right check digits.
"""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import typst


@dataclass(frozen=True)
class Sample:
    source: str
    expected: dict[str, str]

    @property
    def pdf(self) -> bytes:
        return drawn(self.source)


@cache
def drawn(source: str) -> bytes:
    """Typst source to PDF bytes, on A4."""
    page = '#set page(paper: "a4", margin: 2cm)\n#set text(size: 10pt)\n'
    return bytes(typst.compile((page + source).encode()))


SAMPLES: dict[str, Sample] = {
    "artist, one column, no VAT": Sample(
        r"""
Camille Lorient \
Artiste-auteur \
12 rue des Tanneurs, 35000 Rennes \
SIRET : 902 100 015 00012

#v(1cm)
#align(right)[
Commune de Saint-Exemple \
1 place de la Mairie \
35999 Saint-Exemple \
SIRET 219 900 016 00011
]
#v(1cm)
Rennes, le 12 mars 2026

= Facture n° 2026-07

Objet : atelier de gravure à la médiathèque, 3 séances les 4, 11 et 18 février 2026

#table(columns: (1fr, auto), [Désignation], [Montant], [Atelier de gravure, 3 séances], [450,00 €], [Déplacements], [36,50 €])

*Total : 486,50 €*

TVA non applicable, art. 293 B du CGI

Bon de commande n° BC2026-118. Paiement à 30 jours par virement : IBAN FR76 3000 6000 0112 3456 7890 189
""",
        {
            "number": "2026-07",
            "issue_date": "2026-03-12",
            "seller_siret": "90210001500012",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "BC2026-118",
            "tax_exclusive_amount": "486.50",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "486.50",
            "payable_amount": "486.50",
            "iban": "FR7630006000011234567890189",
            "currency": "EUR",
            "type_code": "380",
        },
    ),
    "small firm, two columns, footer": Sample(
        r"""
#set page(footer: align(center, text(7pt)[Atelier Brume SARL au capital de 8 000 € – RCS Nantes 845 123 777 – SIRET 84512377700029 – APE 9003A – TVA FR57845123777]))
#grid(columns: (1fr, 1fr),
[*ATELIER BRUME* \ 4 quai des Fictions \ 44000 Nantes \ Tél. 02 00 00 00 00],
[*Facturé à* \ Direction régionale des affaires culturelles \ 2 rue Imaginaire \ 44000 Nantes \ SIRET : 13000999600047])
#v(1cm)
#table(columns: (1fr, 1fr, 1fr, 1fr), [*Facture N°*], [*Date*], [*Échéance*], [*Réf. client*],
[FA-2026-0231], [02/04/2026], [02/05/2026], [DRAC-PDL])
N° d'engagement juridique : 2103456789 #h(1fr) Code service : FAC0000044
#table(columns: (1fr, auto, auto, auto), [Désignation], [Qté], [PU HT], [Total HT],
[Scénographie], [1], [2 500,00], [2 500,00], [Montage], [2], [350,00], [700,00])
#align(right, table(columns: (auto, auto), [Total HT], [3 200,00 €], [TVA 20 %], [640,00 €], [Total TTC], [3 840,00 €], [Acompte versé], [840,00 €], [*Net à payer*], [*3 000,00 €*]))
""",
        {
            "number": "FA-2026-0231",
            "issue_date": "2026-04-02",
            "due_date": "2026-05-02",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "2103456789",
            "buyer_reference": "FAC0000044",
            "tax_exclusive_amount": "3200.00",
            "tax_amount": "640.00",
            "tax_inclusive_amount": "3840.00",
            "payable_amount": "3000.00",
            "type_code": "380",
        },
    ),
    "fees, vertical totals, several rates": Sample(
        r"""
#align(center)[= NOTE D'HONORAIRES N° NH-14/2026]
#grid(columns: (1fr, 1fr),
[Émetteur \ Studio Clairière EURL \ 8 impasse du Conte \ 69001 Lyon \ N° SIRET : 511 002 222 00012 \ N° TVA : FR54 511002222],
[Destinataire \ Université de l'Exemple \ Service des achats \ 69999 Lyon \ N° SIRET : 200 999 886 00019])
#v(5mm)
Date d'émission : 3 novembre 2026 \
Marché n° 2026-MAPA-045 \
Engagement : 4500012345
#table(columns: (1fr, auto, auto), [Prestation], [TVA], [HT], [Conception graphique], [20 %], [1 000,00], [Livres], [5,5 %], [200,00])
Montant HT #h(1fr) 1 200,00 EUR \
TVA 20 % #h(1fr) 200,00 EUR \
TVA 5,5 % #h(1fr) 11,00 EUR \
Montant TTC #h(1fr) 1 411,00 EUR

À régler avant le 3 décembre 2026.
""",
        {
            "number": "NH-14/2026",
            "issue_date": "2026-11-03",
            "due_date": "2026-12-03",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "contract_reference": "2026-MAPA-045",
            "purchase_order_reference": "4500012345",
            "tax_exclusive_amount": "1200.00",
            "tax_amount": "211.00",
            "tax_inclusive_amount": "1411.00",
            "currency": "EUR",
        },
    ),
    "credit note": Sample(
        r"""
*Compagnie du Phare* – association loi 1901 \ 3 rue du Port, 29000 Quimper \ SIRET 799 333 448 00030 – Licence 2-000000 \
#v(1cm)
#align(right)[Client : \ Centre hospitalier d'Exemple \ 29999 Exemple \ Siret : 26990077500108]
= AVOIR
Avoir n° AV-2026-003 du 15/06/2026 \
portant sur la facture n° F-2026-021 du 02/05/2026 \
#v(1cm)
Total HT : -500,00 € \
TVA (5,5 %) : -27,50 € \
Total TTC : -527,50 €
""",
        {
            "number": "AV-2026-003",
            "issue_date": "2026-06-15",
            "type_code": "381",
            "seller_siret": "79933344800030",
            "buyer_siret": "26990077500108",
            "tax_exclusive_amount": "-500.00",
            "tax_amount": "-27.50",
            "tax_inclusive_amount": "-527.50",
        },
    ),
    "labels over values, buyer on the left": Sample(
        r"""
#grid(columns: (1fr, 1fr),
[#text(8pt)[ADRESSÉ À] \ MAIRIE DE VALBOURG \ Service culturel \ 10 rue de l'Église \ 57999 Valbourg \ SIRET 21990001600011],
align(right)[#text(20pt)[FACTURE] \ N° : 0098 \ Date : 2026-01-09])
#v(8mm)
#grid(columns: (1fr, 1fr, 1fr), [*N° de commande* \ 26VB0007], [*Code service* \ CULTURE], [*Date d'échéance* \ 08/02/2026])
#v(8mm)
#table(columns: (1fr, auto), [Concert du 20 décembre 2025], [900,00 €], [Technique], [100,00 €])
#v(5mm)
#grid(columns: (1fr, 1fr, 1fr), [*Total HT*], [*TVA (10 %)*], [*Total TTC*], [1 000,00 €], [100,00 €], [1 100,00 €])
#v(1fr)
#text(7pt)[Harmonie Fictive SAS – 5 rue du Son, 57000 Metz – SIRET : 388 777 666 00057 – RCS Metz – N° TVA intracommunautaire FR63388777666 – IBAN : FR14 2004 1010 0505 0001 3M02 606]
""",
        {
            "number": "0098",
            "issue_date": "2026-01-09",
            "due_date": "2026-02-08",
            "seller_siret": "38877766600057",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26VB0007",
            "buyer_reference": "CULTURE",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "100.00",
            "tax_inclusive_amount": "1100.00",
            "iban": "FR1420041010050500013M02606",
        },
    ),
    "letter, sentences": Sample(
        r"""
Nadège Fictive, plasticienne \ 1 chemin des Songes \ 13000 Marseille \ Siret 90210001500012 \ Dispensée de TVA (article 293 B du CGI)
#v(1cm)
#h(8cm) Lycée Jean-Exemple \ #h(8cm) 2 avenue du Savoir \ #h(8cm) 13999 Exemple \ #h(8cm) Siret : 20099988600019
#v(1cm)
#h(8cm) Marseille, le 1er juin 2026

*Facture : 12/2026*

Pour la résidence menée auprès de la classe de 3#super[e] B du 4 au 29 mai 2026, je vous prie de bien vouloir régler la somme de :

#align(center)[*Montant total à payer : 1250 €*]

Je vous remercie de votre règlement avant le 1er juillet 2026.
""",
        {
            "number": "12/2026",
            "issue_date": "2026-06-01",
            "due_date": "2026-07-01",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "tax_exclusive_amount": "1250.00",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "1250.00",
            "payable_amount": "1250.00",
        },
    ),
    "software export, boxed heading": Sample(
        r"""
#grid(columns: (1fr, 1fr), [LES ÉDITIONS DU LEVANT \ 7 allée des Presses \ 75011 Paris \ contact\@exemple.fr],
table(columns: (1fr, 1fr), [Numéro de facture], [FAC00000412], [Date de facturation], [28-02-2026], [Date de livraison], [25-02-2026], [Votre commande], [EJ1507654321 du 10/02/2026], [Date d'échéance], [30-03-2026]))
#v(5mm)
#grid(columns: (1fr, 1fr), [*Adresse de livraison* \ Médiathèque du Lac \ 74999 Lac], [*Adresse de facturation* \ Communauté de communes du Lac \ 1 rue du Lac \ 74999 Lac \ SIRET : 200 999 886 00019])
#v(5mm)
#table(columns: (auto, 1fr, auto, auto, auto, auto), [Réf.], [Désignation], [Qté], [P.U. HT], [TVA], [Montant HT],
[9780000000001], [Album illustré], [10], [12,50], [5,5], [125,00], [9780000000002], [Atlas], [3], [39,90], [5,5], [119,70])
#align(right, table(columns: 4, [Taux], [Base HT], [Montant TVA], [], [5,50 %], [244,70], [13,46], []))
#align(right, table(columns: 2, [Total HT], [244,70], [Total TVA], [13,46], [Total TTC], [258,16], [Net à payer en euros], [258,16]))
#text(7pt)[Éditions du Levant, SAS au capital de 12 000 euros. SIRET 511 002 222 00012 RCS Paris. Pénalités de retard : 3 fois le taux d'intérêt légal. Indemnité forfaitaire de 40 €.]
""",
        {
            "number": "FAC00000412",
            "issue_date": "2026-02-28",
            "due_date": "2026-03-30",
            "purchase_order_reference": "EJ1507654321",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "tax_exclusive_amount": "244.70",
            "tax_amount": "13.46",
            "tax_inclusive_amount": "258.16",
            "payable_amount": "258.16",
        },
    ),
    "both parties as labelled lines": Sample(
        r"""
#text(16pt)[Facture FV26/0155] #h(1fr) Émise le 05/05/2026

/ Prestataire : SCOP Les Gradins, 31000 Toulouse
/ SIRET prestataire : 799 333 448 00030
/ Client : Conservatoire à rayonnement départemental
/ SIRET client : 219 900 016 00011
/ Code service exécutant : CRD-01
/ Numéro d'engagement : E26-00981
/ Référence du contrat : CT-2026-9

#table(columns: (1fr, auto, auto), [Libellé], [Quantité], [Total], [Location de gradins], [1], [1.950,00], [Transport], [1], [50,00])
Sous-total HT 2.000,00 EUR \
T.V.A. à 20,00 % 400,00 EUR \
Total T.T.C. 2.400,00 EUR \
Date limite de paiement : 04/06/2026
""",
        {
            "number": "FV26/0155",
            "issue_date": "2026-05-05",
            "due_date": "2026-06-04",
            "seller_siret": "79933344800030",
            "buyer_siret": "21990001600011",
            "buyer_reference": "CRD-01",
            "purchase_order_reference": "E26-00981",
            "contract_reference": "CT-2026-9",
            "tax_exclusive_amount": "2000.00",
            "tax_amount": "400.00",
            "tax_inclusive_amount": "2400.00",
            "currency": "EUR",
        },
    ),
    "artist with contributions withheld": Sample(
        r"""
#grid(columns: (1fr, 1fr), [De : \ Théo Inventé \ Illustrateur – N° Sécurité sociale des artistes-auteurs \ SIRET : 90210001500012],[À : \ Musée départemental de l'Imaginaire \ 1 cours des Arts, 67999 Ville \ SIRET : 20099988600019])
#v(1cm)
FACTURE N°2026_015 DU 20 JUIN 2026
#v(5mm)
Cession de droits – exposition « Marges » #h(1fr) 1 500,00 € \
Total brut HT #h(1fr) 1 500,00 € \
TVA 10 % #h(1fr) 150,00 € \
Total TTC #h(1fr) 1 650,00 € \
Contribution diffuseur 1,1 % (à verser à l'Urssaf) #h(1fr) 16,50 € \
Net à payer à l'artiste #h(1fr) 1 650,00 €

Règlement à réception, échéance le 20/07/2026. N° EJ 1400098765
""",
        {
            "number": "2026_015",
            "issue_date": "2026-06-20",
            "due_date": "2026-07-20",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "1400098765",
            "tax_exclusive_amount": "1500.00",
            "tax_amount": "150.00",
            "tax_inclusive_amount": "1650.00",
            "payable_amount": "1650.00",
        },
    ),
    "totals on the second page": Sample(
        r"""
#align(right)[Facture \ Numéro : 260042 \ Date : 30.09.2026]
Vendeur : Menuiserie Lambris, 1 rue du Bois, 21000 Dijon. SIRET 38877766600057

Acheteur : Département de l'Exemple, 1 rue du Conseil, 21999 Exemple. SIRET 13000999600047

N° de marché : 26-112 lot 3 #h(1cm) Bon de commande : 0451278
#pagebreak()
Récapitulatif
#grid(columns: (auto, 3cm), row-gutter: 3mm, [Total hors taxes], align(right)[12 345,60 €], [Total T.V.A. (20%)], align(right)[2 469,12 €], [Total toutes taxes comprises], align(right)[14 814,72 €])
Payable au plus tard le 30 octobre 2026
""",
        {
            "number": "260042",
            "issue_date": "2026-09-30",
            "due_date": "2026-10-30",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "0451278",
            "tax_exclusive_amount": "12345.60",
            "tax_amount": "2469.12",
            "tax_inclusive_amount": "14814.72",
        },
    ),
    "accountant's model, references at the right": Sample(
        r"""
#set text(size: 9pt)
#grid(columns: (1fr, auto), [#text(16pt)[*Rivage Audiovisuel*] \ SASU au capital de 1 000 € \ 18 boulevard Inventé – 06000 Nice \ SIREN 388 777 666 – NIC 00057 \ TVA intracom. : FR 63 388777666],
[#text(18pt)[FACTURE] \ Réf. : RA-2026-0009 \ Nice, le 7 avr. 2026])
#v(1cm)
#h(9cm) *Ville de Fable* \ #h(9cm) Direction de la communication \ #h(9cm) Hôtel de Ville, 06999 Fable \ #h(9cm) N° SIRET : 219 900 016 00011
#v(5mm)
Vos réf. : engagement n° 26D00451 – service 0601 \ Devis n° D-2026-0044 accepté le 02/03/2026 \
#table(columns: (1fr, auto, auto, auto), [Description], [Quantité], [Prix unitaire HT], [Montant HT], [Captation vidéo], [2 j], [800,00 €], [1 600,00 €], [Montage], [3 j], [450,00 €], [1 350,00 €], [Remise], [], [], [-150,00 €])
#table(columns: 5, [Base HT], [Taux], [TVA], [Total TTC], [À payer], [2 800,00 €], [20 %], [560,00 €], [3 360,00 €], [3 360,00 €])
Conditions : paiement à 30 jours, soit le 7 mai 2026. Escompte pour paiement anticipé : néant.
""",
        {
            "number": "RA-2026-0009",
            "issue_date": "2026-04-07",
            "seller_siret": "38877766600057",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26D00451",
            "tax_exclusive_amount": "2800.00",
            "tax_amount": "560.00",
            "tax_inclusive_amount": "3360.00",
            "payable_amount": "3360.00",
        },
    ),
    "sole trader, capitals, no decimals": Sample(
        r"""
*JARDINS D'ENCRE – PAYSAGISTE* #h(1fr) SIRET 51100222200012 \ 5 SENTIER DU BUIS 86000 POITIERS
#line(length: 100%)
FACTURE A : CCAS DE FICTIVILLE, 86999 FICTIVILLE – SIRET 26990077500108
#line(length: 100%)
#table(columns: (1fr, 1fr, 1fr), [FACTURE], [DATE], [BON DE COMMANDE], [N° 338], [14/08/26], [CC260112])
#table(columns: (1fr, auto), [TAILLE DE HAIES], [600 €], [ÉVACUATION], [120 €])
TOTAL HT : 720 € #h(1fr) TVA 20% : 144 € #h(1fr) TOTAL TTC : 864 €
#v(3mm)
RÈGLEMENT À 30 JOURS
""",
        {
            "number": "338",
            "issue_date": "2026-08-14",
            "seller_siret": "51100222200012",
            "buyer_siret": "26990077500108",
            "purchase_order_reference": "CC260112",
            "tax_exclusive_amount": "720.00",
            "tax_amount": "144.00",
            "tax_inclusive_amount": "864.00",
        },
    ),
    "association, subsidy-like, payment slip": Sample(
        r"""
#align(center)[*Association Les Voix d'Avril* \ Maison des associations, 59000 Lille \ Siret : 799 333 448 00030 - Code APE : 9001Z]
#v(5mm)
#grid(columns: (1fr, 1fr), [Facture no 2026/031 \ du 18 septembre 2026], [À l'attention de : \ Théâtre de la Fable, établissement public \ 59999 Lille \ N° de Siret : 200 999 886 00019])
#v(5mm)
Doit la somme de mille cinquante-cinq euros pour deux représentations (12 et 13 septembre 2026) :
#grid(columns: (1fr, 3cm), row-gutter: 2mm, [Cession HT], align(right)[1 000,00], [TVA 5,5 %], align(right)[55,00], [*Total TTC en euros*], align(right)[*1 055,00*])
Code service : TH-PROD #h(1cm) Votre n° de commande : 4400001278
Association exonérée des impôts commerciaux pour ses autres activités.
""",
        {
            "number": "2026/031",
            "issue_date": "2026-09-18",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "buyer_reference": "TH-PROD",
            "purchase_order_reference": "4400001278",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "55.00",
            "tax_inclusive_amount": "1055.00",
        },
    ),
    "works statement, retention and down payment": Sample(
        r"""
#grid(columns: (1fr, 1fr), [Entreprise : \ Couverture Zénith \ 8 rue de l'Ardoise 49000 Angers \ SIRET 84512377700029 \ TVA FR57845123777], [Maître d'ouvrage : \ Office public de l'habitat d'Exemple \ 49999 Exemple \ SIRET 13000999600047])
#v(5mm)
*Facture de situation n° S3-2026-88* en date du 31/10/2026

Marché : 2025-TRX-19, notifié le 02/12/2025 – Lot 4 \ Période du 01/10/2026 au 31/10/2026

#table(columns: (1fr, auto), [Montant des travaux HT du mois], [10 000,00], [Retenue de garantie 5 %], [500,00], [Montant HT], [10 000,00], [Montant TVA 10 %], [1 000,00], [Montant TTC], [11 000,00], [Acompte déjà versé], [2 000,00], [Reste à payer TTC], [9 000,00])
Date d'échéance de paiement : 30 novembre 2026
""",
        {
            "number": "S3-2026-88",
            "issue_date": "2026-10-31",
            "due_date": "2026-11-30",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "contract_reference": "2025-TRX-19",
            "tax_exclusive_amount": "10000.00",
            "tax_amount": "1000.00",
            "tax_inclusive_amount": "11000.00",
            "payable_amount": "9000.00",
        },
    ),
    "values under labels in a left column, narrow no-break spaces": Sample(
        "#grid(columns: (5cm, 1fr), gutter: 1cm, [\n"
        "#text(8pt)[Facture n°] \\ *F-00871* \\ #v(2mm) #text(8pt)[Date d'émission] \\ *30/06/2026* \\ #v(2mm)\n"
        "#text(8pt)[Date d'exigibilité du paiement] \\ *30/07/2026* \\ #v(2mm) #text(8pt)[Bon de commande] \\ *PO-5512* \\ #v(6mm)\n"
        "#text(8pt)[Vendeur] \\ Fabrique Numérique Fictive \\ 90210001500012 (SIRET) \\ FR57902100015 (TVA)\n"
        "], [*Acheteur* \\ Agence régionale de l'Exemple \\ 33999 Bordeaux \\ 13000999600047 (SIRET)\n"
        "#v(1cm)\n"
        "#table(columns: (1fr, auto), [Licence annuelle], [12\u202f500,00\u00a0€], [Formation], [1\u202f500,00\u00a0€])\n"
        "#table(columns: (1fr, auto), [Sous-total], [14\u202f000,00\u00a0€], [TVA (20,0 %)], [2\u202f800,00\u00a0€], [Total], [16\u202f800,00\u00a0€])\n"
        "])\n",
        {
            "number": "F-00871",
            "issue_date": "2026-06-30",
            "due_date": "2026-07-30",
            "seller_siret": "90210001500012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "PO-5512",
            "tax_exclusive_amount": "14000.00",
            "tax_amount": "2800.00",
            "tax_inclusive_amount": "16800.00",
        },
    ),
    "bare note, only the essentials": Sample(
        r"""
Inès Chimère - traductrice - SIRET 51100222200012

Pour : Bibliothèque départementale de Fable (SIRET 21990001600011)

FACTURE 7 du 02/02/2026

Traduction, 24 feuillets à 22 € : 528 €

TVA non applicable - article 293 B du CGI

TOTAL 528 €
""",
        {
            "number": "7",
            "issue_date": "2026-02-02",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "528.00",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "528.00",
        },
    ),
    "utility-like, customer numbers everywhere": Sample(
        r"""
#set page(footer: text(6pt)[Onde Télécom Fictive – SA au capital de 1 234 567,00 € – 388 777 666 RCS Paris – Siret 388 777 666 00057 – Siège : 1 place du Signal 75000 Paris])
#grid(columns: (1fr, 1fr), [Votre numéro client : 4471890012 \ Votre contrat n° 88123-A \ Service client : 09 00 00 00 00], [PRÉFECTURE DE L'EXEMPLE \ BUREAU DES MOYENS \ 1 PLACE DU DÉPARTEMENT \ 99999 EXEMPLE \ SIRET 13000999600047])
#v(5mm)
#text(14pt)[Votre facture du 03/12/2026] \ N° de facture : 9 0012 4471 26 \
Période de consommation : 01/11/2026 au 30/11/2026 \ Prélèvement le 18/12/2026
#table(columns: (1fr, auto, auto, auto), [], [HT], [TVA], [TTC], [Abonnements], [60,00 €], [12,00 €], [72,00 €], [Communications], [3,25 €], [0,65 €], [3,90 €], [*Total*], [63,25 €], [12,65 €], [75,90 €])
Montant à payer : 75,90 € \ Code service : BM-01 – Engagement juridique 1512345678
""",
        {
            "issue_date": "2026-12-03",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "contract_reference": "88123-A",
            "buyer_reference": "BM-01",
            "purchase_order_reference": "1512345678",
            "tax_exclusive_amount": "63.25",
            "tax_amount": "12.65",
            "tax_inclusive_amount": "75.90",
            "payable_amount": "75.90",
        },
    ),
    "letter-spaced heading, chorus wording": Sample(
        r"""
#grid(columns: (1fr, 1fr), [#text(tracking: 6pt, size: 18pt)[FACTURE] \ N° de facture \ #text(14pt)[*VX 2026-118*]], align(right)[Date de la facture \ *11 mai 2026*])
#v(4mm)
Identité du fournisseur \ Verrerie Irréelle, 9 rue du Four, 54000 Nancy \ SIRET du fournisseur : 845 123 777 00029
#v(4mm)
Identité du destinataire \ Rectorat de l'académie d'Exemple, 54999 Nancy \ SIRET du destinataire : 130 009 996 00047 \ N° de service : RECT-07 \ N° de bon de commande / engagement juridique : 1456789012
#v(4mm)
#table(columns: (1fr, auto, auto, auto, auto), [Désignation], [Quantité], [P.U. HT], [Taux TVA], [Montant HT], [Vitrail], [1], [4 166,67], [20], [4 166,67])
#align(right)[Total HT : 4 166,67 € \ Total TVA : 833,33 € \ Total TTC : 5 000,00 €]
Arrêtée la présente facture à la somme de cinq mille euros.
""",
        {
            "number": "VX 2026-118",
            "issue_date": "2026-05-11",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "buyer_reference": "RECT-07",
            "purchase_order_reference": "1456789012",
            "tax_exclusive_amount": "4166.67",
            "tax_amount": "833.33",
            "tax_inclusive_amount": "5000.00",
        },
    ),
    "down payment, sentence totals": Sample(
        r"""
Studio Mirage – design sonore – 12 rue du Silence, 33000 Bordeaux – RCS Bordeaux 388 777 666 00057

#align(right)[Région Exemple \ Service achats \ 33999 Bordeaux \ N°SIRET : 20099988600019]

*Facture d'acompte n° FA-2026-12 (30 %)*

Bordeaux, le 21 janvier 2026

Devis D-98 du 5 janvier 2026 – Commande n° 4500098123 du 15/01/2026

Acompte de 30 % sur la création sonore : #h(1fr) 1 000,00 € HT \
TVA (20%) : #h(1fr) 200,00 € \
Soit un total de #h(1fr) 1 200,00 € TTC

À payer avant le 20 février 2026
""",
        {
            "number": "FA-2026-12",
            "issue_date": "2026-01-21",
            "due_date": "2026-02-20",
            "seller_siret": "38877766600057",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "4500098123",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "200.00",
            "tax_inclusive_amount": "1200.00",
        },
    ),
    "no role words at all": Sample(
        r"""
#grid(columns: (1fr, 1fr), [Les Ateliers Supposés \ 2 rue Nulle \ 87000 Limoges \ 05 00 00 00 00 \ Siret 511 002 222 00012 \ Code APE 9003B], [#v(2cm) Commune de Nullepart \ Mairie \ 87999 Nullepart \ Siret 219 900 016 00011])
#v(1cm)
FACTURE 2026/44 #h(1fr) Le 03/03/2026
#v(5mm)
#table(columns: (1fr, auto, auto, auto), [Libellé], [Nombre], [Tarif], [Total], [Intervention en milieu scolaire], [6], [70,00], [420,00], [Fournitures], [1], [35,80], [35,80])
#align(right)[*Total général* #h(1cm) *455,80 €*]
Exonération de TVA, article 261-4-4° du CGI
""",
        {
            "number": "2026/44",
            "issue_date": "2026-03-03",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "455.80",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "455.80",
        },
    ),
    "coloured banner, details block at the right": Sample(
        r"""
#block(fill: navy, width: 100%, inset: 8pt)[#text(white, 20pt)[Pixel & Plume SAS]]
#grid(columns: (1fr, 1fr), column-gutter: 1cm,
[*Facturé à :* \ SDIS de l'Exemple \ Direction des finances \ 3 rue des Casernes \ 21999 Exemple \ SIRET 26990077500108],
grid(columns: (1fr, 1fr), row-gutter: 2mm, [Facture :], align(right)[PP-00231], [Date :], align(right)[9 juin 2026], [Échéance :], align(right)[9 juillet 2026], [N° d'engagement :], align(right)[EJ-2026-7788], [Code service :], align(right)[SDIS-COM], [Montant dû :], align(right)[2 016,00 €]))
#v(5mm)
#table(columns: (1fr, auto, auto, auto), [Prestation], [Jours], [Taux journalier HT], [Montant HT], [Conception], [3], [400,00 €], [1 200,00 €], [Intégration], [1], [480,00 €], [480,00 €])
#align(right, grid(columns: (auto, 3cm), row-gutter: 2mm, [Sous-total], [1 680,00 €], [TVA 20,00 %], [336,00 €], [*Total*], [*2 016,00 €*]))
#place(bottom, text(7pt)[Pixel & Plume SAS, capital 5 000 €, RCS Dijon 845 123 777 \ SIRET 845 123 777 00029 · TVA FR57 845 123 777 \ IBAN FR76 3000 6000 0112 3456 7890 189 · BIC AGRIFRPP])
""",
        {
            "number": "PP-00231",
            "issue_date": "2026-06-09",
            "due_date": "2026-07-09",
            "seller_siret": "84512377700029",
            "buyer_siret": "26990077500108",
            "buyer_reference": "SDIS-COM",
            "purchase_order_reference": "EJ-2026-7788",
            "tax_exclusive_amount": "1680.00",
            "tax_amount": "336.00",
            "tax_inclusive_amount": "2016.00",
            "payable_amount": "2016.00",
            "iban": "FR7630006000011234567890189",
        },
    ),
    "author's rights note, withheld contributions": Sample(
        r"""
*NOTE DE DROITS D'AUTEUR* #h(1fr) n° 26-05

Autrice : Fable Dupré (pseudonyme), 3 rue des Contes, 69000 Lyon – SIRET 902 100 015 00012 – dispensée de précompte : non

Diffuseur : Musée du Rêve (ville d'Exemple), SIRET 219 900 016 00011

Date : 30/04/2026

#table(columns: (1fr, auto), [Cession de droits d'exploitation – montant brut HT], [1 000,00 €], [TVA 10 %], [100,00 €], [Total brut TTC], [1 100,00 €], [Précompte Sécurité sociale 0,40 %], [- 4,00 €], [CSG 9,20 %], [- 90,39 €], [Net à payer], [1 005,61 €])
""",
        {
            "number": "26-05",
            "issue_date": "2026-04-30",
            "seller_siret": "90210001500012",
            "buyer_siret": "21990001600011",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "100.00",
            "tax_inclusive_amount": "1100.00",
            "payable_amount": "1005.61",
        },
    ),
    "three rates in a table, discount": Sample(
        r"""
#grid(columns: (1fr, 1fr), [Traiteur L'Invention \ 44 rue du Goût, 67000 Strasbourg \ Siret : 799 333 448 00030], [Client n° C00451 \ *Université de l'Exemple* \ Siret : 130 009 996 00047 \ Code service exécutant : DRH_RECEP])
#v(5mm)
Facture n°: 26-10-0417 #h(1fr) du : 17/10/26 #h(1fr) Votre réf. : BC 26/1187
#table(columns: (1fr, auto, auto), [Buffet], [20], [750,00], [Boissons sans alcool], [10], [100,00], [Vins], [20], [150,00])
#table(columns: 4, [Taux], [Base HT], [Montant TVA], [TTC], [10 %], [760,00], [76,00], [836,00], [5,5 %], [90,00], [4,95], [94,95], [20 %], [100,00], [20,00], [120,00])
#align(right)[Total brut HT : 1 000,00 \ Remise 5 % : -50,00 \ Total net HT : 950,00 \ Total TVA : 100,95 \ Total TTC : 1 050,95 \ *Net à payer : 1 050,95 EUR*]
Échéance : 16/11/26
""",
        {
            "number": "26-10-0417",
            "issue_date": "2026-10-17",
            "due_date": "2026-11-16",
            "seller_siret": "79933344800030",
            "buyer_siret": "13000999600047",
            "buyer_reference": "DRH_RECEP",
            "tax_exclusive_amount": "950.00",
            "tax_amount": "100.95",
            "tax_inclusive_amount": "1050.95",
            "payable_amount": "1050.95",
        },
    ),
    "boxes with labels and references to recall": Sample(
        r"""
#table(columns: (1fr, 1fr), stroke: 0.5pt, [*ÉMETTEUR* \ Cie des Lanternes (association) \ 6 place du Marché \ 24000 Périgueux \ SIRET : 799 333 448 00030 \ Licences : PLATESV-R-2020-000001], [*DESTINATAIRE* \ Communauté d'agglomération Le Grand Fictif \ Direction Culture – à l'attention de Mme Exemple \ 24999 Périgueux \ SIRET : 200 999 886 00019])
#table(columns: (1fr,1fr,1fr), [*Facture n°* : 2026.06.11], [*Date d'émission* : 11/06/2026], [*Page* : 1/1])
*Références à rappeler* : Marché 2026S0042 / Bon de commande CU260345 / Service CULT
Contrat de cession du 12 mai 2026 – spectacle « Lueurs » le 6 juin 2026 à 20 h
#table(columns: (1fr, auto), [Prix de cession HT], [2 350,00 €], [Frais de transport HT], [150,00 €], [Total HT], [2 500,00 €], [TVA 5,5%], [137,50 €], [TOTAL TTC], [2 637,50 €])
Somme à régler par virement administratif sous 30 jours. IBAN FR7630006000011234567890189
""",
        {
            "number": "2026.06.11",
            "issue_date": "2026-06-11",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "contract_reference": "2026S0042",
            "purchase_order_reference": "CU260345",
            "buyer_reference": "CULT",
            "tax_exclusive_amount": "2500.00",
            "tax_amount": "137.50",
            "tax_inclusive_amount": "2637.50",
            "iban": "FR7630006000011234567890189",
        },
    ),
    "bilingual": Sample(
        r"""
#align(right)[*Invoice / Facture* \ Invoice number / N° facture : INV-0045 \ Date : 05 Feb 2026 \ Due date / Échéance : 07/03/2026]
From / De : Lumen Tech Ltd fictive, SIRET 51100222200012 \
Bill to / Facturé à : CNRS Exemple, SIRET 13000999600047 \
PO number / N° commande : 4501234567
#table(columns: (1fr, auto), [Consulting], [EUR 3,000.00], [Subtotal / Total HT], [EUR 3,000.00], [VAT / TVA 20%], [EUR 600.00], [Total TTC / Amount due], [EUR 3,600.00])
""",
        {
            "number": "INV-0045",
            "issue_date": "2026-02-05",
            "due_date": "2026-03-07",
            "seller_siret": "51100222200012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "4501234567",
            "tax_exclusive_amount": "3000.00",
            "tax_amount": "600.00",
            "tax_inclusive_amount": "3600.00",
        },
    ),
    "monospaced listing": Sample(
        r"""
#set text(font: "DejaVu Sans Mono", size: 9pt)
EURL BOIS DE RÊVE \ SIRET : 38877766600057 \ \
                 FACTURE   NUMERO : 000457    DU : 19/05/2026 \ \
CLIENT : 000231  DEPARTEMENT EXEMPLE  SIRET : 13000999600047 \ \
N.ENGAGEMENT : 26-0099123    SERVICE : DRI \ \
#table(columns: 5, stroke: none, [TOTAL HT], [TAUX], [MT TVA], [TOTAL TTC], [NET A PAYER], [8.450,00], [20,00], [1.690,00], [10.140,00], [10.140,00])
REGLEMENT : VIREMENT 30 JOURS AU 18/06/2026
""",
        {
            "number": "000457",
            "issue_date": "2026-05-19",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "26-0099123",
            "buyer_reference": "DRI",
            "tax_exclusive_amount": "8450.00",
            "tax_amount": "1690.00",
            "tax_inclusive_amount": "10140.00",
            "payable_amount": "10140.00",
        },
    ),
    "freelance, columns without frames": Sample(
        r"""
#text(22pt)[Zoé Illusion] \ graphiste indépendante \
n° siret 90210001500012 · zoe\@exemple.fr
#v(1cm)
#grid(columns: (1fr,1fr), [*Client* \ École supérieure d'art d'Exemple (EPCC) \ 20099988600019], [*Facture* \ ZI-26-03 \ *Date* \ 3 mars 2026 \ *À régler avant le* \ 2 avril 2026])
#v(1cm)
Identité visuelle #h(1fr) 1 800 € \
Cession de droits 2 ans #h(1fr) 400 € \
#line(length: 100%)
Total net #h(1fr) 2 200 € \
#text(8pt)[TVA non applicable, article 293 B du code général des impôts. En cas de retard : indemnité forfaitaire de 40 €.]
Engagement juridique n°: EJ26-17
""",
        {
            "number": "ZI-26-03",
            "issue_date": "2026-03-03",
            "due_date": "2026-04-02",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "tax_inclusive_amount": "2200.00",
            "tax_exclusive_amount": "2200.00",
            "tax_amount": "0.00",
            "purchase_order_reference": "EJ26-17",
        },
    ),
    "printer, delivery notes": Sample(
        r"""
#grid(columns: (1fr,1fr), [Imprimerie Chimérique \ Z.A. des Mirages 72000 Le Mans \ Tél 02.00.00.00.00 – Siret 845.123.777.00029], [#table(columns:(1fr,1fr), [Facture], [F2603-0182], [Du], [27/03/2026], [Code client], [411MAIRI])])
#v(5mm)
#h(8cm) MAIRIE D'EXEMPLE-SUR-FABLE \ #h(8cm) Place de la République \ #h(8cm) 72999 EXEMPLE \ #h(8cm) N° Siret : 219 900 016 00011
#v(5mm)
V/Réf. : bon de commande 26-441 du 02/03/2026 #h(1cm) Livraison du 20/03/2026 (BL n° 88217)
#table(columns: (auto,1fr,auto,auto,auto), [Code],[Désignation],[Qté],[PU],[Montant],[IMP01],[Brochures 16 p.],[1 000],[0,82],[820,00],[IMP07],[Affiches A2],[150],[1,20],[180,00])
#table(columns:(1fr,1fr,1fr,1fr,1fr),[Total HT],[Port],[TVA 20 %],[Total TTC],[Échéance],[1 000,00],[0,00],[200,00],[1 200,00 €],[26/04/2026])
""",
        {
            "number": "F2603-0182",
            "issue_date": "2026-03-27",
            "due_date": "2026-04-26",
            "seller_siret": "84512377700029",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26-441",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "200.00",
            "tax_inclusive_amount": "1200.00",
        },
    ),
    "amounts inside a sentence": Sample(
        r"""
*FACTURE PROFORMA ACCEPTÉE → FACTURE N°: 26/118*

Le Mans, le 02.06.2026

Bénéficiaire de la prestation : Centre national de l'Exemple – 75999 Paris – SIRET n° 130 009 996 00047 – Numéro d'engagement : 0000456789 – Code service : CNE_COM

Prestataire : Duo Fictif SNC – SIRET n° 388 777 666 00057 – TVA FR63388777666

Modération de débat, 2 jours à 650,00 € HT soit 1.300,00 € HT, TVA à 20 % : 260,00 €, soit 1.560,00 € TTC.

Date d'échéance du paiement : 2 juillet 2026.
""",
        {
            "number": "26/118",
            "issue_date": "2026-06-02",
            "due_date": "2026-07-02",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "0000456789",
            "buyer_reference": "CNE_COM",
            "tax_exclusive_amount": "1300.00",
            "tax_amount": "260.00",
            "tax_inclusive_amount": "1560.00",
        },
    ),
    "one SIRET only": Sample(
        r"""
Galerie Songe SARL #h(1fr) FACTURE \ SIRET 84512377700029 \
#align(right)[Musée d'Exemple \ 1 rue des Arts, 75999 Paris]
Réf. facture : GS/26/07 #h(1cm) Établie le 8 février 2026
N/Réf. : dossier 1201 #h(1cm) Notre commande : C-8812 #h(1cm) Votre commande : 26MUS045
#table(columns: (1fr, auto), [Prêt d'œuvre], [3 000,00 €])
#align(right)[Montant HT 3 000,00 € \ TVA (5,50%) 165,00 € \ Montant TTC 3 165,00 €]
""",
        {
            "number": "GS/26/07",
            "issue_date": "2026-02-08",
            "seller_siret": "84512377700029",
            "purchase_order_reference": "26MUS045",
            "tax_exclusive_amount": "3000.00",
            "tax_amount": "165.00",
            "tax_inclusive_amount": "3165.00",
        },
    ),
    "replaces another invoice": Sample(
        r"""
Fournisseur \ Atelier Chimère \ SIRET 90210001500012
#align(right)[Client \ Département de l'Exemple \ SIRET 13000999600047]
= Facture n° 2026-12
Annule et remplace la facture n° 2026-11 du 01/02/2026 \
Date : 10/02/2026 \
Date de livraison : 05/02/2026 \ Date de commande : 02/01/2026 \ N° commande : 998877
#table(columns: (1fr, auto), [Total HT], [100,00], [Total TVA], [20,00], [Total TTC], [120,00])
""",
        {
            "number": "2026-12",
            "issue_date": "2026-02-10",
            "seller_siret": "90210001500012",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "998877",
            "tax_exclusive_amount": "100.00",
            "tax_amount": "20.00",
            "tax_inclusive_amount": "120.00",
        },
    ),
    "headings over two dates and two numbers": Sample(
        r"""
#grid(columns:(1fr,1fr),[*Société Nuage* \ Siège social : 1 rue Haute \ SIRET : 388 777 666 00057],[Adresse de facturation \ LYCÉE DE L'EXEMPLE \ AGENT COMPTABLE \ SIRET : 200 999 886 00019])
#v(4mm)
#table(columns:(1fr,1fr,1fr,1fr),[Date de commande],[N° de commande],[Date facture],[N° facture],[04/01/2026],[BC-0091],[31/01/2026],[NU-555])
#table(columns:(1fr,auto,auto,auto,auto),[Article],[Qté],[PU HT],[TVA],[Total HT],[Papier],[100],[4,50 €],[20 %],[450,00 €],[Encre],[2],[75,00 €],[20 %],[150,00 €])
#align(right,table(columns:2,[Total HT],[600,00 €],[Frais de port HT],[15,00 €],[Total HT net],[615,00 €],[TVA],[123,00 €],[Total TTC],[738,00 €],[Déjà réglé],[0,00 €],[Reste dû],[738,00 €]))
Date limite de règlement : 02/03/2026
""",
        {
            "number": "NU-555",
            "issue_date": "2026-01-31",
            "due_date": "2026-03-02",
            "seller_siret": "38877766600057",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "BC-0091",
            "tax_exclusive_amount": "615.00",
            "tax_amount": "123.00",
            "tax_inclusive_amount": "738.00",
            "payable_amount": "738.00",
        },
    ),
    "buyer first, seller in the footer": Sample(
        r"""
#align(right)[Ville d'Exemple \ Direction des sports \ SIRET : 21990001600011]
*FACTURE* \ Numéro FC-2603 \ Du 14 mars 2026 \ Engagement n° 26-001245 \ Service n° 402
Location du matériel — forfait : 500,00 \ Assurance : 25,00 \ *TOTAL H.T. 525,00* \ *T.V.A. 20% 105,00* \ *TOTAL T.T.C. 630,00* \ Valeur en votre aimable règlement au 13 avril 2026
#v(1fr)
#align(center)[#text(7pt)[SAS LOC'FICTION au capital de 10.000 € - 8 rue Basse 44000 Nantes - R.C.S. Nantes 511 002 222 - Siret 511 002 222 00012 - N° TVA FR 54 511 002 222]]
""",
        {
            "number": "FC-2603",
            "issue_date": "2026-03-14",
            "due_date": "2026-04-13",
            "seller_siret": "51100222200012",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26-001245",
            "buyer_reference": "402",
            "tax_exclusive_amount": "525.00",
            "tax_amount": "105.00",
            "tax_inclusive_amount": "630.00",
        },
    ),
    "subcontractor, reverse charge": Sample(
        r"""
Sous-traitant : Plâtrerie Irréelle, SIRET : 79933344800030 \
Facturé à : Syndicat mixte d'Exemple, SIRET : 20099988600019 \
Facture N° 26F019 – Date d'émission 06/07/2026 – Échéance 05/08/2026 \
Marché public n° : 26M012 – EJ : 2198765432
Travaux : 7 500,00 € \
Total HT : 7 500,00 € – Autoliquidation de la TVA (art. 283-2 nonies du CGI) \
Net à payer : 7 500,00 €
""",
        {
            "number": "26F019",
            "issue_date": "2026-07-06",
            "due_date": "2026-08-05",
            "seller_siret": "79933344800030",
            "buyer_siret": "20099988600019",
            "contract_reference": "26M012",
            "purchase_order_reference": "2198765432",
            "tax_exclusive_amount": "7500.00",
            "tax_amount": "0.00",
            "payable_amount": "7500.00",
        },
    ),
}
