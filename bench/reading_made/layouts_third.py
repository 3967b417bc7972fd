"""A third set of layouts: first measured as held out (docs/reading.md has the figures), then used to mend the reader."""

from __future__ import annotations

from decimal import Decimal

from .setting import address, bold, cited, grid, lines, right, small, table
from .writing import Page

_CENT = Decimal("0.01")


def _block(page: Page, who: str, *, siret: bool = True) -> list[str]:
    facts = page.facts
    party = facts.seller if who == "seller" else facts.buyer
    block = address(page, who)
    if siret and (who == "seller" or page.has["buyer_siret"]):
        block.append(f"{page.label('siret')} {page.seller_siret() if who == 'seller' else page.buyer_siret()}")
    if who == "buyer" and page.has["buyer_vat"]:
        block.append(page.t(f"TVA {party.vat_number}"))
    if who == "seller" and siret and page.has["vat_number"] and facts.regime != "franchise":
        block.append(f"{page.label('vat_number')} {page.vat_number(party.vat_number)}")
    return block


def _references(page: Page) -> list[tuple[str, str]]:
    found = []
    if page.has["service"]:
        found.append((page.label("service"), page.service_code()))
    if page.has["order"]:
        found.append((page.label("order"), page.order()))
    if page.has["contract"]:
        found.append((page.label("contract"), page.contract()))
    return found


def _sums(page: Page) -> list[tuple[str, str]]:
    facts = page.facts
    rows: list[tuple[str, str]] = []
    if facts.discount:
        sign = -1 if facts.net < 0 else 1
        rows += [
            (page.t("Total lignes"), page.t(page.amount(facts.net + sign * facts.discount))),
            (page.label("discount"), page.t(page.amount(-sign * facts.discount))),
        ]
    if facts.regime == "vat":
        rows.append((page.label("net"), page.money("net")))
        if len(facts.rates) == 1:
            rows.append((f"{page.t('T.V.A.')} {page.rate(facts.rates[0][0])}", page.money("tax")))
            page.note_breakdown()
        else:
            rows.append((page.label("tax"), page.money("tax")))
        rows.append((page.label("gross"), page.money("gross")))
    else:
        rows.append((page.label("net"), page.money("net")))
    if facts.prepaid:
        rows.append((page.label("prepaid"), page.t(page.amount(facts.prepaid))))
    if facts.prepaid or facts.seed % 2:
        rows.append((page.label("payable"), page.money("payable")))
    else:
        page.says["payable_amount"] = f"{facts.payable:.2f}"
    return rows


def _flat(rows: list[tuple[str, str]]) -> list[str]:
    return [part for row in rows for part in row]


def _due(page: Page) -> str:
    return f"{page.label('due_date')} {page.date('due_date')}" if page.has["due_date"] else ""


def _bank(page: Page) -> str:
    if not page.has["iban"]:
        return ""
    bank = (
        page.t(
            f"Domiciliation : Banque Fictive, RCS Paris {page.facts.third.siren}, SIRET {page.siret(page.facts.third.siret)}"
        )
        if page.has["third"]
        else ""
    )
    return lines(f"{page.t('IBAN :')} {page.iban()} {page.t('– BIC : ' + page.facts.bic)}", bank)


def public_box(page: Page) -> str:
    """A box of « Informations Chorus Pro », the sender's logo at the left, the addressee at the right under a fold."""
    facts = page.facts
    info = [(page.t("Informations Chorus Pro"), ""), *_references(page)]
    items = []
    for row in facts.rows:
        items += [
            page.t(row.label),
            page.t(f"{row.quantity}"),
            page.t("u"),
            page.t(page.amount(row.price, sign=False)),
            page.t(page.amount(row.amount)),
        ]
    return "\n".join(
        (
            f'#text(18pt, fill: rgb("{page.ink}"))[{page.t(facts.seller.name)}]\n',
            small(lines(*_block(page, "seller")[1:]), 7.5) + "\n",
            "#v(5mm)",
            f"#pad(left: 10cm)[{lines(*_block(page, 'buyer'))}]",
            "#v(4mm)",
            grid(
                "(auto, 1fr, auto)",
                bold(page.title),
                f"{page.label('number')} {page.number()}",
                f"{page.label('issue_date')} {page.date('issue_date')}",
            ),
            table("(auto, auto)", *_flat(info), look="stroke: 0.3pt"),
            cited(page) + "\n",
            table(
                "(1fr, auto, auto, auto, auto)",
                *map(page.t, ("Intitulé de la prestation", "Quantité", "Unité", "PU HT", "Montant HT")),
                *items,
            ),
            table("(1fr, auto)", *_flat(_sums(page)), look="stroke: (top: 0.3pt)"),
            page.note_no_vat() + "\n",
            _due(page) + "\n",
            _bank(page),
        )
    )


