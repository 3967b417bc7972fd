"""`/cpro/organisations/v1`: the directory of structures, in another style."""
