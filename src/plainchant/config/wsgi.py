"""The web server's way in; on a single machine it also carries the background tasks."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainchant.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if settings.RUN_TASKS_IN_PROCESS:
    from plainchant.tasks.embedded import start_threads

    start_threads()
