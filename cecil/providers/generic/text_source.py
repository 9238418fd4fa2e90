"""Bytes of a text file as UTF-8, with a look at its beginning.

Owns: what is read ahead to recognise a format, the byte order mark, and encodings other than UTF-8.
Refuses: to replace a byte that does not decode. It leaves as bytes that are not UTF-8, so the line
that holds it is seen to be damaged and goes to quarantine; the good lines around it go on.
"""

import codecs
import re

from cecil.errors import SourceError, UsageError
from cecil.stream.input import Input

UTF8 = "utf-8"
BOM = codecs.BOM_UTF8
SAMPLE = 1 << 20
"""Bytes at the start of a file that its encoding is told from."""

# UTF-32's first, since UTF-16's are their beginning.
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u20ac£§°©®·«»¿¡´\xa0")
_ENOUGH = 16
"""Bytes beyond ASCII of which statistics can tell a code page."""
_ERRORS = "cecil-undecodable"
_NO_FILES = frozenset(("idna", "punycode", "undefined"))
"""What Python has of names of hosts and for its tests, which no file is written in."""


def _undecodable(error: UnicodeError) -> tuple[str, int]:
    """Bytes that do not decode, as surrogates that `surrogateescape` turns into bytes no UTF-8 has."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "\udcff" + "".join(chr(0xDC00 + byte) for byte in bad if byte >= 0x80), error.end


codecs.register_error(_ERRORS, _undecodable)


def canonical(encoding: str) -> str:
    """Python's name of a text encoding.

    Raises:
        UsageError: there is none of that name.
    """
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError):
        info = None
    # Python also calls rot13, base64 and zlib encodings.
    if info is None or not getattr(info, "_is_text_encoding", True) or info.name in _NO_FILES:
        raise UsageError(
            "--encoding: no such encoding", hint="for example utf-8, utf-16, latin-1, cp1252, shift_jis"
        )
    return UTF8 if info.name == "utf-8-sig" else info.name


class TextSource:
    """An `Input` whose beginning has been looked at.

    Attributes:
        name: the input's name, for messages.
        encoding: what the bytes are decoded from; None until it is settled, then UTF-8 is taken.
        ended: whether all of the input has been read ahead.
        failure: why no more can be read; raised when what came before has been read.
    """

    def __init__(self, source: Input, encoding: str | None = None) -> None:
        self.name = source.name
        self.input = source
        self._held: list[bytes] = []
        self.failure: SourceError | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False
        self.ended = False
        self.more()
        marked = self._marked()
        self.encoding = encoding or marked

    def _marked(self) -> str | None:
        # Not more than it takes: somebody may be typing.
        while not self.ended and any(
            len(self.head()) < len(m) and m.startswith(self.head()) for m, _ in _MARKS
        ):
            self.more()
        return next((name for mark, name in _MARKS if self.head().startswith(mark)), None)

    def more(self) -> None:
        """Look further ahead, by one block. A failure waits until what came before it has been read."""
        try:
            block = self.input.read()
        except SourceError as error:
            self.failure = error
            block = b""
        if block:
            self._held.append(block)
        else:
            self.ended = True

    def head(self) -> bytes:
        """The bytes read ahead, as they came."""
        if len(self._held) > 1:
            self._held = [b"".join(self._held)]
        return self._held[0] if self._held else b""

    def start(self) -> bytes:
        """The text read ahead, in UTF-8, without a byte order mark."""
        data = self.head()
        if self.encoding not in (None, UTF8):
            data = self._decoded(_decoder(self.encoding), data, self.ended)
        return data.removeprefix(BOM)

    def read(self) -> bytes:
        """The next block of text in UTF-8; empty at the end.

        Raises:
            SourceError, TruncatedError: what `Input.read` raises.
        """
        while True:
            block = self._raw()
            if self.encoding not in (None, UTF8):
                if self._decoder is None:
                    self._decoder = _decoder(self.encoding)
                text = self._decoded(self._decoder, block, not block)
                if not text and block:
                    continue  # half a character
            else:
                text = block
            if self._begun or not text:
                return text
            self._begun = True
            text = text.removeprefix(BOM)
            if text:
                return text

    def _decoded(self, decoder: codecs.IncrementalDecoder, data: bytes, last: bool) -> bytes:
        try:
            return decoder.decode(data, last).encode(UTF8, "surrogateescape")
        except UnicodeError:  # no byte order mark, which no rule for single bytes mends
            raise SourceError(
                f"is not {(self.encoding or UTF8).upper()}", where=self.name, hint="leave --encoding out"
            ) from None

    def _raw(self) -> bytes:
        if self._held:
            return self._held.pop(0)
        if self.failure:
            raise self.failure
        return b"" if self.ended else self.input.read()

    def close(self) -> None:
        self.input.close()


class Sample:
    """The beginning of a source as a source of its own: reading it takes nothing away.

    Args:
        lines: only whole lines, unless the source ends there.
    """

    def __init__(self, source: TextSource, *, lines: bool = True) -> None:
        self.name = source.name
        self.encoding = source.encoding
        data = source.start()
        self._data = data if source.ended or not lines else data[: data.rfind(b"\n") + 1]

    def read(self) -> bytes:
        data, self._data = self._data, b""
        return data


def _decoder(encoding: str | None) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding or UTF8)(_ERRORS)


def guessed(sample: bytes, *, ended: bool) -> str | None:
    """The encoding of a text's beginning; None where it cannot be told.

    UTF-8 with a damaged place stays UTF-8: most of its bytes beyond ASCII are whole characters.

    Args:
        sample: at most `SAMPLE` bytes are judged.
        ended: whether the text ends here, rather than in the middle of a character.
    """
    sample = sample[:SAMPLE]
    if sample.isascii():
        return UTF8
    text = codecs.getincrementaldecoder(UTF8)("surrogateescape").decode(
        sample, ended and len(sample) < SAMPLE
    )
    damaged = sum("\udc80" <= c <= "\udcff" for c in text)
    whole = sum(c > "\x7f" for c in text) - damaged
    if whole > damaged or not damaged:
        return UTF8
    # The lines that say something about the encoding, and few enough of them to be judged quickly.
    lines = b"".join(line for line in sample.splitlines(keepends=True) if not line.isascii())[: 1 << 14]
    if _western(lines):
        return "cp1252"
    if damaged < _ENOUGH:
        return UTF8  # a stray byte or two: the line goes to quarantine, rather than become another letter
    from charset_normalizer import from_bytes

    best = from_bytes(lines).best()
    return codecs.lookup(best.encoding).name if best else None


def _western(sample: bytes) -> bool:
    """Whether these are western words in cp1252: letters with accents among letters without.

    Code pages cannot be told apart by a handful of names, and statistics then name a rare one.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [c for c in text if c > "\x7f"]
    strange = sum(not c.isalpha() and c not in _PUNCTUATION for c in beyond)
    accented = "".join(word for word in _WORD.findall(text) if not word.isascii())
    plain = sum(c.isascii() for c in accented)
    return strange * 10 <= len(beyond) and plain * 2 >= len(accented)
