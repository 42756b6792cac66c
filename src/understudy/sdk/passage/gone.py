"""What is left at the origin of a session that is over: nothing of the app, for anybody."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.sdk import pages
from understudy.sdk.app_cookies import emptied
from understudy.sdk.cache import Ended
from understudy.sdk.passage.request import Request
from understudy.sdk.routes import Routes
from understudy.sdk.staying import ending_facts
from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer, problem, wants_page
from understudy.sdk.wording import cause_text


def gone_answer(
    request: Request, ended: Ended, routes: Routes, typed: Iterable[Field] = ()
) -> Answer:
    """410, as this address will never answer again (RFC 9110, section 15.5.11).

    ``typed`` is given back.
    """
    undone = request.method not in SAFE_METHODS
    if not request.asked.socket and wants_page(request.headers):
        back = routes.back_of(request.asked.cookie)
        answer = pages.gone_page(
            ended, undone=undone, dashboard=routes.dashboard, back=back, typed=typed
        )
    else:
        cause = ending_facts(ended)["cause"]
        answer = problem(HTTPStatus.GONE, "session_over", cause_text(ended.cause), cause=cause)
    return answer.with_headers(*emptied(request.asked.cookie))
