"""What webhooks sent, as it is shown and sent again."""

from __future__ import annotations

from tests.fixtures.service import World
from tests.integration.webhooks.test_delivery import WEBHOOKS, admin, create, deliveries

URL = "https://hooks.example/understudy"


async def test_what_is_unknown_or_of_another_endpoint_is_not_found(world: World) -> None:
    browser = (await admin(world)).browser
    made, other = await create(browser, world, URL), await create(browser, world, URL)
    await browser.post(f"{WEBHOOKS}/{made['webhook']['id']}/test")
    (sent,) = await deliveries(browser, made)
    foreign = f"{WEBHOOKS}/{other['webhook']['id']}/deliveries/{sent['id']}"
    assert (await browser.get(foreign)).status_code == 404
    assert (await browser.post(f"{foreign}/replay")).status_code == 404
    assert (await browser.get(f"{WEBHOOKS}/whe_unknown/deliveries")).status_code == 404


async def test_pages_of_deliveries_lead_to_the_end(world: World) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, URL, types=["grant.created"])
    for _ in range(5):
        await world.start()
    path = f"{WEBHOOKS}/{made['webhook']['id']}/deliveries"
    seen, params = [], {"limit": "2"}
    while True:
        page = (await browser.get(path, params=params)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 5
    none = await browser.get(path, params={"status": "delivered"})
    assert none.json()["items"] == []
