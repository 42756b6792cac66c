"""What policies can look at, as Cedar has it checked.

Whoever may be named once for all is of an enumerated type: a role that does not exist is found when
policies are checked, and not by a policy that is never met.
"""

from __future__ import annotations

from functools import cache

import cedarpy

from understudy.core.governance.policies import Moment
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import ActorKind

EVERY_MOMENT = "impersonate"
"""The action in which both moments are."""

_FACTS = """\
reason: String, ticket?: String, minutes: Long, scope: Scope, now: datetime, weekday: Long"""

SCHEMA_TEXT = f"""\
entity Role enum [{", ".join(f'"{one}"' for one in Role)}];
entity ActorKind enum [{", ".join(f'"{one}"' for one in ActorKind)}];
entity Scope enum [{", ".join(f'"{one}"' for one in Scope)}];
entity Organization;
entity Actor in [Role] {{
  id: String, kind: ActorKind, email?: String, rank: Long, groups: Set<String>
}};
entity Subject in [Organization] {{
  id: String, email?: String, roles: Set<String>, rank: Long, protected: Bool,
  tags: Set<String>
}};
action "{EVERY_MOMENT}";
action "{Moment.START}" in ["{EVERY_MOMENT}"] appliesTo {{
  principal: Actor, resource: Subject, context: {{ {_FACTS}, address?: ipaddr }}
}};
action "{Moment.CONTINUE}" in ["{EVERY_MOMENT}"] appliesTo {{
  principal: Actor, resource: Subject, context: {{ {_FACTS} }}
}};
"""


@cache
def schema() -> cedarpy.Schema:
    """The schema, read once."""
    return cedarpy.Schema.from_str(SCHEMA_TEXT)
