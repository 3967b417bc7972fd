"""CPPFacturePivot: the one form in which Chorus Pro hands invoices to public bodies."""
