"""Files that an app sends, and those that a server sends by itself."""

from __future__ import annotations

import io
from typing import IO, Any
from wsgiref.util import FileWrapper

from understudy.contrib.wsgi.files import WRAPPER, FileParts, RememberedWrapper


def test_a_file_comes_in_parts_and_is_closed() -> None:
    file = io.BytesIO(b"abcde")
    parts = FileParts(file, 2)
    assert list(parts) == [b"ab", b"cd", b"e"]
    parts.close()
    assert file.closed


def test_what_cannot_be_closed_is_not() -> None:
    class Bare:
        def read(self, _: int) -> bytes:
            return b""

    bare: Any = Bare()
    parts = FileParts(bare)
    assert list(parts) == []
    parts.close()


def test_a_class_knows_its_own() -> None:
    environ = {WRAPPER: FileWrapper}
    wrapper = RememberedWrapper.of(environ)
    assert environ[WRAPPER] is FileWrapper
    assert wrapper.has_made(FileWrapper(io.BytesIO()))
    assert not wrapper.has_made([b"a"])


def test_what_a_function_made_is_remembered() -> None:
    def sendfile(file: IO[bytes], size: int = 0) -> IO[bytes]:
        del size
        return file

    environ: dict[str, Any] = {WRAPPER: sendfile}
    wrapper, file = RememberedWrapper.of(environ), io.BytesIO()
    assert not wrapper.has_made(file)
    assert environ[WRAPPER](file, 8192) is file
    assert wrapper.has_made(file)
    assert not wrapper.has_made(io.BytesIO())


def test_a_server_may_have_none() -> None:
    environ: dict[str, Any] = {}
    assert not RememberedWrapper.of(environ).has_made(None)
    assert environ == {}
