"""The product's settings for tests: a scratch folder for data, tasks drained by the tests themselves."""

import os
import tempfile

# Before the product's settings read them: tests never touch the developer's own data.
os.environ["PLAINCHANT_DATA"] = tempfile.mkdtemp(prefix="plainchant-tests-")
os.environ["PLAINCHANT_QUEUE"] = "embedded"  # tests/tasks/test_procrastinate.py runs the other engine for real
os.environ["PLAINCHANT_RUN_TASKS_IN_PROCESS"] = "false"

from plainchant.config.settings import *  # noqa: F403

# Argon2 on purpose costs 0.2 s a password; the tests of passwords themselves set it back.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405

# Off in a portal until its operator wants it; who may is asked here.
WEBHOOKS = True

# Each test client makes the middleware anew, and WhiteNoise would list every static file each time: it looks for one
# when it is asked for it.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
