"""What an admin decides about consent: what is refused, and what an entry tells of it."""

from __future__ import annotations

from understudy.core.governance.consents import MOST_ORGANIZATIONS, ConsentTerms
from understudy.core.notices.events import Scalar
from understudy.errors import InvalidInput


def check_consent(terms: ConsentTerms) -> None:
    """Refuse terms that nobody could have meant.

    :raises InvalidInput: naming what would be right.
    """
    if len(terms.organizations) > MOST_ORGANIZATIONS:
        raise InvalidInput(f"consent.organizations holds at most {MOST_ORGANIZATIONS}.")
    if terms.shown_as is not None and not terms.shown_as.strip():
        raise InvalidInput("consent.shown_as is a name, or null to show who it is.")


def consent_facts(terms: ConsentTerms) -> dict[str, Scalar]:
    """What an entry tells of the terms."""
    return {
        "consent": terms.mode,
        "consent_days": terms.standing_days,
        "consent_organizations": ", ".join(
            f"{name}={mode}" for name, mode in sorted(terms.organizations.items())
        ),
        "consent_shown_as": terms.shown_as,
        "consent_tell": terms.tell,
    }
