"""The help: guides with pictures and films, what is found in them, and the way back to the page one came from."""
