"""Factur-X: a PDF/A-3 people read, with the CII that programs read inside."""
