"""Figures of public bodies, for anyone."""
