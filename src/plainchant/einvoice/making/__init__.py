"""From what a person says of an invoice to the invoice: composing, artist-authors' situations, presets."""
