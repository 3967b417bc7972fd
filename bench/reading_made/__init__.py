"""Invented French invoices as PDFs, each with what its page says: seeded, so that anyone can make the same ones again.

`facts` invents an invoice, `writing` the hand it is written in (wordings, dates, figures), the `layouts_…` put it on a
page. A family of layouts is either one the reader was tuned on, or held out: written before it was measured and never
looked at while the reader was changed.
"""
