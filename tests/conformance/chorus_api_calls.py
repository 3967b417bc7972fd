"""Drives `chorus-api` from PyPI as a process of its own: a call a line comes in, its answer a line goes out.

The package is as published; only its two addresses are set. Arguments: address, client_id, its secret, login, password.
"""

import json
import sys

from chorusapi.constants import api_constant

address, client_id, secret, login, password = sys.argv[1:]
api_constant.AUTH_SANDBOX_URL = f"{address}/api/oauth/token"
api_constant.API_SANDBOX_URL = address

from chorusapi.client import ChorusAPI  # noqa: E402 - it takes the addresses when it is imported

client = ChorusAPI(client_id, secret, login, password)


def plain(answer: object) -> object:
    """What an object of the package holds, as JSON has it."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    return {name: plain(value) for name, value in vars(answer).items()} if hasattr(answer, "__dict__") else answer


for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = plain(getattr(client.auth(), asked["call"])(**asked["with"]))
    except Exception as error:  # noqa: BLE001 - the test reads what went wrong
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
