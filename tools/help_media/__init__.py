"""The pictures, films and booklet of the help, from what the journeys saw (`make help`)."""
