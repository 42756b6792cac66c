"""Messages on an impersonated WebSocket without what is hidden in them."""

from __future__ import annotations

from understudy.contrib.asgi.types import Message
from understudy.sdk.passage.passage import Passage


def shown_message(passage: Passage, message: Message) -> Message | None:
    """``message`` of the app's as it may go out; None where nobody can look it through."""
    rulings = passage.held.rulings
    if rulings is None:
        return message
    if message["type"] == "websocket.accept":
        from understudy.sdk.redaction.header_values import hidden_in_headers

        return {**message, "headers": hidden_in_headers(list(message.get("headers", ())), rulings)}
    if message["type"] != "websocket.send":
        return message
    text = message.get("text")
    if text is not None:
        from understudy.sdk.redaction.message_text import hidden_in_message

        return {**message, "text": hidden_in_message(text, rulings)}
    return None if rulings.is_strict else message


def brings_back(passage: Passage, message: Message) -> bool:
    """Whether a message of the browser's would store what its sender was not shown."""
    rulings = passage.held.rulings
    if rulings is None:
        return False
    text = message.get("text") or ""
    body = (message.get("bytes") or b"") + text.encode("utf-8", "surrogatepass")
    kind = "application/json" if text[:1] in ("{", "[") else "text/plain"
    from understudy.sdk.redaction.brought_back import brings_back as would_store

    return would_store(rulings, kind, "", body)
