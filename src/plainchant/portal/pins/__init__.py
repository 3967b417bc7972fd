"""What each person keeps at hand on their first page (raccourcis)."""
