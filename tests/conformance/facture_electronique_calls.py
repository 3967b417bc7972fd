"""Drives the class `ChorusProAPI` of facture_electronique as a process of its own; only its two addresses are set.

Arguments: the folder of the package, address, client_id, its secret, login, password. The rest of the package, which
makes PDFs and wants libraries for it, is not imported.
"""

import json
import sys
from types import ModuleType

folder, address, client_id, secret, login, password = sys.argv[1:]
for name in ("", ".api", ".utils"):  # their own `__init__` import everything
    package = ModuleType(f"facture_electronique{name}")
    package.__path__ = [f"{folder}/facture_electronique{name.replace('.', '/')}"]
    sys.modules[package.__name__] = package

from facture_electronique.api.chorus_pro import ChorusProAPI  # noqa: E402

ChorusProAPI.URL_OAUTH_SANDBOX = f"{address}/api/oauth/token"
ChorusProAPI.URL_API_SANDBOX = f"{address}/cpro"
client = ChorusProAPI(True, client_id, secret, login, password)

for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = getattr(client, asked["call"])(**asked["with"])
    except Exception as error:  # noqa: BLE001 - the test reads what went wrong
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
