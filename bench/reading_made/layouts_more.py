"""More layouts that the reader was tuned on: accounting programs, an ERP, a hospital's supplier, a printed sheet."""

from __future__ import annotations

from decimal import Decimal

from .facts import Facts
from .setting import address, bold, buyer_block, cited, grid, lines, payment, right, seller_block, small, table
from .writing import Page


def _items(page: Page, *columns: str) -> list[str]:
    """Cells of the table of lines, written otherwise than in the tuned layouts."""
    cells = []
    for rank, row in enumerate(page.facts.rows, start=1):
        told = {
            "rank": page.t(str(rank)), "code": page.t(row.code), "label": page.t(row.label), "unit": page.t("U"), "quantity": page.t(f"{row.quantity},00"),
            "price": page.t(page.amount(row.price)), "amount": page.t(page.amount(row.amount)), "rate": page.rate(row.rate),
            "gross": page.t(page.amount((row.amount * (100 + row.rate) / 100).quantize(Decimal("0.01")))),
        }  # fmt: skip
        cells += [told[column] for column in columns]
    return cells


def _refs(page: Page, between: str = " ") -> list[str]:
    found = []
    if page.has["order"]:
        found.append(f"{page.label('order')}{between}{page.order()}")
    if page.has["service"]:
        found.append(f"{page.label('service')}{between}{page.service_code()}")
    if page.has["contract"]:
        found.append(f"{page.label('contract')}{between}{page.contract()}")
    return found


def _sums(page: Page) -> list[tuple[str, str]]:
    facts = page.facts
    rows = []
    if facts.regime == "vat":
        rows.append((page.label("net"), page.money("net")))
        if len(facts.rates) > 1 and page.chance.random() < 0.6:
            rows += [
                (f"{page.t('dont TVA à')} {page.rate(rate)}", page.t(page.amount(tax)))
                for rate, _, tax in facts.rates
                if rate
            ]
            page.says["tax_amount"] = f"{facts.tax:.2f}"
        else:
            rows.append((page.label("tax"), page.money("tax")))
        rows.append((page.label("gross"), page.money("gross")))
    else:
        rows.append((page.label("net"), page.money("net")))
        rows.append((page.label("payable"), page.money("payable")))
        if facts.prepaid:
            rows.insert(1, (page.label("prepaid"), page.t(page.amount(facts.prepaid))))
        return rows
    if facts.prepaid:
        rows += [
            (page.label("prepaid"), page.t(page.amount(facts.prepaid))),
            (page.label("payable"), page.money("payable")),
        ]
    else:
        page.says["payable_amount"] = f"{facts.payable:.2f}"
    return rows


def _flat(rows: list[tuple[str, str]]) -> list[str]:
    return [part for row in rows for part in row]


def _identity(facts: Facts, page: Page) -> str:
    """The legal line, with a SIREN first and the SIRET as SIREN + NIC for some hands."""
    if facts.seed % 3 == 0:
        page.says["seller_siret"] = facts.seller.siret
        spaced = f"{facts.seller.siren[:3]} {facts.seller.siren[3:6]} {facts.seller.siren[6:]}"
        number = page.t(f"SIREN {spaced} – NIC {facts.seller.siret[9:]}")
    else:
        number = f"{page.label('siret', colon=False)} {page.seller_siret()}"
    return f"{page.t(f'S.A.S. au capital de 152 450 € - R.C.S. {facts.seller.town} {facts.seller.siren} -')} {number}"


