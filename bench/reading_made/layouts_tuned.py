"""The layouts that the reader was tuned on: invoicing programs, letters, tables with headings, listings."""

from __future__ import annotations

from .setting import (
    address,
    bold,
    buyer_block,
    cited,
    grid,
    item_cells,
    late_fees,
    lines,
    pair,
    payment,
    rate_lines,
    references,
    right,
    seller_block,
    seller_line,
    small,
    spread,
    table,
    totals,
)
from .writing import Page


def two_boxes(page: Page) -> str:
    """A free invoicing program's: title and dates at the top right, sender and buyer in two boxes."""
    head = [bold(page.title), pair(page, "number", page.number()), pair(page, "issue_date", page.date("issue_date"))]
    if page.has["due_date"]:
        head.append(pair(page, "due_date", page.date("due_date")))
    head.append(page.t(f"Code client : {page.facts.client_code}"))
    seller = lines(bold(page.t(page.facts.seller.name)), *seller_block(page, siret=False)[1:])
    rows = [part for row in page.facts.rows for part in item_cells(page, row, "lrpqa")]
    return "\n".join((
        "#set page(footer: align(center)[" + small(seller_line(page)) + "])",
        grid("(1fr, 1fr)", f"#text(16pt)[{page.t(page.facts.seller.name)}]", right(lines(*head))),
        grid("(1fr, 1fr)", page.label("seller"), page.label("buyer")),
        table("(1fr, 1fr)", seller, lines(*buyer_block(page))),
        lines(*references(page), cited(page)) + "\n",
        table("(1fr, auto, auto, auto, auto)", page.t("Désignation"), page.t("TVA"), page.t("P.U. HT"), page.t("Qté"), page.t("Total HT"), *rows),
        right(f"#table(columns: 2, stroke: none, {', '.join(f'[{part}]' for part in spread(totals(page, by_rate=True)))})"),
        page.note_no_vat() + "\n",
        payment(page), late_fees(page),
    ))  # fmt: skip


def headed_table(page: Page) -> str:
    """A table of headings over the number, the date, the customer's code; totals in a row at the foot."""
    facts = page.facts
    heads, values = (
        [page.label("number", colon=False), page.label("issue_date", colon=False), page.t("Code client")],
        [],
    )
    values = [page.number(), page.date("issue_date"), page.t(facts.client_code)]
    if page.has["due_date"]:
        heads.append(page.label("due_date", colon=False))
        values.append(page.date("due_date"))
    if page.has["order"]:
        heads.append(page.label("order", colon=False))
        values.append(page.order())
    rows = [part for row in facts.rows for part in item_cells(page, row, "clqpa")]
    if facts.regime == "vat":
        page.note_breakdown()
        rates = table("4", page.t("Base HT"), page.t("Taux"), page.t("Montant TVA"), page.t("Total"),
                      *(part for rate, base, tax in facts.rates for part in
                        (page.t(page.amount(base, sign=False)), page.rate(rate), page.t(page.amount(tax, sign=False)),
                         page.t(page.amount(base + tax, sign=False)))))  # fmt: skip
        foot = table("4", page.label("net", colon=False), page.label("tax", colon=False), page.label("gross", colon=False), page.label("payable", colon=False),
                     page.money("net"), page.money("tax"), page.money("gross"), page.money("payable"))  # fmt: skip
    else:
        rates = page.note_no_vat()
        foot = table("2", page.label("net", colon=False), page.label("payable", colon=False), page.money("net"), page.money("payable"))  # fmt: skip
    return "\n".join((
        grid("(1fr, 1fr)", lines(*seller_block(page)), lines("", *buyer_block(page))),
        "#v(4mm)", f"#text(15pt)[{page.title}]\n", table(str(len(heads)), *heads, *values),
        lines(cited(page), *(r for r in references(page) if facts.order not in r)) + "\n",
        table("(auto, 1fr, auto, auto, auto)", page.t("Référence"), page.t("Désignation"), page.t("Quantité"), page.t("P.U. HT"), page.t("Montant HT"), *rows),
        rates + "\n", foot, lines(payment(page)) + "\n", late_fees(page),
    ))  # fmt: skip


