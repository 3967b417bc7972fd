"""Invoices in HTML as ERPs and online services print them."""

from __future__ import annotations

import datetime
from html import escape

from .html_page import address, page, paid, rows
from .invoice import ZERO, Invoice, total
from .layout import layout
from .pen import NO_BREAK, Pen


@layout("weasy", "tune", "agency supply asso vatfree credit final")
def erp_o(invoice: Invoice, pen: Pen) -> str:
    """An ERP of Belgian origin: products between brackets, reference dates in a row, « Montant dû » at the end."""
    seller, buyer = invoice.seller, invoice.buyer
    info = [("Date de la facture", pen.issued("d/m/Y"))]
    if pen.has["due"]:
        info.append(("Date d’échéance", pen.due("d/m/Y")))
    info.append(("Origine", f"S{invoice.seed % 9000:05}"))
    if pen.has["order"]:
        info.append(("Référence client", escape(pen.order())))
    head = "".join(f"<td><b>{name}</b><br>{value}</td>" for name, value in info)
    items = ""
    for line in invoice.lines:
        pen.item(line)
        rate = f"{pen.percent(line.rate, '')} TVA" if invoice.has_vat else ""
        items += f"<tr><td>[{line.ref}] {escape(line.label)}{'<br>' + escape(line.detail) if line.detail else ''}</td><td class=r>{pen.quantity(line.quantity, True)} {line.unit}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{rate}</td><td class=r>{pen.amount(line.amount)}</td></tr>"
    totals = []
    if invoice.discount:
        totals.append((escape(invoice.discount_words), pen.amount(-invoice.discount)))
    if invoice.has_vat:
        totals.append(("Montant HT", pen.money("net")))
        totals += [(f"TVA {pen.percent(rate, '')}", pen.amount(tax)) for rate, _, tax in invoice.rates]
        pen.note_only_tax()
    totals.append(("Total", pen.money("gross")))
    if invoice.prepaid:
        totals += [
            (f"<i>Payé le {pen.day(invoice.delivered, 'd/m/Y')}</i>", pen.amount(amount))
            for _, amount in invoice.prepaid
        ]
        totals.append(("Montant dû", pen.money("payable")))
    else:
        pen.note_payable()
    ship = f"Adresse de livraison<br>{address(buyer)}" if pen.has_delivery_address else ""
    buyer_siret = f"<br>SIRET : {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""
    body = f"""<div class=top>{escape(seller.name)}<br>{escape(seller.street)}<br>{seller.postcode} {seller.town}</div>
    <div class=adr><div>{ship}</div><div>{address(buyer)}{buyer_siret}</div></div><h2>{"Avoir" if invoice.is_credit else "Facture"} {escape(pen.number())}</h2><table class=info><tr>{head}</tr></table>
    <table class=l><tr><th>Description<th>Quantité<th>Prix unitaire<th>Taxes<th>Montant</tr>{items}</table><table class=t>{rows(totals)}</table>
    <p class=c>{escape(pen.mention())}</p><p>Communication de paiement : {escape(invoice.number)}{" sur ce compte : " + pen.iban() if pen.has["iban"] else ""}</p>
    <div class=f>SIRET : {pen.seller_siret()}{" – TVA : " + pen.seller_vat() if pen.has["seller_vat"] and invoice.has_vat else ""} – contact@exemple.fr</div>"""
    return page(
        "body{font:10pt Lato} .top{text-align:right} .adr{display:flex;justify-content:space-between;margin:10mm 0} h2{color:#714b67} .info td{padding-right:10mm} .l{width:100%;margin:6mm 0} .l th{border-bottom:1px solid #888;text-align:left} .r{text-align:right} .t{margin-left:auto} .t td{padding:1mm 3mm} .f{position:fixed;bottom:0;width:100%;text-align:center;font-size:8pt;border-top:1px solid}",
        body,
    )


