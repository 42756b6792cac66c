"""What browsers send to the apps here."""

from __future__ import annotations

PAGE = {"accept": "text/html", "sec_fetch_dest": "document"}


def upload(text: str) -> tuple[bytes, str]:
    """The body of a form with one file, and its type."""
    parts = [
        "--edge",
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        "Content-Type: text/plain",
        "",
        text,
        "--edge--",
        "",
    ]
    return "\r\n".join(parts).encode(), "multipart/form-data; boundary=edge"
