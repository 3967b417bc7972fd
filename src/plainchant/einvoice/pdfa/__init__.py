"""PDF/A-3 as far as its structure says: a probe, not a validator. `table` is plain data, `probe` loads pikepdf."""
