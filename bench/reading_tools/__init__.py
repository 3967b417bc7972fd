"""Invoices made with the tools that people make them with, for the reading bench: each PDF has its truth beside it.

    .venv/bin/python -m bench.reading_tools FOLDER [--first N] [--count N] [--only LAYOUT] [--truth]
    .venv/bin/python bench/reading.py --sets FOLDER/tune FOLDER/held FOLDER/apart

34 layouts, drawn by another hand than those of `reading_made`: HTML printed by WeasyPrint and Chromium, documents of a
word processor and of a spreadsheet printed by LibreOffice, pages drawn by reportlab and fpdf2. `tune` are the 14 layouts
whose failures were shown to those who mended the reader, `held` the 13 that were measured apart at first, `apart` the 7
that were drawn last: by now the reader was mended from all of them (docs/reading.md). FOLDER/tune/erp_o-0.pdf is the
first invoice of the layout `erp_o`, FOLDER/tune/erp_o-0.json what it says.

All the tools are optional, and what is missing is named and left out. They belong to no group of this project:

    uv pip install weasyprint reportlab fpdf2 python-docx
    apt-get install libreoffice-writer libreoffice-calc chromium \\
        fonts-liberation fonts-dejavu fonts-lato fonts-open-sans fonts-roboto

Playwright and xlsxwriter come with the development install. A font that HTML or an office document names and the machine
lacks is replaced by another, which changes the look and not the truth. `--truth` writes the truths without printing.
"""
