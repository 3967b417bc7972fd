"""Calls of programs that bear a key: each is done once, and answered alike however often it is sent."""
