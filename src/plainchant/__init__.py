"""Plainchant: invoice French public bodies from one's own server, compatible with Chorus Pro."""

__version__ = "0.1.0"