def accounting(page: Page) -> str:
    """An accounting program's: a grid of small boxes at the top, VAT recapitulation at the bottom left, totals right."""
    facts = page.facts
    boxes = [
        lines(small(page.t("Code client"), 6), page.t(facts.client_code)),
        lines(small(page.label("number", colon=False), 6), page.number()),
        lines(small(page.label("issue_date", colon=False), 6), page.date("issue_date")),
    ]
    if page.has["due_date"]:
        boxes.append(lines(small(page.label("due_date", colon=False), 6), page.date("due_date")))
    boxes.append(lines(small(page.t("Mode de règlement"), 6), page.t("Virement à 30 jours")))
    left = page.note_no_vat()
    if facts.regime == "vat":
        page.note_breakdown()
        left = table(
            "4",
            *map(page.t, ("Code", "Base HT", "Taux TVA", "Montant TVA")),
            *(
                part
                for rank, (rate, base, tax) in enumerate(facts.rates, start=1)
                for part in (
                    page.t(str(rank)),
                    page.t(page.amount(base, sign=False)),
                    page.rate(rate),
                    page.t(page.amount(tax, sign=False)),
                )
            ),
        )
    return "\n".join(
        (
            f"#set page(footer: align(center)[{small(_identity(facts, page), 6)}])",
            grid("(1fr, 1fr)", lines(*address(page, "seller")), f"#text(17pt)[{page.title}]"),
            "#v(3mm)",
            grid("(1fr, 1fr)", "", f"#box(stroke: 0.4pt, inset: 8pt, width: 100%)[{lines(*buyer_block(page))}]"),
            "#v(3mm)",
            table(str(len(boxes)), *boxes),
            lines(
                *_refs(page), cited(page), page.t(f"Livraison n° {facts.delivery_note} du {page.day(facts.delivered)}")
            )
            + "\n",
            table(
                "(auto, 1fr, auto, auto, auto, auto)",
                *map(page.t, ("Code", "Description", "Qté", "P.U.", "Tx TVA", "Montant HT")),
                *_items(page, "code", "label", "quantity", "price", "rate", "amount"),
            ),
            "#v(1fr)",
            grid("(1fr, auto)", left, table("2", *_flat(_sums(page)))),
            payment(page),
        )
    )


def erp(page: Page) -> str:
    """An ERP's: the title holds the number; dates and the buyer's references stand as headings over values."""
    facts = page.facts
    heads, values = [page.label("issue_date", colon=True)], [page.date("issue_date")]
    if page.has["due_date"]:
        heads.append(page.label("due_date", colon=True))
        values.append(page.date("due_date"))
    heads.append(page.t("Origine :"))
    values.append(page.t(f"S{facts.seed % 90000:05}"))
    if page.has["order"]:
        heads.append(page.label("order", colon=True))
        values.append(page.order())
    if page.has["service"]:
        heads.append(page.label("service", colon=True))
        values.append(page.service_code())
    return "\n".join(
        (
            lines(bold(page.t(facts.seller.name)), *address(page, "seller")[1:]),
            f"#pad(left: 9.5cm)[{lines(*buyer_block(page))}]",
            f'#text(18pt, fill: rgb("{page.ink}"))[{page.title} {page.number()}]\n',
            grid(f"({', '.join(['auto'] * len(heads))})", *map(bold, heads), *values, gap="4mm"),
            "#v(4mm)",
            cited(page) + "\n",
            table(
                "(1fr, auto, auto, auto, auto)",
                *map(page.t, ("Description", "Quantité", "Prix unitaire", "Taxes", "Montant")),
                *_items(page, "label", "quantity", "price", "rate", "amount"),
                look="stroke: (y: 0.4pt)",
            ),
            grid("(1fr, 6.5cm)", "", table("(1fr, auto)", *_flat(_sums(page)), look="stroke: (y: 0.4pt)")),
            page.note_no_vat() + "\n",
            page.t(f"Merci d’utiliser la référence suivante pour votre règlement : {facts.number}") + "\n",
            payment(page) + "\n",
            f"#place(bottom + center)[{small(_identity(facts, page))}]",
        )
    )


