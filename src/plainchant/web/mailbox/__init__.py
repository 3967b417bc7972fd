"""The outbox made visible, where no mail server is set: never in production."""