@layout("chromium", "held", "agency supply craft asso deposit credit final vatfree")
def erp_d(invoice: Invoice, pen: Pen) -> str:
    """A free French ERP: sender and addressee in two boxes, SIRET as « Id. prof. 2 », « Reste à payer »."""
    seller = invoice.seller
    ref = [
        f"<b>{'Facture avoir' if invoice.is_credit else 'Facture acompte' if invoice.code == '386' else 'Facture'}</b>",
        f"Réf. : {escape(pen.number())}",
        f"Date facturation : {pen.issued()}",
    ]
    if pen.has["due"]:
        ref.append(f"Date échéance : {pen.due()}")
    ref.append(f"Code client : {escape(invoice.client)}")
    if pen.has["order"]:
        ref.append(f"Réf. client : {escape(pen.order())}")
    items = ""
    for line in invoice.lines:
        pen.item(line)
        items += f"<tr><td>{line.ref} - {escape(line.label)}<br>{escape(line.detail)}</td><td class=r>{pen.percent(line.rate, '') if invoice.has_vat else '0%'}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.amount, False)}</td></tr>"
    if invoice.discount:
        items += f"<tr><td>{escape(invoice.discount_words)}</td><td class=r>{pen.percent(invoice.lines[0].rate, '')}</td><td class=r>{pen.amount(-invoice.discount, False)}</td><td class=r>1</td><td class=r>{pen.amount(-invoice.discount, False)}</td></tr>"
        pen.items.append(
            {
                "label": invoice.discount_words,
                "quantity": "1",
                "price": str(-invoice.discount),
                "rate": str(invoice.lines[0].rate),
                "amount": f"{-invoice.discount:.2f}",
            }
        )
    totals = [("Total HT", pen.money("net", False))]
    if invoice.has_vat:
        totals += [(f"Total TVA {pen.percent(rate)}", pen.amount(tax, False)) for rate, _, tax in invoice.rates]
        pen.note_only_tax()
    totals.append(("Total TTC", pen.money("gross", False)))
    if invoice.prepaid:
        totals += [
            (
                "Payé" if invoice.kind != "final" else "Acomptes",
                pen.amount(total(invoice.prepaid), False),
            ),
            ("Reste à payer", pen.money("payable", False)),
        ]
    else:
        pen.note_payable()
    buyer_siret = f"<br>Id. prof. 2 (SIRET) : {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""
    service = f"Code service : {escape(pen.service())}<br>" if pen.has["service"] else ""
    body = f"""<div class=h><div class=logo>{escape(seller.name)}</div><div class=ref>{"<br>".join(ref)}</div></div>
    <div class=ad><div><small>Émetteur :</small><div class=box1>{address(seller)}<br>Tél. : 02 00 00 00 00</div></div><div><small>Adressé à :</small><div class=box2>{address(invoice.buyer)}{buyer_siret}<br>{service}</div></div></div>
    <div class=cur>Montants exprimés en Euros</div><table class=l><tr><th>Désignation<th>TVA<th>P.U. HT<th>Qté<th>Total HT</tr>{items}</table>
    <div class=bot><div><b>Conditions de règlement :</b> {"À réception" if not invoice.terms else f"{invoice.terms} jours"}<br><b>Mode de règlement :</b> Virement bancaire{"<br>Règlement par virement sur le compte bancaire suivant :<br>Code IBAN : " + pen.iban() + "<br>Code BIC/SWIFT : " + invoice.bic if pen.has["iban"] else ""}<br>{"* " + escape(pen.mention()) if not invoice.has_vat else ""}</div><table class=t>{rows(totals)}</table></div>
    <footer>{escape(seller.name)} - SIRET : {pen.seller_siret()}{" - Num. TVA : " + pen.seller_vat() if pen.has["seller_vat"] and invoice.has_vat else ""}</footer>"""
    pen.note("currency", "EUR")
    return page(
        "body{font:9pt 'DejaVu Sans'} .h,.ad,.bot{display:flex;justify-content:space-between} .ref{text-align:right} .ad>div{width:48%} .box1{background:#e6e6e6;padding:3mm;min-height:28mm} .box2{border:1px solid;padding:3mm;min-height:28mm} .cur{text-align:right;font-size:7pt;margin-top:6mm} .l{width:100%;border:1px solid #888} .l td,.l th{border-left:1px solid #888;padding:1mm} .r{text-align:right} .t td{padding:.5mm 4mm} .bot{margin-top:5mm} footer{position:fixed;bottom:0;font-size:7pt}",
        body,
    )


