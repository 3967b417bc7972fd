"""Programs that are told over https of what becomes of invoices (webhooks), at an address that a manager gives."""
