"""Invoices in HTML of those who invoice little: authors, associations, craftsmen, the self-employed."""

from __future__ import annotations

from html import escape

from .html_page import address, page, paid, rows
from .invoice import Invoice, cents, total
from .layout import layout
from .pen import Pen


@layout("weasy", "tune", "note note_vat author note")
def note_letter(invoice: Invoice, pen: Pen) -> str:
    """An author's note as a letter: what is withheld stands in the table of the works."""
    seller = invoice.seller
    items = "".join(
        f"<tr><td>{escape(line.label)}{' – ' + escape(line.detail) if line.detail else ''}</td><td class=r>{pen.amount(pen.item(line, '').amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = [("Total brut HT" if invoice.seed % 2 else "Montant brut hors taxes", pen.money("net"))]
    if invoice.has_vat:
        for rate, _, tax in invoice.rates:
            totals.append((f"TVA à {pen.percent(rate)}", pen.amount(tax)))
        pen.note_only_tax()
        totals.append(("Total TTC", pen.money("gross")))
    totals += [(escape(label), pen.amount(-amount, negative="- ")) for label, amount in invoice.deductions]
    if invoice.deductions:
        totals.append((f"Net à payer à l’{'autrice' if invoice.seed % 2 else 'auteur'}", pen.money("payable")))
    else:
        pen.note_payable()
    body = f"""<div><b>{escape(seller.name)}</b><br>{invoice.profession.capitalize()}<br>{escape(seller.street)} – {seller.postcode} {seller.town}<br>SIRET {pen.seller_siret()}<br>N° sécurité sociale : 2 {invoice.seed % 60 + 30} 03 29 232 114 67</div>
    <div class=b>{address(invoice.buyer)}{"<br>SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}{"<br>Code service : " + escape(pen.service()) if pen.has["service"] else ""}</div>
    <h3>{escape(invoice.title)} N° {escape(pen.number())}</h3><p>{escape(seller.town)}, le {pen.issued("long")}</p>{"<p>Engagement juridique n° " + escape(pen.order()) + "</p>" if pen.has["order"] else ""}
    <p>Objet : {escape(invoice.lines[0].label.lower())}.</p><table class=l><tr><th>Désignation<th class=r>Montant</tr>{items}{rows(totals)}</table><p>{escape(pen.mention())}</p>
    <p>Règlement par virement{" au plus tard le " + pen.due("long") if pen.has["due"] else ""}{" – IBAN " + pen.iban() if pen.has["iban"] else ""}</p>"""
    return page(
        "body{font:10.5pt 'Liberation Serif'} .b{margin-left:95mm;margin-top:6mm} .l{width:100%} .l td,.l th{padding:1.2mm;text-align:left} .r{text-align:right!important}",
        body,
    )


@layout("chromium", "held", "note note_vat note author")
def note_two_tables(invoice: Invoice, pen: Pen) -> str:
    """An author's note: what is withheld stands in a table of its own, with a total."""
    items = "".join(
        f"<tr><td>{escape(line.label)}</td><td>{escape(line.detail)}</td><td class=r>{pen.amount(pen.item(line, '').amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = [("Rémunération brute HT" if invoice.seed % 2 else "Total des droits d’auteur HT", pen.money("net"))]
    if invoice.has_vat:
        totals += [(f"TVA {pen.percent(rate)}", pen.amount(tax)) for rate, _, tax in invoice.rates]
        totals.append(("Montant brut TTC", pen.money("gross")))
        pen.note_only_tax()
    withheld = "".join(
        f"<tr><td>{escape(label)}</td><td class=r>{pen.amount(amount)}</td></tr>"
        for label, amount in invoice.deductions
    )
    second = (
        f"<h4>Cotisations précomptées par le diffuseur</h4><table class=l>{withheld}<tr><td>Total des retenues</td><td class=r>{pen.amount(total(invoice.deductions))}</td></tr></table><p class=n>NET À VERSER À L’ARTISTE : {pen.money('payable')}</p>"
        if invoice.deductions
        else ""
    )
    if not invoice.deductions:
        pen.note_payable()
    body = f"""<h2>{"Note d’auteur" if invoice.deductions else "Facture"} n°{escape(pen.number())} du {pen.issued()}</h2><table class=w><tr><td><u>Artiste-auteur</u><br>{address(invoice.seller)}<br>N° SIRET : {pen.seller_siret()}</td><td><u>Diffuseur</u><br>{address(invoice.buyer)}{"<br>N° SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}{"<br>N° d’engagement : " + escape(pen.order()) if pen.has["order"] else ""}{"<br>Service : " + escape(pen.service()) if pen.has["service"] else ""}</td></tr></table>
    <table class=l><tr><th>Nature<th>Précisions<th>Montant HT</tr>{items}</table><table class=t>{rows(totals)}</table>{second}<p>{escape(pen.mention())}</p>{"<p>Date limite de paiement : " + pen.due() + "</p>" if pen.has["due"] else ""}{"<p>RIB : " + pen.iban() + "</p>" if pen.has["iban"] else ""}"""
    return page(
        "body{font:10pt Lato} .w{width:100%} .w td{width:50%;vertical-align:top} .l{width:100%;margin:5mm 0} .l td,.l th{border:1px solid #bbb;padding:1.5mm} .r{text-align:right} .t{margin-left:auto} .t td{padding:1mm 2mm} .n{font-size:12pt;font-weight:bold}",
        body,
    )


@layout("weasy", "held", "asso asso_free vatfree author note")
def side_column(invoice: Invoice, pen: Pen) -> str:
    """Number, dates and account in a column at the side, names above the values."""
    seller, buyer = invoice.seller, invoice.buyer
    items = "".join(
        f"<tr><td>{escape(line.label)}</td><td class=r>{pen.amount(pen.item(line, '').amount, False)}</td></tr>"
        for line in invoice.lines
    )
    totals = []
    if invoice.has_vat:
        totals = [("Total H.T.", pen.money("net"))] + [
            (f"TVA {pen.percent(rate)}", pen.amount(tax)) for rate, _, tax in invoice.rates
        ]
        pen.note_only_tax()
        totals.append(("Total T.T.C.", pen.money("gross")))
    elif invoice.deductions:
        totals = [("Total brut", pen.money("gross"))]
    if invoice.discount:
        totals.insert(0, (escape(invoice.discount_words), pen.amount(-invoice.discount)))
    totals += [(escape(label), "– " + pen.amount(amount)) for label, amount in invoice.deductions] + paid(
        invoice, pen, "– "
    )
    totals.append(("Net à payer", pen.money("payable")))
    side = f"<b>{escape(seller.name)}</b><br>{escape(seller.street)}<br>{seller.postcode} {seller.town}<h5>SIRET</h5>{pen.seller_siret()}<h5>{'AVOIR' if invoice.is_credit else 'FACTURE N°'}</h5>{escape(pen.number())}<h5>DATE</h5>{pen.issued()}"
    if pen.has["due"]:
        side += f"<h5>ÉCHÉANCE</h5>{pen.due()}"
    if pen.has["order"]:
        side += f"<h5>BON DE COMMANDE</h5>{escape(pen.order())}"
    if pen.has["service"]:
        side += f"<h5>CODE SERVICE</h5>{escape(pen.service())}"
    if pen.has["iban"]:
        side += f"<h5>IBAN</h5>{pen.iban()}"
    body = f"""<aside>{side}</aside><main><h5>DESTINATAIRE</h5>{address(buyer)}{"<br>SIRET " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}<p>{escape(invoice.lines[0].label)}, {escape(buyer.town)}.</p>
    <table class=l><tr><th>Prestation<th class=r>Montant</tr>{items}</table><table class=t>{rows(totals)}</table><p>{escape(pen.mention())}</p></main>"""
    return page(
        "body{font:9.5pt 'Open Sans';display:flex} aside{width:45mm;font-size:8.5pt;padding-right:6mm;border-right:1px solid #aaa} h5{margin:4mm 0 0;letter-spacing:1px} main{flex:1;padding-left:8mm} .l{width:100%;margin-top:10mm} .r{text-align:right} th{text-align:left} .t{margin:8mm 0 0 auto} .t td{padding:.7mm 3mm}",
        body,
    )


@layout("chromium", "tune", "supply asso craft")
def gross_lines(invoice: Invoice, pen: Pen) -> str:
    """Each row without and with VAT; recapitulation, totals and payments in one table."""
    seller, buyer = invoice.seller, invoice.buyer
    items = ""
    for line in invoice.lines:
        pen.item(line)
        items += f"<tr><td>{escape(line.label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.percent(line.rate, '')}</td><td class=r>{pen.amount(line.amount, False)}</td><td class=r>{pen.amount(cents(line.amount * (100 + line.rate) / 100), False)}</td></tr>"
    vat = "".join(
        f"<tr><td>TVA {pen.percent(rate, '')}</td><td class=r>{pen.amount(base)}</td><td class=r>{pen.amount(tax)}</td></tr>"
        for rate, base, tax in invoice.rates
    )
    pen.note_breakdown()
    discount = (
        f"<tr><td>{escape(invoice.discount_words)}</td><td></td><td class=r>{pen.amount(-invoice.discount)}</td></tr>"
        if invoice.discount
        else ""
    )
    prepaid = "".join(
        f"<tr><td colspan=2>{escape(label)}</td><td class=r>{pen.amount(-amount)}</td></tr>"
        for label, amount in invoice.prepaid
    )
    body = f"""<center><b>{escape(seller.name)}</b><br>{escape(seller.street)}, {seller.postcode} {seller.town} – Siret : {pen.seller_siret()}{" – TVA " + pen.seller_vat() if pen.has["seller_vat"] else ""}</center>
    <p>Facturé à : <b>{escape(buyer.name)}</b>, {escape(buyer.street)}, {buyer.postcode} {escape(buyer.town)}{" – Siret : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p><p>Facture : <b>{escape(pen.number())}</b> &nbsp;&nbsp;&nbsp; Date : <b>{pen.issued()}</b>{" &nbsp;&nbsp;&nbsp; Échéance : <b>" + pen.due() + "</b>" if pen.has["due"] else ""}{" &nbsp;&nbsp;&nbsp; N° bon de commande : <b>" + escape(pen.order()) + "</b>" if pen.has["order"] else ""}</p>
    <table class=l><tr><th>Libellé<th>Qté<th>PU HT<th>TVA<th>Montant HT<th>Montant TTC</tr>{items}</table>
    <table class=t>{discount}<tr><td>Détail TVA</td><td class=r>Base</td><td class=r>Montant</td></tr>{vat}<tr><td colspan=2>TOTAL HORS TAXES</td><td class=r>{pen.money("net")}</td></tr><tr><td colspan=2>TOTAL TVA</td><td class=r>{pen.money("tax")}</td></tr><tr><td colspan=2><b>TOTAL TTC</b></td><td class=r><b>{pen.money("gross")}</b></td></tr>{prepaid}<tr><td colspan=2><b>SOLDE À PAYER</b></td><td class=r><b>{pen.money("payable")}</b></td></tr></table>"""
    return page(
        "body{font:9.5pt 'Liberation Sans'} .l,.t{width:100%;margin:4mm 0} .l th{background:#333;color:#fff;padding:1mm} td{padding:1mm} .r{text-align:right}",
        body,
    )


@layout("weasy", "held", "craft retention reverse final deposit")
def craft_book(invoice: Invoice, pen: Pen) -> str:
    """A craftsman's: numbered works, several rates, retention, reverse charge."""
    seller, buyer = invoice.seller, invoice.buyer
    items = ""
    for rank, line in enumerate(invoice.lines, 1):
        pen.item(line)
        items += f"<tr><td>{rank}</td><td><b>{escape(line.label)}</b><br>{escape(line.detail)}</td><td class=c>{line.unit}</td><td class=r>{pen.quantity(line.quantity, True)}</td><td class=r>{pen.amount(line.price)}</td><td class=r>{pen.percent(line.rate) if invoice.has_vat else '–'}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
    totals = [("MONTANT TOTAL HT", pen.money("net"))]
    if invoice.discount:
        totals.insert(0, (escape(invoice.discount_words), pen.amount(-invoice.discount)))
    if invoice.has_vat:
        totals += [
            (f"T.V.A. à {pen.percent(rate)} sur {pen.amount(base)}", pen.amount(tax))
            for rate, base, tax in invoice.rates
        ]
        pen.note_breakdown()
        pen.note_only_tax()
    else:
        totals.append(("TVA", "Autoliquidation"))
    totals.append(("MONTANT TOTAL TTC", pen.money("gross")))
    totals += [(escape(label), pen.amount(-amount)) for label, amount in (*invoice.deductions, *invoice.prepaid)]
    totals.append(("NET À PAYER", pen.money("payable")))
    body = f"""<div class=h><div><b>{escape(seller.name)}</b><br>{escape(seller.street)}<br>{seller.postcode} {seller.town}<br>RCS {seller.town} {seller.siren[:3]} {seller.siren[3:6]} {seller.siren[6:]}<br>SIRET : {pen.seller_siret()}<br>Assurance décennale : MAF n° 145 236 P</div><div class=x>{address(buyer)}{"<br>SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</div></div>
    <p><b>{invoice.title} N° {escape(pen.number())}</b> – {escape(seller.town)}, le {pen.issued("long")}</p><p>Chantier : {escape(buyer.name)} – Devis n° {escape(invoice.quote)} du {pen.day(invoice.delivered)}{" – Marché n° " + escape(pen.contract()) if pen.has["contract"] else ""}{" – Bon de commande n° " + escape(pen.order()) if pen.has["order"] else ""}</p>
    <table class=l><tr><th>N°<th>DÉSIGNATION DES OUVRAGES<th>U<th>QTÉ<th>P.U. HT<th>TVA<th>TOTAL HT</tr>{items}</table><table class=t>{rows(totals)}</table><p>{escape(pen.mention())}</p>
    <p>{"Échéance de paiement : " + pen.due() if pen.has["due"] else ""}</p><p>{"Coordonnées bancaires – IBAN : " + pen.iban() if pen.has["iban"] else ""}</p>"""
    return page(
        "body{font:9pt 'Open Sans'} .h{display:flex;justify-content:space-between} .x{margin-top:18mm;width:75mm} .l{width:100%} .l td,.l th{border:1px solid #999;padding:1mm 1.5mm;vertical-align:top} .r{text-align:right} .c{text-align:center} .t{margin:4mm 0 0 auto} .t td{padding:1mm 3mm;border-bottom:1px dotted #999}",
        body,
    )


@layout("weasy", "held", "vatfree author training agency")
def minimal(invoice: Invoice, pen: Pen) -> str:
    """A self-employed person's: SIRETs without a name, few words, three columns above."""
    items = "".join(
        f"<tr><td>{escape(pen.item(line, 'qp' + ('r' if invoice.has_vat else '')).label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price)}</td>{'<td class=r>' + pen.percent(line.rate) + '</td>' if invoice.has_vat else ''}<td class=r>{pen.amount(line.amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = []
    if invoice.discount:
        totals += [
            ("Sous-total", pen.amount(invoice.net + invoice.discount)),
            (escape(invoice.discount_words), pen.amount(-invoice.discount)),
        ]
    if invoice.has_vat:
        totals += (
            [("Total HT", pen.money("net"))]
            + [(f"TVA ({pen.percent(rate)})", pen.amount(tax)) for rate, _, tax in invoice.rates]
            + [("Total TTC", pen.money("gross"))]
        )
        pen.note_only_tax()
    else:
        totals += [("Total", pen.money("gross"))]
    totals += paid(invoice, pen)
    if invoice.prepaid:
        totals.append(("Reste dû", pen.money("payable")))
    else:
        pen.note_payable()
    body = f"""<h1>{invoice.title.capitalize()}</h1><div class=g><div><b>De</b><br>{address(invoice.seller)}<br>{pen.seller_siret()}</div><div><b>À</b><br>{address(invoice.buyer)}{"<br>" + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</div><div><b>Facture n°</b> {escape(pen.number())}<br><b>Émise le</b> {pen.issued()}{"<br><b>À payer avant le</b> " + pen.due() if pen.has["due"] else ""}{"<br><b>Commande</b> " + escape(pen.order()) if pen.has["order"] else ""}{"<br><b>Service</b> " + escape(pen.service()) if pen.has["service"] else ""}</div></div>
    <table class=l><tr><th>Description<th class=r>Qté<th class=r>Prix{" HT" if invoice.has_vat else ""}{"<th class=r>TVA" if invoice.has_vat else ""}<th class=r>Total{" HT" if invoice.has_vat else ""}</tr>{items}</table><table class=t>{rows(totals)}</table><p>{escape(pen.mention())}</p>{"<p>IBAN " + pen.iban() + " · BIC " + invoice.bic + "</p>" if pen.has["iban"] else ""}"""
    return page(
        "body{font:10pt Lato;color:#333} .g{display:grid;grid-template-columns:1fr 1fr 1fr;gap:6mm;margin-bottom:10mm} .l{width:100%} th{text-align:left;border-bottom:1px solid} td{padding:2mm 0} .r{text-align:right!important} .t{margin:5mm 0 5mm auto} .t td{padding-left:12mm}",
        body,
    )


@layout("chromium", "tune", "asso_free asso training")
def asso_sentence(invoice: Invoice, pen: Pen) -> str:
    """An association's letter: quantity and price inside the sentence, one column of money."""
    seller = invoice.seller
    items = "".join(
        f"<tr><td>{escape(pen.item(line, '').label)}{' (' + escape(line.detail) + ')' if line.detail else ''}, {pen.quantity(line.quantity)} × {pen.amount(line.price)}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
        for line in invoice.lines
    )
    totals = []
    if invoice.discount:
        totals.append((escape(invoice.discount_words), pen.amount(-invoice.discount)))
    if invoice.has_vat:
        totals += [("Total HT", pen.money("net"))] + [
            (f"TVA {pen.percent(rate)}", pen.amount(tax)) for rate, _, tax in invoice.rates
        ]
        pen.note_only_tax()
    totals.append((pen.any_of("Soit un total de", "TOTAL (en €)", "Somme totale", "Total à payer"), pen.money("gross")))
    totals += paid(invoice, pen)
    if invoice.prepaid:
        totals.append(("Reste à régler", pen.money("payable")))
    else:
        pen.note_payable()
    body = f"""<p><b>{escape(seller.name)}</b><br>{escape(seller.street)}<br>{seller.postcode} {seller.town}<br>Siret : {pen.seller_siret()} – APE 9001Z – Licence L-R-22-{invoice.seed:05}</p><p class=b>{address(invoice.buyer)}{"<br>Siret : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p>
    <p class=b>À {escape(seller.town)}, le {pen.issued("long")}</p><h3>FACTURE {escape(pen.number())}</h3><p>Madame, Monsieur,<br>Veuillez trouver ci-dessous le montant dû par votre structure{" au titre de la commande n° " + escape(pen.order()) if pen.has["order"] else ""} :</p><table class=l>{items}{rows(totals)}</table><p>{escape(pen.mention())}</p>
    <p>Merci de régler par virement{" avant le " + pen.due("long") if pen.has["due"] else ""} :{" " + pen.iban() if pen.has["iban"] else " (RIB joint)"}</p><p>La trésorière</p>"""
    return page(
        "body{font:11pt 'Liberation Serif'} .b{margin-left:90mm} .l{width:100%} .l td{border-bottom:1px dotted #777;padding:1.5mm} .r{text-align:right;white-space:nowrap}",
        body,
    )
