"""What the help says, as data: guides in steps, and what finds them. The journeys in Chromium play every step.

Plain Python: `web/help` shows it, `tools/help_media.py` makes the pictures and films beside it.
"""
