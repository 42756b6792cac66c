"""Routes of ``django.contrib.auth.urls``, and of the admin site."""

from __future__ import annotations

from understudy.core.governance.denying import Harm, changing, every

DJANGO_AUTH = (
    every(
        Harm.CREDENTIALS,
        "/**/password_change/**",
        "/**/password_reset/**",
        "/**/reset/done",
        "/**/reset/{uidb64}/{token}",
    ),
)
DJANGO_ADMIN = (
    every(Harm.CREDENTIALS, "/**/password_change/**", "/**/{app}/{model}/{id}/password"),
    changing(Harm.ROLES, "/**/auth/user/**", "/**/auth/group/**"),
    # A project's own model of users mostly has that name too.
    changing(Harm.ROLES, "/**/admin/{app}/user/**", "/**/admin/{app}/{custom}user/**"),
    changing(Harm.CREDENTIALS, "/**/socialaccount/{model}/**", "/**/usersessions/usersession/**"),
    changing(Harm.EMAIL, "/**/account/emailaddress/**"),
    every(
        Harm.SECOND_FACTORS,
        "/**/mfa/authenticator/**",
        "/**/otp_totp/totpdevice/**",
        "/**/otp_static/staticdevice/**",
    ),
    every(
        Harm.TOKENS,
        "/**/authtoken/token/**",
        "/**/authtoken/tokenproxy/**",
        "/**/socialaccount/socialtoken/**",
    ),
    changing(Harm.DELETION, "/**/{app}/{model}/{id}/delete"),
)
"""What gives power or lasts; ordinary models of the app are its own to judge."""
