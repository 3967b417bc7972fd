"""`/cpro/factures/v1`: what is sent, searched, read and processed."""
