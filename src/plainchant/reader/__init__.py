"""The walled process that opens strangers' files, and the server's side of the conversation with it."""