@layout("chromium", "tune", "agency supply vatfree training deposit")
def web_p(invoice: Invoice, pen: Pen) -> str:
    """An online service: rows without a table, bases beside the rates, country in the addresses."""
    seller, buyer = invoice.seller, invoice.buyer
    items = ""
    for line in invoice.lines:
        pen.item(line)
        items += f"<div class=row><span class=a>{escape(line.label)}<em>{escape(line.detail)}</em></span><span>{pen.quantity(line.quantity)} {line.unit}</span><span>{pen.amount(line.price)}</span><span>{pen.percent(line.rate) if invoice.has_vat else '0' + NO_BREAK + '%'}</span><span>{pen.amount(line.amount)}</span></div>"
    meta = [("Numéro", escape(pen.number())), ("Date d’émission", pen.issued("long"))]
    if pen.has["due"]:
        meta.append(("Date d’échéance", pen.due("long")))
    if pen.has["order"]:
        meta.append(("Numéro de bon de commande", escape(pen.order())))
    if pen.has["service"]:
        meta.append(("Code service", escape(pen.service())))
    totals = []
    if invoice.discount:
        totals.append(("Remise", pen.amount(-invoice.discount)))
    totals += [("Total HT", pen.money("net"))]
    if invoice.has_vat:
        if len(invoice.rates) > 1:
            totals += [
                (f"TVA {pen.percent(rate)} <small>(sur {pen.amount(base)})</small>", pen.amount(tax))
                for rate, base, tax in invoice.rates
            ]
            pen.note_breakdown()
            totals.append(("Montant total de la TVA", pen.money("tax")))
        else:
            totals.append(("Montant total de la TVA", pen.money("tax")))
    totals.append(("Total TTC", pen.money("gross")))
    totals += paid(invoice, pen)
    if invoice.prepaid:
        totals.append(("Reste à payer TTC", pen.money("payable")))
    else:
        pen.note_payable()
    buyer_siret = f"<br>SIRET {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""
    body = f"""<h1>{"Facture d’acompte" if invoice.code == "386" else "Facture"}</h1><div class=m>{"".join(f"<div><b>{name}</b><span>{value}</span></div>" for name, value in meta)}</div>
    <div class=p><div><b>{escape(seller.name)}</b><br>{escape(seller.street)}<br>{seller.postcode} {seller.town}, France<br>SIRET : {pen.seller_siret()}{"<br>N° TVA : " + pen.seller_vat() if pen.has["seller_vat"] and invoice.has_vat else ""}</div><div><b>{escape(buyer.name)}</b><br>{escape(buyer.department)}<br>{escape(buyer.street)}<br>{buyer.postcode} {buyer.town}, France{buyer_siret}</div></div>
    <div class='row hd'><span class=a>Description</span><span>Quantité</span><span>Prix unitaire</span><span>TVA</span><span>Montant HT</span></div>{items}
    <div class=t>{"".join(f"<div><span>{name}</span><span>{value}</span></div>" for name, value in totals)}</div>
    <p>{escape(pen.mention())}</p><h4>Paiement</h4>{"<p>IBAN : " + pen.iban() + "<br>BIC : " + invoice.bic + "</p>" if pen.has["iban"] else ""}<p class=s>En cas de retard de paiement, une pénalité de 3 fois le taux d’intérêt légal sera appliquée, ainsi qu’une indemnité forfaitaire de 40 €.</p>"""
    return page(
        "body{font:9.5pt Roboto;color:#222} .m div{display:flex;gap:4mm} .m b{width:55mm} .p{display:flex;margin:8mm 0} .p div{width:50%} .row{display:grid;grid-template-columns:1fr 22mm 28mm 18mm 30mm;padding:2mm 0;border-bottom:1px solid #ddd} .row span:not(.a){text-align:right} .row em{display:block;color:#777} .hd{font-weight:bold;background:#f3f3f3} .t{width:80mm;margin:4mm 0 4mm auto} .t div{display:flex;justify-content:space-between} .s{font-size:7.5pt;color:#666}",
        body,
    )


