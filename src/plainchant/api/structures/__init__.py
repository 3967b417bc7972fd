"""`/cpro/structures/v1`: public bodies, what they demand, their services; and the program's own structures."""