def honoraires(page: Page) -> str:
    """An architect's or engineer's: phases with a share done, amounts before and now, an arrested sum in words."""
    facts = page.facts
    items = []
    for rank, row in enumerate(facts.rows):
        items += [
            page.t(f"Phase {rank + 1} – {row.label}"),
            page.t(page.amount(row.amount * 4, sign=False)),
            page.t("25 %"),
            page.t(page.amount(row.amount * 2, sign=False)),
            page.t(page.amount(row.amount, sign=False)),
        ]
    return "\n".join(
        (
            grid(
                "(1fr, 1fr)",
                lines(bold(page.t(facts.seller.name)), *_block(page, "seller")[1:]),
                right(lines(page.t(f"{facts.seller.town}, le"), page.date("issue_date"))),
            ),
            "#v(6mm)",
            f"{page.label('buyer')} {page.t(' ')} {lines(*_block(page, 'buyer'))}\n",
            f"#align(center)[#text(13pt)[{page.title} {page.t('n°')} {page.number()}]]\n",
            page.t(f"Opération : réhabilitation, notifiée le {page.day(facts.ordered)}, affaire {facts.quote}") + "\n",
            lines(*(f"{a} {b}" for a, b in _references(page)), cited(page)) + "\n",
            table(
                "(1fr, auto, auto, auto, auto)",
                *map(
                    page.t, ("Élément de mission", "Base de rémunération", "Avancement", "Déjà facturé", "Montant HT")
                ),
                *items,
                look="stroke: 0.3pt",
            ),
            right(table("2", *_flat(_sums(page)), look="stroke: none")),
            page.note_no_vat() + "\n",
            page.t("Arrêtée la présente note à la somme ci-dessus, pour solde de tout compte à ce jour.") + "\n",
            _due(page) + "\n",
            _bank(page),
        )
    )


def bookshop(page: Page) -> str:
    """A bookshop's: ISBN, public price, discount in per cent, net price; two addresses; totals in one row of boxes."""
    facts = page.facts
    items = []
    for row in facts.rows:
        page.detailed.add(row)
        page.prices_before[row] = (row.price * Decimal("1.1")).quantize(_CENT)
        items += [
            page.t(row.code),
            page.t(row.label),
            page.t(str(row.quantity)),
            page.t(page.amount(page.prices_before[row], sign=False)),
            page.t("9 %"),
            page.rate(row.rate),
            page.t(page.amount(row.amount, sign=False)),
        ]
    sums = _sums(page)
    return "\n".join(
        (
            grid(
                "(1fr, 1fr)",
                lines(*_block(page, "seller", siret=False)),
                table(
                    "(1fr, 1fr)",
                    page.label("number", colon=False),
                    page.number(),
                    page.label("issue_date", colon=False),
                    page.date("issue_date"),
                    page.t("Compte"),
                    page.t(facts.client_code),
                ),
            ),
            f"#text(14pt)[{page.title}]\n",
            grid(
                "(1fr, 1fr)",
                lines(
                    page.t("Livré à :"),
                    page.t(facts.buyer.name),
                    page.t("Quai de réception"),
                    page.t(f"{facts.buyer.postcode} {facts.buyer.town}"),
                ),
                lines(page.label("buyer"), *_block(page, "buyer")),
            ),
            "#v(3mm)",
            lines(
                *(f"{a} {b}" for a, b in _references(page)),
                page.t(
                    f"Commande reçue le {page.day(facts.ordered)}, expédiée le {page.day(facts.delivered)}, BL {facts.delivery_note}"
                ),
                cited(page),
            )
            + "\n",
            table(
                "(auto, 1fr, auto, auto, auto, auto, auto)",
                *map(page.t, ("ISBN", "Titre / désignation", "Qté", "Prix public", "Rem.", "TVA", "Total HT")),
                *items,
                look="stroke: none, inset: 3pt",
            ),
            table(str(len(sums)), *(label for label, _ in sums), *(value for _, value in sums)),
            page.note_no_vat() + "\n",
            _due(page) + "\n",
            _bank(page),
            f"#place(bottom + center)[{small(lines(page.t(f'{facts.seller.name} – SARL au capital de 7 622,45 €'), page.label('siret') + ' ' + page.seller_siret() + page.t(f' – RCS {facts.seller.town} – APE 4761Z')))}]",
        )
    )