def letter(page: Page) -> str:
    """A word processor's: everything in sentences, the place and date above, one amount or three."""
    facts = page.facts
    page.says["number"], page.says["issue_date"] = facts.number, facts.issued.isoformat()
    head = lines(
        page.t(f"{facts.seller.name}, {facts.trade}"),
        *address(page, "seller")[1:],
        f"{page.label('siret')} {page.seller_siret()}",
    )
    total = spread(totals(page))
    due = f"{page.t('Règlement à effectuer avant le')} {page.date('due_date')}" if page.has["due_date"] else ""
    return "\n".join((
        head + "\n", f"#pad(left: 8cm)[{lines(*buyer_block(page))}]", "#v(6mm)",
        f"#pad(left: 8cm)[{page.t(facts.seller.town + ', le ' + page.day(facts.issued))}]\n",
        f"#text(13pt)[{page.title} {page.t('n° ' + facts.number)}]\n", lines(cited(page), *references(page)) + "\n",
        page.t(f"Objet : {facts.rows[0].label}, devis {facts.quote} accepté le {page.day(facts.ordered)}") + "\n",
        lines(*(f"{page.t(row.label)} #h(1fr) {page.t(page.amount(row.amount))}" for row in facts.rows)) + "\n",
        "#line(length: 100%)", lines(*(f"{label} #h(1fr) {value}" for label, value in zip(total[::2], total[1::2], strict=True))) + "\n",
        page.note_no_vat() + "\n", due + "\n", payment(page),
    ))  # fmt: skip


def modern(page: Page) -> str:
    """An online program's: labels in grey in a left column, values beside; a subtotal, a total, a due amount."""
    facts = page.facts
    rows = [
        page.label("number", colon=False),
        page.number(),
        page.label("issue_date", colon=False),
        page.date("issue_date"),
    ]
    if page.has["due_date"]:
        rows += [page.label("due_date", colon=False), page.date("due_date")]
    if page.has["order"]:
        rows += [page.label("order", colon=False), page.order()]
    if page.has["service"]:
        rows += [page.label("service", colon=False), page.service_code()]
    items = [part for row in facts.rows for part in item_cells(page, row, "lqpra")]
    return "\n".join((
        f"#text(20pt, fill: rgb(\"{page.ink}\"))[{page.title}]\n", table("(4cm, auto)", *rows, look="stroke: none, inset: 2pt"),
        grid("(1fr, 1fr)", lines(bold(page.t(facts.seller.name)), *seller_block(page)[1:]), lines(bold(page.label("buyer")), *buyer_block(page))),
        "#v(5mm)", cited(page) + "\n",
        table("(1fr, auto, auto, auto, auto)", page.t("Description"), page.t("Qté"), page.t("Prix unitaire"), page.t("TVA (%)"), page.t("Total HT"), *items, look="stroke: (bottom: 0.5pt)"),
        right(f"#box(width: 7cm)[#table(columns: (1fr, auto), stroke: none, {', '.join(f'[{part}]' for part in spread(totals(page)))})]"),
        page.note_no_vat() + "\n", bold(page.t("Détails du paiement")) + "\n", payment(page),
    ))  # fmt: skip


