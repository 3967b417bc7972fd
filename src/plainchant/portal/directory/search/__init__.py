"""The search engine of the directory: one in Python, over each database's own full-text index."""
