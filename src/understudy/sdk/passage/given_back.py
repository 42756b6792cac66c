"""What a person typed into a form that goes no further, read for the page that tells them so."""

from __future__ import annotations

from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import ReadBody, Steps
from understudy.sdk.typed_text import MAX_BODY, Field, fields_of, is_form
from understudy.sdk.visit import wants_page


def given_back(request: Request) -> Steps[list[Field]]:
    """The fields of a form that nothing was done with; none for programs, which know what they
    have sent.

    Only where the app is not called any more, as it could not read the form again.
    """
    asked, kind = request.asked, request.headers.get("content-type", "")
    if asked.only_reads or asked.socket or not is_form(kind) or not wants_page(request.headers):
        return []
    body: bytes = yield ReadBody(MAX_BODY)
    return fields_of(kind, body)
