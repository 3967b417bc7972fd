"""The last layouts: measured once as held out (docs/reading.md); a few wordings were then added to the reader."""

from __future__ import annotations

from .setting import bold, cited, grid, lines, right, small, table
from .writing import Page


def _who(page: Page, who: str) -> list[str]:
    facts = page.facts
    party = facts.seller if who == "seller" else facts.buyer
    block = [page.t(party.name), page.t(party.street), page.t(f"{party.postcode} {party.town.upper()}")]
    if who == "buyer":
        block.insert(1, page.t(party.service))
    if who == "seller" or page.has["buyer_siret"]:
        block.append(f"{page.label('siret')} {page.seller_siret() if who == 'seller' else page.buyer_siret()}")
    if who == "seller" and page.has["vat_number"] and facts.regime != "franchise":
        block.append(f"{page.label('vat_number')} {page.vat_number(party.vat_number)}")
    return block


def _told(page: Page) -> list[tuple[str, str]]:
    rows = [(page.label("number"), page.number()), (page.label("issue_date"), page.date("issue_date"))]
    if page.has["due_date"]:
        rows.append((page.label("due_date"), page.date("due_date")))
    if page.has["order"]:
        rows.append((page.label("order"), page.order()))
    if page.has["service"]:
        rows.append((page.label("service"), page.service_code()))
    if page.has["contract"]:
        rows.append((page.label("contract"), page.contract()))
    return rows


def _sums(page: Page) -> list[tuple[str, str]]:
    facts = page.facts
    sign = -1 if facts.net < 0 else 1
    rows = []
    if facts.discount:
        rows += [
            (page.t("Total avant remise HT"), page.t(page.amount(facts.net + sign * facts.discount))),
            (page.label("discount"), page.t(page.amount(facts.discount))),
        ]
    rows.append((page.label("net"), page.money("net")))
    if facts.regime == "vat":
        if facts.seed % 2:
            rows += [
                (f"{page.t('TVA')} {page.rate(rate)} {page.t('sur ' + page.amount(base))}", page.t(page.amount(tax)))
                for rate, base, tax in facts.rates
            ]
            page.note_breakdown()
            page.says["tax_amount"] = f"{facts.tax:.2f}"
        else:
            rows.append((page.label("tax"), page.money("tax")))
        rows.append((page.label("gross"), page.money("gross")))
    if facts.prepaid:
        rows += [
            (page.label("prepaid"), page.t(page.amount(-facts.prepaid))),
            (page.label("payable"), page.money("payable")),
        ]
    else:
        page.says["payable_amount"] = f"{facts.payable:.2f}"
    return rows


def _flat(rows: list[tuple[str, str]]) -> list[str]:
    return [part for row in rows for part in row]


def _end(page: Page) -> str:
    bank = f"{page.t('RIB / IBAN')} {page.iban()} {page.t(page.facts.bic)}" if page.has["iban"] else ""
    return lines(
        page.note_no_vat(),
        bank,
        page.t("Tout retard donne lieu à une indemnité forfaitaire de 40 € (art. D441-5 du code de commerce)."),
    )


