"""The read-only log API: what mirrors, witnesses and verifiers fetch (C2SP tlog-tiles)."""

from __future__ import annotations

import asyncio
import gzip

from starlette.responses import Response

from understudy.audit.tlog.merkle import HASH_SIZE
from understudy.audit.tlog.tile import TILE_WIDTH, TileAddress, encode_bundle, tile_width
from understudy.errors import AuditError, NotFound
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import Answered, Endpoint, RateClass
from understudy.http.query import NoQuery
from understudy.storage.engine.engine import StoreEngine

_TAG = "log"


async def get_checkpoint(call: Call[None, NoQuery]) -> Response:
    """The newest checkpoint; it may be seconds old for those who cache it."""
    note = await asyncio.to_thread(call.node.engine.checkpoint)
    return Response(note, media_type="text/plain", headers={"cache-control": "public, max-age=1"})


async def get_tile(call: Call[None, NoQuery]) -> Response:
    """A tile or bundle; what it holds never changes.

    :raises NotFound: no tile of that place and width under the newest checkpoint.
    """
    try:
        address = TileAddress.from_text(f"tile/{call.path['tile']}")
    except AuditError:
        raise NotFound from None
    # Tiles are hashes, which nothing makes smaller.
    zipped = address.level is None and _takes_gzip(call.headers.get("accept-encoding", ""))
    content = await asyncio.to_thread(_content, call.node.engine, address, zipped=zipped)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    if address.level is None:
        headers["vary"] = "accept-encoding"
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(content, media_type="application/octet-stream", headers=headers)


def _content(engine: StoreEngine, address: TileAddress, *, zipped: bool) -> bytes:
    content = _tile(engine, address)
    # Without the time, so that whoever asks twice gets the same bytes.
    return gzip.compress(content, mtime=0) if zipped else content


def _takes_gzip(accepted: str) -> bool:
    """Whether gzip is among the codings that are accepted (RFC 9110, section 12.5.3)."""
    weights: dict[str, str] = {}
    for one in accepted.split(","):
        coding, *parameters = (part.strip().lower() for part in one.split(";"))
        weights[coding] = next((part for part in parameters if part.startswith("q=")), "q=1")
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "q=0")))
    return weight.removeprefix("q=").strip("0.") != ""


def _tile(engine: StoreEngine, address: TileAddress) -> bytes:
    level, width = address.level, address.width or TILE_WIDTH
    with engine.reading_log() as log:
        size = log.size()
        # A wider tile than was asked for begins with the one that was.
        if tile_width(size, level or 0, address.index) < width:
            raise NotFound
        if level is None:
            first = address.index * TILE_WIDTH
            return encode_bundle(log.leaves(first, first + width))
        return log.tile(level, address.index)[: width * HASH_SIZE]


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/log/checkpoint",
        operation="get_checkpoint",
        summary="The newest signed checkpoint",
        tag=_TAG,
        access=PUBLIC,
        handler=get_checkpoint,
        answers=(Answered(media=("text/plain",), description="A C2SP signed note."),),
        rate=RateClass.PUBLIC,
    ),
    Endpoint(
        method="GET",
        path="/log/tile/{tile:rest}",
        operation="get_tile",
        summary="A tile of hashes, or a bundle of entries",
        description=(
            "`{L}/{N}` with an optional `.p/{W}` is a tile, `entries/{N}` a bundle. The entries "
            "hold salted commitments only: no personal data. A bundle is compressed for those who "
            "take gzip."
        ),
        tag=_TAG,
        access=PUBLIC,
        handler=get_tile,
        answers=(
            Answered(media=("application/octet-stream",), description="As in C2SP tlog-tiles."),
        ),
        problems=(NotFound,),
        rate=RateClass.PUBLIC,
    ),
)
