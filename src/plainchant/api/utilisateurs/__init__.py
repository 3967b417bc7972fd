"""`/cpro/utilisateurs/v1`: what the technical account is attached to."""
