"""Compressed bytes in and out: gzip, bzip2, xz and zstandard.

Owns: recognising a codec by its first bytes on input and by its suffix on output, and reading every
member of a file. Refuses: to take a truncated file, or one with foreign bytes behind a member, for a
whole one. (The file objects of `bz2` and `lzma` skip such bytes silently, and would lose a damaged
second member; so the decompressors are driven here, all in the same way.)
"""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple, Protocol

from cecil.errors import SourceError, TruncatedError

BLOCK = 1 << 18
"""Bytes decompressed at once, and of a cloud's object read: a provider has 50 MB for everything."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Compressor(Protocol):
    """Takes plain bytes and writes compressed ones to the file it was made for; does not close that."""

    def write(self, data: bytes, /) -> int: ...
    def close(self) -> None: ...


class _Gunzip:
    """zlib's decompressor behind the interface that bz2, lzma and zstd share."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


class _Unzstd:
    """zstd's decompressor, loaded when one is needed, with an error that all codecs share."""

    def __init__(self) -> None:
        self._module = _zstd()
        self._zstd = self._module.ZstdDecompressor()

    @property
    def eof(self) -> bool:
        return bool(self._zstd.eof)

    @property
    def needs_input(self) -> bool:
        return bool(self._zstd.needs_input)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._zstd.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            return bytes(self._zstd.decompress(data, max_length))
        except self._module.ZstdError:
            raise OSError from None


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _open_zstd(raw: IO[bytes]) -> Compressor:
    zstd = _zstd()
    # With a checksum, as the zstd command writes: without one, damage goes unseen.
    options = {zstd.CompressionParameter.checksum_flag: 1}
    opened: Compressor = zstd.ZstdFile(raw, "w", options=options)
    return opened


def _open_bzip2(raw: IO[bytes]) -> Compressor:
    return bz2.BZ2File(raw, "wb")


def _open_xz(raw: IO[bytes]) -> Compressor:
    return lzma.LZMAFile(raw, "wb")


def _open_gzip(raw: IO[bytes]) -> Compressor:
    import gzip

    # No name and no time in the header: the same records give the same file.
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6)


class Codec(NamedTuple):
    name: str
    suffix: str
    magic: bytes
    reader: Callable[[], _Decompressor]
    writer: Callable[[IO[bytes]], Compressor]


CODECS = (
    Codec("gzip", ".gz", b"\x1f\x8b", _Gunzip, _open_gzip),
    Codec("bzip2", ".bz2", b"BZh", bz2.BZ2Decompressor, _open_bzip2),
    Codec("xz", ".xz", b"\xfd7zXZ\x00", lzma.LZMADecompressor, _open_xz),
    Codec("zstandard", ".zst", b"\x28\xb5\x2f\xfd", _Unzstd, _open_zstd),
)

_BZIP2_FIRST_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")
"""What follows `BZh` and a digit; a line of text may well begin with BZh."""


def beginning(read: Callable[[], bytes]) -> tuple[bytes, Codec | None]:
    """The first bytes of a file, as many as tell its codec, and the codec; None for plain bytes.

    Args:
        read: gives the next bytes; empty at the end.
    """
    first = read()
    while first and _undecided(first):
        more = read()
        if not more:
            break
        first += more
    return first, codec_of(first)


def _undecided(prefix: bytes) -> bool:
    """Whether more bytes are needed before `codec_of` can answer."""
    if prefix.startswith(b"BZh"):
        return len(prefix) < 10
    return any(len(prefix) < len(c.magic) and c.magic.startswith(prefix) for c in CODECS)


def codec_of(prefix: bytes) -> Codec | None:
    """The codec whose files begin with these bytes; None for plain bytes."""
    for codec in CODECS:
        if prefix.startswith(codec.magic):
            if codec.name == "bzip2" and prefix[4:10] not in _BZIP2_FIRST_BLOCK:
                return None
            return codec
    return None


def codec_for(path: str) -> Codec | None:
    """The codec that a file's suffix asks for; None for a plain file."""
    return next((codec for codec in CODECS if path.endswith(codec.suffix)), None)


def decompress(codec: Codec, first: bytes, read: Callable[[], bytes], where: str) -> Iterator[bytes]:
    """All members of a compressed input, in blocks of at most `BLOCK` bytes.

    Args:
        codec: what `first` was recognised as.
        first: bytes already read.
        read: gives the next compressed bytes, empty at the end.
        where: the input's name, for messages.

    Raises:
        TruncatedError: the input ends inside a member.
        SourceError: the data is damaged, or something else follows a member.
    """
    pending = first
    member = 1
    while True:
        decompressor = codec.reader()
        while not decompressor.eof:
            data = b""
            if decompressor.needs_input:
                data, pending = pending or read(), b""
                if not data:
                    raise TruncatedError(f"{codec.name} data ends too early; it was cut short", where=where)
            try:
                out = decompressor.decompress(data, BLOCK)
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
                raise _damaged(codec, member, where) from None
            if out:
                yield out
        pending = decompressor.unused_data + pending
        while True:
            pending = pending.lstrip(b"\0")  # tape and disk images pad with zeros
            if pending:
                break
            pending = read()
            if not pending:
                return
        member += 1


def _damaged(codec: Codec, member: int, where: str) -> SourceError:
    if member > 1:
        return SourceError(
            f"damaged {codec.name} data, or something else, behind member {member - 1}", where=where
        )
    return SourceError(f"damaged {codec.name} data", where=where)
