"""The hand-off: begun and finished in one browser, with one service, once."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.sdk.cookies import LAUNCH
from understudy.sdk.launch import LAUNCH_SECONDS, Client, begin, finish, forget_launch
from understudy.sdk.secret import Secret
from understudy.sdk.values import Presented
from understudy.sdk.visit import Answer, Visit

ISSUER = "https://understudy.test"
CALLBACK = "https://app.test/_understudy/callback"
CLIENT = Client(issuer=ISSUER, client_id="app_1", key=Secret("k1"))
NOW = 1_000_000.0
HINT = {"iss": ISSUER, "login_hint": "grt_abc"}


def visit(parameters: Mapping[str, str], cookie: str | None = None) -> Visit:
    headers = (("cookie", cookie),) if cookie is not None else ()
    return Visit(
        method="GET",
        origin="https://app.test",
        base="",
        query=urlencode(parameters),
        headers=headers,
    )


def launch(client: Client = CLIENT, nonce: str = "n1") -> Answer:
    return begin(client, visit(HINT), redirect_uri=CALLBACK, nonce=nonce, now=NOW)


def asked(answer: Answer) -> dict[str, str]:
    query = urlsplit(dict(answer.headers)["location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def cookie(answer: Answer) -> str:
    return dict(answer.headers)["set-cookie"].partition(";")[0]


def come_back(
    parameters: Mapping[str, str] | None = None,
    *,
    launched: Answer | None = None,
    cookies: str | None = None,
    client: Client = CLIENT,
    now: float = NOW + 5,
) -> Presented:
    launched = launched or launch()
    answer = {"code": "usi_code", "state": asked(launched)["state"], "iss": ISSUER}
    return finish(
        client,
        visit({**answer, **(parameters or {})}, cookies or cookie(launched)),
        redirect_uri=CALLBACK,
        now=now,
    )


def test_a_launch_goes_on_to_the_service() -> None:
    answer = launch()
    location = urlsplit(dict(answer.headers)["location"])
    assert answer.status == 303
    assert f"{location.scheme}://{location.netloc}{location.path}" == f"{ISSUER}/oauth2/authorize"
    parameters = asked(answer)
    assert parameters["response_type"] == "code"
    assert parameters["client_id"] == "app_1"
    assert parameters["redirect_uri"] == CALLBACK
    assert parameters["login_hint"] == "grt_abc"
    assert parameters["code_challenge_method"] == "S256"


def test_the_launch_cookie_is_short_lived_and_armoured() -> None:
    header = dict(launch().headers)["set-cookie"]
    assert header.startswith(f"{LAUNCH}=n1.")
    assert header.endswith(f"; Path=/; Max-Age={LAUNCH_SECONDS}; Secure; HttpOnly; SameSite=Lax")


def test_neither_cookie_nor_address_holds_the_verifier() -> None:
    launched = launch()
    verifier = come_back(launched=launched).code_verifier
    assert verifier is not None
    assert verifier.reveal() not in str(launched)


def test_the_verifier_fits_the_challenge() -> None:
    launched = launch()
    verifier = come_back(launched=launched).code_verifier
    assert verifier is not None
    assert 43 <= len(verifier.reveal()) <= 128  # RFC 7636, section 4.1
    digest = hashlib.sha256(verifier.reveal().encode()).digest()
    assert urlsafe_b64encode(digest).rstrip(b"=").decode() == asked(launched)["code_challenge"]


def test_two_launches_have_nothing_in_common() -> None:
    first, second = asked(launch(nonce="n1")), asked(launch(nonce="n2"))
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_another_process_of_the_app_can_finish_a_launch() -> None:
    twin = Client(issuer=ISSUER, client_id="app_1", key=Secret("k1"))
    assert come_back(launched=launch(twin)).token == Secret("usi_code")


def test_the_code_comes_back_bound_to_its_redirect_uri() -> None:
    presented = come_back()
    assert presented.token == Secret("usi_code")
    assert presented.redirect_uri == CALLBACK


@pytest.mark.parametrize(
    "parameters",
    [
        {"login_hint": "grt_abc"},
        {"iss": "", "login_hint": "grt_abc"},
        {"iss": "https://evil.test", "login_hint": "grt_abc"},
        {"iss": ISSUER + "/", "login_hint": "grt_abc"},
        {"iss": ISSUER.upper(), "login_hint": "grt_abc"},
        {"iss": ISSUER},
        {"iss": ISSUER, "login_hint": ""},
        {"iss": ISSUER, "login_hint": "a b"},
        {"iss": ISSUER, "login_hint": "x" * 200},
    ],
)
def test_a_launch_that_was_not_meant_for_us_goes_nowhere(parameters: dict[str, str]) -> None:
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        begin(CLIENT, visit(parameters), redirect_uri=CALLBACK, nonce="n1", now=NOW)


@pytest.mark.parametrize(
    "parameters",
    [
        {"state": ""},
        {"state": "forged"},
        {"iss": ""},
        {"iss": "https://evil.test"},
        {"code": ""},
        {"code": "a b"},
        {"code": "x" * 600},
    ],
)
def test_an_answer_that_does_not_fit_is_refused(parameters: dict[str, str]) -> None:
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(parameters)


def test_the_services_refusal_is_one() -> None:
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        come_back({"error": "access_denied"})


def test_a_refusal_by_somebody_else_is_not_believed() -> None:
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back({"error": "access_denied", "iss": "https://evil.test"})


def test_login_csrf_the_answer_of_another_launch_is_refused() -> None:
    mine, theirs = launch(nonce="mine"), launch(nonce="theirs")
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back({"state": asked(theirs)["state"]}, launched=mine)


@pytest.mark.parametrize(
    "cookies",
    [
        "session=1",
        f"{LAUNCH}=",
        f"{LAUNCH}=n1",
        f"{LAUNCH}=n1.9999999999.forged",
        f"{LAUNCH}=..",
    ],
)
def test_a_browser_that_did_not_begin_cannot_finish(cookies: str) -> None:
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(cookies=cookies)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_part_of_the_launch_cookie_is_sealed(part: int) -> None:
    name, _, value = cookie(launch()).partition("=")
    parts = value.split(".")
    parts[part] = "9" + parts[part]
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(cookies=f"{name}={'.'.join(parts)}")


def test_a_cookie_with_something_behind_the_seal_is_refused() -> None:
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(cookies=cookie(launch()) + ".more")


def test_two_launch_cookies_are_refused() -> None:
    twice = f"{cookie(launch())}; {cookie(launch())}"
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(cookies=twice)


def test_a_cookie_sealed_under_another_key_is_refused() -> None:
    other = Client(issuer=ISSUER, client_id="app_1", key=Secret("k2"))
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(launched=launch(other))


def test_a_launch_is_too_late_at_the_very_second() -> None:
    assert come_back(now=NOW + LAUNCH_SECONDS - 1).token == Secret("usi_code")
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        come_back(now=NOW + LAUNCH_SECONDS)


def test_a_repeated_parameter_is_refused() -> None:
    launched = launch()
    state = asked(launched)["state"]
    twice = Visit(
        method="GET",
        origin="https://app.test",
        base="",
        query=f"code=a&code=b&state={state}&iss={ISSUER}",
        headers=(("cookie", cookie(launched)),),
    )
    with refusal_of(errors.MalformedRequest, "malformed_request"):
        finish(CLIENT, twice, redirect_uri=CALLBACK, now=NOW)


def test_the_launch_cookie_is_forgotten_afterwards() -> None:
    assert forget_launch().startswith(f"{LAUNCH}=; Path=/; Max-Age=0;")


def test_the_key_is_not_in_what_is_printed() -> None:
    assert "k1" not in repr(CLIENT)
