"""How a guard tells the service which restrictions it keeps.

By a header, since a service of before refuses fields that it does not know. One that is not told
gives no session that has such restrictions.
"""

from __future__ import annotations

KEEPS = "understudy-keeps"
REDACTION = "redaction"
HOLDS = "understudy-holds"
"""By this a guard says which list of blocked actions it has already, by the list's digest.

A service that would answer the same list leaves it out; one of before sends it, as to any guard.
"""
