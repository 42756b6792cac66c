"""Files that an app sends, part by part, and those that a server sends by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from understudy.contrib.wsgi.types import Environ

WRAPPER = "wsgi.file_wrapper"
_PART = 8192


class FileParts:
    """In place of a server's ``wsgi.file_wrapper``, which would send past whoever looks on."""

    def __init__(self, file: IO[bytes], size: int = _PART) -> None:
        self._file = file
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        part = self._file.read(self._size)
        if not part:
            raise StopIteration
        return part

    def close(self) -> None:
        """Close the file, if it can be closed."""
        close = getattr(self._file, "close", None)
        if close is not None:
            close()


class RememberedWrapper:
    """A server's own wrapper, which knows again what it has made.

    uWSGI and mod_wsgi have no class for it, and look whether the app gives back the very thing.
    """

    def __init__(self, wrapper: Callable[..., object]) -> None:
        self._wrapper = wrapper
        self._made: list[object] = []

    @classmethod
    def of(cls, environ: Environ) -> RememberedWrapper:
        """That of ``environ``, in which it takes the place of one that is no class."""
        found = environ.get(WRAPPER)
        wrapper = cls(found or _no_file)
        if found is not None and not isinstance(found, type):
            environ[WRAPPER] = wrapper
        return wrapper

    def __call__(self, *arguments: object) -> object:
        """Wrap a file."""
        made = self._wrapper(*arguments)
        self._made.append(made)
        return made

    def has_made(self, parts: object) -> bool:
        """Whether ``parts`` are a file that the server sends by itself."""
        wrapper = self._wrapper
        is_one = isinstance(wrapper, type) and isinstance(parts, wrapper)
        return is_one or any(parts is made for made in self._made)


def _no_file(*_: object) -> None:
    """Where the server has no wrapper."""
