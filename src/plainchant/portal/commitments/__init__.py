"""What public bodies have promised to pay (engagements juridiques): kept by each, seen by its own people."""
