"""One's structures: find or create one, ask to join it, keep its sheet, its people and its bank details."""
