"""What the engine does on a command line, with or without the portal beside it (the extra `cli`)."""