@layout("chromium", "tune", "vatfree training agency author")
def saas_words(invoice: Invoice, pen: Pen) -> str:
    """An online service: the date in words, no colons, due in so many days."""
    items = "".join(
        f"<tr><td>{escape(line.label)}{'<br><small>' + escape(line.detail) + '</small>' if line.detail else ''}</td><td class=r>{pen.quantity(pen.item(line, 'qp').quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.amount(line.amount, False)}</td></tr>"
        for line in invoice.lines
    )
    totals = []
    if invoice.discount:
        totals.append((escape(invoice.discount_words), pen.amount(-invoice.discount, negative="()")))
    if invoice.has_vat:
        totals += (
            [("Montant hors taxes", pen.money("net"))]
            + [
                (
                    f"Taxe sur la valeur ajoutée {pen.percent(rate)}",
                    pen.amount(tax),
                )
                for rate, _, tax in invoice.rates
            ]
            + [("Montant toutes taxes comprises", pen.money("gross"))]
        )
        pen.note_only_tax()
    elif invoice.prepaid or invoice.discount:
        totals.append(("Total net de TVA", pen.money("gross")))
    totals += paid(invoice, pen)
    totals.append(("Montant total à régler", pen.money("payable")))
    refs = " · ".join(
        text
        for text in (
            (f"Service n° {escape(pen.service())}" if pen.has["service"] else ""),
            (f"Commande n° {escape(pen.order())}" if pen.has["order"] else ""),
        )
        if text
    )
    due = f", soit au plus tard le {pen.due('long')}" if pen.has["due"] else ""
    body = f"""<div class=h><h1>Facture</h1><div class=r>N° {escape(pen.number())}<br>Réf. devis {escape(invoice.quote)}<br>En date du {pen.issued("words")} ({pen.day(invoice.issued, "d.m.y")})</div></div>
    <div class=h><div><small>ÉMETTEUR</small><br>{address(invoice.seller)}<br>Siret n° {pen.seller_siret()}</div><div><small>DESTINATAIRE</small><br>{address(invoice.buyer)}<br>{"Siret n° " + pen.buyer_siret() + "<br>" if pen.has["buyer_siret"] else ""}{refs}</div></div>
    <table class=l><tr><th>Prestation<th class=r>{"Jours" if invoice.kind != "author" else "Quantité"}<th class=r>Tarif (€)<th class=r>Total (€)</tr>{items}</table><table class=t>{rows(totals)}</table>
    <p>{escape(pen.mention())}<br>À régler par virement sous {invoice.terms} jours{due}.<br>{pen.iban() + " / " + invoice.bic if pen.has["iban"] else ""}</p>"""
    pen.note("currency", "EUR")
    return page(
        "body{font:10pt 'Open Sans'} .h{display:flex;justify-content:space-between;margin-bottom:9mm} .h>div{max-width:85mm} .r{text-align:right} .l{width:100%} th{text-align:left;border-bottom:2px solid #222} td{padding:2mm 1mm} .t{margin:6mm 0 6mm auto;font-weight:bold}",
        body,
    )