def listing(page: Page) -> str:
    """A large supplier's old program: fixed pitch, capitals, tables without rules."""
    facts = page.facts
    number, day = page.number(), page.date("issue_date")
    rows = [part for row in facts.rows for part in item_cells(page, row, "clqpra")]
    page.note_breakdown() if facts.regime == "vat" else None
    rates = [part for rate, base, tax in facts.rates for part in
             (page.rate(rate), page.t(page.amount(base, sign=False)), page.t(page.amount(tax, sign=False)))]  # fmt: skip
    head = lines(f"{page.title} {page.t('NUMERO :')} {number} {page.t('   DU :')} {day}", page.t(f"CLIENT : {facts.client_code}    BON DE LIVRAISON : {facts.delivery_note}"),
                 *references(page), cited(page))  # fmt: skip
    due = f"{page.t('REGLEMENT : VIREMENT 30 JOURS AU')} {page.date('due_date')}" if page.has["due_date"] else ""
    return "\n".join((
        "#set text(font: \"DejaVu Sans Mono\", size: 8pt)", lines(*seller_block(page)) + "\n", f"#pad(left: 9cm)[{lines(*buyer_block(page))}]",
        "#v(3mm)", head + "\n", table("(auto, 1fr, auto, auto, auto, auto)", *map(page.t, ("ARTICLE", "DESIGNATION", "QTE", "PU HT", "TVA", "MONTANT HT")), *rows, look="stroke: none"),
        table("3", page.t("TAUX TVA"), page.t("BASE HT"), page.t("MONTANT TVA"), *rates, look="stroke: none") if facts.regime == "vat" else page.note_no_vat() + "\n",
        table("2", *spread(totals(page)), look="stroke: none"), due,
    ))  # fmt: skip


def both_left(page: Page) -> str:
    """Labelled lines for both parties, amounts in a paragraph at the end; what a spreadsheet's print often is."""
    facts = page.facts
    told = [f"{page.t('Prestataire :')} {page.t(facts.seller.name)}", f"{page.t('SIRET prestataire :')} {page.seller_siret()}",
            f"{page.t('Client :')} {page.t(facts.buyer.name)}"]  # fmt: skip
    if page.has["buyer_siret"]:
        told.append(f"{page.t('SIRET client :')} {page.buyer_siret()}")
    told += references(page)
    items = [part for row in facts.rows for part in item_cells(page, row, "lqpa")]
    when = [f"{page.title} {page.t('n°')} {page.number()}", f"{page.t('du')} {page.date('issue_date')}"]
    return "\n".join((
        f"#text(14pt)[{' '.join(when)}]\n", lines(*told, cited(page)) + "\n",
        table("(1fr, 2cm, 2.5cm, 3cm)", *map(page.t, ("Libellé", "Quantité", "Prix unitaire", "Total")), *items),
        table("(1fr, 3cm)", *spread(totals(page, by_rate=True)), look="stroke: 0.3pt"),
        page.note_no_vat() + "\n", pair(page, "due_date", page.date("due_date")) + "\n" if page.has["due_date"] else "", payment(page),
    ))  # fmt: skip


def footer_seller(page: Page) -> str:
    """The buyer first, at the left; the sender only in the footer; the totals boxed at the right."""
    facts = page.facts
    items = [part for row in facts.rows for part in item_cells(page, row, "lqpa")]
    return "\n".join((
        f"#set page(footer: align(center)[{small(lines(page.t(facts.seller.name + ' – ' + facts.seller.street + ' ' + facts.seller.postcode + ' ' + facts.seller.town), seller_line(page)), 6.5)}])",
        grid("(1fr, 1fr)", lines(*buyer_block(page)), right(lines(f"#text(18pt)[{page.title}]", pair(page, "number", page.number()), pair(page, "issue_date", page.date("issue_date"))))),
        "#v(8mm)", lines(*references(page), cited(page)) + "\n",
        table("(1fr, auto, auto, auto)", *map(page.t, ("Prestation", "Nb", "Tarif HT", "Montant HT")), *items),
        right(f"#box(stroke: 0.5pt, inset: 6pt)[#table(columns: 2, stroke: none, {', '.join(f'[{part}]' for part in spread(totals(page)))})]"),
        page.note_no_vat() + "\n", pair(page, "due_date", page.date("due_date")) + "\n" if page.has["due_date"] else "", payment(page),
    ))  # fmt: skip


