"""What an invented invoice is about: parties with sound keys, references, lines, rates, totals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

CENT = Decimal("0.01")
_TOWNS = (
    ("35000", "Rennes"), ("44000", "Nantes"), ("69003", "Lyon"), ("13006", "Marseille"), ("59800", "Lille"),
    ("67000", "Strasbourg"), ("33000", "Bordeaux"), ("31000", "Toulouse"), ("75011", "Paris"), ("21000", "Dijon"),
    ("97400", "Saint-Denis"), ("29200", "Brest"), ("63000", "Clermont-Ferrand"), ("57000", "Metz"),
    ("74000", "Annecy"), ("06000", "Nice"),
)  # fmt: skip
_STREETS = (
    "12 rue des Tanneurs", "4 quai des Brumes", "8 impasse du Conte", "101 avenue de la République", "3 place du Marché",
    "27 bis boulevard Voltaire", "Z.A. des Mirages, 15 rue Ampère", "1 chemin des Songes", "250 route de la Mer",
)  # fmt: skip
_SURNAMES = "Lorient Imbert Fauvel Chimère Songe Delorme Ravel Quintin Aubépin Noisette Tarbouriech Escande".split()
_FIRST = "Camille Nadège Théo Inès Zoé Marius Odile Basile Jeanne Ulysse Apolline Côme".split()
_TRADES = "plasticienne illustrateur graphiste traductrice photographe comédien musicienne scénographe autrice".split()
_FIRMS = (
    "Atelier Brume", "Menuiserie Lambris", "Rivage Audiovisuel", "Imprimerie Chimérique", "Couverture Zénith",
    "Traiteur L’Invention", "Studio Clairière", "Librairie du Levant", "Jardins d’Encre", "Pixel & Plume",
    "Ateliers Réunis du Nord", "Sécuri-Fable", "Nettoyage Azur", "Bureau d’études Hélice", "Cartonnages Orion",
)  # fmt: skip
_ASSOCIATIONS = ("Compagnie du Phare", "Les Voix d’Avril", "Harmonie Fictive", "Cie des Lanternes", "Collectif Marge")
_TELECOMS = ("Onde Télécom Fictive", "Réseaux du Levant", "Fibre & Voix")
_SUPPLIERS = ("Laboratoires Mirabel", "Médi-Fable France", "Dispositifs Stériles Orphée", "Biotech Célimène")
_BUYERS = (
    ("Commune de Saint-Exemple", "Service culturel", "2"), ("Ville de Fable", "Direction des finances", "2"),
    ("MAIRIE DE VALBOURG", "Service comptabilité", "2"), ("Université de l’Exemple", "Agence comptable", "1"),
    ("Centre hospitalier d’Exemple", "Direction des achats", "2"), ("Département de l’Exemple", "DRH", "2"),
    ("CHU de Fable", "Pharmacie à usage intérieur", "2"), ("Préfecture de l’Exemple", "Bureau des moyens", "1"),
    ("Communauté de communes du Lac", "Pôle technique", "2"), ("Lycée Jean-Exemple", "Intendance", "1"),
    ("DRAC de l’Imaginaire", "Service des affaires financières", "1"), ("Musée d’Exemple", "Régie des œuvres", "1"),
    ("Région Fictive", "Direction de la culture", "2"), ("SDIS 99", "Groupement logistique", "2"),
    ("Opéra national d’Exemple", "Production", "4"), ("Office public de l’habitat de Fable", "Patrimoine", "3"),
    ("CROUS d’Exemple", "Restauration", "1"), ("Société d’économie mixte du Port", "Exploitation", "5"),
)  # fmt: skip
_LINES = {
    "artist": ("Atelier de gravure, 3 séances", "Cession de droits d’auteur", "Rencontre avec le public le 14 février",
               "Déplacement", "Conception graphique de l’affiche", "Résidence de création du 4 au 29 mai",
               "Lecture musicale", "Illustrations pour le magazine n° 12"),
    "firm": ("Menuiserie : portes coupe-feu EI30", "Entretien des espaces verts", "Captation vidéo, 2 caméras",
             "Impression brochures 16 p. 90 g", "Forfait maintenance trimestrielle", "Fourniture et pose de cloisons",
             "Nettoyage des vitres, bâtiment B", "Location de gradins 120 places", "Main-d’œuvre", "Diagnostic 2026",
             "Papier A4 80 g, carton de 5", "Toner noir réf. 12A7462"),
    "telecom": ("Abonnement Fibre Pro 1 Gb/s", "Abonnement mobile 50 Go", "Communications vers fixes", "Options",
                "Hors forfait data Europe", "Location de routeur"),
    "supplier": ("Compresses stériles 10x10 bte/100", "Gants nitrile taille 8 bte 200", "Cathéter 18G x50",
                 "Soluté NaCl 0,9 % 500 ml", "Seringue 3 pièces 10 ml", "Réactif CRP 4x60 ml", "Masque FFP2 bte/20"),
    "caterer": ("Buffet déjeunatoire", "Boissons sans alcool", "Vins et champagne", "Service", "Plateaux-repas"),
}  # fmt: skip
_RATES = {
    "artist": (("10",), ("5.5",), ("10", "20"), ("20",)),
    "firm": (("20",), ("20",), ("20",), ("10",), ("20", "10"), ("5.5", "20"), ("8.5",)),
    "telecom": (("20",),),
    "supplier": (("20",), ("5.5", "20"), ("2.1", "20"), ("5.5",), ("2.1", "5.5", "20")),
    "caterer": (("10",), ("10", "20"), ("5.5", "10", "20")),
}  # fmt: skip


@dataclass(frozen=True)
class Party:
    name: str
    service: str
    street: str
    postcode: str
    town: str
    siret: str

    @property
    def siren(self) -> str:
        return self.siret[:9]

    @property
    def vat_number(self) -> str:
        return f"FR{(12 + 3 * (int(self.siren) % 97)) % 97:02}{self.siren}"


@dataclass(frozen=True)
class Row:
    code: str
    label: str
    quantity: int
    price: Decimal
    rate: Decimal
    amount: Decimal  # without VAT


@dataclass(frozen=True)
class TrueLine:
    """A line that a page shows. `is_detailed`: quantity and price stand beside the amount; else they may go unread, but
    what is read must be right."""

    amount: Decimal
    quantity: Decimal | None
    price: Decimal | None
    is_detailed: bool
    price_before: Decimal | None = None  # before the discount of the line, which pages print too


@dataclass(frozen=True)
class Facts:
    seed: int
    kind: str
    seller: Party
    buyer: Party
    third: Party  # a delegate, a bank, a factor: whose SIRET may stand on the page too
    trade: str
    number: str
    other_number: str  # of another invoice
    issued: date
    due: date
    ordered: date
    delivered: date
    is_credit: bool
    order: str
    contract: str
    service_code: str
    client_code: str
    quote: str
    delivery_note: str
    iban: str
    bic: str
    regime: str  # vat, franchise, reverse_charge, exempt
    rows: tuple[Row, ...]
    discount: Decimal  # a positive sum taken off, without VAT, on the only rate
    prepaid: Decimal
    net: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)
    rates: tuple[tuple[Decimal, Decimal, Decimal], ...] = field(default=())  # rate, base, tax


def invent(seed: int, *, kind: str = "", rows: tuple[int, int] = (1, 6)) -> Facts:
    """The invoice of a seed; `kind` is one of artist, firm, telecom, supplier, caterer, or any."""
    chance = Random(f"facts {seed}")
    kind = kind or chance.choice(("artist", "firm", "firm", "supplier", "caterer"))
    issued = date(chance.choice((2024, 2025, 2026)), 1, 1) + timedelta(days=chance.randrange(365))
    buyer_name, service, first = chance.choice(_BUYERS)
    franchise = kind == "artist" and chance.random() < 0.5
    other = chance.random()
    regime = "franchise" if franchise else "reverse_charge" if kind == "firm" and other < 0.04 else "vat"
    rates = chance.choice(_RATES[kind])
    rows_made = tuple(_row(chance, kind, rates) for _ in range(chance.randint(*rows)))
    is_single = len({row.rate for row in rows_made}) == 1
    facts = Facts(
        seed=seed,
        kind=kind,
        seller=_party(chance, _seller_name(chance, kind), "", chance.choice("3456789")),
        buyer=_party(chance, buyer_name, service, first),
        third=_party(chance, "Banque Fictive", "", chance.choice("3456789")),
        trade=chance.choice(_TRADES),
        number=_number(chance, issued),
        other_number=_number(chance, issued - timedelta(days=40)),
        issued=issued,
        due=issued + timedelta(days=chance.choice((0, 14, 30, 30, 30, 45, 50, 60))),
        ordered=issued - timedelta(days=chance.randint(5, 120)),
        delivered=issued - timedelta(days=chance.randint(1, 20)),
        is_credit=chance.random() < 0.1,
        order=_order(chance, issued),
        contract=chance.choice((f"{issued.year}-MAPA-{chance.randint(1, 99):03}", f"{issued:%y}M{chance.randint(10, 999):03}",
                                f"{issued.year}S{chance.randint(1000, 9999)}", f"{chance.randint(10**9, 10**10 - 1)}")),
        service_code=chance.choice((f"FAC{chance.randint(1, 9999):07}", f"{chance.choice('ABCD')}{chance.randint(100, 999)}",
                                    f"SE{chance.randint(10000, 99999)}", "CULTURE", f"{chance.randint(100, 9999)}",
                                    f"DRH_{chance.randint(1, 9)}", f"D{chance.randint(10**8, 10**9 - 1)}")),
        client_code=chance.choice((f"CU{chance.randint(1, 9999):05}", f"411{buyer_name[:4].upper().strip()}", f"C{chance.randint(10, 99999):06}",
                                   f"{chance.randint(10**7, 10**8 - 1)}")),
        quote=f"D{issued:%y}-{chance.randint(1, 999):03}",
        delivery_note=f"BL{chance.randint(10000, 999999)}",
        iban=_iban(chance),
        bic=chance.choice(("AGRIFRPP888", "BNPAFRPP", "CMCIFR2A", "PSSTFRPPLIL")),
        regime=regime,
        rows=rows_made,
        discount=_cents(sum((row.amount for row in rows_made), Decimal(0)) * chance.choice((5, 10)) / 100)
        if is_single and chance.random() < 0.12 else Decimal(0),
        prepaid=Decimal(chance.choice((50, 100, "33.5"))) if chance.random() < 0.12 else Decimal(0),
    )  # fmt: skip
    return _added_up(facts)


def _added_up(facts: Facts) -> Facts:
    sign = -1 if facts.is_credit and facts.seed % 2 else 1
    rows = facts.rows
    if facts.regime != "vat":
        rows = tuple(replace(row, rate=Decimal(0)) for row in rows)
    rows = tuple(replace(row, quantity=sign * row.quantity, amount=sign * row.amount) for row in rows)
    bases: dict[Decimal, Decimal] = {}
    for row in rows:
        bases[row.rate] = bases.get(row.rate, Decimal(0)) + row.amount
    discount = facts.discount
    if discount:
        rate = next(iter(bases))
        bases[rate] -= sign * discount
    rates = tuple((rate, base, _cents(base * rate / 100)) for rate, base in sorted(bases.items()))
    net, tax = sum((r[1] for r in rates), Decimal(0)), sum((r[2] for r in rates), Decimal(0))
    prepaid = facts.prepaid if not facts.is_credit and facts.prepaid < net / 2 else Decimal(0)
    return replace(facts, rows=rows, rates=rates, net=net, tax=tax, gross=net + tax,
                   discount=discount, prepaid=prepaid, payable=net + tax - prepaid)  # fmt: skip


def _row(chance: Random, kind: str, rates: tuple[str, ...]) -> Row:
    quantity = chance.choice((1, 1, 1, 2, 3, 5, 10, 12, 40))
    price = Decimal(
        chance.choice((450, 80, "36.50", "12.50", "1250", "0.82", "119.70", "2350", "7.15", "640", "98.40"))
    )
    if chance.random() < 0.3:
        price = Decimal(chance.randint(100, 250000)) / 100
    return Row(
        code=chance.choice((f"REF{chance.randint(100, 999)}", f"{chance.randint(10**5, 10**6 - 1)}", f"97820{chance.randint(10**7, 10**8 - 1)}")),
        label=chance.choice(_LINES[kind]),
        quantity=quantity,
        price=price,
        rate=Decimal(chance.choice(rates)),
        amount=_cents(price * quantity),
    )  # fmt: skip


def _seller_name(chance: Random, kind: str) -> str:
    if kind == "artist":
        return f"{chance.choice(_FIRST)} {chance.choice(_SURNAMES)}"
    names = {"telecom": _TELECOMS, "supplier": _SUPPLIERS}.get(kind) or (*_FIRMS, *_ASSOCIATIONS)
    return chance.choice(names)


def _party(chance: Random, name: str, service: str, first: str) -> Party:
    postcode, town = chance.choice(_TOWNS)
    return Party(name, service, chance.choice(_STREETS), postcode, town, _siret(chance, first))


def _siret(chance: Random, first: str) -> str:
    siren = first + "".join(str(chance.randrange(10)) for _ in range(7))
    siren += str(_key(siren))
    nic = f"{chance.choice((1, 1, 2, 3, 12, 57, 108)):04}"
    return siren + nic + str(_key(siren + nic))


def _key(digits: str) -> int:
    """The digit that makes a number agree with Luhn's formula."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def _iban(chance: Random) -> str:
    account = "".join(str(chance.randrange(10)) for _ in range(21))
    bank, desk, number = account[:5], account[5:10], account[10:21]
    rib = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(number)) % 97
    bban = f"{account}{rib:02}"
    return f"FR{98 - int(bban + '152700') % 97:02}{bban}"


