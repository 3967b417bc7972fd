"""Runs the scenario that Tryton's module of Chorus Pro brings with it, as a process of its own.

The module is as published; only its two addresses are set. Arguments: address, client_id, its secret, login, password,
the supplier's SIRET, the recipient's. Ends with 1 if anything is not as the scenario says.
"""

import doctest
import os
import sys
from pathlib import Path

address, client_id, secret, login, password, supplier, recipient = sys.argv[1:]
os.environ.update(
    CHORUS_PISTE_CLIENT_ID=client_id,
    CHORUS_PISTE_CLIENT_SECRET=secret,
    CHORUS_LOGIN=login,
    CHORUS_PASSWORD=password,
    CHORUS_COMPANY_SIRET=supplier,
    CHORUS_CUSTOMER_SIRET=recipient,
    DB_NAME=":memory:",
    TRYTOND_DATABASE_URI="sqlite://",
    OAUTHLIB_INSECURE_TRANSPORT="1",  # http, on this machine alone
)

from trytond.modules.account_fr_chorus import account  # noqa: E402 - it reads the environment when it is imported

account.OAUTH_TOKEN_URL["service-qualif"] = f"{address}/api/oauth/token"
account.API_URL["service-qualif"] = address
scenario = Path(account.__file__).parent / "tests" / "scenario_account_fr_chorus_invoice.rst"
result = doctest.testfile(str(scenario), module_relative=False, encoding="utf-8")
sys.exit(bool(result.failed or not result.attempted))
