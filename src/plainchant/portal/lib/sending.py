"""How `web.front` asks whether a long body may be sent, before it reads any of it.

The question is a key of the WSGI environment, which no header can write. The answer is a header of a response that
nobody sees: how many bytes, at most. Any other response is what the sender gets.
"""

ASKS_TO_SEND = "plainchant.asks_to_send"
MAY_SEND = b"x-plainchant-may-send"
_PROGRAMS = ("/cpro/", "/api/")


def is_for_programs(path: str) -> bool:
    """Whether programs call there, however they write it: whatever goes wrong, and wherever, they read JSON."""
    return f"{path.lower()}/".startswith(_PROGRAMS)
