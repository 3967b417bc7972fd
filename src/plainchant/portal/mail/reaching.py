"""Whether the mail server lets the portal in, and takes mail from its sender."""

from __future__ import annotations

import smtplib
import ssl
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from .operations import MailServerAway

_SECONDS = 10


class SenderRefused(Exception):
    """The server lets the portal in, and takes no mail from PLAINCHANT_FROM."""


def try_server() -> None:
    """Connect, log in, name the sender, and leave without sending anything. Nothing where mail is not sent by SMTP.

    Raises MailServerAway where it does not answer, or says « later »; OSError, SMTPException (an OSError too) and
    SenderRefused where a setting has to be corrected.
    """
    try:
        _try()
    except Exception as error:
        if _is_passing(error):
            raise MailServerAway(str(error)) from error
        raise


def _is_passing(error: Exception) -> bool:
    """Whether the same settings may do later: nobody is there, no route, or a 4xx (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLError)


def _try() -> None:
    connection = get_connection(fail_silently=False, timeout=_SECONDS)
    if not isinstance(connection, EmailBackend):
        return
    connection.open()
    try:
        server = connection.connection
        if not isinstance(server, smtplib.SMTP):
            raise OSError("no connection was made")
        code, answer = server.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
        if code >= 500:
            raise SenderRefused(f"{code} {answer.decode('utf-8', 'replace')}")
        if code >= 400:
            raise smtplib.SMTPResponseException(code, answer)
        server.rset()
    finally:
        connection.close()
