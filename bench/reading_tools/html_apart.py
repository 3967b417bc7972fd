"""Layouts drawn after the reader had been mended on all the others, and measured before it was mended on them."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from .html_page import address, page, paid, rows
from .invoice import ZERO, Invoice, cents, total
from .layout import layout
from .pen import Pen

_CSS = "body{font:10pt 'Liberation Sans'} .r{text-align:right;white-space:nowrap} th{text-align:left} "


@layout("weasy", "apart", "agency supply vatfree deposit")
def cards(invoice: Invoice, pen: Pen) -> str:
    """An online service: names in small grey capitals over their values, a large sum, the rest in cards."""
    facts = [("N° DE FACTURE", escape(pen.number())), ("ÉMISE LE", pen.issued("long"))]
    if pen.has["due"]:
        facts.append(("EXIGIBLE LE", pen.due("long")))
    if pen.has["order"]:
        facts.append(("BON DE COMMANDE", escape(pen.order())))
    if pen.has["service"]:
        facts.append(("CODE SERVICE", escape(pen.service())))
    title = "Facture d’acompte" if invoice.code == "386" else "Facture"
    cells = "".join(f"<td><small>{name}</small><br><b>{value}</b></td>" for name, value in facts)
    items = "".join(
        f"<tr><td>{escape(pen.item(line).label)}<br><small>{escape(line.detail)}</small></td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price)}</td><td class=r>{pen.percent(line.rate) if invoice.has_vat else '–'}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = []
    if invoice.discount:
        totals.append((escape(invoice.discount_words), pen.amount(-invoice.discount)))
    if invoice.has_vat:
        totals.append(("Sous-total hors taxes", pen.money("net")))
        totals += [(f"TVA ({pen.percent(rate)})", pen.amount(tax)) for rate, _, tax in invoice.rates]
        pen.note_only_tax()
    totals.append(("Total TTC" if invoice.has_vat else "Total", pen.money("gross")))
    totals += paid(invoice, pen)
    due = pen.money("payable")
    body = f"""<h1>{title}</h1><table class=f><tr>{cells}</tr></table><table class=p><tr><td><small>DE</small><br>{address(invoice.seller)}<br>SIRET {pen.seller_siret()}{"<br>TVA " + pen.seller_vat() if pen.has["seller_vat"] and invoice.has_vat else ""}</td><td><small>POUR</small><br>{address(invoice.buyer)}{"<br>SIRET " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</td></tr></table>
    <p class=big>Montant dû <b>{due}</b></p><table class=l><tr><th>Description<th class=r>Quantité<th class=r>Prix unitaire<th class=r>TVA<th class=r>Montant{" HT" if invoice.has_vat else ""}</tr>{items}</table><table class=t>{rows(totals)}</table><p>{escape(pen.mention())}</p>{"<p>Virement : " + pen.iban() + "</p>" if pen.has["iban"] else ""}"""
    return page(
        _CSS
        + "small{color:#777;font-size:7pt} .f td{padding-right:8mm} .p{width:100%;margin:6mm 0} .p td{width:50%} .big{font-size:16pt} .l{width:100%} .l td,.l th{border-bottom:1px solid #ddd;padding:2mm} .t{margin:4mm 0 4mm auto} .t td{padding:1mm 4mm}",
        body,
    )


@layout("weasy", "apart", "supply craft credit final")
def distributor(invoice: Invoice, pen: Pen) -> str:
    """A wholesaler: a row of boxes over the lines, gross and net price, a foot in two tables side by side."""
    heads = ["Date", "N° pièce", "N° client"] + (["Échéance"] if pen.has["due"] else []) + ["Règlement"]
    values = (
        [pen.issued("d/m/Y"), escape(pen.number()), escape(invoice.client)]
        + ([pen.due("d/m/Y")] if pen.has["due"] else [])
        + ["VIREMENT"]
    )
    items = ""
    for line in invoice.lines:
        net = cents(line.amount / line.quantity)
        pen.item(replace(line, price=net))
        items += f"<tr><td>{line.ref}</td><td>{escape(line.label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.quantity(line.off) if line.off else ''}</td><td class=r>{pen.amount(net, False)}</td><td class=r>{pen.amount(line.amount, False)}</td><td class=r>{pen.quantity(line.rate) if invoice.has_vat else '0'}</td></tr>"
    gross = sum((line.amount for line in invoice.lines), ZERO)
    totals = (
        [
            ("Total brut HT", pen.amount(gross, False)),
            (escape(invoice.discount_words), pen.amount(-invoice.discount, False)),
        ]
        if invoice.discount
        else []
    )
    totals.append(("Total net HT", pen.money("net", False)))
    if invoice.has_vat:
        totals.append(("Total TVA", pen.money("tax", False)))
    totals.append(("Total TTC", pen.money("gross", False)))
    totals += [(escape(label), pen.amount(-amount, False)) for label, amount in invoice.prepaid]
    totals.append(("NET À PAYER EUR", pen.money("payable", False)))
    pen.note("currency", "EUR")
    rates = "".join(
        f"<tr><td>{pen.quantity(rate, True)}</td><td class=r>{pen.amount(base, False)}</td><td class=r>{pen.amount(tax, False)}</td></tr>"
        for rate, base, tax in invoice.rates
    )
    if invoice.has_vat:
        pen.note_breakdown()
    notes = ([f"Votre commande {escape(pen.order())}"] if pen.has["order"] else []) + (
        [f"Marché {escape(pen.contract())}"] if pen.has["contract"] else []
    )
    body = f"""<table class=h><tr><td><b>{escape(invoice.seller.name)}</b><br>{escape(invoice.seller.street)}<br>{invoice.seller.postcode} {escape(invoice.seller.town)}</td><td class=a>{address(invoice.buyer)}{"<br>SIRET " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</td></tr></table>
    <h2>{"AVOIR" if invoice.is_credit else "FACTURE"}</h2><table class=x><tr>{"".join(f"<th>{head}" for head in heads)}</tr><tr>{"".join(f"<td>{value}" for value in values)}</tr></table><p>{" – ".join(notes)}</p>
    <table class=l><tr><th>Code<th>Libellé<th>Qté<th>PU brut<th>Rem %<th>PU net<th>Montant HT<th>TVA</tr>{items}</table><table class=b><tr><td><table class=x><tr><th>Taux<th>Base<th>Montant TVA</tr>{rates if invoice.has_vat else ""}</table></td><td><table class=t>{rows(totals)}</table></td></tr></table><p>{escape(pen.mention())}</p>{"<p>IBAN " + pen.iban() + "</p>" if pen.has["iban"] else ""}
    <footer>{escape(invoice.seller.name)} – SIRET {pen.seller_siret()}{" – TVA intracommunautaire " + pen.seller_vat() if pen.has["seller_vat"] and invoice.has_vat else ""}</footer>"""
    return page(
        _CSS
        + ".h{width:100%} .a{padding-left:70mm} .x td,.x th{border:1px solid;padding:1mm 4mm} .l{width:100%;margin:4mm 0} .l th{background:#ddd} .l td,.l th{padding:1mm} .b{width:100%} .b td{vertical-align:top} .t td{padding:.7mm 4mm} footer{position:fixed;bottom:0;font-size:7pt}",
        body,
    )


@layout("weasy", "apart", "note note_vat note author")
def three_sums(invoice: Invoice, pen: Pen) -> str:
    """An author's note whose contributions have a base, a rate and an amount, and whose sums are in a box of three."""
    items = "".join(
        f"<tr><td>{escape(pen.item(line, '').label)}{', ' + escape(line.detail) if line.detail else ''}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
        for line in invoice.lines
    )
    held = "".join(
        f"<tr><td>{escape(label)}</td><td class=r>{pen.amount(invoice.net)}</td><td class=r>{pen.amount(amount)}</td></tr>"
        for label, amount in invoice.deductions
    )
    taken = total(invoice.deductions)
    vat = ""
    if invoice.has_vat:
        vat = f"<p>TVA {pen.percent(invoice.rates[0][0])} : {pen.money('tax')} – Total TTC : {pen.money('gross')}</p>"
    foot = f"<table class=x><tr><th>Total brut<th>Cotisations<th>Net à payer</tr><tr><td class=r>{pen.money('net')}</td><td class=r>{pen.amount(taken)}</td><td class=r>{pen.money('payable')}</td></tr></table>"
    if invoice.deductions:
        pen.note("withheld_amount", f"{taken:.2f}")
    due = (
        f"<p>Règlement à effectuer avant le {pen.due('long')}{' sur le compte ' + pen.iban() if pen.has['iban'] else ''}.</p>"
        if pen.has["due"]
        else ""
    )
    body = f"""<p>{escape(invoice.seller.name)}, {invoice.profession}<br>{escape(invoice.seller.street)}<br>{invoice.seller.postcode} {escape(invoice.seller.town)}<br>n° Siret {pen.seller_siret()}</p><p class=b>À l’attention de<br>{address(invoice.buyer)}{"<br>n° Siret " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p>
    <h3>Note de droits d’auteur n° {escape(pen.number())}</h3><p>Fait le {pen.issued("long")}{" – bon de commande " + escape(pen.order()) if pen.has["order"] else ""}</p><table class=l><tr><th>Œuvre et droits cédés<th class=r>Montant brut</tr>{items}</table>
    {"<table class=l><tr><th>Précompte<th class=r>Assiette<th class=r>Montant</tr>" + held + "</table>" if held else ""}{vat}{foot}<p>{escape(pen.mention())}</p>{due}"""
    return page(
        _CSS
        + ".b{margin-left:95mm} .l{width:100%;margin:4mm 0} .l td,.l th{border-bottom:1px solid #999;padding:1.5mm} .x td,.x th{border:1px solid;padding:2mm 8mm}",
        body,
    )


@layout("weasy", "apart", "craft retention agency asso")
def under_the_words(invoice: Invoice, pen: Pen) -> str:
    """Quantity and price on a line of their own under the words, dots that lead to the amounts."""
    items = "".join(
        f"<tr><td>{escape(pen.item(line, 'qp').label)}<br>&nbsp;&nbsp;{pen.quantity(line.quantity)} {line.unit} × {pen.amount(line.price)}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = [(escape(invoice.discount_words), pen.amount(-invoice.discount))] if invoice.discount else []
    totals.append(("Montant total hors taxes", pen.money("net")))
    totals += [
        (f"T.V.A. {pen.percent(rate)} sur {pen.amount(base)}", pen.amount(tax)) for rate, base, tax in invoice.rates
    ]
    pen.note_breakdown()
    pen.note_only_tax()
    totals.append(("Montant total T.T.C.", pen.money("gross")))
    totals += [(escape(label), pen.amount(-amount)) for label, amount in (*invoice.deductions, *invoice.prepaid)]
    totals.append(("Reste dû", pen.money("payable")))
    facts = [f"Facture {escape(pen.number())}", f"Date : {pen.issued()}"]
    facts += [f"Paiement attendu le : {pen.due()}"] if pen.has["due"] else []
    facts += [f"Engagement : {escape(pen.order())}"] if pen.has["order"] else []
    facts += [f"Service : {escape(pen.service())}"] if pen.has["service"] else []
    body = f"""<table class=h><tr><td>{address(invoice.seller)}<br>SIRET : {pen.seller_siret()}</td><td class=r>{"<br>".join(facts)}</td></tr></table><p><u>Client</u><br>{address(invoice.buyer)}{"<br>SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p><table class=l>{items}</table><table class=l>{rows(totals)}</table>{"<p>RIB : " + pen.iban() + "</p>" if pen.has["iban"] else ""}"""
    return page(
        _CSS
        + ".h,.l{width:100%} .l{margin-top:8mm} .l td{padding:1.2mm;border-bottom:1px dotted #555;vertical-align:top}",
        body,
    )


@layout("weasy", "apart", "training asso_free vatfree reverse")
def plain_letter(invoice: Invoice, pen: Pen) -> str:
    """A letter of few words: the sum in a sentence and nowhere else but beside the only lines."""
    items = "<br>".join(f"– {escape(pen.item(line, '').label)} : {pen.amount(line.amount)}" for line in invoice.lines)
    less = f"<br>– {escape(invoice.discount_words)} : {pen.amount(-invoice.discount)}" if invoice.discount else ""
    paid_before = "".join(
        f" {escape(label)} : {pen.amount(amount)}. Reste dû : {pen.money('payable')}."
        for label, amount in invoice.prepaid
    )
    sum_ = pen.money("gross")
    if not invoice.prepaid:
        pen.note_payable()
    body = f"""<p>{address(invoice.seller)}<br>Siret {pen.seller_siret()}</p><p class=b>{address(invoice.buyer)}{"<br>Siret " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p><p class=b>{escape(invoice.seller.town)}, le {pen.issued("long")}</p>
    <p><b>Facture {escape(pen.number())}</b>{" – réf. engagement " + escape(pen.order()) if pen.has["order"] else ""}</p><p>Bonjour,<br>veuillez trouver le détail de mon intervention :</p><p>{items}{less}</p><p>Le montant total s’élève à {sum_}.{paid_before}</p><p>{escape(pen.mention())}</p><p>{"À régler au plus tard le " + pen.due("long") + ". " if pen.has["due"] else ""}{"Mes coordonnées bancaires : " + pen.iban() if pen.has["iban"] else ""}</p>"""
    return page("body{font:11pt 'Liberation Serif'} .b{margin-left:90mm}", body)


@layout("chromium", "apart", "agency supply asso craft")
def bilingual(invoice: Invoice, pen: Pen) -> str:
    """French and English names together, amounts in a narrow column, dates as written in the North."""
    facts = [("Facture / Invoice no.", escape(pen.number())), ("Date d’émission / Issue date", pen.issued())]
    if pen.has["due"]:
        facts.append(("Date d’échéance / Due date", pen.due()))
    if pen.has["order"]:
        facts.append(("Votre référence / PO number", escape(pen.order())))
    items = "".join(
        f"<tr><td>{escape(pen.item(line).label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.percent(line.rate)}</td><td class=r>{pen.amount(line.amount, False)}</td></tr>"
        for line in invoice.lines
    )
    totals = (
        [(escape(invoice.discount_words) + " / Discount", pen.amount(-invoice.discount, False))]
        if invoice.discount
        else []
    )
    totals.append(("Total HT / Net total", pen.money("net")))
    totals += [(f"TVA / VAT {pen.percent(rate)}", pen.amount(tax)) for rate, _, tax in invoice.rates]
    pen.note_only_tax()
    totals.append(("Total TTC / Total incl. VAT", pen.money("gross")))
    totals += paid(invoice, pen)
    totals.append(("Net à payer / Amount due", pen.money("payable")))
    body = f"""<h2>{escape(invoice.seller.name)}</h2><p>{escape(invoice.seller.street)}, {invoice.seller.postcode} {escape(invoice.seller.town)} · SIRET {pen.seller_siret()}{" · TVA/VAT " + pen.seller_vat() if pen.has["seller_vat"] else ""}</p><p class=a><small>Facturé à / Bill to</small><br>{address(invoice.buyer)}{"<br>SIRET " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p><table>{rows(facts)}</table>
    <table class=l><tr><th>Désignation / Description<th class=r>Qté / Qty<th class=r>P.U. / Unit price<th class=r>TVA / VAT<th class=r>Montant HT / Amount</tr>{items}</table><table class=t>{rows(totals)}</table>{"<p>IBAN : " + pen.iban() + " BIC : " + invoice.bic + "</p>" if pen.has["iban"] else ""}"""
    return page(
        _CSS
        + ".a{float:right;width:75mm} .l{width:100%;margin:8mm 0 4mm;clear:both} .l th{font-size:8pt;border-bottom:2px solid} .l td{padding:1.5mm 0} .t{margin-left:auto} .t td{padding:1mm 3mm}",
        body,
    )


@layout("chromium", "apart", "retention craft final reverse")
def works(invoice: Invoice, pen: Pen) -> str:
    """A builder's account: numbered posts, sums written « H.T. », what is retained under the total."""
    items = "".join(
        f"<tr><td>{rank}.{rank}</td><td>{escape(pen.item(line, 'qp').label)}<br>{escape(line.detail)}</td><td>{line.unit}</td><td class=r>{pen.quantity(line.quantity, True)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.amount(line.amount, False)}</td></tr>"
        for rank, line in enumerate(invoice.lines, start=1)
    )
    totals = [(escape(invoice.discount_words), pen.amount(-invoice.discount))] if invoice.discount else []
    totals.append(("MONTANT H.T.", pen.money("net")))
    if invoice.has_vat:
        totals += [(f"T.V.A. à {pen.percent(rate)}", pen.amount(tax)) for rate, _, tax in invoice.rates]
        pen.note_only_tax()
    totals.append(("MONTANT T.T.C.", pen.money("gross")))
    totals += [
        (f"À déduire {escape(label)}", pen.amount(amount)) for label, amount in (*invoice.deductions, *invoice.prepaid)
    ]
    totals.append(("RESTE À PAYER", pen.money("payable")))
    facts = [f"Réf. chantier : {invoice.quote}"]
    facts += [f"Marché n° {escape(pen.contract())}"] if pen.has["contract"] else []
    facts += [f"Bon de commande n° {escape(pen.order())}"] if pen.has["order"] else []
    body = f"""<table class=h><tr><td><b>{escape(invoice.seller.name)}</b><br>{escape(invoice.seller.street)}<br>{invoice.seller.postcode} {escape(invoice.seller.town)}<br>Siret {pen.seller_siret()} – RCS {escape(invoice.seller.town)}</td><td><b>Maître d’ouvrage</b><br>{address(invoice.buyer)}{"<br>Siret " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</td></tr></table>
    <h3>{"FACTURE DE SOLDE" if invoice.kind == "final" else "FACTURE"} N° {escape(pen.number())} DU {pen.issued("d/m/Y")}</h3><p>{"<br>".join(facts)}</p><table class=l><tr><th>Poste<th>Désignation des ouvrages<th>U<th class=r>Quantité<th class=r>P.U.<th class=r>Total</tr>{items}</table><table class=t>{rows(totals)}</table><p>{escape(pen.mention())}</p><p>{"Payable le " + pen.due("d/m/Y") + " par virement" if pen.has["due"] else "Payable par virement"}{" : " + pen.iban() if pen.has["iban"] else ""}</p>"""
    return page(
        _CSS
        + ".h{width:100%} .l{width:100%;border:1px solid} .l td,.l th{border-left:1px solid;padding:1.2mm;vertical-align:top} .t{margin:3mm 0 3mm auto} .t td{padding:1mm 3mm;border:1px solid}",
        body,
    )