def _number(chance: Random, issued: date) -> str:
    rank = chance.randint(1, 999)
    return chance.choice((
        f"FA{issued:%y%m}-{rank:04}", f"{issued.year}-{rank:03}", f"F{issued.year}{rank:04}", f"FAC/{issued.year}/{rank:05}",
        f"{chance.randint(10**6, 10**8 - 1)}", f"FC{chance.randint(10000, 99999)}", f"{issued:%Y%m}{rank:03}", f"{rank}",
        f"INV-{rank:04}", f"{issued:%y}/{rank}", f"F-{rank:05}", f"{issued:%Y-%m}-{rank:03}", f"AC{issued:%y}{rank:05}", f"{rank:06}",
        f"F_{issued.year}_{rank:02}", f"{chance.choice('ABEV')}{chance.randint(10**7, 10**8 - 1)}", f"{issued.year}.{rank:03}",
    ))  # fmt: skip


def _order(chance: Random, issued: date) -> str:
    return chance.choice((
        f"{chance.choice((14, 15, 21, 45))}{chance.randint(10**7, 10**8 - 1)}", f"BC{issued:%y}{chance.randint(1, 9999):04}", f"{issued:%y}D{chance.randint(1, 99999):05}",
        f"E{issued:%y}-{chance.randint(1, 9999):05}", f"{issued.year}-{chance.randint(100, 9999)}", f"CC{chance.randint(10000, 999999)}",
        f"{chance.randint(10000, 999999)}", f"PO{chance.randint(1000, 99999)}", f"EJ{chance.randint(10**6, 10**8)}",
    ))  # fmt: skip


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
