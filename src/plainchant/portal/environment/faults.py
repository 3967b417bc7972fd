"""What is wrong with the variables as they are set, before anything is loaded or reached.

A name or a value that cannot be understood stops every start: PLAINCHANT_PRODUCTON=1 would otherwise open a portal with
the public passwords of the demonstration. What a real portal needs stops a production start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .reading import Environment, Unreadable
from .table import FOR_DEVELOPMENT, VARIABLE_OF, VARIABLES, Kind

DEVELOPMENT_KEY = "plainchant-development-key-refused-in-production"
DEVELOPMENT_SENDER = "Plainchant <ne-pas-repondre@plainchant.example>"
LEAST_KEY_LENGTH = 32  # characters: 128 bits where they are hexadecimal
_LEAST_DIFFERENT = 8
SMTP_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "pgsql")
_NEAR = 0.84  # of difflib: PLAINCHANT_SMPT_URL is .95 near, PLAINCHANT_FORM .87


@dataclass(frozen=True)
class Fault:
    """Something wrong with a variable. One that does not stop a start is only worth saying.

    ``is_unreadable``: the settings cannot even be loaded. ``is_away``: what the variable names does not answer now,
    which may pass without a correction: a start goes on.
    """

    variable: str
    sentence: str
    stops: bool = True
    is_unreadable: bool = False
    is_away: bool = False


def faults(values: Mapping[str, str]) -> list[Fault]:
    """All that is wrong with these variables, in the order of the table; empty where a start may be tried."""
    found = [*_unknown(values), *_unreadable(values)]
    environment = Environment(values)
    unreadable = {fault.variable for fault in found}
    found += _together(environment, values, already=unreadable)
    if "PLAINCHANT_PRODUCTION" not in unreadable and environment.flag("PLAINCHANT_PRODUCTION", default=False):
        found += _in_production(environment, already={fault.variable for fault in found})
    order = list(VARIABLE_OF)
    return sorted(found, key=lambda fault: order.index(fault.variable) if fault.variable in order else -1)


def _unknown(values: Mapping[str, str]) -> Iterator[Fault]:
    """Names that look like one of ours and are none."""
    for name in sorted(values):
        if name in VARIABLE_OF or name.startswith(FOR_DEVELOPMENT):
            continue
        is_ours = name.upper().startswith("PLAINCHANT")
        # DATABASE_URI may be somebody else's where DATABASE_URL is set too.
        unset = [known for known in VARIABLE_OF if is_ours or not values.get(known)]
        near = get_close_matches(name.upper(), unset, n=1, cutoff=_NEAR if is_ours else 0.9)
        if near:
            yield Fault(name, f"{name} n’est pas un réglage de Plainchant. Vouliez-vous écrire {near[0]} ?")
        elif is_ours:
            nearest = get_close_matches(name.upper(), VARIABLE_OF, n=1, cutoff=0)
            hint = f"Le plus proche est {nearest[0]}. " if nearest else ""
            yield Fault(name, f"{name} n’est pas un réglage de Plainchant. {hint}Corrigez son nom, ou retirez-le.")


def _unreadable(values: Mapping[str, str]) -> Iterator[Fault]:
    """Values that are none of what their kind allows."""
    environment = Environment(values)
    for row in VARIABLES:
        try:
            match row.kind:
                case Kind.FLAG:
                    environment.flag(row.name, default=False)
                case Kind.NUMBER:
                    environment.number(row.name, default=0)
                case Kind.LIST:
                    environment.list(row.name, default=[])
                case Kind.CHOICE:
                    environment.text(row.name, default=row.choices[0])
        except Unreadable as unreadable:
            yield Fault(row.name, unreadable.sentence, is_unreadable=True)


_PAGES = ("PLAINCHANT_LEGAL_URL", "PLAINCHANT_PRIVACY_URL", "PLAINCHANT_ACCESSIBILITY_URL")


def _together(environment: Environment, values: Mapping[str, str], *, already: set[str]) -> Iterator[Fault]:
    """What one variable makes of another, in development too."""
    database = environment.text("DATABASE_URL")
    scheme = _scheme(database)
    if database and scheme not in DATABASE_SCHEMES:
        yield Fault(
            "DATABASE_URL",
            "DATABASE_URL n’est pas l’adresse d’une base. Écrivez par exemple "
            "postgres://utilisateur:motdepasse@base.example.org:5432/plainchant.",
            is_unreadable=True,
        )
    on_postgresql = scheme in DATABASE_SCHEMES[1:]
    if on_postgresql and find_spec("psycopg") is None:
        yield Fault(
            "DATABASE_URL",
            "DATABASE_URL demande PostgreSQL, et le paquet psycopg manque. "
            "Installez Plainchant avec l’option postgres.",
            is_unreadable=True,
        )
    queue = "" if "PLAINCHANT_QUEUE" in already else environment.text("PLAINCHANT_QUEUE", default="embedded")
    if queue == "procrastinate" and not on_postgresql:
        yield Fault(
            "PLAINCHANT_QUEUE",
            "PLAINCHANT_QUEUE=procrastinate a besoin de PostgreSQL. Indiquez-le dans DATABASE_URL.",
            is_unreadable=True,
        )
    pooler = environment.text("PLAINCHANT_POOLER_URL")
    if pooler and not (on_postgresql and _scheme(pooler) in DATABASE_SCHEMES[1:]):
        yield Fault(
            "PLAINCHANT_POOLER_URL",
            "PLAINCHANT_POOLER_URL est l’adresse d’un PgBouncer, devant la base PostgreSQL que DATABASE_URL nomme. "
            "Indiquez les deux, ou videz-la.",
            is_unreadable=True,
        )
    replica = environment.text("PLAINCHANT_REPLICA_URL")
    if replica and not (on_postgresql and _scheme(replica) in DATABASE_SCHEMES[1:]):
        yield Fault(
            "PLAINCHANT_REPLICA_URL",
            "PLAINCHANT_REPLICA_URL est l’adresse d’une copie de la base PostgreSQL que DATABASE_URL nomme. "
            "Indiquez les deux, ou videz-la.",
            is_unreadable=True,
        )
    search = environment.text("PLAINCHANT_COMPANY_SEARCH_URL")
    if search and _scheme(search) not in ("http", "https"):
        yield Fault(
            "PLAINCHANT_COMPANY_SEARCH_URL",
            "PLAINCHANT_COMPANY_SEARCH_URL n’est pas une adresse http ou https. Écrivez-la comme "
            "https://recherche-entreprises.api.gouv.fr/search.",
            is_unreadable=True,
        )
    if dsn := environment.text("PLAINCHANT_SENTRY_DSN"):
        if not _is_dsn(dsn):
            yield Fault(
                "PLAINCHANT_SENTRY_DSN",
                "PLAINCHANT_SENTRY_DSN n’est pas l’adresse que donne Sentry. Elle ressemble à "
                "https://clé@sentry.example.org/42.",
                is_unreadable=True,
            )
        elif find_spec("sentry_sdk") is None:
            yield Fault(
                "PLAINCHANT_SENTRY_DSN",
                "PLAINCHANT_SENTRY_DSN demande le paquet sentry-sdk, qui manque. Installez Plainchant avec l’option "
                "sentry, ou videz ce réglage.",
                is_unreadable=True,
            )
    yield from _other_service(environment, values)
    bucket = environment.text("PLAINCHANT_S3_BUCKET")
    orphans = [row.name for row in VARIABLES if row.name.startswith("PLAINCHANT_S3_") and values.get(row.name)]
    if orphans and not bucket:
        yield Fault(
            "PLAINCHANT_S3_BUCKET",
            f"{orphans[0]} est indiqué sans PLAINCHANT_S3_BUCKET : les documents iraient sur le disque de cette "
            "machine. Indiquez le bucket, ou retirez ce réglage.",
        )
    if bucket and find_spec("storages") is None:
        yield Fault(
            "PLAINCHANT_S3_BUCKET",
            "PLAINCHANT_S3_BUCKET demande un stockage S3, et le paquet django-storages manque. "
            "Installez Plainchant avec l’option s3.",
        )
    keys = ("PLAINCHANT_S3_ACCESS_KEY", "PLAINCHANT_S3_SECRET_KEY")
    given = [name for name in keys if environment.text(name)]
    if len(given) == 1:
        (missing,) = set(keys) - set(given)
        yield Fault(missing, f"{missing} manque : {given[0]} ne sert à rien sans lui.")
    smtp = environment.text("PLAINCHANT_SMTP_URL")
    if smtp and (_scheme(smtp) not in SMTP_SCHEMES or not urlsplit(smtp).hostname):
        yield Fault(
            "PLAINCHANT_SMTP_URL",
            "PLAINCHANT_SMTP_URL n’est pas l’adresse d’un serveur de courriel. Écrivez par exemple "
            "smtp+tls://utilisateur:motdepasse@mail.example.org:587.",
            is_unreadable=True,
        )
    help_address = environment.text("PLAINCHANT_HELP")
    if help_address and _scheme(help_address) not in ("http", "https") and not _is_sender(help_address):
        yield Fault(
            "PLAINCHANT_HELP",
            f"PLAINCHANT_HELP vaut « {help_address} » : écrivez une adresse de courriel, ou une adresse https://.",
        )
    for name in _PAGES:
        address = environment.text(name)
        if address and _scheme(address) not in ("http", "https"):
            yield Fault(name, f"{name} vaut « {address} » : écrivez une adresse entière, qui commence par https://.")
    sender = environment.text("PLAINCHANT_FROM", default=DEVELOPMENT_SENDER)
    if not _is_sender(sender):
        yield Fault(
            "PLAINCHANT_FROM",
            f"PLAINCHANT_FROM vaut « {sender} », qui n’est pas une adresse de courriel. Écrivez par exemple "
            "Factures <factures@example.org>.",
        )


_NEEDED_OF_OTHER_SERVICE = ("PLAINCHANT_OIDC_CLIENT_ID", "PLAINCHANT_OIDC_CLIENT_SECRET", "PLAINCHANT_OIDC_NAME")


def _other_service(environment: Environment, values: Mapping[str, str]) -> Iterator[Fault]:
    """Of the service that people log in with, if there is one."""
    issuer = environment.text("PLAINCHANT_OIDC_ISSUER")
    if not issuer:
        orphan = next(
            (row.name for row in VARIABLES if row.name.startswith("PLAINCHANT_OIDC_") and values.get(row.name)), ""
        )
        if orphan:
            yield Fault(
                "PLAINCHANT_OIDC_ISSUER",
                f"{orphan} est indiqué sans PLAINCHANT_OIDC_ISSUER : personne ne se connecterait par ce service. "
                "Indiquez son adresse, ou retirez ce réglage.",
            )
        return
    if _scheme(issuer) not in ("http", "https") or not urlsplit(issuer).hostname:
        yield Fault(
            "PLAINCHANT_OIDC_ISSUER",
            "PLAINCHANT_OIDC_ISSUER n’est pas une adresse. Écrivez celle que le service publie (« issuer »), "
            "comme https://identite.example.org.",
        )
    for name in _NEEDED_OF_OTHER_SERVICE:
        if not environment.text(name):
            yield Fault(name, f"{name} manque : PLAINCHANT_OIDC_ISSUER ne sert à rien sans lui.")
    if find_spec("joserfc") is None:
        yield Fault(
            "PLAINCHANT_OIDC_ISSUER",
            "PLAINCHANT_OIDC_ISSUER demande le paquet joserfc, qui manque. Installez Plainchant avec l’option oidc, "
            "ou videz ce réglage.",
        )


def _in_production(environment: Environment, *, already: set[str]) -> Iterator[Fault]:
    for row in VARIABLES:
        if row.is_required and row.name not in already and not environment.text(row.name):
            yield Fault(row.name, f"{row.name} manque : {_NEEDED[row.name]}")
            already.add(row.name)
    weakness = _weakness(environment.text("PLAINCHANT_SECRET_KEY"))
    if weakness and "PLAINCHANT_SECRET_KEY" not in already:
        yield Fault("PLAINCHANT_SECRET_KEY", f"PLAINCHANT_SECRET_KEY {weakness} {_DRAW_A_KEY}")
    if "PLAINCHANT_DEBUG" not in already and environment.flag("PLAINCHANT_DEBUG", default=False):
        yield Fault(
            "PLAINCHANT_DEBUG",
            "PLAINCHANT_DEBUG montre aux visiteurs ce qu’ils ne doivent pas voir. Retirez-le en production.",
        )
    if "PLAINCHANT_SANDBOX" not in already and environment.flag("PLAINCHANT_SANDBOX", default=False):
        yield Fault(
            "PLAINCHANT_SANDBOX",
            "PLAINCHANT_SANDBOX laisse n’importe qui régler l’horloge et lire les échanges. Retirez-le en production.",
        )
    if "PLAINCHANT_URL" not in already:
        yield from _public_address(environment)
    if "PLAINCHANT_OIDC_ISSUER" not in already and _scheme(environment.text("PLAINCHANT_OIDC_ISSUER")) == "http":
        yield Fault(
            "PLAINCHANT_OIDC_ISSUER",
            "PLAINCHANT_OIDC_ISSUER commence par http : n’importe qui sur le chemin pourrait répondre à sa place. "
            "Écrivez une adresse https.",
        )
    sender = environment.text("PLAINCHANT_FROM")
    if "PLAINCHANT_FROM" not in already and _domain(sender) == _domain(DEVELOPMENT_SENDER):
        yield Fault("PLAINCHANT_FROM", f"PLAINCHANT_FROM vaut {sender}, l’adresse d’exemple. Indiquez la vôtre.")
    if not Path(environment.text("PLAINCHANT_DATA", default="var")).is_absolute():
        yield Fault(
            "PLAINCHANT_DATA",
            "PLAINCHANT_DATA n’est pas un chemin complet : les données dépendent du dossier d’où l’on démarre. "
            "Écrivez par exemple /srv/plainchant.",
            stops=False,
        )
    for name, sentence in _WORTH_SAYING.items():
        if not environment.text(name):
            yield Fault(name, f"{name} manque : {sentence}", stops=False)
    if "PLAINCHANT_TRUSTED_PROXIES" not in already and not environment.number("PLAINCHANT_TRUSTED_PROXIES", default=0):
        yield Fault(
            "PLAINCHANT_TRUSTED_PROXIES",
            "PLAINCHANT_TRUSTED_PROXIES vaut 0 : derrière un proxy, tous les visiteurs partagent une même adresse, et "
            "les mêmes limites d’essais. Indiquez combien de proxys écrivent X-Forwarded-For.",
            stops=False,
        )


_DRAW_A_KEY = "Tirez-en une au hasard, par exemple avec « openssl rand -base64 48 », et gardez-la."
_NEEDED = {
    "PLAINCHANT_SECRET_KEY": f"la clé qui signe les connexions et les liens. {_DRAW_A_KEY}",
    "PLAINCHANT_URL": "l’adresse publique du portail, que portent les liens des courriels. Écrivez par exemple "
    "https://factures.example.org.",
    "PLAINCHANT_SMTP_URL": "le serveur de courriel. Un avis de facture fait courir un délai légal : rien ne marche "
    "sans lui. Écrivez par exemple smtp+tls://utilisateur:motdepasse@mail.example.org:587.",
    "PLAINCHANT_FROM": "l’expéditeur des courriels. Écrivez par exemple Factures <factures@example.org>.",
}


_WORTH_SAYING = {
    "PLAINCHANT_OPERATOR": "les mentions légales ne nomment personne, ce que la loi demande. "
    "Indiquez qui tient le portail.",
    "PLAINCHANT_HELP": "les pages et les courriels ne disent pas à qui demander de l’aide. Indiquez une adresse.",
}


def _weakness(key: str) -> str:
    """Why somebody could guess this key; empty if nobody could."""
    if DEVELOPMENT_KEY in key or key.startswith("django-insecure"):
        return "est une clé d’exemple, que tout le monde connaît."
    if len(key) < LEAST_KEY_LENGTH:
        return f"n’a que {len(key)} caractères : il en faut {LEAST_KEY_LENGTH} au moins."
    if len(set(key)) < _LEAST_DIFFERENT or (key + key).find(key, 1) < len(key):
        return "se répète : elle pourrait être devinée."
    return ""


def _public_address(environment: Environment) -> Iterator[Fault]:
    url = environment.text("PLAINCHANT_URL")
    parts = urlsplit(url if _scheme(url) in ("http", "https") else "")
    host = parts.hostname
    if not host:
        yield Fault(
            "PLAINCHANT_URL",
            f"PLAINCHANT_URL vaut « {url} », qui n’est pas une adresse de site. Écrivez par exemple "
            "https://factures.example.org.",
        )
        return
    if parts.scheme != "https":
        yield Fault(
            "PLAINCHANT_URL",
            f"PLAINCHANT_URL vaut {url} : sans https, personne ne pourrait se connecter. Écrivez https://{host}.",
        )
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        yield Fault(
            "PLAINCHANT_URL",
            f"PLAINCHANT_URL vaut {url} : écrivez l’adresse du site seule, sans chemin ni mot de passe.",
        )
    hosts = environment.list("PLAINCHANT_HOSTS", default=[])
    if hosts and not any(_answers(pattern, host) for pattern in hosts):
        yield Fault(
            "PLAINCHANT_HOSTS",
            f"PLAINCHANT_HOSTS ne contient pas {host}, le nom de PLAINCHANT_URL : le portail refuserait chaque visite. "
            "Ajoutez-le.",
        )


def _is_dsn(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in ("http", "https") and parts.username and parts.hostname and parts.path.strip("/").isdigit()
        )
    except ValueError:
        return False


def _scheme(url: str) -> str:
    """The scheme of a URL whose parts can be told apart, else nothing."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return parts.scheme


def _answers(pattern: str, host: str) -> bool:
    pattern = pattern.lower().strip("[]")
    return pattern in ("*", host) or (pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:]))


def _is_sender(text: str) -> bool:
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        return False
    return "\n" not in text and "\r" not in text


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2].lower()
