"""Routes of fastapi-users, whose profile holds e-mail address and password as well."""

from __future__ import annotations

from understudy.core.governance.denying import Harm, changing, every

FASTAPI_USERS = (
    every(Harm.CREDENTIALS, "/**/forgot-password", "/**/reset-password"),
    changing(Harm.CREDENTIALS, "/**/users/me"),
    every(Harm.EMAIL, "/**/request-verify-token", "/**/verify"),
    # An administrator's calls: whether somebody is active, verified, a superuser.
    changing(Harm.ROLES, "/**/users/{id}", methods=("POST", "PUT", "PATCH")),
    changing(Harm.DELETION, "/**/users/{id}", methods=("DELETE",)),
    # Of OAuth: ties another account to the user's.
    every(
        Harm.CREDENTIALS, "/**/associate/{provider}/authorize", "/**/associate/{provider}/callback"
    ),
)