@layout("weasy", "tune", "supply craft agency credit")
def two_line_heads(invoice: Invoice, pen: Pen) -> str:
    """A supplier's: headings of two lines, in the row of references as in the table."""
    seller = invoice.seller
    items = ""
    for line in invoice.lines:
        pen.item(line)
        items += f"<tr><td>{line.ref}</td><td>{escape(line.label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td>{line.unit}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.percent(line.off) if line.off else ''}</td><td class=r>{pen.amount(line.amount, False)}</td><td class=c>{pen.percent(line.rate)}</td></tr>"
    heads = [
        ("Numéro<br>de pièce", escape(pen.number())),
        ("Date<br>de pièce", pen.issued("d/m/Y")),
        ("Code<br>client", escape(invoice.client)),
    ]
    if pen.has["order"]:
        heads.append(("Votre<br>commande", escape(pen.order())))
    if pen.has["due"]:
        heads.append(("Date<br>d’échéance", pen.due("d/m/Y")))
    vat = "".join(
        f"<tr><td class=r>{pen.amount(base, False)}</td><td class=r>{pen.percent(rate)}</td><td class=r>{pen.amount(tax, False)}</td></tr>"
        for rate, base, tax in invoice.rates
    )
    pen.note_breakdown()
    discount = (
        rows([(escape(invoice.discount_words), pen.amount(-invoice.discount, False))]) if invoice.discount else ""
    )
    totals = [
        ("Total HT net", pen.money("net", False)),
        ("Total TVA", pen.money("tax", False)),
        ("Total TTC", pen.money("gross", False)),
        *paid(invoice, pen),
        ("NET A PAYER", pen.money("payable")),
    ]
    body = f"""<div class=h><div class=big>{escape(seller.name)}</div><div class=dest>{address(invoice.buyer)}{"<br>N° SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</div></div><h2>{invoice.title}</h2>
    <table class=k><tr>{"".join(f"<th>{name}</th>" for name, _ in heads)}</tr><tr>{"".join(f"<td>{value}</td>" for _, value in heads)}</tr></table>
    <table class=l><tr><th>Code<br>article<th>Désignation<th>Quantité<br>livrée<th>Unité<br>&nbsp;<th>Prix unitaire<br>hors taxes<th>Remise<br>%<th>Montant<br>hors taxes<th>Taux<br>TVA</tr>{items}</table>{"<table class=t>" + discount + "</table>" if discount else ""}
    <div class=h><table class=v><tr><th>Base HT<th>Taux<th>Montant TVA</tr>{vat}</table><table class=t>{rows(totals)}</table></div>
    <p>{"Mode de paiement : virement. IBAN : " + pen.iban() + " – BIC : " + invoice.bic if pen.has["iban"] else "Paiement par mandat administratif"}</p>
    <div class=f>{escape(seller.name)} – {escape(seller.street)} {seller.postcode} {seller.town} – Siret {pen.seller_siret()} – APE 4669B{" – N° TVA " + pen.seller_vat() if pen.has["seller_vat"] else ""} – Capital de 10 000 €</div>"""
    return page(
        "body{font:8.5pt 'Liberation Sans'} .h{display:flex;justify-content:space-between;align-items:flex-start} .dest{width:80mm;margin-top:15mm} .big{font-size:16pt} .k td,.k th,.l td,.l th,.v td,.v th,.t td{border:1px solid #666;padding:1mm 2mm} .l{width:100%;margin:5mm 0} .r{text-align:right} .c{text-align:center} .f{position:fixed;bottom:0;font-size:7pt}",
        body,
    )


@layout("chromium", "held", "agency supply")
def summary_first(invoice: Invoice, pen: Pen) -> str:
    """A subscription's: the sums on the first page, the lines on the second, another date in the way."""
    seller = invoice.seller
    items = "".join(
        f"<tr><td>{pen.day(invoice.delivered, 'd/m/Y')}</td><td>{escape(pen.item(line).label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.amount(line.amount, False)}</td><td class=r>{pen.percent(line.rate, '')}</td></tr>"
        for line in invoice.lines
    )
    totals = [
        ("Montant hors TVA", pen.money("net")),
        ("Montant TVA", pen.money("tax")),
        ("Montant TTC de la facture", pen.money("gross")),
    ]
    if invoice.discount:
        totals.insert(0, (escape(invoice.discount_words), pen.amount(-invoice.discount)))
    totals += [*paid(invoice, pen), ("Somme à payer", pen.money("payable"))]
    body = f"""<div class=h><b>{escape(seller.name)}</b><div>{address(invoice.buyer)}</div></div><h2>Votre facture du {pen.issued("long")}</h2><p>N° de facture {escape(pen.number())}<br>N° client {escape(invoice.client)}{"<br>Votre réf. commande " + escape(pen.order()) if pen.has["order"] else ""}{"<br>Code service " + escape(pen.service()) if pen.has["service"] else ""}{"<br>Votre SIRET " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p>
    <table class=t>{rows(totals)}</table><p class=k>{"À payer avant le " + pen.due("long") if pen.has["due"] else "Payable à réception"} par virement{" sur IBAN " + pen.iban() if pen.has["iban"] else ""}</p>
    <p class=s>{escape(seller.name)}, société au capital de 37 000 € – {escape(seller.street)} {seller.postcode} {seller.town} – Siret {pen.seller_siret()} – RCS {seller.town}{" – TVA " + pen.seller_vat() if pen.has["seller_vat"] else ""}. Votre prochaine facture : {pen.day(invoice.issued + datetime.timedelta(days=31), "long")}.</p>
    <div style='break-before:page'></div><h3>Détail de votre facture n° {escape(invoice.number)}</h3><table class=l><tr><th>Date<th>Libellé<th>Quantité<th>Prix unitaire HT<th>Montant HT<th>Taux TVA</tr>{items}<tr><td></td><td>Total HT</td><td></td><td></td><td class=r>{pen.amount(sum((line.amount for line in invoice.lines), ZERO), False)}</td><td></td></tr></table>"""
    return page(
        "body{font:10pt Roboto} .h{display:flex;justify-content:space-between} .t td{padding:1.5mm 4mm} .l{width:100%} .r{text-align:right} th{text-align:left} .k{background:#eee;padding:3mm} .s{font-size:7.5pt}",
        body,
    )


