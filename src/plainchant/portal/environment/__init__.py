"""The environment variables an operator sets: one table, how their values are read, and what is wrong with them."""
