"""Routes of Flask-Security, under their names unless an app gives them others."""

from __future__ import annotations

from understudy.core.governance.denying import Harm, changing, every

FLASK_SECURITY = (
    every(
        Harm.CREDENTIALS,
        "/**/change",
        "/**/change-username",
        "/**/reset/**",
        "/**/us-setup/**",
        "/**/wan-register/**",
        "/**/wan-delete",
    ),
    every(
        Harm.SECOND_FACTORS,
        "/**/tf-setup/**",
        "/**/mf-recovery-codes",
    ),
    every(Harm.EMAIL, "/**/change-email/**", "/**/confirm/**"),
    # Asks for a link that signs whoever has it in.
    changing(Harm.TOKENS, "/**/us-signin/send-code", "/**/us-verify/send-code"),
)
