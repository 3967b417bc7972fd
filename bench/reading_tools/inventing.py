"""An invoice invented from a seed: the same seed makes the same one."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from random import Random

from . import identifiers
from .invoice import ZERO, Invoice, Line, Named, Party, Rates, cents, total
from .words import (
    ASSOCIATIONS,
    BUYERS,
    CONTRIBUTIONS,
    FIRMS,
    FIRST_NAMES,
    LAST_NAMES,
    MENTIONS,
    RATES,
    STREETS,
    TOWNS,
    WORK,
)

_TRADES = {  # of a kind of invoice; a credit note's is drawn
    "note": "author",
    "note_vat": "author",
    "author": "author",
    "vatfree": "vatfree",
    "asso_free": "asso",
    "asso": "asso",
    "craft": "craft",
    "retention": "craft",
    "reverse": "craft",
    "deposit": "craft",
    "final": "craft",
    "supply": "supply",
    "agency": "agency",
    "training": "training",
}
_REGIMES = {"note": "293B", "vatfree": "293B", "asso_free": "261-7", "training": "261-4", "reverse": "reverse"}
_TITLES = {
    "note": "NOTE DE DROITS D’AUTEUR",
    "note_vat": "NOTE DE DROITS D’AUTEUR",
    "credit": "AVOIR",
    "deposit": "FACTURE D’ACOMPTE",
    "final": "FACTURE DE SOLDE",
}


def invent(seed: int, kind: str) -> Invoice:
    """The invoice of this seed. The order of the draws is part of it: changing it changes every truth."""
    chance = Random(f"made {seed} {kind}")
    trade_of_credit = chance.choice(("supply", "agency", "craft"))
    trade = _TRADES.get(kind, trade_of_credit)
    regime = _REGIMES.get(kind, "vat")
    issued = datetime.date(chance.choice((2025, 2026)), 1, 1) + datetime.timedelta(days=chance.randrange(365))
    terms = chance.choice((0, 15, 30, 30, 30, 45, 60))
    seller, buyer = _parties(chance, trade)
    possible_rates = ("0",) if regime != "vat" else chance.choice(RATES[trade])
    lines = _lines(chance, seed, kind, trade, possible_rates)
    net = sum((line.amount for line in lines), ZERO)
    discount = ZERO
    is_discountable = len({line.rate for line in lines}) == 1 and kind in ("supply", "agency", "vatfree", "craft")
    if is_discountable and chance.random() < 0.2 and abs(net) > 60:
        discount = cents(net * chance.choice((5, 10)) / 100)
    rates = _rates(lines, discount)
    net, tax = sum((base for _, base, _ in rates), ZERO), sum((tax for _, _, tax in rates), ZERO)
    gross = net + tax
    deductions = _deductions(chance, seed, kind, possible_rates, net, gross)
    prepaid = _prepaid(chance, seed, kind, issued, gross)
    rank = chance.randint(1, 480)
    return Invoice(
        number=_number(chance, issued, rank, seller.name),
        seed=seed,
        kind=kind,
        seller=seller,
        buyer=buyer,
        profession=chance.choice(
            ("autrice-illustratrice", "graphiste", "photographe", "écrivain", "plasticien", "compositrice", "vidéaste")
        ),
        other=f"FA{chance.randint(100, 999)}-{issued:%y}",
        issued=issued,
        due=issued + datetime.timedelta(days=terms),
        terms=terms,
        delivered=issued - datetime.timedelta(days=chance.randint(2, 25)),
        title=_TITLES.get(kind, "FACTURE"),
        code={"credit": "381", "deposit": "386"}.get(kind, "380"),
        order=_order(chance, issued),
        contract=_contract(chance, issued),
        service=_service(chance),
        client=chance.choice(
            (
                f"CL{chance.randint(1, 9999):05}",
                f"411{buyer.name[:5].upper().strip()}",
                f"C-{chance.randint(100, 999)}",
            )
        ),
        quote=f"DE{issued:%y}-{chance.randint(1, 99):03}",
        iban=identifiers.iban(chance),
        bic=chance.choice(("CRLYFRPP", "CCBPFRPPNAN", "CEPAFRPP751", "BREDFRPPXXX", "CMBRFR2BXXX")),
        regime=regime,
        mention=chance.choice(MENTIONS[regime]) if regime != "vat" else "",
        lines=lines,
        rates=rates,
        deductions=deductions,
        discount=discount,
        discount_words=chance.choice(("Remise commerciale", "Remise 5 à 10 %", "Rabais", "Remise exceptionnelle")),
        prepaid=prepaid,
        net=net,
        tax=tax,
        gross=gross,
        payable=gross - total(deductions) - total(prepaid),
    )


def _parties(chance: Random, trade: str) -> tuple[Party, Party]:
    person = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    name = person if trade in ("author", "vatfree") else chance.choice(ASSOCIATIONS if trade == "asso" else FIRMS)
    postcode, town = chance.choice(TOWNS)
    buyer_postcode, buyer_town = chance.choice(TOWNS)
    body, department, first = chance.choice(BUYERS)
    street = chance.choice(STREETS)
    seller = Party(name, street, postcode, town, identifiers.siret(chance, chance.choice("345789")))
    street = chance.choice(STREETS)
    return seller, Party(body, street, buyer_postcode, buyer_town, identifiers.siret(chance, first), department)


def _lines(chance: Random, seed: int, kind: str, trade: str, rates: tuple[str, ...]) -> tuple[Line, ...]:
    lines = []
    count = chance.randint(1, 3) if trade in ("author", "vatfree", "training") else chance.randint(1, 7)
    may_reduce = trade == "supply" and seed % 4 == 1
    sign = -1 if kind == "credit" and seed % 2 else 1
    for label, detail in chance.sample(WORK[trade], min(count, len(WORK[trade]))):
        quantity = Decimal(chance.choice(("1", "1", "1", "2", "3", "4", "0.5", "12", "7.5", "25")))
        unit = chance.choice(("h", "j", "u", "forfait", "pce", "m²", "ens", "Unité(s)"))
        if unit in ("forfait", "ens"):
            quantity = Decimal(1)
        price = chance.choice(
            (
                Decimal(chance.randint(15, 900)),
                Decimal(chance.randint(800, 95000)) / 100,
                Decimal(chance.randint(10, 40)) * 50,
            )
        )
        off = Decimal(chance.choice((5, 10))) if may_reduce and chance.random() < 0.5 else ZERO
        ref = f"{chance.choice(('A', 'BX', 'P', 'LIV'))}{chance.randint(100, 99999)}"
        rate = Decimal(chance.choice(rates))
        amount = cents(quantity * price * (100 - off) / 100)
        line = Line(ref, label, detail, quantity, unit, price, rate, amount, off)
        lines.append(replace(line, quantity=sign * quantity, amount=sign * amount))
    return tuple(lines)


def _rates(lines: tuple[Line, ...], discount: Decimal) -> Rates:
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.rate] = bases.get(line.rate, ZERO) + line.amount
    if discount:
        bases[lines[0].rate] -= discount
    return tuple((rate, base, cents(base * rate / 100)) for rate, base in sorted(bases.items()))


def _deductions(
    chance: Random, seed: int, kind: str, possible_rates: tuple[str, ...], net: Decimal, gross: Decimal
) -> Named:
    if kind == "retention":
        words = chance.choice(("Retenue de garantie 5 %", "Retenue de garantie (5 % du TTC)"))
        return ((words, cents(gross * Decimal("0.05"))),)
    if kind not in ("note", "note_vat"):
        return ()
    rows = _contributions(chance, net)
    if seed % 5 == 3:
        words = chance.choice(
            (
                "Précompte Urssaf",
                "Cotisations sociales précomptées (Urssaf Limousin)",
                "Total des cotisations précomptées",
            )
        )
        rows = [(words, total(tuple(rows)))]
    elif seed % 2:
        del rows[1]
    if kind == "note_vat" and seed % 3 == 0 and possible_rates == ("10",):
        words = chance.choice(("Retenue de TVA (art. 285 bis du CGI)", "TVA retenue à la source, art. 285 bis CGI"))
        rows.append((words, cents(net * Decimal("0.092"))))
    return tuple(rows)


def _contributions(chance: Random, net: Decimal) -> list[tuple[str, Decimal]]:
    """What a diffuser withholds from an author, each at its rate of the gross pay or of 98.25 % of it."""
    reduced = cents(net * Decimal("0.9825"))
    return [
        (chance.choice(words), cents((reduced if is_reduced else net) * Decimal(rate)))
        for words, rate, is_reduced in CONTRIBUTIONS
    ]


def _prepaid(chance: Random, seed: int, kind: str, issued: datetime.date, gross: Decimal) -> Named:
    if kind == "final":
        count = 1 + seed % 2
        return tuple(
            (
                f"{chance.choice(('Acompte', 'Facture d’acompte'))} n° AC-{issued.year}-{chance.randint(1, 99):03}"
                f" du {(issued - datetime.timedelta(days=30 * (count - rank))):%d/%m/%Y}",
                cents(gross * Decimal(chance.choice((20, 30))) / 100),
            )
            for rank in range(count)
        )
    if kind in ("vatfree", "asso", "craft", "supply", "agency") and chance.random() < 0.15:
        words = chance.choice(("Acompte versé", "Déjà réglé", "Acompte reçu à la commande", "Règlement reçu"))
        return ((words, cents(gross / chance.choice((2, 3, 4)))),)
    return ()


def _number(chance: Random, issued: datetime.date, rank: int, seller: str) -> str:
    initials = f"{seller[:2].upper()}{issued:%y}{rank:03}"
    return chance.choice(
        (
            f"{issued.year}-{rank:03}",
            f"F{issued:%y%m}-{rank:02}",
            f"FA{rank:06}",
            f"FAC-{issued.year}-{rank:04}",
            f"{rank}",
            f"F-{issued.year}/{rank}",
            f"{issued:%Y%m}-{rank}",
            initials.replace(" ", "X").replace("É", "E").replace("È", "E"),
            f"VE{chance.randint(10000, 99999)}",
            f"{issued:%Y}{rank:05}",
            f"{rank}/{issued.year}",
            f"FC-{issued:%y}-{rank:03}-A",
        )
    )


def _order(chance: Random, issued: datetime.date) -> str:
    return chance.choice(
        (
            f"45{chance.randint(10**7, 10**8 - 1)}",
            f"BC{issued:%y}-{chance.randint(1, 999):04}",
            f"EJ-{chance.randint(1000, 99999)}",
            f"{issued.year}/{chance.randint(100, 9999)}",
            f"{chance.randint(10**9, 2 * 10**9)}",
            f"CDE{chance.randint(1000, 99999)}",
        )
    )


def _contract(chance: Random, issued: datetime.date) -> str:
    drawn = chance.choice(
        (
            f"{issued.year}M{chance.randint(10, 99)}-L{chance.randint(1, 9)}",
            f"MAPA {issued.year}-{chance.randint(1, 60):02}",
            f"{issued.year}-{chance.randint(10, 999)}-00",
        )
    )
    return drawn.replace(" ", "-")


def _service(chance: Random) -> str:
    return chance.choice(
        (
            f"SF{chance.randint(100, 999)}",
            "FINANCES",
            f"S{chance.randint(1000, 9999)}",
            "MEDIATHEQUE",
            f"{chance.randint(100000, 999999)}",
            "CULT-01",
        )
    )
