from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets
from understudy.core.notices.webhooks import (
    DEFAULT_TYPES,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.ports import DeliveryFilter
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.notices import subscribe
from understudy.flows.notices.messages import MessageFormats
from understudy.flows.notices.subscribe import EndpointChange, WithSecret
from understudy.service.table import WIRES

URL = "https://hooks.example/understudy"


def create(world: World, **changes: Any) -> WithSecret:
    chosen: dict[str, Any] = {
        "url": URL,
        "description": "Our inbox",
        "format": "native",
        "formats": WIRES.formats,
        "types": None,
        "personal": False,
        "internal": NOTHING_INTERNAL,
        **changes,
    }
    application_id = chosen.pop("application_id", world.application.id)
    return world.run(
        lambda unit: subscribe.create(unit, application_id, **chosen, by=SYSTEM, origin=HERE)
    )


def update(
    world: World,
    endpoint_id: str,
    *,
    internal: InternalTargets = NOTHING_INTERNAL,
    formats: MessageFormats = WIRES.formats,
    **changes: Any,
) -> WebhookEndpoint:
    change = EndpointChange(**changes)
    return world.run(
        lambda unit: subscribe.update(
            unit,
            endpoint_id,
            change,
            formats=formats,
            internal=internal,
            by=SYSTEM,
            origin=HERE,
        )
    )


def rotate(world: World, endpoint_id: str, **overlap: float) -> WithSecret:
    return world.run(
        lambda unit: subscribe.rotate_secret(
            unit, endpoint_id, overlap=timedelta(**overlap), by=SYSTEM, origin=HERE
        )
    )


def stored(world: World, endpoint_id: str) -> WebhookEndpoint:
    with world.engine.reading() as reader:
        found = reader.webhook_endpoints.get(endpoint_id)
    assert found is not None
    return found


def deliveries(world: World, **where: Any) -> list[Delivery]:
    """Newest first."""
    with world.engine.reading() as reader:
        return list(reader.deliveries.search(DeliveryFilter(**where)))


def opened(world: World, sealed: bytes | None, endpoint_id: str) -> str:
    assert sealed is not None
    purpose = subscribe.secret_purpose(endpoint_id)
    return world.engine.vault.decrypt(purpose, sealed).hex()


def raw(made: WithSecret) -> str:
    return b64decode(made.secret.removeprefix("whsec_")).hex()


def test_a_new_endpoint_is_stored_with_its_secret_encrypted(installation: World) -> None:
    made = create(installation)
    found = stored(installation, made.endpoint.id)
    assert found == made.endpoint
    assert (found.types, found.status, found.personal) == (
        DEFAULT_TYPES,
        EndpointStatus.ACTIVE,
        False,
    )
    assert made.secret.startswith("whsec_")
    assert len(raw(made)) == 64
    assert opened(installation, found.secret_encrypted, found.id) == raw(made)
    assert bytes.fromhex(raw(made)) not in found.secret_encrypted
    assert made.secret not in repr(made)
    (entry,) = installation.entries(EventType.WEBHOOK_CREATED)
    assert entry.core is not None
    assert entry.core["details"] == {
        "endpoint_id": found.id,
        "origin": "https://hooks.example",
        "format": "native",
        "types": " ".join(sorted(DEFAULT_TYPES)),
        "personal": False,
        "status": "active",
    }
    assert entry.personal == {"address": HERE.address, "user_agent": HERE.user_agent}


def test_secrets_are_never_the_same(installation: World) -> None:
    assert create(installation).secret != create(installation).secret


def test_only_applications_that_exist_have_endpoints(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        create(installation, application_id="app_unknown")


def test_an_application_has_so_many_endpoints_and_no_more(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribe, "MAX_ENDPOINTS", 2)
    create(installation)
    create(installation)
    with refusal_of(Conflict, "conflict"):
        create(installation)
    create(installation, application_id=installation.other_application.id)


def test_a_url_that_cannot_be_called_is_refused_at_every_change(installation: World) -> None:
    for url in ("http://hooks.example/", "https://localhost/", "https://[::ffff:127.0.0.1]/"):
        with refusal_of(InvalidInput, "invalid_input", field="url"):
            create(installation, url=url)
        made = create(installation)
        with refusal_of(InvalidInput, "invalid_input", field="url"):
            update(installation, made.endpoint.id, url=url)
        assert stored(installation, made.endpoint.id) == made.endpoint
    assert len(installation.entries(EventType.WEBHOOK_UPDATED)) == 0


def test_an_internal_target_is_taken_where_it_was_named(installation: World) -> None:
    internal = InternalTargets.of(["127.0.0.1"])
    made = create(installation, url="http://127.0.0.1:9000/", internal=internal)
    update(installation, made.endpoint.id, internal=internal, url="http://127.0.0.1:9001/")
    assert stored(installation, made.endpoint.id).url == "http://127.0.0.1:9001/"


def test_what_can_no_longer_be_called_can_be_disabled_and_not_enabled_again(
    installation: World,
) -> None:
    internal = InternalTargets.of(["127.0.0.1"])
    made = create(installation, url="http://127.0.0.1:9000/", internal=internal).endpoint
    update(installation, made.id, status=EndpointStatus.DISABLED, description="moved away")
    with refusal_of(InvalidInput, "invalid_input", field="url"):
        update(installation, made.id, status=EndpointStatus.ACTIVE)
    update(installation, made.id, status=EndpointStatus.ACTIVE, internal=internal)


def test_an_endpoint_chooses_among_what_can_be_told(installation: World) -> None:
    chosen = frozenset({EventType.SESSION_STARTED, EventType.AUDIT_ERASED})
    assert create(installation, types=chosen).endpoint.types == chosen
    with pytest.raises(InvalidInput, match=r"operator\.signed_in"):
        create(installation, types=frozenset({EventType.OPERATOR_SIGNED_IN}))


def test_in_the_format_of_stytch_sessions_alone_are_told(installation: World) -> None:
    made = create(installation, format="stytch")
    assert made.endpoint.types == {EventType.SESSION_STARTED}
    with pytest.raises(InvalidInput, match=r"session\.ended"):
        update(installation, made.endpoint.id, types=frozenset({EventType.SESSION_ENDED}))
    with refusal_of(InvalidInput, "invalid_input", field="types"):
        update(installation, create(installation).endpoint.id, format="stytch")


def test_a_format_that_nobody_here_knows_is_not_chosen_and_can_be_disabled(
    installation: World,
) -> None:
    with pytest.raises(InvalidInput, match="no such format"):
        create(installation, format="fifth")
    made = create(installation).endpoint
    for changes in ({"format": "fifth"}, {"types": frozenset({EventType.SESSION_ENDED})}):
        with pytest.raises(InvalidInput, match="no such format"):
            update(installation, made.id, formats={}, **changes)
    disabled = update(installation, made.id, formats={}, status=EndpointStatus.DISABLED)
    assert disabled.status is EndpointStatus.DISABLED


def test_only_what_is_given_changes(installation: World) -> None:
    made = create(installation).endpoint
    installation.clock.forward(minutes=1)
    changed = update(installation, made.id, description="", personal=True)
    assert changed == replace(
        made, description="", personal=True, updated_at=installation.clock.now
    )
    assert stored(installation, made.id) == changed
    assert len(installation.entries(EventType.WEBHOOK_UPDATED)) == 1


def test_disabling_cancels_what_is_on_its_way_and_enabling_forgives(installation: World) -> None:
    made = create(installation).endpoint
    installation.granted()
    (pending,) = deliveries(installation)
    disabled = update(installation, made.id, status=EndpointStatus.DISABLED)
    assert (disabled.status, disabled.disabled_because) == (
        EndpointStatus.DISABLED,
        "disabled by an operator",
    )
    assert deliveries(installation) == [
        replace(pending, status=DeliveryStatus.CANCELLED, settled_at=installation.clock.now)
    ]
    assert len(installation.entries(EventType.WEBHOOK_DISABLED)) == 1
    installation.granted("bob")
    assert len(deliveries(installation)) == 1

    failing = replace(
        disabled,
        failing_since=installation.clock.now,
        slowed_until=installation.clock.now,
    )
    installation.run(lambda unit: unit.webhook_endpoints.save(failing))
    enabled = update(installation, made.id, status=EndpointStatus.ACTIVE)
    assert (enabled.disabled_because, enabled.failing_since, enabled.slowed_until) == (
        None,
        None,
        None,
    )
    installation.granted("bob")
    assert len(deliveries(installation)) == 2


def test_a_removed_endpoint_is_gone_with_its_deliveries(installation: World) -> None:
    made = create(installation).endpoint
    installation.granted()
    installation.run(lambda unit: subscribe.delete(unit, made.id, by=SYSTEM, origin=HERE))
    assert deliveries(installation) == []
    assert len(installation.entries(EventType.WEBHOOK_DELETED)) == 1
    for act in (
        lambda unit: subscribe.delete(unit, made.id, by=SYSTEM, origin=HERE),
        lambda unit: subscribe.send_test(unit, made.id),
        lambda unit: subscribe.known(unit, made.id),
    ):
        with refusal_of(NotFound, "not_found"):
            installation.run(act)


def test_a_replaced_secret_signs_along_for_the_overlap(installation: World) -> None:
    made = create(installation)
    rotated = rotate(installation, made.endpoint.id, minutes=90)
    found = stored(installation, made.endpoint.id)
    assert rotated.endpoint == found
    assert raw(rotated) != raw(made)
    assert opened(installation, found.secret_encrypted, found.id) == raw(rotated)
    assert opened(installation, found.previous_secret_encrypted, found.id) == raw(made)
    assert found.previous_secret_expires_at == installation.clock.now + timedelta(minutes=90)
    (entry,) = installation.entries(EventType.WEBHOOK_SECRET_ROTATED)
    assert entry.core is not None
    assert entry.core["details"] == {"endpoint_id": found.id, "overlap_minutes": 90}


def test_without_an_overlap_the_old_secret_is_gone_at_once(installation: World) -> None:
    made = create(installation)
    rotate(installation, made.endpoint.id, minutes=0)
    found = stored(installation, made.endpoint.id)
    assert found.previous_secret_encrypted is None
    assert found.previous_secret_expires_at is None


def test_a_test_tells_of_nothing(installation: World) -> None:
    made = create(installation).endpoint
    sent = installation.run(lambda unit: subscribe.send_test(unit, made.id))
    assert deliveries(installation) == [sent]
    assert (sent.kind, sent.entry_index, sent.subject_ref) == (DeliveryKind.TEST, None, None)
    update(installation, made.id, status=EndpointStatus.DISABLED)
    with refusal_of(Conflict, "conflict"):
        installation.run(lambda unit: subscribe.send_test(unit, made.id))


def replay(world: World, delivery: Delivery, *, endpoint_id: str | None = None) -> Delivery:
    return world.run(
        lambda unit: subscribe.replay(
            unit, endpoint_id or delivery.endpoint_id or "", delivery.id, by=SYSTEM, origin=HERE
        )
    )


@pytest.mark.parametrize(
    "status", [DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED]
)
def test_a_settled_message_is_sent_again_under_its_own_id(
    installation: World, status: DeliveryStatus
) -> None:
    create(installation)
    installation.granted()
    (first,) = deliveries(installation)
    now = installation.clock.now
    settled = replace(
        first, status=status, attempts=3, settled_at=now, next_attempt_at=now + timedelta(hours=1)
    )
    installation.run(lambda unit: unit.deliveries.save(settled))
    assert replay(installation, settled) == replace(
        first, attempts=3, next_attempt_at=now, status=DeliveryStatus.PENDING
    )
    (entry,) = installation.entries(EventType.WEBHOOK_REPLAYED)
    assert entry.core is not None
    assert entry.core["details"] == {"endpoint_id": first.endpoint_id, "delivery_id": first.id}


def test_a_message_that_somebody_is_sending_stays_theirs(installation: World) -> None:
    create(installation)
    installation.granted()
    (first,) = deliveries(installation)
    claimed = replace(
        first, attempts=1, claimed_until=installation.clock.now + timedelta(minutes=1)
    )
    installation.run(lambda unit: unit.deliveries.save(claimed))
    assert replay(installation, claimed).claimed_until == claimed.claimed_until


def test_what_was_erased_is_not_told_again(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(installation)
    installation.granted()
    (first,) = deliveries(installation)
    index = first.entry_index
    assert index is not None

    def erased(unit: Any) -> None:
        entry = unit.entries.get(index)
        monkeypatch.setattr(unit.entries, "get", lambda _: replace(entry, core=None))
        subscribe.replay(unit, first.endpoint_id or "", first.id, by=SYSTEM, origin=HERE)

    with pytest.raises(Conflict, match="erased"):
        installation.run(erased)


def test_only_an_active_endpoints_own_messages_are_replayed(installation: World) -> None:
    made, other = create(installation).endpoint, create(installation).endpoint
    installation.granted()
    (first,) = deliveries(installation, endpoint_id=made.id)
    with refusal_of(NotFound, "not_found"):
        replay(installation, first, endpoint_id=other.id)
    with refusal_of(NotFound, "not_found"):
        replay(installation, replace(first, id="msg_unknown"))
    update(installation, made.id, status=EndpointStatus.DISABLED)
    with refusal_of(Conflict, "conflict"):
        replay(installation, first)