def columns_of_tax(page: Page) -> str:
    """A transporter's: each line with its amount without tax, its tax and with tax; a total row under the columns."""
    facts = page.facts
    items = []
    total = [Decimal(0), Decimal(0), Decimal(0)]
    for row in facts.rows:
        tax = (row.amount * row.rate / 100).quantize(_CENT)
        total = [total[0] + row.amount, total[1] + tax, total[2] + row.amount + tax]
        items += [
            page.t(page.day(facts.delivered)),
            page.t(row.label),
            page.t(page.amount(row.amount, sign=False)),
            page.rate(row.rate),
            page.t(page.amount(tax, sign=False)),
            page.t(page.amount(row.amount + tax, sign=False)),
        ]
    return "\n".join(
        (
            f"#set page(header: {small(page.t(facts.seller.name + ' – ' + facts.seller.town))[1:]}, footer: align(center)[{small(page.t(' – ').join(_block(page, 'seller')), 6)}])",
            grid(
                "(1fr, 1fr)",
                lines(
                    bold(page.title),
                    f"{page.label('number')} {page.number()}",
                    f"{page.label('issue_date')} {page.date('issue_date')}",
                    _due(page),
                ),
                lines(page.label("buyer"), *_block(page, "buyer")),
            ),
            "#v(4mm)",
            table("(auto, auto)", *_flat(_references(page)), look="stroke: none, inset: 2pt")
            if _references(page)
            else "",
            cited(page) + "\n",
            table(
                "(auto, 1fr, auto, auto, auto, auto)",
                *map(page.t, ("Date", "Trajet / prestation", "HT", "Taux", "TVA", "TTC")),
                *items,
            ),
            table("(1fr, auto)", *_flat(_sums(page)), look="stroke: 0.2pt"),
            page.note_no_vat() + "\n",
            _bank(page),
        )
    )


def association(page: Page) -> str:
    """An association's letter: the sum in a sentence, the particulars of both in running text."""
    facts = page.facts
    identity = f"{page.t(facts.seller.name + ', association loi 1901, ' + facts.seller.street + ', ' + facts.seller.postcode + ' ' + facts.seller.town + ', ')}{page.label('siret', colon=False)} {page.seller_siret()}{page.t(', licence PLATESV-R-2021-001234')}"
    to = (
        f"{page.t(facts.buyer.name + ', ' + facts.buyer.street + ', ' + facts.buyer.postcode + ' ' + facts.buyer.town)}"
        + (f"{page.t(', ')}{page.label('siret', colon=False)} {page.buyer_siret()}" if page.has["buyer_siret"] else "")
    )
    sums = _sums(page)
    return "\n".join(
        (
            identity + "\n",
            "#v(4mm)",
            f"{page.title} {page.t('n°')} {page.number()} {page.t('du')} {page.date('issue_date')}\n",
            f"{page.label('buyer', colon=True)} {to}\n",
            lines(*(f"{a} {b}" for a, b in _references(page)), cited(page)) + "\n",
            page.t(f"Objet : {facts.rows[0].label}, convention signée le {page.day(facts.ordered)}") + "\n",
            lines(
                *(
                    page.t(f"{row.label}, {row.quantity} x {page.amount(row.price)}")
                    + " #h(1fr) "
                    + page.t(page.amount(row.amount))
                    for row in facts.rows
                )
            )
            + "\n",
            "#line(length: 100%)",
            lines(*(f"{label} #h(1fr) {value}" for label, value in sums)) + "\n",
            page.note_no_vat() + "\n",
            _due(page) + "\n",
            _bank(page),
            page.t("Chèque à l’ordre de l’association ou virement.") + "\n",
        )
    )


def two_sides(page: Page) -> str:
    """Everything in a two-sided table: seller and references at the left, buyer and dates at the right, all in cells."""
    facts = page.facts
    left = [bold(page.label("seller")), *_block(page, "seller"), *(f"{a} {b}" for a, b in _references(page))]
    side = [
        bold(page.label("buyer")),
        *_block(page, "buyer"),
        f"{page.label('number')} {page.number()}",
        f"{page.label('issue_date')} {page.date('issue_date')}",
        _due(page),
        page.t(f"Date de livraison : {page.day(facts.delivered)}"),
    ]
    items = []
    for row in facts.rows:
        items += [
            page.t(str(row.quantity)),
            page.t(row.label),
            page.t(page.amount(row.price)),
            page.t(page.amount(row.amount)),
        ]
    page.note_breakdown() if facts.regime == "vat" else None
    rates = [
        part
        for rate, base, tax in facts.rates
        for part in (page.t(page.amount(base)), page.rate(rate), page.t(page.amount(tax)))
    ]
    return "\n".join(
        (
            f"#align(center)[#text(16pt)[{page.title}]]\n",
            table("(1fr, 1fr)", lines(*left), lines(*side)),
            cited(page) + "\n",
            table("(auto, 1fr, auto, auto)", *map(page.t, ("Nb", "Libellé", "Prix U. HT", "Total HT")), *items),
            grid(
                "(1fr, 1fr)",
                table("3", *map(page.t, ("Base", "Taux", "TVA")), *rates)
                if facts.regime == "vat"
                else page.note_no_vat(),
                right(table("2", *_flat(_sums(page)))),
            ),
            _bank(page),
        )
    )


LAYOUTS = (public_box, honoraires, bookshop, columns_of_tax, association, two_sides)
KINDS = {"honoraires": "firm", "association": "artist", "bookshop": "supplier", "columns_of_tax": "firm"}
