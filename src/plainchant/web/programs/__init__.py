"""Pages for whoever writes programs that call the portal."""
