"""How a guard tells the service which restrictions it keeps.

By a header, since a service of before refuses fields that it does not know. One that is not told
gives no session that has such restrictions.
"""

from __future__ import annotations

KEEPS = "understudy-keeps"
REDACTION = "redaction"
