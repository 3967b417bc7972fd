"""Every setting, read from the environment, with defaults that work on an empty machine.

With no variable set this is a development portal: SQLite, files under ``var/``, mail kept in the visible mailbox,
tasks run inside the web process. The variables are rows of `portal.environment.table`; what is wrong with their values
is for the processes that start (`cli.check_settings`, `config.wsgi`) to say.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from plainchant.portal.drafts.fields import KEPT_LINES, LINE_FIELDS
from plainchant.portal.environment.faults import DEVELOPMENT_KEY, DEVELOPMENT_SENDER
from plainchant.portal.environment.reading import Environment
from plainchant.portal.lib.time import follow
from plainchant.sandbox.clock import SandboxClock

env = Environment(os.environ)

DATA_DIR = Path(env.text("PLAINCHANT_DATA", default="var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

PRODUCTION = env.flag("PLAINCHANT_PRODUCTION", default=False)
DEBUG = env.flag("PLAINCHANT_DEBUG", default=False)
SECRET_KEY = env.text("PLAINCHANT_SECRET_KEY", default=DEVELOPMENT_KEY)

PUBLIC_URL = env.text("PLAINCHANT_URL", default="http://127.0.0.1:8000").rstrip("/")
_OWN_HOSTS = {"127.0.0.1": None, "localhost": None, "[::1]": None, urlsplit(PUBLIC_URL).hostname or "localhost": None}
ALLOWED_HOSTS = env.list("PLAINCHANT_HOSTS", default=list(_OWN_HOSTS))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "plainchant.web",  # first: its templates come before those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "plainchant.portal.queue",
    "plainchant.portal.mail",
    "plainchant.portal.store",
    "plainchant.portal.accounts",
    "plainchant.portal.structures",
    "plainchant.portal.calls",
    "plainchant.portal.notices",
    "plainchant.portal.pins",
    "plainchant.portal.searches",
    "plainchant.portal.commitments",
    "plainchant.portal.directory",
    "plainchant.portal.mandates",
    "plainchant.portal.library",
    "plainchant.portal.invoices",
    "plainchant.portal.drafts",
    "plainchant.portal.flows",
    "plainchant.portal.tickets",
    "plainchant.portal.hooks",
    "plainchant.portal.drops",
]

MIDDLEWARE = [
    "plainchant.web.monitor.MonitorMiddleware",  # before the log of requests: it is asked every few seconds
    "plainchant.web.traffic.TrafficMiddleware",  # what the others refuse is logged too
    "django.middleware.security.SecurityMiddleware",
    "plainchant.api.entry.WireMiddleware",  # programs: no session, no cookie, none of the headers for browsers
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",  # these three before static files, which are answered here too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plainchant.web.middleware.BodySizeMiddleware",
    "plainchant.web.account.resuming.LogInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "plainchant.web.middleware.PermissionMiddleware",
    "plainchant.web.middleware.SecondFactorMiddleware",
    "plainchant.web.middleware.OutageMiddleware",
]

ROOT_URLCONF = "plainchant.config.urls"
WSGI_APPLICATION = "plainchant.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "plainchant.web.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "plainchant.web.forms_rendering.FormRenderer"

# -- Database -------------------------------------------------------------------------------------------------
_DATABASE = env.text("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'plainchant.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(_DATABASE)}
ON_POSTGRESQL = "postgresql" in DATABASES["default"]["ENGINE"]


def _on_postgresql(url: str) -> dict[str, object]:
    """How to speak with a PostgreSQL, or with a pooler in front of it."""
    database = environ.Env.db_url_config(url)
    # A database that is away is to be known as such within seconds, a network that was cut too. The URL may say
    # otherwise. How long a page's statement may take: `config/wsgi.py`. Statements are prepared (decision 0097).
    options = {
        "server_side_binding": True,
        "prepare_threshold": 5,
        "connect_timeout": 5,
        "keepalives_idle": 20,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **database.get("OPTIONS", {}),
    }
    engine = "plainchant.portal.lib.postgresql"
    return {**database, "ENGINE": engine, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def _pooled(url: str, **options: object) -> dict[str, object]:
    """In transaction mode the next statement may meet another session: none may count on what the last one left."""
    database = _on_postgresql(url)
    return {
        **database,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {**database["OPTIONS"], **options, "prepare_threshold": None},  # type: ignore[dict-item]
    }


# What pages use instead, if it is given (`config/wsgi.py`).
POOLED_DATABASE: dict[str, object] = {}
if ON_POSTGRESQL:
    DATABASES["default"] = _on_postgresql(_DATABASE)
    if pooler := env.text("PLAINCHANT_POOLER_URL"):
        POOLED_DATABASE = _pooled(pooler)
    if replica := env.text("PLAINCHANT_REPLICA_URL"):
        # The primary answers in its place: somebody waits while it does not.
        DATABASES["replica"] = _pooled(replica, connect_timeout=2)
        DATABASE_ROUTERS = ["plainchant.portal.lib.replica.Router"]
else:
    # Without IMMEDIATE a transaction that reads before it writes fails with « database is locked » as soon as two
    # threads do it; FULL because an acknowledged deposit must survive a power cut, not only a crash.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The counters of the rate limits: shared by every process, and still there after a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "plainchant_cache",
        # Django keeps 300 by default: a stranger could push the counters out by filling them.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# -- Background tasks -----------------------------------------------------------------------------------------
# "embedded": a table of this database, drained inside the web process (or by `plainchant worker`).
# "procrastinate": PostgreSQL only, `plainchant worker` on any number of machines.
QUEUE = env.text("PLAINCHANT_QUEUE", default="procrastinate" if ON_POSTGRESQL else "embedded")
RUN_TASKS_IN_PROCESS = env.flag("PLAINCHANT_RUN_TASKS_IN_PROCESS", default=QUEUE == "embedded")
if QUEUE == "procrastinate":
    INSTALLED_APPS.insert(0, "procrastinate.contrib.django")
    PROCRASTINATE_ON_APP_READY = "plainchant.tasks.procrastinate.register"

# -- Files ----------------------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "documents"  # never served by URL: every download passes a permission
_DOCUMENTS: dict[str, object] = {
    "BACKEND": "plainchant.portal.store.storage.DurableFileSystemStorage",
    "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": None},
}
if env.text("PLAINCHANT_S3_BUCKET"):
    from botocore.config import Config  # type: ignore[import-untyped]

    _DOCUMENTS = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("PLAINCHANT_S3_BUCKET"),
            "endpoint_url": env.text("PLAINCHANT_S3_ENDPOINT") or None,
            "access_key": env.text("PLAINCHANT_S3_ACCESS_KEY") or None,
            "secret_key": env.text("PLAINCHANT_S3_SECRET_KEY") or None,
            "region_name": env.text("PLAINCHANT_S3_REGION") or None,
            # The client's own patience is five times a minute, on a thread that others wait for.
            "client_config": Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2}),
            "file_overwrite": False,
            "default_acl": None,
        },
    }
STORAGES = {
    "default": _DOCUMENTS,
    "documents": _DOCUMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # a folder of a hundred files must not fill the memory
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of what is not a file
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    KEPT_LINES * len(LINE_FIELDS) + 100
)  # the longest sheet, and what stands around its lines

# The antivirus every file goes past: clamd's Unix socket (/run/clamav/clamd.ctl) or host:port. Empty: none.
# What one person, and one structure, may hand in: `portal.store.quotas`.
QUOTA_BYTES = env.number("PLAINCHANT_QUOTA_MB", default=50_000) << 20
QUOTA_FLOWS = env.number("PLAINCHANT_QUOTA_FLOWS", default=2_000)
QUOTA_DRAFTS = env.number("PLAINCHANT_QUOTA_DRAFTS", default=5_000)

CLAMD = env.text("PLAINCHANT_CLAMD")
CLAMD_MAX_BYTES = env.number("PLAINCHANT_CLAMD_MAX_MB", default=100) << 20  # clamd's own StreamMaxLength

# Backups are sealed for this public key (age1…): this machine need not be able to read them.
BACKUP_KEY = env.text("PLAINCHANT_BACKUP_KEY")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# The pictures and films of the help, as `make help` makes them.
STATICFILES_DIRS = [Path(__file__).parents[1] / "help" / "static"]
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns about a folder that is not there yet
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site uses them

# -- Mail -----------------------------------------------------------------------------------------------------
# Every message is first a row of the outbox; this says only how the outbox hands it on.
# Without PLAINCHANT_SMTP_URL the messages stay in the outbox, readable at /mailbox/.
SMTP_URL = env.text("PLAINCHANT_SMTP_URL")
if SMTP_URL:
    vars().update(environ.Env.email_url_config(SMTP_URL))
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MAILBOX_IS_VISIBLE = not SMTP_URL and not PRODUCTION
DEFAULT_FROM_EMAIL = env.text("PLAINCHANT_FROM", default=DEVELOPMENT_SENDER)

# -- Who runs this portal -------------------------------------------------------------------------------------
WHO_HELPS = env.text("PLAINCHANT_WHO_HELPS")  # a TOML file; empty: the unions of artist-authors

OPERATOR = {
    "name": env.text("PLAINCHANT_OPERATOR"),
    "address": env.text("PLAINCHANT_OPERATOR_ADDRESS"),
    "host": env.text("PLAINCHANT_HOSTED_BY"),
    "help": env.text("PLAINCHANT_HELP"),
    "legal_url": env.text("PLAINCHANT_LEGAL_URL"),
    "privacy_url": env.text("PLAINCHANT_PRIVACY_URL"),
    "accessibility_url": env.text("PLAINCHANT_ACCESSIBILITY_URL"),
}

# -- Accounts -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "plainchant.portal.accounts.passwords.LengthValidator"},
    {"NAME": "plainchant.portal.accounts.passwords.CommonValidator"},
    {"NAME": "plainchant.portal.accounts.passwords.OwnNameValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "plainchant.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "email2*", "password1*"]  # without password1 allauth asks for none at log-in
ACCOUNT_FORMS = {
    "login": "plainchant.web.account.forms.LoginForm",
    "reset_password": "plainchant.web.account.forms.ForgottenPasswordForm",
    "reset_password_from_key": "plainchant.web.account.forms.NewPasswordForm",
    "change_password": "plainchant.web.account.forms.ChangePasswordForm",
    "reauthenticate": "plainchant.web.account.forms.PasswordAgainForm",
    "confirm_login_code": "plainchant.web.account.second_factor_forms.MailCodeForm",
}
# The activation link is ours and proves the address: nobody is active without it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Counted per visitor's address and per e-mail address. A failed log-in counts for the pair, so that a stranger
# cannot lock an owner out; sixty registrations an hour let a class-room in.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "50/15m/ip,10/15m/key",
    "api_token_failed": "100/15m/ip",
    "login_account": "100/h/key",  # of an account from anywhere: then only a link by mail opens it
    "signup": "60/h/ip,5/h/key",
    "resend_activation": "60/h/ip,5/h/key",
    "activate": "30/m/ip",
    "stop_notices": "20/h/key",  # of one mail's own link, wherever it is followed from
    "reset_password": "60/h/ip,5/h/key",
    "reset_password_from_key": "30/m/ip",
    "join_structure": "60/h/user",
    "verify": "120/h/ip",
    "passkey_challenge": "30/m/ip",
    "openid": "30/m/ip",
    "arrival_code": "60/h/ip,10/15m/key",
    "confirm_address": "20/h/user,5/h/key",
    "mail_code": "10/h/user",
    "reauthenticate": "10/15m/user",
    "ticket": "20/h/user",
}
# -- Second factor (docs/decisions/0057) ----------------------------------------------------------------------
SECOND_FACTOR_FOR = frozenset(env.list("PLAINCHANT_SECOND_FACTOR_FOR", default=[]))
MFA_ADAPTER = "plainchant.web.account.second_factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Plainchant"
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: who types slowly comes in; each still works once
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "plainchant.web.account.second_factor_forms.CodeForm",
    "authenticate_webauthn": "plainchant.web.account.second_factor_forms.PasskeyForm",
    "login_webauthn": "plainchant.web.account.second_factor_forms.PasskeyLogInForm",
    "activate_totp": "plainchant.web.account.second_factor_forms.FirstCodeForm",
    "add_webauthn": "plainchant.web.account.second_factor_forms.NewPasskeyForm",
}
# -- Telling programs over https, at addresses that managers give (docs/decisions/0084) ---------------------------
WEBHOOKS = env.flag("PLAINCHANT_WEBHOOKS", default=False)
# -- The programming interface (docs/api.md) --------------------------------------------------------------------
API = env.flag("PLAINCHANT_API", default=True)
# -- A sandbox for the tests of other programs (docs/sandbox.md): refused in production ------------------------------
SANDBOX = env.flag("PLAINCHANT_SANDBOX", default=False) and not PRODUCTION
if SANDBOX:
    follow(SandboxClock(DATA_DIR / "clock.json"))
    MIDDLEWARE.insert(
        MIDDLEWARE.index("plainchant.api.entry.WireMiddleware"), "plainchant.sandbox.middleware.SandboxMiddleware"
    )
    if not ON_POSTGRESQL:  # a day put forward is dozens of commits, of which none has to outlive a power cut
        DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=NORMAL;"
API_RATE = env.number("PLAINCHANT_API_RATE", default=50)  # calls of an application in a second of a process
# -- Figures of public bodies, for anyone (docs/decisions/0081) ------------------------------------------------
OPEN_STATISTICS = env.flag("PLAINCHANT_OPEN_STATISTICS", default=False)
# -- Logging in by another service (docs/decisions/0077): empty, and nothing of it is loaded -------------------
OIDC_ISSUER = env.text("PLAINCHANT_OIDC_ISSUER")
OIDC_CLIENT_ID = env.text("PLAINCHANT_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.text("PLAINCHANT_OIDC_CLIENT_SECRET")
OIDC_NAME = env.text("PLAINCHANT_OIDC_NAME")
OIDC_SCOPE = env.text("PLAINCHANT_OIDC_SCOPE", default="openid profile email")
OIDC_SIRET_CLAIM = env.text("PLAINCHANT_OIDC_SIRET_CLAIM", default="siret")
OIDC_ACR_VALUES = env.text("PLAINCHANT_OIDC_ACR_VALUES")
OIDC_SECOND_FACTOR = frozenset(env.list("PLAINCHANT_OIDC_SECOND_FACTOR", default=[]))
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5  # of one code; of an account: `login_failed` above
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # from the log-in or the last proof: then it is asked for (`account.proof`)
# How many proxies in front of us write X-Forwarded-For: without it every visitor would count as the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PLAINCHANT_TRUSTED_PROXIES", default=0)
THREADS = env.number("PLAINCHANT_THREADS", default=8)  # requests answered at once
ACTIVATION_MINUTES = 60

SESSION_ENGINE = "plainchant.web.account.sessions"
SESSION_COOKIE_AGE = 2 * 3600  # without a request: a lunch; what was being typed is carried through the next log-in
SESSION_LIFETIME = 12 * 3600  # from the log-in: a working day; closing the browser ends it sooner
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "plainchant.web.passing_messages.MessageStorage"
CSRF_FAILURE_VIEW = "plainchant.web.account.resuming.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("PLAINCHANT_HSTS_SUBDOMAINS", default=False)
    SECURE_SSL_REDIRECT = env.flag("PLAINCHANT_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- Language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"  # what people read; the database holds UTC

# -- Logs -----------------------------------------------------------------------------------------------------
ACCESS_LOG = env.flag("PLAINCHANT_ACCESS_LOG", default=PRODUCTION)
METRICS_TOKEN = env.text("PLAINCHANT_METRICS_TOKEN")
ADMINS = [(address, address) for address in env.list("PLAINCHANT_ERROR_MAILS", default=[])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SENTRY_DSN = env.text("PLAINCHANT_SENTRY_DSN")
COMPANY_SEARCH_URL = env.text("PLAINCHANT_COMPANY_SEARCH_URL")
_TELLING = [*(["mails"] if ADMINS else []), *(["sentry"] if SENTRY_DSN else [])]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "outages": {"()": "plainchant.portal.lib.outages.OneLineAnOutage"},
        "request": {"()": "plainchant.portal.lib.logs.WithRequest"},
    },
    "formatters": {
        "plain": {"()": "plainchant.portal.lib.logs.PlainLines"},
        "json": {"()": "plainchant.portal.lib.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.text("PLAINCHANT_LOG_FORMAT", default="plain"),
            "filters": ["outages", "request"],
        },
        "security": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]},
        **(
            {"mails": {"()": "plainchant.portal.lib.logs.ErrorMails", "filters": ["outages", "request"]}}
            if ADMINS
            else {}
        ),
        **(
            {
                "sentry": {
                    "()": "plainchant.portal.lib.sentry.SentryErrors",
                    "dsn": SENTRY_DSN,
                    "release": f"plainchant@{version('plainchant')}",
                    "filters": ["outages", "request"],
                }
            }
            if SENTRY_DSN
            else {}
        ),
    },
    "root": {
        "handlers": ["console", *_TELLING],
        "level": env.text("PLAINCHANT_LOG_LEVEL", default="INFO"),
    },
    "loggers": {
        "plainchant.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        "pikepdf": {"level": "WARNING"},  # it says at each start that it was imported
        "procrastinate.blueprints": {"level": "WARNING"},  # these two too, above what each command prints
        "procrastinate.periodic": {"level": "WARNING"},
        "django": {"handlers": []},  # Django's own would mail what was typed in forms
    },
}
