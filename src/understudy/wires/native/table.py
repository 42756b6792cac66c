"""Our own API, which everything that the dashboard does goes through."""

from __future__ import annotations

from understudy.core.applications.application import CODE_HAND_OFF
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.core.ports import KeyUse
from understudy.http.wire import Wire
from understudy.http.wires import HandOff
from understudy.webhooks import formats
from understudy.webhooks.letters import EMAIL
from understudy.webhooks.slack import SLACK
from understudy.wires.native import (
    account,
    applications,
    approvals,
    asking,
    audit,
    cases,
    consents,
    deliveries,
    directory,
    events,
    grants,
    history,
    holds,
    honey,
    impersonations,
    imports,
    log,
    mail,
    meta,
    minted,
    operators,
    policies,
    reveals,
    reviews,
    safeguards,
    sessions,
    simulating,
    taken_over,
    ticket_hook,
    trying_redaction,
    unlocks,
    unranked,
    use,
    webhooks,
)

WIRE = Wire(
    name="native",
    endpoints=(
        *impersonations.ENDPOINTS,
        *sessions.ENDPOINTS,
        *minted.ENDPOINTS,
        *events.ENDPOINTS,
        *grants.ENDPOINTS,
        *unlocks.ENDPOINTS,
        *reveals.ENDPOINTS,
        *approvals.ENDPOINTS,
        *reviews.ENDPOINTS,
        *directory.ENDPOINTS,
        *imports.ENDPOINTS,
        *history.ENDPOINTS,
        *consents.ENDPOINTS,
        *asking.ENDPOINTS,
        *cases.ENDPOINTS,
        *audit.ENDPOINTS,
        *holds.ENDPOINTS,
        *honey.ENDPOINTS,
        *applications.ENDPOINTS,
        *policies.ENDPOINTS,
        *simulating.ENDPOINTS,
        *safeguards.ENDPOINTS,
        *trying_redaction.ENDPOINTS,
        *unranked.ENDPOINTS,
        *ticket_hook.ENDPOINTS,
        *webhooks.ENDPOINTS,
        *deliveries.ENDPOINTS,
        *mail.ENDPOINTS,
        *operators.ENDPOINTS,
        *taken_over.ENDPOINTS,
        *use.ENDPOINTS,
        *account.ENDPOINTS,
        *log.ENDPOINTS,
        *meta.ENDPOINTS,
    ),
    described=True,
    token_kinds=(NATIVE,),
    key_uses=(KeyUse.SESSION_JWT,),
    hand_offs=(HandOff(name=CODE_HAND_OFF, kind=NATIVE),),
    formats=(formats.NATIVE, formats.CLOUDEVENTS, SLACK, EMAIL),
)