def telecom(page: Page) -> str:
    """A telephone company's: the sum to pay at the top of the first page, the detail on the second."""
    facts = page.facts
    due = f"{page.t('Date limite de paiement :')} {page.date('due_date')}" if page.has["due_date"] else ""
    if not page.has["contract"]:
        page.says["contract_reference"] = facts.quote
    rows = [part for row in facts.rows for part in (page.t(row.label), page.t(page.amount(row.amount)))]
    summary = [page.t("Montant total HT"), page.money("net"), *spread(rate_lines(page)), page.t("Montant total TTC"), page.money("gross"),
               page.t("Montant à payer"), page.money("payable")]  # fmt: skip
    page.says["tax_amount"] = f"{facts.tax:.2f}"
    return "\n".join((
        f"#set page(footer: {small(seller_line(page), 6)[1:]})", grid("(1fr, 1fr)", lines(bold(page.t(facts.seller.name)), page.t(f"Votre numéro client : {facts.client_code}"),
            page.t(f"Votre contrat n° {facts.quote}"), page.t("Service client : 09 69 00 00 00")), lines(*buyer_block(page))),
        "#v(6mm)", lines(f"{page.t('Votre ' + page.words['credit' if facts.is_credit else 'invoice'].lower() + ' n°')} {page.number()} {page.t('du')} {page.date('issue_date')}",
            page.t(f"Période du {page.day(facts.ordered)} au {page.day(facts.delivered)}"), due, *references(page), cited(page)) + "\n",
        table("(1fr, auto)", *summary, look="stroke: none"), page.t("Prochaine facture vers le 10 du mois prochain.") + "\n",
        "#pagebreak()", bold(page.t(f"Détail de votre facture n° {facts.number}")) + "\n", table("(1fr, auto)", *rows),
    ))  # fmt: skip


def works(page: Page) -> str:
    """A contractor's statement of works: contract, period, cumulated and previous amounts beside those of the month."""
    facts = page.facts
    items = []
    for row in facts.rows:
        items += [
            page.t(row.label),
            page.t(page.amount(row.amount * 3, sign=False)),
            page.t(page.amount(row.amount * 2, sign=False)),
            page.t(page.amount(row.amount, sign=False)),
        ]
    return "\n".join((
        grid("(1fr, 1fr)", lines(page.t("Entreprise :"), *seller_block(page)), lines(page.t("Maître d’ouvrage :"), *buyer_block(page))),
        "#v(4mm)", f"{bold(page.title)} {page.t('n°')} {page.number()} {page.t('en date du')} {page.date('issue_date')}\n",
        lines(*references(page), page.t(f"Lot 4 – notifié le {page.day(facts.ordered)}"), cited(page)) + "\n",
        table("(1fr, auto, auto, auto)", *map(page.t, ("Travaux", "Cumul HT", "Situations précédentes", "Mois HT")), *items),
        table("(1fr, auto)", *spread(totals(page))), page.note_no_vat() + "\n",
        pair(page, "due_date", page.date("due_date")) + "\n" if page.has["due_date"] else "", payment(page), "\n", late_fees(page),
    ))  # fmt: skip


def stacked(page: Page) -> str:
    """Labels over values in three columns, as designers like it."""
    facts = page.facts
    blocks = [
        lines(small(page.label("number", colon=False)), bold(page.number())),
        lines(small(page.label("issue_date", colon=False)), bold(page.date("issue_date"))),
    ]
    if page.has["due_date"]:
        blocks.append(lines(small(page.label("due_date", colon=False)), bold(page.date("due_date"))))
    more = []
    if page.has["order"]:
        more.append(lines(small(page.label("order", colon=False)), bold(page.order())))
    if page.has["contract"]:
        more.append(lines(small(page.label("contract", colon=False)), bold(page.contract())))
    if page.has["service"]:
        more.append(lines(small(page.label("service", colon=False)), bold(page.service_code())))
    items = [part for row in facts.rows for part in item_cells(page, row, "la")]
    rows = totals(page)
    foot = [label for label, _ in rows] + [value for _, value in rows]
    return "\n".join((
        f"#text(24pt)[{page.title}]\n", grid(f"({', '.join(['1fr'] * len(blocks))})", *blocks), "#v(4mm)",
        grid("(1fr, 1fr)", lines(small(page.label("seller", colon=False)), *seller_block(page)), lines(small(page.label("buyer", colon=False)), *buyer_block(page))), "#v(4mm)",
        grid(f"({', '.join(['1fr'] * max(len(more), 1))})", *more) if more else "", "#v(3mm)", cited(page) + "\n",
        table("(1fr, auto)", page.t("Désignation"), page.t("Montant HT"), *items), table(str(len(rows)), *foot, look="stroke: none"),
        page.note_no_vat() + "\n", payment(page),
    ))  # fmt: skip


