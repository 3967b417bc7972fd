"""Layouts that the reader was tuned on, written in HTML and printed by Chromium: other fonts, other gaps, other orders of words."""

from __future__ import annotations

from .writing import Page


def _document(page: Page, body: str, style: str = "") -> str:
    font = page.chance.choice(("DejaVu Sans", "DejaVu Serif", "Libertinus Serif", "sans-serif"))
    return (f"<!doctype html><html lang=fr><meta charset=utf-8><style>@page{{size:A4;margin:14mm}}body{{font:{page.size}pt '{font}';color:#222}}"
            f"table{{border-collapse:collapse;width:100%}}td,th{{padding:3px 6px;text-align:left}}.n{{text-align:right}}h1{{color:{page.ink}}}"
            f"small{{font-size:7pt;color:#666}}.f{{display:flex;justify-content:space-between}}{style}</style><body>{body}")  # fmt: skip


def _party(page: Page, who: str, *, siret: bool = True) -> str:
    party = page.facts.seller if who == "seller" else page.facts.buyer
    parts = [
        f"<b>{page.t(party.name)}</b>",
        page.t(party.service),
        page.t(party.street),
        page.t(f"{party.postcode} {party.town}"),
        "France",
    ]
    if siret and (who == "seller" or page.has["buyer_siret"]):
        parts.append(f"{page.label('siret')} {page.seller_siret() if who == 'seller' else page.buyer_siret()}")
    if siret and who == "seller" and page.has["vat_number"] and page.facts.regime != "franchise":
        parts.append(f"{page.label('vat_number')} {page.vat_number(page.facts.seller.vat_number)}")
    return "<br>".join(part for part in parts if part)


def _facts(page: Page) -> list[tuple[str, str]]:
    rows = [(page.label("number"), page.number()), (page.label("issue_date"), page.date("issue_date"))]
    if page.has["due_date"]:
        rows.append((page.label("due_date"), page.date("due_date")))
    if page.has["order"]:
        rows.append((page.label("order"), page.order()))
    if page.has["contract"]:
        rows.append((page.label("contract"), page.contract()))
    if page.has["service"]:
        rows.append((page.label("service"), page.service_code()))
    return rows


def _sums(page: Page) -> list[tuple[str, str]]:
    facts = page.facts
    if facts.regime != "vat":
        page.note_no_vat()
        return [(page.label("payable"), page.money("payable"))] if not facts.prepaid else [
            (page.label("net"), page.money("net")), (page.label("prepaid"), page.t(page.amount(facts.prepaid))), (page.label("payable"), page.money("payable"))]  # fmt: skip
    rows = [(page.label("net"), page.money("net"))]
    if len(facts.rates) == 1:
        page.note_breakdown()
        page.says["tax_amount"] = f"{facts.tax:.2f}"
        rows.append((f"TVA ({page.rate(facts.rates[0][0])})", page.t(page.amount(facts.tax))))
    else:
        rows.append((page.label("tax"), page.money("tax")))
    rows.append((page.label("gross"), page.money("gross")))
    page.says["payable_amount"] = f"{facts.payable:.2f}"
    if facts.prepaid:
        rows += [
            (page.label("prepaid"), page.t(page.amount(-facts.prepaid))),
            (page.label("payable"), page.money("payable")),
        ]
    return rows


def _table(rows: list[tuple[str, str]], kind: str = "") -> str:
    return (
        f"<table class='{kind}'>" + "".join(f"<tr><td>{a}</td><td class=n>{b}</td></tr>" for a, b in rows) + "</table>"
    )


def _no_vat(page: Page) -> str:
    note = page.note_no_vat()
    return f"<p>{note}</p>" if note else ""


def _cited(page: Page) -> str:
    facts = page.facts
    if facts.is_credit:
        return f"<p>Cet avoir concerne la facture {page.t(facts.other_number)} du {page.t(page.day(facts.ordered))}</p>"
    return ""


def _pay(page: Page) -> str:
    return f"<p>Virement : IBAN {page.iban()} / BIC {page.t(page.facts.bic)}</p>" if page.has["iban"] else ""


def online_shop(page: Page) -> str:
    """An online shop's: buyer and dates side by side, lines with VAT included, a foot with the tax in brackets."""
    facts = page.facts
    items = "".join(
        f"<tr><td>{page.t(r.label)}<br><small>UGS : {page.t(r.code)}</small></td><td>{r.quantity}</td><td class=n>{page.t(page.amount(r.amount))}</td></tr>"
        for r in facts.rows
    )
    body = (f"<div class=f><h1>{page.t(facts.seller.name)}</h1><div>{_party(page, 'seller')}</div></div><h2>{page.title}</h2><div class=f><div>{page.label('buyer')}<br>{_party(page, 'buyer')}</div>"
            f"<div>{_table(_facts(page))}<br>Date de commande : {page.t(page.day(facts.ordered))}</div></div>{_cited(page)}<table><tr><th>Produit<th>Quantité<th class=n>Prix HT</tr>{items}</table>"
            f"<div style='margin-left:55%'>{_table(_sums(page))}</div>{_no_vat(page)}{_pay(page)}")  # fmt: skip
    return _document(page, body)


