"""What the pages of a draft share, whether it begins with a document or with a sheet."""
