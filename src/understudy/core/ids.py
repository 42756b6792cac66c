"""Ids that are all text and never stand in for one another.

An ``…Id`` of a subject or organization is the application's own and means nothing without the
application; a ``…Ref`` is ours, random or a keyed pseudonym, and is all that an entry's lasting
half holds (DESIGN section 6). At run time each is a plain ``str``: text becomes one where it comes
in, by calling the type.
"""

from __future__ import annotations

from typing import NewType

SubjectId = NewType("SubjectId", str)
SubjectRef = NewType("SubjectRef", str)
OrganizationId = NewType("OrganizationId", str)
OrganizationRef = NewType("OrganizationRef", str)
OperatorId = NewType("OperatorId", str)
ActorRef = NewType("ActorRef", str)
"""Of whoever acts: an operator's id, or the pseudonym of somebody whom an application names."""
GrantId = NewType("GrantId", str)
SessionId = NewType("SessionId", str)
"""Of an impersonation session; an operator's sign-in is another thing."""