@layout("weasy", "held", "credit supply credit agency")
def parens(invoice: Invoice, pen: Pen) -> str:
    """Negative amounts in parentheses, references in a table at the right."""
    seller, buyer = invoice.seller, invoice.buyer
    items = ""
    for line in invoice.lines:
        pen.item(line, "qp")
        items += f"<tr><td>{escape(line.label)}</td><td class=r>{pen.quantity(line.quantity)}</td><td class=r>{pen.amount(line.price, False)}</td><td class=r>{pen.amount(line.amount, False, negative='()')}</td></tr>"
    totals = []
    if invoice.discount:
        totals.append((escape(invoice.discount_words), pen.amount(-invoice.discount, negative="()")))
    totals += (
        [("Sous-total HT", pen.money("net", negative="()"))]
        + [
            (f"TVA à {pen.percent(rate)} sur {pen.amount(base, negative='()')}", pen.amount(tax, negative="()"))
            for rate, base, tax in invoice.rates
        ]
        + [("Total TTC", pen.money("gross", negative="()"))]
    )
    pen.note_breakdown()
    pen.note_only_tax()
    totals += paid(invoice, pen, "()")
    if invoice.prepaid:
        totals.append(("Montant restant à payer", pen.money("payable", negative="()")))
    else:
        pen.note_payable()
    body = f"""<div class=h><div><h1>{"Note de crédit" if invoice.is_credit and invoice.seed % 3 == 0 else invoice.title.capitalize()}</h1><b>{escape(seller.name)}</b><br>{escape(seller.street)}<br>{seller.postcode} {seller.town}<br>SIRET {pen.seller_siret()}</div><table class=i><tr><td>N°</td><td>{escape(pen.number())}</td></tr><tr><td>Date</td><td>{pen.issued()}</td></tr>{"<tr><td>Facture d’origine</td><td>" + escape(invoice.other) + "</td></tr>" if invoice.is_credit else ""}{"<tr><td>Échéance</td><td>" + pen.due() + "</td></tr>" if pen.has["due"] else ""}{"<tr><td>N° de commande</td><td>" + escape(pen.order()) + "</td></tr>" if pen.has["order"] else ""}{"<tr><td>Marché</td><td>" + escape(pen.contract()) + "</td></tr>" if pen.has["contract"] else ""}</table></div>
    <p>Client : <b>{escape(buyer.name)}</b> {escape(buyer.department)}<br>{escape(buyer.street)} – {buyer.postcode} {escape(buyer.town)}{"<br>SIRET : " + pen.buyer_siret() if pen.has["buyer_siret"] else ""}</p><table class=l><tr><th>Article<th class=r>Quantité<th class=r>Prix HT<th class=r>Montant HT</tr>{items}</table><table class=t>{rows(totals)}</table>{"<p>IBAN : " + pen.iban() + "</p>" if pen.has["iban"] else ""}"""
    return page(
        "body{font:9.5pt Roboto} .h{display:flex;justify-content:space-between} .i td{padding:1mm 3mm} .l{width:100%;margin:5mm 0} th{text-align:left;border-bottom:1px solid #333} td{padding:1mm} .r{text-align:right} .t{margin-left:auto}",
        body,
    )