def hospital(page: Page) -> str:
    """A hospital's supplier: dense, many codes, delivery and order dates everywhere, the contract on each line."""
    facts = page.facts
    info = [
        (page.label("number"), page.number()),
        (page.label("issue_date"), page.date("issue_date")),
        (page.t("N° de client :"), page.t(facts.client_code)),
        (page.t("Bon de livraison :"), page.t(facts.delivery_note)),
        (page.t("Date de livraison :"), page.t(page.day(facts.delivered))),
    ]
    if page.has["order"]:
        info += [(page.label("order"), page.order()), (page.t("Date de commande :"), page.t(page.day(facts.ordered)))]
    if page.has["contract"]:
        info.append((page.label("contract"), page.contract()))
    if page.has["service"]:
        info.append((page.label("service"), page.service_code()))
    items = []
    for row in facts.rows:
        items += [
            page.t(row.code),
            page.t(row.label),
            page.t(f"Lot {facts.seed % 9999:05} exp. 06/2028"),
            page.t(str(row.quantity)),
            page.t(page.amount(row.price, sign=False)),
            page.rate(row.rate),
            page.t(page.amount(row.amount, sign=False)),
        ]
    if facts.regime == "vat":
        page.note_breakdown()
    recap = [
        part
        for rate, base, tax in facts.rates
        for part in (
            page.rate(rate),
            page.t(page.amount(base, sign=False)),
            page.t(page.amount(tax, sign=False)),
            page.t(page.amount(base + tax, sign=False)),
        )
    ]
    due = f"{page.label('due_date')} {page.date('due_date')}" if page.has["due_date"] else ""
    return "\n".join(
        (
            "#set text(size: 8pt)",
            f"#set page(footer: [{small(lines(_identity(facts, page), page.t('Les marchandises restent notre propriété jusqu’au complet paiement. Capital 1 250 000 €')), 6)}])",
            grid(
                "(1fr, 1fr)",
                lines(
                    bold(page.t(facts.seller.name)),
                    page.t("Service clients : 0 800 00 00 00"),
                    page.title,
                    *(f"{a} {b}" for a, b in info),
                ),
                lines(
                    small(page.t("Adresse de livraison")),
                    page.t(f"{facts.buyer.name} – Quai 3"),
                    page.t("Pharmacie, bâtiment C"),
                    "",
                    small(page.label("buyer")),
                    *buyer_block(page),
                ),
            ),
            "#v(3mm)",
            cited(page) + "\n",
            table(
                "(auto, 1fr, auto, auto, auto, auto, auto)",
                *map(page.t, ("Code", "Désignation", "Lot", "Qté", "PU net HT", "TVA", "Total HT")),
                *items,
                look="stroke: none, inset: 3pt",
            ),
            table("4", *map(page.t, ("% TVA", "Montant HT", "TVA", "Montant TTC")), *recap)
            if facts.regime == "vat"
            else page.note_no_vat(),
            right(lines(*(f"{a} {b}" for a, b in _sums(page)))),
            due + "\n",
            payment(page),
        )
    )


def spreadsheet_print(page: Page) -> str:
    """A spreadsheet printed: a grid of cells without regard for taste, labels far from values."""
    facts = page.facts
    rows = [
        page.t(facts.seller.name),
        "",
        page.title,
        page.number(),
        page.t(facts.seller.street),
        "",
        page.label("issue_date"),
        page.date("issue_date"),
        page.t(f"{facts.seller.postcode} {facts.seller.town}"),
        "",
        page.t(facts.buyer.name),
        "",
        page.label("siret"),
        page.seller_siret(),
        page.t(facts.buyer.service),
        "",
    ]
    if page.has["buyer_siret"]:
        rows += ["", "", page.label("siret"), page.buyer_siret()]
    for one in _refs(page, between="|"):
        label, _, value = one.partition("|")
        rows += [label, value, "", ""]
    rows += [
        page.t("Désignation"),
        page.t("Qté"),
        page.t("P.U. HT"),
        page.t("Total HT"),
        *_items(page, "label", "quantity", "price", "amount"),
    ]
    for label, value in _sums(page):
        rows += ["", "", label, value]
    due = f"{page.label('due_date')} {page.date('due_date')}" if page.has["due_date"] else ""
    return "\n".join(
        (
            table("(1.4fr, 1fr, 1.2fr, 1.2fr)", *rows, look=f"stroke: {'0.2pt' if facts.seed % 2 else 'none'}"),
            page.note_no_vat() + "\n",
            due + "\n",
            cited(page) + "\n",
            payment(page),
        )
    )


