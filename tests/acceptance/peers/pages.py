"""Pages of an app, as a banner may find them."""

from __future__ import annotations

WHOLE = "<!doctype html><html><head><title>Shop</title></head><body><p>Orders</p></body></html>"
BARE = "<!doctype html><title>Shop</title><p>Orders"
PARTS = (WHOLE[:30], WHOLE[30:70], WHOLE[70:])
