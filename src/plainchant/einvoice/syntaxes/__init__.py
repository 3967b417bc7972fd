"""How an invoice is written: one folder a syntax, each with a reader and a writer; `xml` is the one safe parser."""