def several_pages(page: Page) -> str:
    """A supplier's two or three pages: the head again on each, carried-over sums, the rates and totals on the last."""
    facts = page.facts
    number, day = page.number(), page.date("issue_date")
    head = grid(
        "(1fr, auto)",
        page.t(facts.seller.name),
        f"{page.title} {page.t('N°')} {number} {page.t('du')} {day} {page.t('Page')} #context counter(page).display()",
    )
    items = [part for row in facts.rows for part in item_cells(page, row, "clqpra")]
    page.free_rows = 30
    filler = [
        part
        for rank in range(page.free_rows)
        for part in (
            page.t(f"Z{rank:03}"),
            page.t("Article gratuit"),
            page.t("1"),
            page.t(page.amount(facts.net * 0, sign=False)),
            page.rate(facts.rates[0][0]),
            page.t(page.amount(facts.net * 0, sign=False)),
        )
    ]
    page.note_breakdown() if facts.regime == "vat" else None
    rates = [
        part
        for rate, base, tax in facts.rates
        for part in (page.rate(rate), page.t(page.amount(base, sign=False)), page.t(page.amount(tax, sign=False)))
    ]
    return "\n".join((
        f"#set page(header: [{head}], footer: align(center)[{small(seller_line(page))}])",
        grid("(1fr, 1fr)", lines(*address(page, "seller")), lines(page.label("buyer"), *buyer_block(page))), lines(*references(page), cited(page), page.t(f"BL n° {facts.delivery_note} du {page.day(facts.delivered)}")) + "\n",
        table("(auto, 1fr, auto, auto, auto, auto)", *map(page.t, ("Réf.", "Désignation", "Qté", "P.U. HT", "% TVA", "Montant HT")), *filler, *items, look="stroke: none, inset: 4pt"),
        table("3", *map(page.t, ("Taux", "Base HT", "Montant TVA")), *rates) if facts.regime == "vat" else page.note_no_vat() + "\n",
        right(f"#table(columns: 2, {', '.join(f'[{part}]' for part in spread(totals(page)))})"),
        pair(page, "due_date", page.date("due_date")) + "\n" if page.has["due_date"] else "", payment(page),
    ))  # fmt: skip


def author(page: Page) -> str:
    """An artist's: the essentials, contributions noted apart, a third party's SIRET."""
    facts = page.facts
    third = (
        page.t(f"Mandataire : {facts.third.name}, SIRET {page.siret(facts.third.siret)}") if page.has["third"] else ""
    )
    return "\n".join((
        f"{page.t(facts.seller.name + ' - ' + facts.trade)} #h(1fr) {page.label('siret')} {page.seller_siret()}\n", lines(*address(page, "seller")[1:]) + "\n",
        lines(page.label("buyer"), *buyer_block(page)) + "\n", f"#align(center)[{page.title} {page.t('N°')} {page.number()} {page.t('DU')} {page.date('issue_date')}]",
        lines(*references(page), cited(page)) + "\n", lines(*(f"{page.t(row.label)} : {page.t(page.amount(row.amount))}" for row in facts.rows)) + "\n",
        lines(*(f"{bold(label)} {bold(value)}" for label, value in totals(page))) + "\n", page.note_no_vat() + "\n", third + "\n",
        page.t("N° Sécurité sociale des artistes-auteurs : voir contrat. Contribution diffuseur 1,1 % à déclarer à l’Urssaf.") + "\n", payment(page),
    ))  # fmt: skip


LAYOUTS = (two_boxes, headed_table, letter, modern, listing, both_left, footer_seller, telecom, works, stacked, several_pages, author)  # fmt: skip
KINDS = {"telecom": "telecom", "author": "artist", "letter": "artist", "works": "firm", "listing": "supplier", "several_pages": "supplier"}  # fmt: skip
