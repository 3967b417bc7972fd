"""The index of the directory (annuaire). The bodies themselves are `structures.Structure` rows."""