def online_program(page: Page) -> str:
    """An online invoicing program's: badge of the number, cards, a right column of totals."""
    facts = page.facts
    items = "".join(
        f"<tr><td>{page.t(r.label)}</td><td class=n>{r.quantity}</td><td class=n>{page.t(page.amount(r.price))}</td><td class=n>{page.rate(r.rate)}</td><td class=n>{page.t(page.amount(r.amount))}</td></tr>"
        for r in facts.rows
    )
    cards = "".join(f"<div><small>{a}</small><br>{b}</div>" for a, b in _facts(page))
    body = (f"<h1>{page.title}</h1><div class=f style='flex-wrap:wrap;gap:14px'>{cards}</div><hr><div class=f><div><small>{page.label('seller')}</small><br>{_party(page, 'seller')}</div>"
            f"<div><small>{page.label('buyer')}</small><br>{_party(page, 'buyer')}</div></div>{_cited(page)}<table style='margin-top:20px'><tr><th>Description<th class=n>Qté<th class=n>Prix HT<th class=n>TVA<th class=n>Total HT</tr>{items}</table>"
            f"<div style='margin-left:50%;border-top:1px solid'>{_table(_sums(page))}</div>{_no_vat(page)}{_pay(page)}<p><small>En cas de retard de paiement, indemnité forfaitaire de 40,00 € et intérêts au taux de 12,50 %.</small>")  # fmt: skip
    return _document(page, body)


def bill(page: Page) -> str:
    """A utility's bill: a summary in a box at the right, customer numbers, detail by rate on a second page."""
    facts = page.facts
    rows = _facts(page)
    items = "".join(
        f"<tr><td>{page.t(r.label)}</td><td class=n>{page.t(page.amount(r.amount))}</td><td class=n>{page.rate(r.rate)}</td></tr>"
        for r in facts.rows
    )
    rates = "".join(
        f"<tr><td>TVA à {page.rate(rate)} sur {page.t(page.amount(base))}</td><td class=n>{page.t(page.amount(tax))}</td></tr>"
        for rate, base, tax in facts.rates
    )
    page.note_breakdown()
    body = (f"<div class=f><div style='width:45%'><b>{page.t(facts.seller.name)}</b><br>Vos références client : {page.t(facts.client_code)}<br>Point de livraison : 14{facts.seed:012}<br>{'<br>'.join(f'{a} {b}' for a, b in rows)}</div>"
            f"<div style='width:45%'>{_party(page, 'buyer')}</div></div><div style='margin:20px 0 0 45%;border:2px solid;padding:8px'><b>{page.title} du {page.t(page.day(facts.issued))}</b>{_table(_sums(page))}</div>{_cited(page)}"
            f"<div style='break-before:page'><b>Le détail de votre facture</b><table>{items}</table><table>{rates}</table></div>{_no_vat(page)}<p><small>{page.t(facts.seller.name)}, SA au capital de 12 345 678 €, RCS {page.t(facts.seller.town)} {facts.seller.siren}, {page.label('siret')} {page.seller_siret()}</small>")  # fmt: skip
    return _document(page, body)


def word(page: Page) -> str:
    """A word processor's model: centred title, tabulated head, bordered table whose last rows are the totals."""
    facts = page.facts
    items = "".join(
        f"<tr><td>{page.t(r.label)}</td><td class=n>{r.quantity}</td><td class=n>{page.t(page.amount(r.price))}</td><td class=n>{page.t(page.amount(r.amount))}</td></tr>"
        for r in facts.rows
    )
    sums = "".join(f"<tr><td colspan=3 class=n>{a}</td><td class=n>{b}</td></tr>" for a, b in _sums(page))
    refs = "<br>".join(f"{a} <b>{b}</b>" for a, b in _facts(page)[1:])
    body = (f"{_party(page, 'seller')}<p style='margin-left:60%'>{_party(page, 'buyer')}</p><h2 style='text-align:center'>{page.title} n° {page.number()}</h2><p>{refs}</p>{_cited(page)}"
            f"<table border=1><tr><th>Désignation<th class=n>Quantité<th class=n>Prix unitaire<th class=n>Montant</tr>{items}{sums}</table>{_no_vat(page)}{_pay(page)}")  # fmt: skip
    return _document(page, body)


LAYOUTS = (online_shop, online_program, bill, word)
KINDS = {"bill": "telecom", "word": "artist"}
