"""Every variable an operator may set, as one table.

`config.settings` reads these and no other; `docs/settings.md` is printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a variable is understood; the value is what the documentation calls it."""

    TEXT = "text"
    FLAG = "on or off"
    NUMBER = "whole number"
    LIST = "list"
    CHOICE = "one of"
    SECRET = "secret"  # noqa: S105 - what the documentation calls it


@dataclass(frozen=True, kw_only=True)
class Variable:
    """``default`` is in the words of the documentation; the code that reads the variable gives the value itself.

    ``is_required``: a production start is refused without it. ``choices``: the only values, where there are few.
    """

    name: str
    kind: Kind = Kind.TEXT
    default: str = "–"
    meaning: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


# Read by tests, benches and campaigns alone: nothing is said of them.
FOR_DEVELOPMENT = (
    "PLAINCHANT_TEST_",
    "PLAINCHANT_BENCH_",
    "PLAINCHANT_SHARED",
    "PLAINCHANT_FUZZ",
    "PLAINCHANT_MUTANTS",
    "PLAINCHANT_RANDOM_INVOICES",
)

VARIABLES: tuple[Variable, ...] = (
    Variable(
        name="PLAINCHANT_PRODUCTION",
        kind=Kind.FLAG,
        default="off",
        meaning="secure cookies, HSTS, redirection to https, no demonstration, no mailbox page",
    ),
    Variable(
        name="PLAINCHANT_SECRET_KEY",
        kind=Kind.SECRET,
        default="a public development key",
        is_required=True,
        meaning="signs sessions and password links, seals what second factors keep; 32 characters or more, drawn at "
        "random (`openssl rand -base64 48`). Changing it logs everybody out, and applications that show codes have to "
        "be set up again ([Second factor](operating.md#second-factor)); nothing else stored is lost",
    ),
    Variable(
        name="PLAINCHANT_DEBUG",
        kind=Kind.FLAG,
        default="off",
        meaning="Django's debug pages; refused in production",
    ),
    Variable(
        name="PLAINCHANT_DATA",
        default="`var` in the current folder",
        meaning="SQLite file, `documents/`, `static/`. Use an absolute path outside the checkout: `make clean` deletes "
        "`var`",
    ),
    Variable(
        name="PLAINCHANT_URL",
        default="`http://127.0.0.1:8000`; `plainchant run` puts its own host and port",
        is_required=True,
        meaning="address people use, without a path; https in production. Links in mails begin with it; forms are "
        "accepted from it. Workers need it too",
    ),
    Variable(
        name="PLAINCHANT_HOSTS",
        kind=Kind.LIST,
        default="`127.0.0.1`, `localhost`, `[::1]` and the host of `PLAINCHANT_URL`",
        meaning="names the portal answers to",
    ),
    Variable(
        name="PLAINCHANT_HOST",
        default="`127.0.0.1`",
        meaning="address `plainchant run` listens on (`--host`); IPv4 or a name",
    ),
    Variable(name="PLAINCHANT_PORT", kind=Kind.NUMBER, default="`8000`", meaning="its port (`--port`)"),
    Variable(
        name="DATABASE_URL",
        default="SQLite in `PLAINCHANT_DATA`",
        meaning="e.g. `postgres://user:password@host:5432/name?sslmode=require`",
    ),
    Variable(
        name="PLAINCHANT_POOLER_URL",
        kind=Kind.SECRET,
        default="empty: pages use `DATABASE_URL`",
        meaning="the same database through a PgBouncer in transaction mode, for the pages alone; see "
        "[Several machines](operating.md#several-machines)",
    ),
    Variable(
        name="PLAINCHANT_REPLICA_URL",
        kind=Kind.SECRET,
        default="empty: the primary answers everything",
        meaning="a streaming replica of the database, or a PgBouncer before it: lists, searches and exports are read "
        "there while it keeps up; see [Several machines](operating.md#several-machines)",
    ),
    Variable(
        name="PLAINCHANT_QUEUE",
        kind=Kind.CHOICE,
        choices=("embedded", "procrastinate"),
        default="`procrastinate` on PostgreSQL, else `embedded`",
        meaning="engine of the background tasks. `procrastinate` needs PostgreSQL",
    ),
    Variable(
        name="PLAINCHANT_RUN_TASKS_IN_PROCESS",
        kind=Kind.FLAG,
        default="on with `embedded`, else off",
        meaning="a thread of the web process runs the tasks. Turn off to use `plainchant worker` instead",
    ),
    Variable(name="PLAINCHANT_S3_BUCKET", default="empty: local folder", meaning="keep documents in this bucket"),
    Variable(name="PLAINCHANT_S3_ENDPOINT", default="AWS", meaning="address of another S3 service"),
    Variable(name="PLAINCHANT_S3_REGION", default="the client's own", meaning="its region"),
    Variable(name="PLAINCHANT_S3_ACCESS_KEY", default="the client's usual sources", meaning="credentials"),
    Variable(
        name="PLAINCHANT_S3_SECRET_KEY",
        kind=Kind.SECRET,
        default="the client's usual sources",
        meaning="credentials",
    ),
    Variable(
        name="PLAINCHANT_CLAMD",
        default="empty: no antivirus, and pages say so",
        meaning="clamd's Unix socket (`/run/clamav/clamd.ctl`) or `host:port`; see [Antivirus](operating.md#antivirus)",
    ),
    Variable(
        name="PLAINCHANT_CLAMD_MAX_MB",
        kind=Kind.NUMBER,
        default="`100`",
        meaning="what clamd takes in one piece: its `StreamMaxLength`",
    ),
    Variable(
        name="PLAINCHANT_QUOTA_MB",
        kind=Kind.NUMBER,
        default="`50000`",
        meaning="what one person, and one structure, may hand in within thirty days; `0`: no limit",
    ),
    Variable(
        name="PLAINCHANT_QUOTA_FLOWS",
        kind=Kind.NUMBER,
        default="`2000`",
        meaning="flows that one person, and one structure, may send within a day; `0`: no limit",
    ),
    Variable(
        name="PLAINCHANT_QUOTA_DRAFTS",
        kind=Kind.NUMBER,
        default="`5000`",
        meaning="drafts that one person, and one structure, may have at hand; `0`: no limit",
    ),
    Variable(
        name="PLAINCHANT_SMTP_URL",
        kind=Kind.SECRET,
        default="empty: nothing is sent",
        is_required=True,
        meaning="see [Mail](operating.md#mail)",
    ),
    Variable(
        name="PLAINCHANT_FROM",
        default="`Plainchant <ne-pas-repondre@plainchant.example>`",
        is_required=True,
        meaning="sender of every mail, e.g. `Factures <factures@example.org>`",
    ),
    Variable(
        name="PLAINCHANT_SECOND_FACTOR_FOR",
        kind=Kind.LIST,
        choices=("managers", "public-bodies", "everybody"),
        default="empty: offered to everybody, asked of nobody",
        meaning="people who reach nothing until they log in with a second factor: who manages a structure, who is "
        "attached to a public body; see [Second factor](operating.md#second-factor)",
    ),
    Variable(
        name="PLAINCHANT_OIDC_ISSUER",
        default="empty: people log in here alone",
        meaning="another service that people may log in with (OpenID Connect, ProConnect): its issuer, exactly as it "
        "publishes it; needs the extra `oidc`; see [ProConnect](operating.md#proconnect-openid-connect)",
    ),
    Variable(name="PLAINCHANT_OIDC_CLIENT_ID", default="empty", meaning="what this portal is called there"),
    Variable(
        name="PLAINCHANT_OIDC_CLIENT_SECRET", kind=Kind.SECRET, default="empty", meaning="the secret that goes with it"
    ),
    Variable(
        name="PLAINCHANT_OIDC_NAME",
        default="empty",
        meaning="what people call that service, as pages and mails name it: `ProConnect`",
    ),
    Variable(
        name="PLAINCHANT_OIDC_SCOPE",
        default="`openid profile email`",
        meaning="what is asked of it; of ProConnect `openid given_name usual_name email siret`",
    ),
    Variable(
        name="PLAINCHANT_OIDC_SIRET_CLAIM",
        default="`siret`",
        meaning="where it says for which structure somebody works: the page that asks to be attached is filled in "
        "with it; it gives no right",
    ),
    Variable(
        name="PLAINCHANT_OIDC_ACR_VALUES",
        default="empty",
        meaning="how people are to log in there, in its own words, separated by spaces (`acr_values`)",
    ),
    Variable(
        name="PLAINCHANT_OIDC_SECOND_FACTOR",
        kind=Kind.LIST,
        default="empty: a second factor is asked for here too",
        meaning="values of `acr` or `amr` that stand for a second factor: whoever logged in there in such a way is "
        "asked for none here",
    ),
    Variable(
        name="PLAINCHANT_THREADS",
        kind=Kind.NUMBER,
        default="`8`",
        meaning="requests answered at once (`--threads`); whoever sends or reads slowly takes none of them",
    ),
    Variable(
        name="PLAINCHANT_OPERATOR",
        default="empty: the legal notice says that it is missing",
        meaning="who runs the portal: named at the foot of pages and mails, and in the legal notice",
    ),
    Variable(name="PLAINCHANT_OPERATOR_ADDRESS", default="empty", meaning="postal address, for the legal notice"),
    Variable(name="PLAINCHANT_HOSTED_BY", default="empty: the operator", meaning="name and address of who hosts it"),
    Variable(
        name="PLAINCHANT_HELP",
        default="empty",
        meaning="where people ask for help: an e-mail address or a page",
    ),
    Variable(
        name="PLAINCHANT_WHO_HELPS",
        default="the unions of artist-authors",
        meaning="a TOML file of those who help your users; see [Who helps](operating.md#who-helps)",
    ),
    Variable(name="PLAINCHANT_LEGAL_URL", default="a page of the portal", meaning="your own legal notice"),
    Variable(
        name="PLAINCHANT_PRIVACY_URL", default="a page of the portal", meaning="your own page about personal data"
    ),
    Variable(
        name="PLAINCHANT_ACCESSIBILITY_URL",
        default="a page of the portal, which says that no audit was made",
        meaning="your own accessibility statement",
    ),
    Variable(
        name="PLAINCHANT_TRUSTED_PROXIES",
        kind=Kind.NUMBER,
        default="`0`",
        meaning="how many proxies of yours add to `X-Forwarded-For`; see [Proxy](operating.md#proxy-and-tls)",
    ),
    Variable(
        name="PLAINCHANT_SSL_REDIRECT",
        kind=Kind.FLAG,
        default="on",
        meaning="production only: answer http with a redirection to https",
    ),
    Variable(
        name="PLAINCHANT_HSTS_SUBDOMAINS",
        kind=Kind.FLAG,
        default="off",
        meaning="production only: browsers want https of each host below the portal's too; on if they all have it",
    ),
    Variable(
        name="PLAINCHANT_BACKUP_KEY",
        default="empty: backups are not sealed",
        meaning="public key (`age1…`) for which `plainchant backup make` seals; see [Backups](operating.md#backups)",
    ),
    Variable(
        name="PLAINCHANT_LOG_LEVEL",
        kind=Kind.CHOICE,
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        default="`INFO`",
        meaning="what is not logged below",
    ),
    Variable(
        name="PLAINCHANT_LOG_FORMAT",
        kind=Kind.CHOICE,
        choices=("plain", "json"),
        default="`plain`",
        meaning="a line of text, or a JSON object a line; see [Logs](operating.md#logs-and-upkeep)",
    ),
    Variable(
        name="PLAINCHANT_ACCESS_LOG",
        kind=Kind.FLAG,
        default="on in production",
        meaning="a line for each request, without its query and without tokens",
    ),
    Variable(
        name="PLAINCHANT_ERROR_MAILS",
        kind=Kind.LIST,
        default="empty: none",
        meaning="addresses that are told of errors, ten messages an hour at most",
    ),
    Variable(
        name="PLAINCHANT_COMPANY_SEARCH_URL",
        default="empty: nobody is asked",
        meaning="the public company search that fills in the sheet of a new structure from its SIRET, which is all "
        "that it is told: `https://recherche-entreprises.api.gouv.fr/search`; what does not answer within two seconds "
        "leaves the form empty",
    ),
    Variable(
        name="PLAINCHANT_SANDBOX",
        kind=Kind.FLAG,
        default="off; `plainchant sandbox` turns it on",
        meaning="a clock that anyone may set, recipients that follow a script, no secrets kept "
        "([Sandbox](sandbox.md)); refused in production",
    ),
    Variable(
        name="PLAINCHANT_API",
        kind=Kind.FLAG,
        default="on",
        meaning="the programming interface that Chorus Pro's programs expect, under `/cpro/` and `/api/` "
        "([api.md](api.md)); off: these addresses do not exist",
    ),
    Variable(
        name="PLAINCHANT_API_RATE",
        kind=Kind.NUMBER,
        default="`50`",
        meaning="calls of that interface that each process answers an application in a second; more are answered 429. "
        "`0`: no limit",
    ),
    Variable(
        name="PLAINCHANT_WEBHOOKS",
        kind=Kind.FLAG,
        default="off",
        meaning="managers may have programs told of their invoices, at public https addresses that they give; see "
        "[Webhooks](operating.md#webhooks)",
    ),
    Variable(
        name="PLAINCHANT_OPEN_STATISTICS",
        kind=Kind.FLAG,
        default="off",
        meaning="publish figures of public bodies on `/statistiques/`, for anyone: delays, reasons, volumes; "
        "see [Open statistics](operating.md#open-statistics)",
    ),
    Variable(
        name="PLAINCHANT_SENTRY_DSN",
        kind=Kind.SECRET,
        default="empty: none",
        meaning="address (DSN) of a Sentry that is told of errors: where and of which kind, never what was typed; "
        "needs the extra `sentry`",
    ),
    Variable(
        name="PLAINCHANT_METRICS_TOKEN",
        kind=Kind.SECRET,
        default="empty: no `/metrics`",
        meaning="what Prometheus must send as a bearer token",
    ),
)

VARIABLE_OF = {row.name: row for row in VARIABLES}
