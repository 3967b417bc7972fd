"""The one place where a refusal becomes an answer; no view catches one.

    form = CompleteForm(...)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            operations.complete(...)
            return redirect(...)
    return render(...)  # what was refused is now an error of the form

`refusals_on` keeps what can be mended on the form, at its field. What it leaves (somebody else acted first, it is not
this person's to do) and what is refused outside of it reaches `answer_to`, which `@page(…, back=…)` calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from plainchant.einvoice.drawing.look import LookRefused
from plainchant.portal.codes import CODE_OF
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.outages import RETRY_AFTER_SECONDS
from plainchant.reader.reasons import ReaderFailed

REFUSALS = (Refused, ReaderFailed, LookRefused)
# No other answer on the same form would change these.
_NOT_ABOUT_THE_FORM = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.GONE}
_FILES = ("file", "attachments")  # how operations name the field of a file


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """Write a refusal of the block on ``form``, each finding at its field, unless the form has no part in it."""
    try:
        yield
    except REFUSALS as refused:
        if refused.field is None and CODE_OF[refused.code].http in _NOT_ABOUT_THE_FORM:
            raise
        for finding in refused.findings:
            form.add_error(_field(form, finding.field), finding.message)


def _field(form: forms.BaseForm, name: str | None) -> str | None:
    """The form's own name for a field; a file is the form's file field, whatever it is called there."""
    if name in form.fields:
        return name
    if name in _FILES:
        return next((own for own, field in form.fields.items() if isinstance(field, forms.FileField)), None)
    return None


def answer_to(request: HttpRequest, refused: Refused | ReaderFailed | LookRefused, *, back: str) -> HttpResponse:
    """The sentence as a message on the page ``back``; without one, a page that says it, with the status of its code."""
    row = CODE_OF[refused.code]
    back = "" if back == request.path else back
    if request.htmx:  # type: ignore[attr-defined]
        # A part of a page cannot show what the whole has become: the browser loads the whole.
        messages.warning(request, refused.sentence)
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": back} if back else {"HX-Refresh": "true"}
        )
    if back:
        messages.warning(request, refused.sentence)
        return HttpResponseRedirect(back)
    context = {"sentence": refused.sentence, "mend": row.mend, "back": _came_from(request)}
    answer = render(request, "refused.html", context, status=row.http)
    if row.http == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, else the first page."""
    url = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else "/"
