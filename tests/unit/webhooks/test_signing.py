from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks
import svix

from tests.fixtures.node import run_client
from understudy.webhooks.signing import signature_headers

SECRET, OLD, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(32)
BODY = '{"type":"session.started","data":{"name":"Zoë"}}'.encode()


def shown(secret: bytes) -> str:
    return "whsec_" + b64encode(secret).decode()


def headers(*secrets: bytes, age: timedelta = timedelta(0)) -> dict[str, str]:
    # Receivers compare with the clock on their wall.
    at = datetime.now(UTC) - age
    return signature_headers("msg_1", at, BODY, secrets=secrets)


def only(family: str, found: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name.startswith(family)}


def verify_in_python(secret: bytes, body: bytes, found: dict[str, str]) -> None:
    standardwebhooks.Webhook(shown(secret)).verify(body, only("webhook-", found))
    svix.Webhook(shown(secret)).verify(body, only("svix-", found))
    svix.Webhook(shown(secret)).verify(body, only("webhook-", found))


def verify_in_node(secret: bytes, body: bytes, found: dict[str, str]) -> dict[str, Any]:
    given = {"secret": shown(secret), "body": body.decode(), "headers": found}
    verdicts: dict[str, Any] = run_client("webhooks_verify.mjs", given)
    return verdicts


def test_the_signed_text_is_id_timestamp_and_body_under_the_decoded_secret() -> None:
    at = datetime(2026, 11, 22, 9, 30, 0, 999_000, tzinfo=UTC)
    found = signature_headers("msg_1", at, BODY, secrets=[SECRET])
    signature = hmac.digest(SECRET, b"msg_1.1795339800." + BODY, "sha256")
    expected = "v1," + b64encode(signature).decode()
    assert found == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1795339800",
        "webhook-signature": expected,
        "svix-id": "msg_1",
        "svix-timestamp": "1795339800",
        "svix-signature": expected,
    }


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_while_a_secret_is_replaced_receivers_with_either_are_content(secret: bytes) -> None:
    found = headers(SECRET, OLD)
    assert len(found["webhook-signature"].split(" ")) == 2
    verify_in_python(secret, BODY, found)


def test_libraries_of_both_languages_accept_what_is_signed() -> None:
    found = headers(SECRET, OLD)
    verify_in_python(SECRET, BODY, found)
    payload = json.loads(BODY)
    assert verify_in_node(SECRET, BODY, found) == {
        "standardwebhooks": {"ok": True, "payload": payload},
        "svix": {"ok": True, "payload": payload},
        "svixByOtherNames": {"ok": True, "payload": payload},
    }


@pytest.mark.parametrize(
    ("secret", "body", "age"),
    [
        (OTHER, BODY, timedelta(0)),
        (SECRET, BODY + b" ", timedelta(0)),
        (SECRET, BODY, timedelta(minutes=6)),
    ],
    ids=["another secret", "another body", "too old"],
)
def test_libraries_of_both_languages_refuse_everything_else(
    secret: bytes, body: bytes, age: timedelta
) -> None:
    found = headers(SECRET, age=age)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(shown(secret)).verify(body, only("webhook-", found))
    with pytest.raises(svix.WebhookVerificationError):
        svix.Webhook(shown(secret)).verify(body, only("svix-", found))
    assert not any(verdict["ok"] for verdict in verify_in_node(secret, body, found).values())


def test_a_secret_is_long_enough_for_the_standard() -> None:
    assert 24 <= len(b64decode(shown(SECRET).removeprefix("whsec_"))) <= 64
