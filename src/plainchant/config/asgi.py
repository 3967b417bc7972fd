"""What `plainchant run` serves: the pages of `config.wsgi` behind `web.front`."""

from __future__ import annotations

from plainchant.cli.supervisor import end_with_parent

from .wsgi import application as pages
from .wsgi import settings

end_with_parent()  # the server's main process may be killed: nobody else would end this one

from plainchant.web.front import Front  # noqa: E402 - needs Django to be ready, as `.wsgi` has made it

application = Front(pages, threads=settings.THREADS, proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT)
