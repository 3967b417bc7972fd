"""`/cpro/transverses/v1`: reports of flows, files, and the lists of codes."""
