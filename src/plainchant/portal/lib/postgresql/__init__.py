"""Connections to PostgreSQL: named as Django's engine in `config.settings`."""
