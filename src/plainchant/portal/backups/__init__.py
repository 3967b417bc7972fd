"""Copies of the database and the documents that belong together: taken, verified, put back.

The database is copied first, at one instant, the documents that it names afterwards: a document is stored before the
row that names it, and stays a day after the last row that did.
"""
