"""What the app has said of its answer, until the first of its parts goes out."""

from __future__ import annotations

from understudy.contrib.wsgi.types import ExcInfo, TextHeaders, Write
from understudy.sdk.environ import raw_headers
from understudy.sdk.headers import RawHeaders


class Said:
    """The ``start_response`` that the app is given; ``write`` takes what it writes at once.

    Status and headers may be said anew, with an error, for as long as ``is_final`` is False: until
    the first part is taken, also where that is held back and the browser has nothing of it yet.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self.line: str | None = None
        self.headers: RawHeaders = []
        self.is_final = False

    @property
    def status(self) -> int:
        """The status' number."""
        return int((self.line or "500").split(maxsplit=1)[0])

    def __call__(
        self, status: str, headers: TextHeaders, exc_info: ExcInfo | None = None, /
    ) -> Write:
        """Take the app's word.

        :raises AssertionError: said twice without an error (PEP 3333).
        """
        error = exc_info[1] if exc_info is not None else None
        has_error = error is not None
        try:
            if error is not None and self.is_final:
                raise error
        finally:
            exc_info = error = None  # its traceback refers to this very frame
        if self.line is not None and not has_error:
            raise AssertionError("start_response was called twice, and without exc_info.")
        self.line, self.headers = status, raw_headers(headers)
        return self._write
