"""A hundred policies: one permits, the others look at users, minutes and tickets."""

from __future__ import annotations

POLICIES = 100


def policy_text() -> str:
    """The policies, as an admin would write them."""
    written = ['@id("everybody") permit (principal, action, resource);']
    written += [
        '@id("tickets") forbid (principal, action, resource) unless { context has ticket };'
    ]
    written += [
        f'@id("role-{number}") forbid (principal in Role::"support_manager", action, resource)'
        f' when {{ resource.roles.contains("role-{number}") && context.minutes > 15 }};'
        for number in range(2, POLICIES)
    ]
    return "\n".join(written)
