"""The version of the conditions of use that a new person accepts; `web/templates/home/terms.html` is their text.

Change both together: what someone accepted is kept with the account.
"""

VERSION = "2026-11-01"
