"""Whether the mail server lets the portal in, and takes mail from its sender."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

_SECONDS = 10


class SenderRefused(Exception):
    """The server lets the portal in, and takes no mail from PLAINCHANT_FROM."""


def try_server() -> None:
    """Connect, log in, name the sender, and leave without sending anything. Raises OSError, SMTPException (an OSError
    too) and SenderRefused. Nothing where mail is not sent by SMTP.
    """
    connection = get_connection(fail_silently=False, timeout=_SECONDS)
    if not isinstance(connection, EmailBackend):
        return
    connection.open()
    try:
        server = connection.connection
        if not isinstance(server, smtplib.SMTP):
            raise OSError("no connection was made")
        code, answer = server.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
        if code >= 400:
            raise SenderRefused(f"{code} {answer.decode('utf-8', 'replace')}")
        server.rset()
    finally:
        connection.close()
