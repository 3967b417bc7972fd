"""Tickets: what one asks, and what one is asked."""