def garage(page: Page) -> str:
    """A garage's: vehicle, labour and parts in two tables, the particulars of the sender centred at the top."""
    facts = page.facts
    half = max(1, len(facts.rows) // 2)

    def rows(part: tuple) -> list[str]:
        return [
            cell
            for row in part
            for cell in (
                page.t(row.code),
                page.t(row.label),
                page.t(str(row.quantity)),
                page.t(page.amount(row.price, sign=False)),
                page.t(page.amount(row.amount, sign=False)),
            )
        ]

    heads = [page.t(word) for word in ("Code", "Opération", "Qté", "Prix HT", "Montant HT")]
    second = table("(auto, 1fr, auto, auto, auto)", *heads, *rows(facts.rows[half:])) if facts.rows[half:] else ""
    return "\n".join(
        (
            f"#align(center)[{lines(*_who(page, 'seller'))}]",
            "#line(length: 100%)",
            grid(
                "(1fr, 1fr)",
                lines(bold(page.title), *(f"{a} {b}" for a, b in _told(page))),
                lines(page.label("buyer"), *_who(page, "buyer")),
            ),
            page.t(f"Véhicule : FA-{facts.seed % 900 + 100}-XY, 1re mise en circulation 12/05/2019, 84 512 km") + "\n",
            cited(page) + "\n",
            table("(auto, 1fr, auto, auto, auto)", *heads, *rows(facts.rows[:half])),
            second,
            right(table("2", *_flat(_sums(page)))),
            _end(page),
        )
    )


def training(page: Page) -> str:
    """A training body's: convention, sessions, a declaration number, one paragraph for the particulars of the buyer."""
    facts = page.facts
    items = [
        cell
        for row in facts.rows
        for cell in (
            page.t(row.label),
            page.t(f"du {page.day(facts.delivered)} au {page.day(facts.issued)}"),
            page.t(page.amount(row.amount)),
        )
    ]
    return "\n".join(
        (
            f"#align(right)[#text(15pt)[{page.title}]]",
            lines(
                *_who(page, "seller"),
                page.t(f"Déclaration d’activité n° 11 75 {facts.seed % 90000 + 10000} 75 auprès du préfet de région"),
            )
            + "\n",
            "#v(5mm)",
            f"{page.label('buyer')} {page.t(' ')}{page.t(', ')}{page.t(', ').join(_who(page, 'buyer'))}\n",
            table("(auto, 1fr)", *_flat(_told(page)), look="stroke: none, inset: 2pt"),
            cited(page) + "\n",
            page.t(f"Stagiaires : 12. Session notifiée le {page.day(facts.ordered)}, devis {facts.quote}.") + "\n",
            table("(1fr, auto, auto)", *map(page.t, ("Action de formation", "Dates", "Coût HT")), *items),
            table("(1fr, auto)", *_flat(_sums(page)), look="stroke: none"),
            _end(page),
        )
    )


def licences(page: Page) -> str:
    """A software house's: a band of four cells at the top, wide margins, small grey labels over values, totals at the left."""
    facts = page.facts
    told = [lines(small(a, 6.5), b) for a, b in _told(page)]
    items = [
        cell
        for row in facts.rows
        for cell in (
            page.t(row.label),
            page.t(page.amount(row.price)),
            page.t(f"x {row.quantity}"),
            page.rate(row.rate),
            page.t(page.amount(row.amount)),
        )
    ]
    return "\n".join(
        (
            grid("(1fr, auto)", f"#text(15pt)[{page.t(facts.seller.name)}]", page.title),
            grid(f"({', '.join(['1fr'] * min(3, len(told)))})", *told, gap="3mm"),
            "#v(5mm)",
            grid(
                "(1fr, 1fr)",
                lines(small(page.label("seller"), 6.5), *_who(page, "seller")),
                lines(small(page.label("buyer"), 6.5), *_who(page, "buyer")),
            ),
            cited(page) + "\n",
            table(
                "(1fr, auto, auto, auto, auto)",
                *map(page.t, ("Produit ou service", "Tarif unitaire", "Nombre", "Taux de TVA", "Montant")),
                *items,
                look="stroke: (bottom: 0.2pt)",
            ),
            f"#box(width: 8cm)[{table('(1fr, auto)', *_flat(_sums(page)), look='stroke: none')}]\n",
            _end(page),
        )
    )


def carbon_copy(page: Page) -> str:
    """A form once printed for a typewriter: boxes with headings, values under, everything in capitals, sums in a last row."""
    facts = page.facts
    told, sums = _told(page), _sums(page)
    items = [
        cell
        for row in facts.rows
        for cell in (
            page.t(str(row.quantity)),
            page.t(row.label.upper()),
            page.t(page.amount(row.price, sign=False)),
            page.t(page.amount(row.amount, sign=False)),
        )
    ]
    return "\n".join(
        (
            '#set text(font: "DejaVu Sans Mono", size: 7.5pt)',
            grid("(1fr, 1fr)", lines(*_who(page, "seller")), lines("", "", *_who(page, "buyer"))),
            "#v(4mm)",
            f"{page.title}\n",
            table(
                str(min(3, len(told))),
                *(
                    cell
                    for start in range(0, len(told), 3)
                    for part in (0, 1)
                    for cell in [
                        *(pair[part] for pair in told[start : start + 3]),
                        *([""] * (min(3, len(told)) - len(told[start : start + 3]))),
                    ]
                ),
            ),
            cited(page) + "\n",
            table(
                "(auto, 1fr, auto, auto)",
                *map(page.t, ("NB", "DESIGNATION", "P.U.", "TOTAL")),
                *items,
                look="stroke: (x: 0.3pt)",
            ),
            table("2", *_flat(sums), look="stroke: 0.3pt"),
            _end(page),
        )
    )


LAYOUTS = (garage, training, licences, carbon_copy)
KINDS = {"garage": "firm", "training": "artist", "licences": "firm", "carbon_copy": "supplier"}
