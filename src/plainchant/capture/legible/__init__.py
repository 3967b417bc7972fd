"""PDF copies that anyone can open, of a workbook or a picture."""
