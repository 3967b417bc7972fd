"""From what people have (today a born-digital PDF) to the fields of an invoice, each with its place and its certainty.

The order of reading: `pdf` (bytes to words; only in a disposable process), `lines` (words to lines), `labels` (one
table of what French invoices call things), then `references`, `parties` and `totals`, brought together by `fields`.
"""
