from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.fixtures.service import OWN_SITE, REASON, SignedInOperator, World
from understudy.core.people.permissions import Role

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def granted(world: World, sam: SignedInOperator) -> str:
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    answer = await sam.browser.post("/api/v1/impersonations", json=asked)
    return str(answer.json()["grant"]["id"])


async def test_launching_says_where_the_hand_off_begins(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch")
    assert answer.status_code == 200
    url = urlsplit(answer.json()["url"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://billing.example/_understudy/launch"
    hints = {"iss": ["http://localhost:8700"], "login_hint": [grant_id]}
    assert parse_qs(url.query) == hints
    assert answer.json()["armed_until"] == "2026-11-22T09:31:00Z"


async def test_a_form_gets_a_page_that_moves_on_and_no_redirect(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch", headers=FORM)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["refresh"].startswith("0; url=https://billing.example/_understudy/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "'nonce-" in answer.headers["content-security-policy"]


async def test_a_form_is_taken_for_launching_only(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    answer = await sam.browser.post(
        f"/api/v1/grants/{grant_id}/cancel", headers=FORM, content=b"a=b"
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_nobody_launches_for_somebody_else(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    grant_id = await granted(world, sam)
    answer = await kim.browser.post(f"/api/v1/grants/{grant_id}/launch")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_another_site_cannot_launch(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    cross = FORM | {"sec-fetch-site": "cross-site"}
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch", headers=cross)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_refused")


async def test_an_app_without_redirect_url_cannot_be_launched(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    world.change_settings(redirect_urls=())
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_cancelled_grant_is_not_launched(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    cancelled = await sam.browser.post(f"/api/v1/grants/{grant_id}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch")
    assert (answer.status_code, answer.json()["rule"]) == (403, "grant_closed")


async def test_cancelling_is_for_the_actor_the_application_and_those_who_revoke(
    world: World,
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    path = f"/api/v1/grants/{await granted(world, sam)}"
    ann = await world.operator(Role.AUDITOR, email="ann@support.example")
    assert (await ann.browser.post(f"{path}/cancel")).status_code == 403
    shop = world.other_application().backend
    assert (await shop.post(f"{path}/cancel")).status_code == 404
    assert (await world.backend.post(f"{path}/cancel")).json()["status"] == "cancelled"


async def test_grants_are_listed_by_status(world: World) -> None:
    started = await world.start()
    grant_id = started["grant"]["id"]

    async def found(**params: object) -> list[str]:
        answer = await world.backend.get("/api/v1/grants", params=params)  # type: ignore[arg-type]
        return [item["id"] for item in answer.json()["items"]]

    assert await found(status=["ready", "active"]) == [grant_id]
    assert await found(status="cancelled") == []
    assert await found(actor_id="kim", subject_id="ada") == [grant_id]
    assert (await world.backend.get(f"/api/v1/grants/{grant_id}")).json() == started["grant"]


async def test_a_grant_is_not_seen_by_another_application(world: World) -> None:
    grant_id = (await world.start())["grant"]["id"]
    shop = world.other_application().backend
    assert (await shop.get(f"/api/v1/grants/{grant_id}")).status_code == 404


async def test_a_form_post_needs_no_fetch_metadata_if_its_origin_is_ours(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    cookie = sam.browser.headers["cookie"]
    assert OWN_SITE.keys() <= sam.browser.headers.keys()
    by_origin = {"cookie": cookie, "origin": "http://localhost:8700"} | FORM
    path = f"/api/v1/grants/{grant_id}/launch"
    assert (await world.stranger.post(path, headers=by_origin)).status_code == 200
    neither = {"cookie": cookie} | FORM
    answer = await world.stranger.post(path, headers=neither)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_refused")
