"""Invoices from which something is taken off: contributions withheld, a retention, a down payment, a discount.

Each is drawn by one of six layouts in one of two hands: the words of `TUNED` and those of `APART`, which the reader was
not tuned on. What the page says is noted under the reader's names, with `withheld_amount` and `prepaid_amount`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import typst

from .facts import CENT, Facts, TrueLine, invent
from .made import Made
from .setting import address, grid, lines, table
from .writing import TUNED as HAND
from .writing import Page

_ZERO = Decimal(0)

Words = dict[str, tuple[str, ...]]
TUNED: Words = {
    "title": ("Facture", "NOTE DE DROITS D’AUTEUR", "Note de droits d’auteur", "Note d’honoraires", "FACTURE"),
    "number": ("N°", "Note n°", "Facture n°", "Numéro :", "N° :"),
    "brut": ("Montant brut HT", "Total brut", "Brut", "Montant brut hors taxes", "Total brut HT", "Montant des droits", "Rémunération brute"),
    "net": ("Total HT", "Montant HT", "Total", "TOTAL (en €)", "Total net de TVA", "Total général", "Soit un total de", "Somme totale"),
    "gross": ("Total TTC", "Montant TTC", "Total T.T.C."),
    "payable": ("Net à payer", "Net à percevoir", "Net à régler", "Reste à payer", "Solde dû", "Net à reverser", "Montant total à régler",
                "Net à payer à l’auteur", "Reste à régler"),
    "withheld": ("Précompte", "Précompte Urssaf", "Précompte (Urssaf)", "Cotisations sociales précomptées", "Contributions précomptées"),
    "old_age": ("Sécurité sociale", "Assurance vieillesse", "Vieillesse plafonnée"),
    "csg": ("CSG", "C.S.G.", "CSG (sur 98,25 %)"),
    "crds": ("CRDS", "C.R.D.S.", "CRDS (sur 98,25 %)"),
    "training": ("Formation professionnelle", "CFP", "Contribution formation professionnelle"),
    "all_withheld": ("Total précompte", "Total des cotisations", "Total des retenues"),
    "vat_withheld": ("Retenue TVA (art. 285 bis du CGI)", "Retenue de TVA 9,2 %", "TVA retenue à la source (art. 285 bis)"),
    "retention": ("Retenue de garantie 5 %", "Retenue de garantie (5 %)", "Retenue de garantie"),
    "at_source": ("Retenue à la source", "Retenue à la source 15 %"),
    "prepaid": ("Acompte versé", "Acompte du 12/01", "Avance", "Déjà réglé", "Acompte 30 %", "Avance perçue"),
    "overpaid": ("Trop-perçu", "Trop perçu sur facture précédente"),
    "discount": ("Remise", "Rabais", "Remise 10 %", "Escompte", "Remise exceptionnelle"),
    "diffuser": ("Contribution diffuseur 1,1 %", "Contribution diffuseur (1,1 %) à la charge du payeur", "Contribution du diffuseur, à votre charge"),
    "item": ("Désignation", "Prestation", "Objet"),
    "amount": ("Montant", "Montant HT", "Total HT"),
}  # fmt: skip
APART: Words = {
    "title": ("Note de cession de droits", "Facture d’artiste-auteur", "MÉMOIRE", "Note d’auteur"),
    "number": ("Numéro de note :", "Pièce n°", "Note numéro", "Facture numéro"),
    "brut": ("Brut hors taxe", "Rémunération brute HT", "Droits bruts", "Assiette brute", "Montant brut de la rémunération", "Honoraires bruts"),
    "net": ("Montant total", "Total de la prestation", "TOTAL EN EUROS", "Total hors taxe", "Total H.T.", "Total facturé"),
    "gross": ("Total toutes taxes comprises", "Montant toutes taxes", "Total TVA comprise"),
    "payable": ("Net versé à l’artiste", "Somme à verser", "À percevoir", "Net dû", "Montant net à percevoir", "Solde à payer", "Reste dû", "Total net à payer"),
    "withheld": ("Précompte des cotisations", "Retenues sociales", "Cotisations retenues à la source", "À déduire : précompte", "Charges précomptées"),
    "old_age": ("Cotisation vieillesse", "Assurance vieillesse plafonnée", "URSSAF vieillesse"),
    "csg": ("C.S.G. déductible et non déductible", "CSG 9,20 %"),
    "crds": ("C.R.D.S. 0,50 %", "Contribution CRDS"),
    "training": ("Contribution à la formation (CFP)", "C.F.P."),
    "all_withheld": ("Total des contributions", "Total à retenir", "Montant du précompte"),
    "vat_withheld": ("Part de TVA retenue par l’éditeur", "Retenue TVA"),
    "retention": ("RG 5 %", "Retenue garantie"),
    "at_source": ("Impôt retenu à la source", "Prélèvement à la source"),
    "prepaid": ("Versement du 3 mars", "Premier acompte", "Somme déjà perçue", "Provision versée", "À déduire : acompte", "Règlement partiel"),
    "overpaid": ("Trop-perçu à déduire", "Trop versé"),
    "discount": ("Ristourne", "Remise commerciale", "Remise sur total", "Réduction"),
    "diffuser": ("Pour information : contribution diffuseur", "Part diffuseur (1,1 %)", "Contribution de 1,1 % due par le diffuseur"),
    "item": ("Libellé", "Nature de la prestation"),
    "amount": ("Montant en €", "Prix"),
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """One row that is taken off; `kind` is discount, withheld, prepaid or told (for information only)."""

    kind: str
    word: str  # of Words
    amount: Decimal
    rate: str = ""
    base: Decimal | None = None


@dataclass(frozen=True)
class Note:
    """What is summed: `lines` less discounts is `net`; `gross` less what is withheld and prepaid is `payable`."""

    facts: Facts
    lines: Decimal
    net: Decimal
    tax: Decimal
    payable: Decimal
    taken: tuple[Taken, ...]
    has_sum: bool  # whether the rows of what is withheld are added up
    sign: int

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    def of(self, *kinds: str) -> list[Taken]:
        return [taken for taken in self.taken if taken.kind in kinds]

    def sum_of(self, kind: str) -> Decimal:
        return sum((taken.amount for taken in self.of(kind)), _ZERO)


def made_deductions(seeds: range, *, words: Words = TUNED) -> Iterator[Made]:
    """Every layout with each seed."""
    for rank, layout in enumerate(LAYOUTS):
        for seed in seeds:
            page = _Hand(invent(seed * 1000 + 17 * rank, kind="artist", rows=(1, 3)), words)
            body = layout(page)
            top = f'#set page(paper: "a4", margin: 1.8cm)\n#set text(font: "{page.font}", size: {page.size}pt, lang: "fr")\n'
            pdf = bytes(typst.compile((top + body).encode()))
            yield Made(f"{layout.__name__} {seed}", pdf, page.says, page.true_lines())


class _Hand(Page):
    def __init__(self, facts: Facts, words: Words) -> None:
        super().__init__(facts, words=HAND)
        self.note = _note(facts, self.chance)
        self.width = 0  # columns of the table of lines, once it is written
        self.own = {name: self.chance.choice(pool) for name, pool in words.items()}
        self.minus = self.chance.choice(("-", "−", "– ", "", "()", "after"))
        self.colon = self.chance.choice(("", " :"))
        if self.chance.random() < 0.25 and all(not value % 1 for value in self._values()):
            self._is_whole = True
        else:
            self._is_whole = False
        note = self.note
        self.says |= {
            "tax_exclusive_amount": f"{note.sign * note.net:.2f}",
            "tax_amount": f"{note.sign * note.tax + 0:.2f}",
            "tax_inclusive_amount": f"{note.sign * note.gross:.2f}",
            "payable_amount": f"{note.sign * note.payable:.2f}",
        }
        for name, kind in (("withheld_amount", "withheld"), ("prepaid_amount", "prepaid")):
            if note.of(kind):
                self.says[name] = f"{note.sum_of(kind):.2f}"

    def _values(self) -> list[Decimal]:
        note = self.note
        return [note.net, note.tax, note.payable, *(t.amount for t in note.taken), *(r.amount for r in self.facts.rows)]

    def w(self, name: str) -> str:
        return self.t(self.own[name] + ("" if self.own[name].endswith(":") else self.colon))

    def sum(self, value: Decimal) -> str:
        """A sum of the invoice: below zero on some credit notes."""
        return self.t(self._written(self.note.sign * value))

    def off(self, taken: Taken) -> str:
        """What is taken off, with the sign of this hand."""
        return self.t(self._written(-taken.amount if self.minus else taken.amount))

    def _written(self, value: Decimal) -> str:
        text = self.amount(abs(value))
        if self._is_whole:
            text = self.amount(abs(value), sign=False)[:-3] + (self._sign or " €")
        if value >= 0:
            return text
        return {"()": f"({text})", "after": f"{text} -"}.get(self.minus, f"{self.minus or '-'}{text}")

    def row(self, taken: Taken) -> tuple[str, str]:
        return (self.w(taken.word), self.off(taken))

    def sums(self) -> list[tuple[str, str]]:
        """Label and amount, from the first sum to what is to be paid."""
        note, rows = self.note, []
        if note.of("discount"):
            rows += [(self.w("brut"), self.sum(note.lines)), *(self.row(taken) for taken in note.of("discount"))]
            if note.tax or note.of("withheld", "prepaid"):
                rows.append((self.w("net"), self.sum(note.net)))
        elif note.tax:
            rows.append((self.w("brut") if "HT" in self.own["brut"] else self.t("Total HT"), self.sum(note.net)))
        else:
            rows.append((self.w("brut" if note.of("withheld") else "net"), self.sum(note.net)))
        if note.tax:
            rows.append((self.t(f"TVA {self.facts.rates[0][0].normalize():f} %".replace(".", ",")), self.sum(note.tax)))
            if not note.of("withheld") or self.facts.seed % 2:
                rows.append((self.w("gross"), self.sum(note.gross)))
        rows += self.taken_rows()
        rows.append((self.w("payable"), self.sum(note.payable)))
        rows += [self.row(taken) for taken in note.of("told")]
        return rows

    def taken_rows(self) -> list[tuple[str, str]]:
        rows = [self.row(taken) for taken in self.note.of("withheld", "prepaid")]
        if self.note.has_sum:
            rows.insert(len(self.note.of("withheld")), (self.w("all_withheld"), self.off(self.all_withheld())))
        return rows

    def all_withheld(self) -> Taken:
        return Taken("withheld", "all_withheld", self.note.sum_of("withheld"))

    def true_lines(self) -> tuple[TrueLine, ...]:
        """The lines, where the layout showed them: with what `items` wrote of each."""
        sign = self.note.sign
        return tuple(
            TrueLine(sign * abs(row.amount), Decimal(row.quantity), row.price, self.width == 4)
            for row in self.facts.rows
            if self.width
        )

    def items(self, *, width: int = 2) -> list[str]:
        self.width = width
        found = []
        for row in self.facts.rows:
            parts = [
                self.t(row.label),
                self.t(str(abs(row.quantity))),
                self.t(self.amount(row.price, sign=False)),
                self.sum(abs(row.amount)),
            ]
            found += parts if width == 4 else [parts[0], parts[3]]
        return found


def _note(facts: Facts, chance: Random) -> Note:
    rows = sum((abs(row.amount) for row in facts.rows), _ZERO)
    has_vat = facts.regime == "vat" and len(facts.rates) == 1
    if facts.regime == "vat" and not has_vat:
        has_vat = False
    kind = chance.choice(
        (
            "one",
            "one",
            "parts",
            "parts",
            "garantie",
            "prepaid",
            "prepaid",
            "two",
            "discount",
            "discount",
            "overpaid",
            "both",
            "source",
            "bis",
            "told",
        )
    )
    taken: list[Taken] = []
    net = rows
    if kind == "discount":
        taken.append(Taken("discount", "discount", _cents(rows / 10)))
        net -= taken[0].amount
    tax = _cents(net * facts.rates[0][0] / 100) if has_vat else _ZERO
    gross = net + tax
    if kind in ("one", "both"):
        taken.append(Taken("withheld", "withheld", _cents(net * Decimal("0.1603"))))
    elif kind == "parts":
        share = _cents(net * Decimal("0.9825"))
        taken += [
            Taken("withheld", "old_age", _cents(net * Decimal("0.0615")), "6,15 %", net),
            Taken("withheld", "csg", _cents(share * Decimal("0.092")), "9,20 %", share),
            Taken("withheld", "crds", _cents(share * Decimal("0.005")), "0,50 %", share),
            Taken("withheld", "training", _cents(net * Decimal("0.0035")), "0,35 %", net),
        ][chance.choice((0, 0, 1)) :]
    elif kind == "garantie":
        taken.append(Taken("withheld", "retention", _cents(gross / 20), "5 %", gross))
    elif kind == "source":
        taken.append(Taken("withheld", "at_source", _cents(net * Decimal("0.15")), "15 %", net))
    elif kind == "bis" and tax:
        taken.append(Taken("withheld", "vat_withheld", _cents(net * Decimal("0.092")), "9,2 %", net))
    elif kind == "overpaid" or kind == "two":
        taken.append(Taken("prepaid", "overpaid", _cents(gross / 16)))
    if kind in ("prepaid", "two", "both"):
        taken.append(
            Taken(
                "prepaid", "prepaid", _cents(gross * chance.choice((Decimal("0.3"), Decimal("0.5"), Decimal("0.25"))))
            )
        )
    payable = gross - sum((one.amount for one in taken if one.kind in ("withheld", "prepaid")), _ZERO)
    if kind == "told" or (kind in ("one", "parts") and chance.random() < 0.3):
        taken.append(Taken("told", "diffuser", _cents(net * Decimal("0.011")), "1,1 %", net))
    has_sum = kind == "parts" and chance.random() < 0.5
    sign = -1 if facts.is_credit and facts.seed % 2 else 1
    return Note(facts, rows, net, tax, payable, tuple(taken), has_sum, sign)


def _head(page: _Hand) -> str:
    facts, note = page.facts, page.note
    title = "AVOIR" if facts.is_credit else page.own["title"]
    seller = [*address(page, "seller"), f"SIRET {page.seller_siret()}"]
    buyer = [*address(page, "buyer"), f"SIRET : {page.buyer_siret()}"]
    franchise = "" if note.tax else page.t("TVA non applicable, art. 293 B du CGI")
    return "\n".join((
        grid("(1fr, 1fr)", lines(*seller), lines(*buyer)),
        "#v(4mm)",
        lines(f"*{page.t(title)}*", f"{page.t(page.own['number'])} {page.number()}", f"{page.t('Date :')} {page.date('issue_date')}",
              f"{page.t('N° d’engagement :')} {page.order()}", franchise),
        "#v(4mm)",
    ))  # fmt: skip


def _foot(page: _Hand) -> str:
    return f"#v(4mm)\nIBAN {page.iban()} \\ {page.t('Règlement par virement à 30 jours.')}"


def _flat(rows: list[tuple[str, str]]) -> list[str]:
    return [part for row in rows for part in row]


def table_and_column(page: _Hand) -> str:
    """The table of lines, then the sums in a column at the right."""
    head = [page.t(word) for word in (page.own["item"], "Qté", "PU HT", page.own["amount"])]
    sums = table("(auto, auto)", *_flat(page.sums()), look="stroke: none, align: (left, right)")
    return "\n".join(
        (
            _head(page),
            table("(1fr, auto, auto, auto)", *head, *page.items(width=4)),
            f"#align(right, {sums[1:]})",
            _foot(page),
        )
    )


def one_table(page: _Hand) -> str:
    """The sums go on in the table of lines."""
    head = [page.t(page.own["item"]), page.t(page.own["amount"])]
    body = table("(1fr, auto)", *head, *page.items(), *_flat(page.sums()), look="stroke: 0.4pt, align: (left, right)")
    return "\n".join((_head(page), body, _foot(page)))


def letter(page: _Hand) -> str:
    """No table: each line runs to the right edge."""
    rows = [*zip(page.items()[::2], page.items()[1::2], strict=True), *page.sums()]
    return "\n".join((_head(page), lines(*(f"{label} #h(1fr) {amount}" for label, amount in rows)), _foot(page)))


def base_and_rate(page: _Hand) -> str:
    """What is withheld in a table with its base and its rate."""
    note = page.note
    rated = [taken for taken in note.of("withheld") if taken.base is not None]
    if not rated:
        return one_table(page)
    sums = page.sums()
    names = {page.w(taken.word) for taken in rated} | ({page.w("all_withheld")} if note.has_sum else set())
    before = [row for row in sums if row[0] not in names]
    cut = next(index for index, row in enumerate(before) if row[0] == page.w("payable"))
    cells = []
    for taken in rated:
        assert taken.base is not None
        cells += [page.t(page.own[taken.word]), page.sum(taken.base), page.t(taken.rate), page.off(taken)]
    if note.has_sum:
        cells += [page.w("all_withheld"), "", "", page.off(page.all_withheld())]
    withheld = table(
        "(1fr, auto, auto, auto)",
        *map(page.t, ("Retenues", "Assiette", "Taux", "Montant")),
        *cells,
        look="stroke: 0.3pt",
    )
    head = [page.t(page.own["item"]), page.t(page.own["amount"])]
    lines_of = table("(1fr, auto)", *head, *page.items())
    upper = table("(1fr, auto)", *_flat(before[:cut]), look="stroke: none")
    lower = table("(1fr, auto)", *_flat(before[cut:]), look="stroke: none")
    return "\n".join((_head(page), lines_of, upper, withheld, lower, _foot(page)))


def heading_row(page: _Hand) -> str:
    """The sums side by side, each under its heading."""
    head = [page.t(page.own["item"]), page.t(page.own["amount"])]
    sums = [(label, amount) for label, amount in page.sums()]
    told = len(page.note.of("told"))
    side, last = (sums[:-told], sums[-told:]) if told else (sums, [])
    across = table(f"{len(side)}", *(label for label, _ in side), *(amount for _, amount in side), look="stroke: 0.4pt")
    return "\n".join(
        (
            _head(page),
            table("(1fr, auto)", *head, *page.items()),
            "#v(3mm)",
            across,
            lines(*(f"{a} {b}" for a, b in last)),
            _foot(page),
        )
    )


def no_lines(page: _Hand) -> str:
    """An object in words, then the sums with dots."""
    what = page.t(f"Pour : {page.facts.rows[0].label.lower()}")
    rows = [f"{label} #box(width: 1fr, repeat[.]) {amount}" for label, amount in page.sums()]
    return "\n".join((_head(page), what + "\n\n", lines(*rows), _foot(page)))


LAYOUTS: tuple[Callable[[_Hand], str], ...] = (
    table_and_column,
    one_table,
    letter,
    base_and_rate,
    heading_row,
    no_lines,
)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
