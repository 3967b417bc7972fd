"""Flows: electronic invoices, one or hundreds at a time, and what became of each."""
