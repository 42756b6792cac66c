"""Routes of what Django apps take for signing in: allauth, dj-rest-auth, two-factor."""

from __future__ import annotations

from understudy.core.governance.denying import Harm, changing, every

ALLAUTH = (
    every(
        Harm.CREDENTIALS,
        "/**/password/change",
        "/**/password/set",
        "/**/password/request",
        "/**/password/reset/**",
        "/**/3rdparty",
        "/**/social/connections",
        "/**/account/providers",
        "/**/auth/provider/redirect",
        "/**/auth/provider/token",
    ),
    # Without them the user is signed out elsewhere.
    changing(Harm.CREDENTIALS, "/**/sessions"),
    every(
        Harm.SECOND_FACTORS,
        "/**/2fa/totp/**",
        "/**/2fa/recovery-codes/**",
        "/**/2fa/webauthn/add",
        "/**/2fa/webauthn/keys/**",
        "/**/account/authenticators/**",
    ),
    changing(Harm.EMAIL, "/**/email"),
    every(
        Harm.EMAIL,
        "/**/confirm-email/**",
        "/**/email/verify/**",
        "/**/phone/verify/**",
        "/**/account/phone",
    ),
    every(Harm.TOKENS, "/**/tokens/refresh"),
)
DJ_REST_AUTH = (
    every(
        Harm.CREDENTIALS,
        "/**/password/reset/**",
        "/**/password/change",
    ),
    # Its name is what the user signs in with.
    changing(Harm.CREDENTIALS, "/**/user"),
    every(Harm.SECOND_FACTORS, "/**/mfa/totp/**", "/**/mfa/recovery-codes/**"),
    every(
        Harm.EMAIL,
        "/**/verify-email",
        "/**/resend-email",
        "/**/account-confirm-email/**",
    ),
    every(Harm.TOKENS, "/**/token/refresh"),
)
TWO_FACTOR = (every(Harm.SECOND_FACTORS, "/**/two_factor/**"),)
