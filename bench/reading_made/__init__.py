"""Invented French invoices as PDFs, each with what its page says: seeded, so that anyone can make the same ones again.

`facts` invents an invoice, `writing` the hand it is written in (wordings, dates, figures), the `layouts_…` put it on a
page. Sets of layouts were first measured as held out, and only then looked at: docs/reading.md has the figures.
"""