def minimal(page: Page) -> str:
    """A few lines on a page: everything in two paragraphs."""
    facts = page.facts
    page.says["number"] = facts.number
    sums = page.t(", ").join(f"{label} {value}" for label, value in _sums(page))
    return "\n".join(
        (
            lines(*seller_block(page)) + "\n",
            f"{page.t(facts.seller.town)}, {page.t('le')} {page.date('issue_date')}\n",
            lines(page.t("À"), *buyer_block(page)) + "\n",
            f"{bold(page.title)} {page.t('n° ' + facts.number)}\n",
            cited(page) + "\n",
            lines(*_refs(page)) + "\n",
            lines(
                *(
                    page.t(f"- {row.label} ({row.quantity} x {page.amount(row.price)}) = {page.amount(row.amount)}")
                    for row in facts.rows
                )
            )
            + "\n",
            sums + "\n",
            page.note_no_vat() + "\n",
            f"{page.label('due_date')} {page.date('due_date')}\n" if page.has["due_date"] else "",
            payment(page),
        )
    )


def sidebar(page: Page) -> str:
    """A designer's: a coloured column at the left with all particulars, the lines and totals at the right."""
    column = [
        small(page.label("number", colon=False)),
        page.number(),
        small(page.label("issue_date", colon=False)),
        page.date("issue_date"),
    ]
    if page.has["due_date"]:
        column += [small(page.label("due_date", colon=False)), page.date("due_date")]
    column += [
        small(page.label("seller", colon=False)),
        *seller_block(page),
        "",
        small(page.label("buyer", colon=False)),
        *buyer_block(page),
        "",
    ]
    for one in _refs(page, between="|"):
        label, _, value = one.partition("|")
        column += [small(label), value]
    body = "\n".join(
        (
            f"#text(22pt)[{page.title}]\n",
            cited(page) + "\n",
            table("(1fr, auto)", *_items(page, "label", "amount"), look="stroke: (bottom: 0.3pt)"),
            table("(1fr, auto)", *_flat(_sums(page)), look="stroke: none"),
            page.note_no_vat() + "\n",
            payment(page),
        )
    )
    return f"#grid(columns: (6cm, 1fr), gutter: 6mm, [#block(fill: luma(235), inset: 8pt)[{lines(*column)}]], [{body}])"


def with_tax_first(page: Page) -> str:
    """A restaurant's or a shop's: lines with VAT included, the total first, the tax taken out of it below."""
    facts = page.facts
    page.shows_lines = False
    items = _items(page, "quantity", "label", "gross")
    recap = [
        part
        for rate, base, tax in facts.rates
        for part in (
            page.rate(rate),
            page.t(page.amount(base)),
            page.t(page.amount(tax)),
            page.t(page.amount(base + tax)),
        )
    ]
    foot = page.note_no_vat()
    if facts.regime == "vat":
        page.note_breakdown()
        page.says["tax_amount"], page.says["tax_exclusive_amount"] = f"{facts.tax:.2f}", f"{facts.net:.2f}"
        foot = table(
            "4",
            *map(page.t, ("Taux", "HT", "TVA", "TTC")),
            *recap,
            page.t("Total"),
            page.t(page.amount(facts.net)),
            page.t(page.amount(facts.tax)),
            page.t(page.amount(facts.gross)),
        )
    page.says["payable_amount"] = f"{facts.payable:.2f}"
    extra = (
        (
            f"{page.label('prepaid')} {page.t(page.amount(facts.prepaid))}",
            f"{page.label('payable')} {page.money('payable')}",
        )
        if facts.prepaid
        else ()
    )
    return "\n".join(
        (
            f"#align(center)[{lines(bold(page.t(facts.seller.name)), *address(page, 'seller')[1:], _identity(facts, page))}]",
            f"{page.title} {page.t('n° :')} {page.number()} #h(1fr) {page.label('issue_date')} {page.date('issue_date')}\n",
            lines(*buyer_block(page), *_refs(page), cited(page)) + "\n",
            table(
                "(auto, 1fr, auto)", page.t("Qté"), page.t("Article"), page.t("Prix TTC"), *items, look="stroke: none"
            ),
            right(lines(bold(f"{page.label('gross')} {page.money('gross')}"), *extra)),
            foot + "\n",
            payment(page),
        )
    )


LAYOUTS = (accounting, erp, hospital, spreadsheet_print, minimal, sidebar, with_tax_first)
KINDS = {"hospital": "supplier", "minimal": "artist", "with_tax_first": "caterer", "sidebar": "artist"}
