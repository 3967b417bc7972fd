"""Pieces of a page in typst that layouts share: blocks, tables, particulars."""

from __future__ import annotations

from .facts import Row
from .writing import Page


def lines(*parts: str) -> str:
    """One under the other; empty ones left out."""
    return " \\\n".join(part for part in parts if part)


def cells(*parts: str) -> str:
    return ", ".join(f"[{part}]" for part in parts)


def table(columns: str, *parts: str, look: str = "stroke: 0.5pt") -> str:
    return f"#table(columns: {columns}, {look}, {cells(*parts)})"


def grid(columns: str, *parts: str, gap: str = "3mm") -> str:
    return f"#grid(columns: {columns}, gutter: {gap}, {cells(*parts)})"


def right(text: str) -> str:
    return f"#align(right)[{text}]"


def small(text: str, size: float = 7) -> str:
    return f"#text({size}pt)[{text}]"


def bold(text: str) -> str:
    return f"#strong[{text}]"


def pair(page: Page, name: str, value: str, *, between: str = " ") -> str:
    """A label and its value on one line."""
    return f"{page.label(name)}{between}{value}"


def address(page: Page, who: str) -> list[str]:
    """Name, service, street, town."""
    party = page.facts.seller if who == "seller" else page.facts.buyer
    parts = [party.name, party.service if who == "buyer" else "", party.street, f"{party.postcode} {party.town}"]
    return [page.t(part) for part in parts if part]


def seller_line(page: Page) -> str:
    """The footer: what the law makes a seller print."""
    facts = page.facts
    capital = page.t(
        f"SARL au capital de {page.amount(8000 + facts.seed % 7 * page.facts.rows[0].price * 0)} – RCS {facts.seller.town} {facts.seller.siren}"
    )
    kept = [
        capital,
        f"{page.label('siret', colon=False)} {page.seller_siret()}",
        page.t(f"APE {facts.seed % 90 + 10}.{facts.seed % 10}{facts.seed % 9}Z"),
    ]
    if page.has["vat_number"] and facts.regime != "franchise":
        kept.append(f"{page.label('vat_number', colon=False)} {page.vat_number(facts.seller.vat_number)}")
    return page.t(" – ").join(kept)


def buyer_block(page: Page, *, siret: bool = True) -> list[str]:
    block = address(page, "buyer")
    if siret and page.has["buyer_siret"]:
        block.append(f"{page.label('siret')} {page.buyer_siret()}")
    return block


def seller_block(page: Page, *, siret: bool = True) -> list[str]:
    block = address(page, "seller")
    block.append(page.t("Tél. 02 99 00 12 34 – contact@exemple.fr"))
    if siret:
        block.append(f"{page.label('siret')} {page.seller_siret()}")
        if page.has["vat_number"] and page.facts.regime != "franchise":
            block.append(f"{page.label('vat_number')} {page.vat_number(page.facts.seller.vat_number)}")
    return block


def references(page: Page) -> list[str]:
    """The buyer's references that this invoice carries, each on a line of its own."""
    found = []
    if page.has["order"]:
        found.append(pair(page, "order", page.order()))
    if page.has["contract"]:
        found.append(pair(page, "contract", page.contract()))
    if page.has["service"]:
        found.append(pair(page, "service", page.service_code()))
    return found


def cited(page: Page) -> str:
    """Another invoice's number; empty when none is cited. A credit note always cites one."""
    facts = page.facts
    if facts.is_credit:
        return page.t(f"Annule la facture n° {facts.other_number} du {page.day(facts.ordered)}")
    if page.has["cited"] and facts.prepaid:
        return page.t(f"Facture d’acompte n° {facts.other_number} du {page.day(facts.ordered)}")
    return ""


def item_cells(page: Page, row: Row, columns: str) -> list[str]:
    """A row of the table of lines: c code, l label, q quantity, p price, r rate, a amount, t with tax."""
    if {"q", "p"} <= set(columns):
        page.detailed.add(row)
    told = {
        "c": page.t(row.code),
        "l": page.t(row.label),
        "q": page.t(str(row.quantity)),
        "p": page.t(page.amount(row.price, sign=False)),
        "r": page.rate(row.rate),
        "a": page.t(page.amount(row.amount, sign=page.facts.seed % 5 == 0)),
        "t": page.t(page.amount(row.amount + row.amount * row.rate / 100, sign=False)),
    }
    return [told[column] for column in columns]


def rate_lines(page: Page, *, words: str = "TVA") -> list[tuple[str, str]]:
    """One (label, tax) for each rate."""
    return [(f"{page.t(words)} {page.rate(rate)}", page.t(page.amount(tax))) for rate, _, tax in page.facts.rates]


def totals(page: Page, *, by_rate: bool = False) -> list[tuple[str, str]]:
    """Label and amount of each line of a column of totals, in the usual order."""
    facts = page.facts
    rows: list[tuple[str, str]] = []
    if facts.discount:
        sign = -1 if facts.net < 0 else 1
        rows.append((page.t("Total brut HT"), page.t(page.amount(facts.net + sign * facts.discount))))
        rows.append((page.label("discount"), page.t(page.amount(-sign * facts.discount))))
    if facts.regime == "vat":
        rows.append((page.label("net"), page.money("net")))
        if by_rate or (len(facts.rates) == 1 and facts.seed % 3 == 0):
            rows += rate_lines(page)
            if len(facts.rates) == 1:
                page.says["tax_amount"] = f"{facts.tax:.2f}"
            else:
                rows.append((page.t("Total TVA"), page.money("tax")))
        else:
            rows.append((page.label("tax"), page.money("tax")))
        rows.append((page.label("gross"), page.money("gross")))
    elif facts.seed % 2:
        rows.append((page.label("net"), page.money("net")))
    else:
        rows.append((page.t("Total"), page.money("gross")))
    if facts.prepaid:
        rows.append((page.label("prepaid"), page.t(page.amount(-facts.prepaid if facts.seed % 2 else facts.prepaid))))
    if facts.prepaid or facts.seed % 4 < 2:
        rows.append((page.label("payable"), page.money("payable")))
    else:
        page.says["payable_amount"] = f"{facts.payable:.2f}"
    return rows


def spread(rows: list[tuple[str, str]]) -> list[str]:
    return [part for row in rows for part in row]


def payment(page: Page) -> str:
    if not page.has["iban"]:
        return ""
    return f"{page.t('IBAN')} {page.iban()} {page.t(f'BIC {page.facts.bic}')}"


def late_fees(page: Page) -> str:
    return small(
        page.t(
            "Pénalités de retard : 3 fois le taux d’intérêt légal. Indemnité forfaitaire pour frais de recouvrement : 40 €. Pas d’escompte pour paiement anticipé."
        )
    )
