"""`/cpro/engagementsJuridiques/v1`: the commitments of public bodies."""
