"""Beside the wire: what Chorus Pro does not have. English names, below `/api/v1/`."""
