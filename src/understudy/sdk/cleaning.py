"""What is recorded, as the service takes it: nothing that a browser sends may spoil a batch."""

from __future__ import annotations

import re

from understudy.core.text import cleaned
from understudy.sdk.values import RecordedAction

PATH_LENGTH = 2_000
ROUTE_LENGTH = 500
ADDRESS_LENGTH = 64
USER_AGENT_LENGTH = 500
TABLE_LENGTH = 200
OTHER_METHOD = "OTHER"
_METHOD = re.compile(r"[A-Z]{1,20}", re.ASCII)
_LINE_ENDS = str.maketrans(dict.fromkeys("\n\u2028\u2029", "\ufffd"))


def clean_action(action: RecordedAction) -> RecordedAction:
    """``action`` without what the service would refuse; mostly it is ``action`` itself."""
    path = clean_text(action.path, PATH_LENGTH) or "/"
    route = action.route and clean_text(action.route, ROUTE_LENGTH)
    address = action.address and clean_text(action.address, ADDRESS_LENGTH)
    user_agent = action.user_agent and clean_text(action.user_agent, USER_AGENT_LENGTH)
    table = action.table and clean_text(action.table, TABLE_LENGTH)
    method = action.method if _METHOD.fullmatch(action.method) else OTHER_METHOD
    # One replacement of all, since a second tuple costs more than these looks.
    if (method, path, route, address, user_agent, table) == (
        action.method,
        action.path,
        action.route,
        action.address,
        action.user_agent,
        action.table,
    ):
        return action
    return action._replace(
        method=method,
        path=path,
        route=route,
        address=address,
        user_agent=user_agent,
        table=table,
    )


def clean_text(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text``, all on one line and each of them text."""
    # Nearly all of it is, and each request of a session pays for this look.
    if len(text) <= limit and text.isprintable():
        return text
    return cleaned(text[:limit]).translate(_LINE_ENDS)


def stand_in(action: RecordedAction) -> RecordedAction:
    """What is told of ``action`` when the service does not take its own words."""
    return action._replace(
        method=OTHER_METHOD,
        path="(refused by the service)",
        route=None,
        user_agent=None,
        table=None,
        reference=None,
    )
