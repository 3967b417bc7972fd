"""The web server's way in; on a single machine it also carries the background tasks."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainchant.config.settings")

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from plainchant.cli.gate import pass_gate
from plainchant.portal.environment.faults import faults
from plainchant.reader.raised import log_raised_walls

# Whatever server imports this: nobody is let in with the public key of the sources, or to a portal of another address.
_stopping = [fault.sentence for fault in faults(os.environ) if fault.stops]
if _stopping:
    raise ImproperlyConfigured("\n".join(_stopping))

if settings.POOLED_DATABASE:
    settings.DATABASES["default"] = settings.POOLED_DATABASE
elif settings.ON_POSTGRESQL and not settings.RUN_TASKS_IN_PROCESS:
    # Somebody waits for a page: what takes longer than this is answered « try again ». A background task may take its
    # time. An operator's own PGOPTIONS, even an empty one, says otherwise; a pooler refuses any (docs/operating.md).
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=30s -c lock_timeout=15s")

django.setup()
get_resolver().url_patterns  # noqa: B018 - loads every page now, not when somebody waits for the first
pass_gate()  # before the middleware looks which static files there are: the setup collects them
application = get_wsgi_application()
log_raised_walls()

if settings.RUN_TASKS_IN_PROCESS:
    from plainchant.tasks.embedded import start_threads

    start_threads()
