"""The third set in HTML, printed by Chromium; see `layouts_third`."""

from __future__ import annotations

from .layouts_third import _block, _due, _references, _sums
from .writing import Page


def _sheet(page: Page, body: str) -> str:
    return (f"<!doctype html><html lang=fr><meta charset=utf-8><style>@page{{size:A4;margin:12mm 16mm}}body{{font:{page.size}pt '{page.font}',serif}}"
            f"table{{width:100%;border-spacing:0}}td,th{{padding:2px 8px;text-align:left;vertical-align:top}}.r{{text-align:right}}</style>{body}")  # fmt: skip


def _cited(page: Page) -> str:
    facts = page.facts
    return (
        f"<p>Avoir sur facture {page.t(facts.other_number)} du {page.t(page.day(facts.ordered))}</p>"
        if facts.is_credit
        else ""
    )


def _lines(page: Page, *, with_rate: bool) -> str:
    return "".join(
        f"<tr><td>{page.t(r.label)}<td class=r>{r.quantity}<td class=r>{page.t(page.amount(r.price))}{'<td class=r>' + page.rate(r.rate) if with_rate else ''}<td class=r>{page.t(page.amount(r.amount))}</tr>"
        for r in page.facts.rows
    )


def subscription(page: Page) -> str:
    """A subscription service's: the amount due in large type at the top, then the particulars in three columns."""
    facts = page.facts
    sums = _sums(page)
    refs = "<br>".join(f"{a} {b}" for a, b in _references(page))
    body = (f"<h1>{page.title}</h1><table><tr><td>{page.label('number')} <b>{page.number()}</b><br>{page.label('issue_date')} {page.date('issue_date')}<br>{_due(page)}<td>{'<br>'.join(_block(page, 'seller'))}<td>{'<br>'.join(_block(page, 'buyer'))}</tr></table>"
            f"<h2>{page.t(page.amount(facts.payable))} à régler</h2>{refs}{_cited(page)}<table><tr><th>Description<th class=r>Qté<th class=r>Prix unitaire<th class=r>TVA<th class=r>Montant</tr>{_lines(page, with_rate=True)}</table>"
            f"<table style='width:50%;margin-left:50%'>{''.join(f'<tr><td>{a}<td class=r>{b}</tr>' for a, b in sums)}</table><p>{page.note_no_vat()}</p>")  # fmt: skip
    return _sheet(page, body)


def energy(page: Page) -> str:
    """An energy supplier's: customer and meter numbers, a table of charges, the total at the right, three pages."""
    facts = page.facts
    sums = _sums(page)
    body = (f"<table><tr><td><b>{page.t(facts.seller.name)}</b><br>Compte de contrat : {facts.seed:012}<br>PDL : 2154{facts.seed:010}<br>Espace client : www.exemple.fr<td>{'<br>'.join(_block(page, 'buyer'))}</tr></table>"
            f"<p><b>{page.title}</b> {page.label('number')} {page.number()}<br>{page.label('issue_date')} {page.date('issue_date')}<br>{_due(page)}<br>Prochain relevé le {page.t(page.day(facts.due))}</p>{'<br>'.join(f'{a} {b}' for a, b in _references(page))}{_cited(page)}"
            f"<table style='border:1px solid;width:60%'>{''.join(f'<tr><td>{a}<td class=r>{b}</tr>' for a, b in sums)}</table><p style='break-before:page'>Historique : 1 204 kWh en janvier, 980 kWh en février.</p>"
            f"<table style='break-before:page'><tr><th>Libellé<th class=r>Quantité<th class=r>Prix unitaire HT<th class=r>Montant HT</tr>{_lines(page, with_rate=False)}</table><p>{page.note_no_vat()}</p><small>{' – '.join(_block(page, 'seller'))}</small>")  # fmt: skip
    return _sheet(page, body)


def plain(page: Page) -> str:
    """A home-made page: bold labels followed by values, one under the other, then a list."""
    facts = page.facts
    told = [
        ("Émetteur", "<br>".join(_block(page, "seller"))),
        (page.label("buyer"), "<br>".join(_block(page, "buyer"))),
        (page.label("number"), page.number()),
        (page.label("issue_date"), page.date("issue_date")),
        *_references(page),
    ]
    body = (f"<h3>{page.title}</h3>{''.join(f'<p><b>{a}</b> {b}</p>' for a, b in told)}{_cited(page)}<ul>{''.join(f'<li>{page.t(r.label)} : {page.t(page.amount(r.amount))}</li>' for r in facts.rows)}</ul>"
            f"{''.join(f'<p><b>{a}</b> {b}</p>' for a, b in _sums(page))}<p>{page.note_no_vat()}</p><p>{_due(page)}</p>")  # fmt: skip
    return _sheet(page, body)


LAYOUTS = (subscription, energy, plain)
KINDS = {"energy": "telecom", "plain": "artist"}
