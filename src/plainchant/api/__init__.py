"""The programming interface: what programs made for Chorus Pro send and expect, name for name (docs/api.md)."""
