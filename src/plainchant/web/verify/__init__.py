"""« Vérifier une facture »: anyone, without an account; nothing is kept."""
