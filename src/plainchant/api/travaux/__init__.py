"""`/cpro/facturesTravaux/v1`: pieces of works."""
