"""The first page: a welcome for strangers, what to do now for the others."""
