"""What runs in the background: one table of tasks. Each receives ids only, and is safe to run twice."""
