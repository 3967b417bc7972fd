"""Code lists, as data. Each file names its source and its date."""
