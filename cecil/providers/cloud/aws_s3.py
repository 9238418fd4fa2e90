"""Amazon S3: the records in objects, in the order of their keys.

A record is what the object has: a line of JSONL byte for byte, a row of CSV or Parquet, an event of a file
of CloudTrail, a line of text as `{"message": line}`. Formats and compressions are those of files, and are
told in the same way.

Owns: which objects are read, each once (with a state: by bucket, key and ETag, so an object that was
written anew is read anew); reading on where a connection broke, of the very object that was begun (Range
and If-Match); reading on in the middle of an object in the next run. Refuses: to read an object in parts
that do not belong together, to pass over one that cannot be read.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

import io
import os
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from cecil.errors import SourceError, TruncatedError, UsageError
from cecil.providers.base import Batch
from cecil.providers.cloud.aws_client import AwsClient, CutShort, Login
from cecil.providers.cloud.cloudtrail import Trail, is_trail
from cecil.providers.cloud.retry import Retry
from cecil.providers.generic.file import reader
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.providers.generic.recognise import FORMATS, Shape, recognise
from cecil.providers.generic.text_source import UTF8, TextSource, canonical
from cecil.providers.interrupts import Stopped
from cecil.providers.remote import Reading, RemoteProvider
from cecil.stream.compression import BLOCK, beginning, decompress
from cecil.stream.lines import Source
from cecil.stream.quarantine import Quarantine

if TYPE_CHECKING:
    from cecil.providers.generic.times import Window

CLOUDTRAIL = "cloudtrail"
_LINES = ("jsonl", "text")
"""Formats that can be begun at any line."""

_CHECKPOINT_EVERY = 5.0
"""Seconds between two checkpoints in the middle of an object."""

_TAIL = 1 << 20
"""Bytes of a line that are held so that blocks end with lines; of a longer one they do not."""

_RANGE = 1 << 19
_RANGES = 24
"""Bytes of a range of Parquet, and how many are held: its columns are read side by side."""

_PER_1000_GETS = 0.0004
_PER_1000_LISTS = 0.005
"""Dollars in us-east-1; other regions differ, and what leaves AWS costs more than the requests."""


_ANY_TIME = 0
"""An object is the same whenever it was written, if its ETag is."""


class Place(NamedTuple):
    """A bucket, and how keys in it begin."""

    bucket: str
    prefix: str

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def place(url: str) -> Place:
    """What `s3://bucket/prefix` names.

    Raises:
        UsageError: it names nothing.
    """
    scheme, slashes, rest = url.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme.lower() != "s3" or not slashes or not bucket:
        raise UsageError("--s3: not the address of a bucket", hint="--s3 s3://BUCKET/PREFIX")
    return Place(bucket, prefix)


class S3Object(NamedTuple):
    """An object as a listing tells it.

    Attributes:
        modified: nanoseconds since 1970.
    """

    bucket: str
    key: str
    size: int
    etag: str
    modified: int
    storage: str = "STANDARD"

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def ident(self) -> str:
        """What a state knows it by."""
        return f"{self.bucket}\0{self.key}\0{self.etag}"


class AwsS3Provider(RemoteProvider):
    """Records of objects.

    Args:
        reading, quarantine: see `RemoteProvider`. Without a window its times are those of objects.
        urls: `s3://bucket/prefix`.
        format: one of `FORMATS`, cloudtrail, or auto.
        encoding, delimiter: as of `FileProvider`.
        window: the times of records to deliver; None for all.
        login: who asks, and where.

    Raises:
        UsageError: an option makes no sense.
    """

    name: ClassVar[str] = "aws-s3"

    def __init__(
        self,
        reading: Reading,
        quarantine: Quarantine | None = None,
        *,
        urls: Sequence[str],
        format: str = "auto",
        encoding: str | None = None,
        delimiter: str | None = None,
        window: "Window | None" = None,
        login: Login | None = None,
    ) -> None:
        super().__init__(reading, quarantine)
        if format not in ("auto", CLOUDTRAIL, *FORMATS):
            raise UsageError(
                "--format: no such format", hint="formats are auto, cloudtrail, " + ", ".join(FORMATS)
            )
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise UsageError("--delimiter: one character is wanted", hint="for a tab: --format tsv")
        if reading.unwrap:
            raise UsageError(
                "--unwrap is of sources that wrap records; an object has them as they are",
                hint="leave it out",
            )
        if reading.backfill:
            raise UsageError(
                "--backfill: of S3 every object that was not read is read anyway", hint="--since, --until"
            )
        self.places = [place(url) for url in dict.fromkeys(urls)]
        self._format = format
        self._encoding = canonical(encoding) if encoding else None
        self._delimiter = delimiter
        self._window = window
        self._login = login or Login()
        self._retry = self.retry()
        self._client: AwsClient | None = None
        self._marked = 0.0
        self._since = reading.since

    @property
    def client(self) -> AwsClient:
        """The connection, made when it is first asked for."""
        if self._client is None:
            self._client = AwsClient("s3", self._login, self.effort, self._retry)
        return self._client

    def open(self) -> None:
        """See `RemoteProvider.open`. Every bucket is asked before the first object is read.

        Raises:
            SourceError: a prefix has no object at all, and never had one that we know of.
        """
        reading = self.reading
        may_be_empty = reading.follow or (reading.state is not None and os.path.exists(reading.state))
        for one in self.places:
            if not self._page(one, MaxKeys=1)["KeyCount"] and not may_be_empty:
                raise SourceError(
                    f"no object begins with {one.url}",
                    hint="aws s3 ls s3://BUCKET/ names what there is; --follow waits for the first one",
                )
        if reading.follow and reading.since is None and reading.state is None:
            # Only what is new; the times of objects are whole seconds.
            self._since = self.now() // 10**9 * 10**9

    def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None

    def now(self) -> int:
        """See `RemoteProvider.now`: never ahead of what S3 says."""
        return self.client.clock.now()

    def identity(self) -> dict[str, Any]:
        """See `RemoteProvider.identity`."""
        return {
            "source": self.name,
            "urls": sorted(one.url for one in self.places),
            "format": self._format,
            "encoding": self._encoding,
            "delimiter": self._delimiter,
        }

    # Which objects

    def _page(self, one: Place, **more: Any) -> dict[str, Any]:
        # Keys come as URLs have them: botocore asks for that, and undoes it, only where nobody else asks.
        return self.client.call("list_objects_v2", one.url, Bucket=one.bucket, Prefix=one.prefix, **more)

    def _listed(self, one: Place) -> Iterator[S3Object]:
        """All objects of a place, in the order of their keys."""
        more: dict[str, Any] = {}
        while True:
            reply = self._page(one, **more)
            self.effort.pages += 1
            for about in reply.get("Contents", ()):
                yield S3Object(
                    one.bucket,
                    about["Key"],
                    about["Size"],
                    about["ETag"],
                    int(about["LastModified"].timestamp()) * 10**9,
                    about.get("StorageClass", "STANDARD"),
                )
            # Only what says that it is the end is one.
            if not reply["IsTruncated"]:
                return
            more = {"ContinuationToken": reply["NextContinuationToken"]}

    def _wanted(self) -> Iterator[S3Object]:
        """The objects of all places that lie in the window, each once."""
        since, until = (None, None) if self._window else (self._since, self.reading.until)
        for number, one in enumerate(self.places):
            before = self.places[:number]
            for found in self._listed(one):
                if any(p.bucket == found.bucket and found.key.startswith(p.prefix) for p in before):
                    continue
                # Consoles make empty objects to show folders.
                if found.size == 0 and found.key.endswith("/"):
                    continue
                if (since is None or found.modified >= since) and (until is None or found.modified < until):
                    yield found

    # What is in them

    def stream_batches(self) -> Iterator[Batch]:
        """See `BaseDataProvider`. With a state, a checkpoint ends each object; long ones have more."""
        reading = self.reading
        while True:
            started = time.monotonic()
            for found in self._wanted():
                if self.left() == 0:
                    return
                yield from self._object(found)
            if not reading.follow or (reading.until is not None and self.now() >= reading.until):
                return
            self.rest(reading.interval - (time.monotonic() - started))

    def _object(self, found: S3Object) -> Iterator[Batch]:
        """What of an object was not delivered before."""
        state = self.state
        begun = state.position if state and state.position else {}
        resumed = begun if begun.get("object") == found.ident else {}
        if state and state.seen(_ANY_TIME, found.ident) and not resumed:
            return
        if state:
            state.position = None
        records = _Records(self, found, resumed)
        try:
            with closing(records.pieces()) as pieces:
                for piece in pieces:
                    if self._window:
                        piece = self._window.pick(piece, found.url, self.quarantine)
                    self.take(piece.count)
                    records.budget.left -= piece.count
                    full = self.left() == 0
                    due = state is not None and (full or time.monotonic() - self._marked > _CHECKPOINT_EVERY)
                    yield Batch(piece.data, piece.count, self._midway(found, records) if due else None)
                    if full:
                        return
        except (SourceError, Stopped):
            # What was delivered until here is not to be delivered again.
            yield Batch(b"", 0, self._midway(found, records))
            raise
        self.consumed += found.size
        yield Batch(b"", 0, self._mark(None))

    def _midway(self, found: S3Object, records: "_Records") -> dict[str, Any] | None:
        return self._mark({"object": found.ident, **records.position()})

    def _mark(self, position: dict[str, Any] | None) -> dict[str, Any] | None:
        self._marked = time.monotonic()
        return self.checkpoint(position=position)

    def body(self, found: S3Object, start: int = 0) -> "Body":
        """An object's bytes, from a place on."""
        return Body(self.client, self._retry, found, start)

    def text(self, found: S3Object) -> TextSource:
        """An object's text, its beginning looked at."""
        # A `Body` is all that a `TextSource` asks of an `Input`.
        return TextSource(self.body(found), self._encoding)  # type: ignore[arg-type]

    def shape(self, text: TextSource) -> Shape:
        """How an object is read.

        Raises:
            SourceError: a table's encoding cannot be told.
        """
        if self._format == CLOUDTRAIL or (self._format == "auto" and is_trail(text.start())):
            return Shape(CLOUDTRAIL, text.encoding or UTF8)
        return recognise(text, self._format, self._delimiter)

    def ranges(self, found: S3Object) -> "Ranges":
        """An object as a file that can be read anywhere."""
        return Ranges(self.client, self._retry, found)

    # What is there

    def listing(self) -> Iterator[dict[str, Any]]:
        """See `RemoteProvider.listing`: the objects that would be read."""
        for found in self._wanted():
            yield {
                "name": found.key,
                "bucket": found.bucket,
                "size": found.size,
                "modified": _stamp(found.modified),
                "storage_class": found.storage,
            }

    def fetch_metadata(self) -> dict[str, Any]:
        """`{"source", "places": [...], "first_object": {...}, "estimate": {...}}`.

        A place tells its objects, their bytes, and when the oldest and the newest was written. The first
        object tells its format, compression, and columns or keys. The estimate is of the objects that
        would be read: records, by those in the beginning of the first object; bytes; requests; dollars
        for the requests.
        """
        places = {one.url: _Sum() for one in self.places}
        first: S3Object | None = None
        for found in self._wanted():
            owner = next(
                p for p in self.places if p.bucket == found.bucket and found.key.startswith(p.prefix)
            )
            places[owner.url].add(found)
            if first is None and found.size:
                first = found
        about = self._look_into(first) if first else None
        size = sum(one.bytes for one in places.values())
        objects = sum(one.objects for one in places.values())
        lists = sum(-(-max(1, one.objects) // 1000) for one in places.values())
        each = about.pop("bytes_a_record") if about else 0.0
        return {
            "source": self.name,
            "places": [{"name": url, **one.as_dict()} for url, one in places.items()],
            "first_object": about,
            "estimate": {
                "records": round(size / each) if each else 0,
                "bytes": size,
                "requests": objects + lists,
                "dollars": round((objects * _PER_1000_GETS + lists * _PER_1000_LISTS) / 1000, 6),
            },
        }

    def _look_into(self, found: S3Object) -> dict[str, Any]:
        text = self.text(found)
        try:
            shape = self.shape(text)
            about: dict[str, Any] = {
                "name": found.key,
                "size": found.size,
                "compression": text.input.codec,
                "format": shape.format,
                "encoding": shape.encoding,
            }
            if shape.format == "parquet":
                from cecil.providers.generic.parquet import Table

                with closing(Table(found.url, self.ranges(found))) as table:
                    about.update(table.metadata())
                about["bytes_a_record"] = found.size / max(1, about["rows"])
                return about
            start = text.start()
            lines = max(1, start.count(b"\n"))
            if shape.format in ("json", CLOUDTRAIL):
                lines = max(1, start.count(b"},{") + 1)
            share = text.input.consumed / max(1, len(start))
            about["bytes_a_record"] = len(start) / lines * min(1.0, share)
            return about
        finally:
            text.close()

    def plan(self, since: int | None, until: int) -> str | None:
        """See `RemoteProvider.plan`: for more than a gigabyte or a thousand objects."""
        objects = size = 0
        whole = True
        for found in self._wanted():
            objects += 1
            size += found.size
            if objects >= 5000:
                whole = False
                break
        if whole and objects < 1000 and size < 10**9:
            return None
        more = "" if whole else "more than "
        return f"{more}{objects:,} objects, {size / 10**9:,.1f} GB"


class _Sum:
    """Objects, added up."""

    def __init__(self) -> None:
        self.objects = self.bytes = 0
        self.first: int | None = None
        self.last: int | None = None

    def add(self, found: S3Object) -> None:
        self.objects += 1
        self.bytes += found.size
        self.first = found.modified if self.first is None else min(self.first, found.modified)
        self.last = found.modified if self.last is None else max(self.last, found.modified)

    def as_dict(self) -> dict[str, Any]:
        return {
            "objects": self.objects,
            "bytes": self.bytes,
            "first": None if self.first is None else _stamp(self.first),
            "last": None if self.last is None else _stamp(self.last),
        }


def _stamp(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment // 10**9))


class _Records:
    """The records of one object, from a place on, and how far they were given.

    Args:
        provider: whose options count.
        found: the object.
        place: what `position` said of it; empty for the beginning.

    Attributes:
        budget: how many records are still wanted; who takes pieces lowers it.
    """

    def __init__(self, provider: AwsS3Provider, found: S3Object, place: dict[str, Any]) -> None:
        self._provider = provider
        self._found = found
        self._offset = int(place.get("offset", 0))
        self._skip = self._left_out = int(place.get("records", 0))
        # Records since the last byte of text that is wholly dealt with.
        self._count = 0
        self._counted = self._offset
        self._lines: _Lines | None = None
        self._behind: Body | None = None
        left = provider.left()
        self.budget = Budget(None if left is None else left + self._skip)

    def position(self) -> dict[str, int]:
        """Where to read on: behind so many bytes of text, and so many records more."""
        done = self._lines.done if self._lines else self._offset
        if done != self._counted:
            return {"offset": done, "records": self._skip}
        # What was delivered before is behind us even where it has not been read again yet.
        return {"offset": done, "records": max(self._count, self._left_out)}

    def pieces(self) -> Pieces:
        """The records that were not delivered before.

        Raises:
            SourceError, TruncatedError: it cannot be read, or is damaged.
        """
        found = self._found
        if not found.size:
            return
        text = self._provider.text(found)
        try:
            shape = self._provider.shape(text)
            with closing(self._read(text, shape)) as pieces:
                for piece in pieces:
                    done = self._lines.done if self._lines else self._offset
                    if done != self._counted:
                        self._counted, self._count, self._left_out = done, 0, self._skip
                    self._count += piece.count
                    if self._skip:
                        piece = self._rest(piece)
                    if piece.count:
                        yield piece
        finally:
            text.close()
            if self._behind:
                self._behind.close()

    def _rest(self, piece: Piece) -> Piece:
        """Of a piece, what was not delivered before; it is not read again, so it does not count."""
        known = min(self._skip, piece.count)
        self._skip -= known
        self._provider.quarantine.counts.read -= known
        self.budget.left -= known
        lines = piece.lines()[known:]
        return Piece(b"".join(lines), len(lines), piece.numbers[known:])

    def _read(self, text: TextSource, shape: Shape) -> Pieces:
        provider, found = self._provider, self._found
        limit = provider.reading.max_record
        if shape.format == "parquet":
            if text.input.codec:
                raise SourceError(
                    f"Parquet cannot be read through {text.input.codec}",
                    where=found.url,
                    hint="store it as it is; Parquet is compressed inside",
                )
            text.close()
            from cecil.providers.generic.parquet import Table

            with closing(Table(found.url, provider.ranges(found))) as table:
                yield from table.read(provider.quarantine, self.budget)
            return
        source: Source = text
        if shape.format == CLOUDTRAIL:
            shape, source = Shape("json", shape.encoding), Trail(text)
        elif shape.format in _LINES:
            source = self._lines = self._from(text)
        yield from reader(shape, source, provider.quarantine, limit, self.budget)

    def _from(self, text: TextSource) -> "_Lines":
        """The text behind what was delivered: by Range where its bytes are those of the object."""
        if not self._offset:
            return _Lines(text, text.name, 0)
        name = f"{text.name} (from byte {self._offset})"
        if text.input.codec is None and text.encoding in (None, UTF8) and text.head() == text.start():
            text.close()
            self._behind = self._provider.body(self._found, self._offset)
            return _Lines(self._behind, name, self._offset)
        return _Lines(text, name, self._offset, skip=self._offset)


class _Lines:
    """A text in blocks that end with lines, and how much of it was taken.

    A block is asked for when all of the one before was dealt with: that far the text is done.

    Args:
        source: the text.
        name: what messages call it.
        offset: where in the object's text it begins.
        skip: bytes at its beginning that are left out.

    Attributes:
        done: bytes of the object's text that were dealt with.
        done_lines: how many lines of it, from `offset` on.
    """

    def __init__(self, source: Any, name: str, offset: int, *, skip: int = 0) -> None:
        self.name = name
        self.done = offset
        self.done_lines = 0
        self._source = source
        self._skip = skip
        self._ahead = offset
        self._ahead_lines = 0
        self._tail = b""
        self._failure: SourceError | None = None

    def read(self) -> bytes:
        """The next block; empty at the end. Raises what the source raises."""
        self.done, self.done_lines = self._ahead, self._ahead_lines
        if self._failure:
            raise self._failure
        while True:
            try:
                block = self._block()
            except TruncatedError as error:
                # The line at which it was cut short goes on, and to quarantine.
                self._failure = error
                if not self._tail:
                    raise
                tail, self._tail = self._tail, b""
                return tail
            if not block:
                tail, self._tail = self._tail, b""
                self._ahead += len(tail)
                self._ahead_lines += bool(tail)
                return tail
            cut = block.rfind(b"\n") + 1
            if not cut and len(self._tail) < _TAIL:
                self._tail += block
                continue
            whole = self._tail + block[:cut] if cut else self._tail + block
            self._tail = block[cut:] if cut else b""
            self._ahead += len(whole)
            self._ahead_lines += whole.count(b"\n")
            return whole

    def _block(self) -> bytes:
        while True:
            block: bytes = self._source.read()
            if not self._skip or not block:
                return block
            cut = min(self._skip, len(block))
            self._skip -= cut
            if cut < len(block):
                return block[cut:]


class Body:
    """The bytes of an object, decompressed: what an `Input` is to a file.

    A connection that breaks is made again from the byte on at which it broke, of the same object.

    Args:
        client, retry: by which it is read.
        found: the object.
        start: the byte to begin with; then nothing is decompressed.

    Attributes:
        name, size, consumed, codec: as of an `Input`.
    """

    def __init__(self, client: AwsClient, retry: Retry, found: S3Object, start: int = 0) -> None:
        self.name = found.url
        self.size = found.size
        self.consumed = start
        self.codec: str | None = None
        self._client = client
        self._effort = retry.effort
        self._waiting = retry.waiting
        self._found = found
        self._stream: Any = None
        self._streak = retry.streak(partial(client.judge, found.url))
        first, codec = (b"", None) if start else beginning(self._raw)
        self.codec = codec.name if codec else None
        self._blocks = decompress(codec, first, self._raw, self.name) if codec else self._plain(first, start)

    def _plain(self, first: bytes, start: int) -> Iterator[bytes]:
        data = first or (self._raw() if start else b"")
        while data:
            yield data
            data = self._raw()

    def read(self) -> bytes:
        """The next block; empty at the end.

        Raises:
            SourceError, TruncatedError: it cannot be read on, or is damaged.
        """
        return next(self._blocks, b"")

    def _raw(self) -> bytes:
        """The next bytes as they are stored."""
        while self.consumed < self.size:
            try:
                with self._waiting():
                    if self._stream is None:
                        self._begin()
                    data: bytes = self._stream.read(BLOCK)
                if not data:
                    raise ConnectionResetError
            except Exception as error:
                self._end()
                self._streak.failed(error)
                continue
            self._streak.progress()
            self.consumed += len(data)
            self._effort.bytes += len(data)
            return data
        self._end()
        return b""

    def _begin(self) -> None:
        found = self._found
        more = {"Range": f"bytes={self.consumed}-"} if self.consumed else {}
        reply = self._client.once(
            "get_object", Bucket=found.bucket, Key=found.key, IfMatch=found.etag, **more
        )
        self._effort.pages += 1
        self._stream = reply["Body"]
        if "ContentLength" not in reply:
            raise CutShort
        if self.consumed + reply["ContentLength"] != self.size:
            raise SourceError(f"{found.url}: it is not as long as it was listed", hint="run again")

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def close(self) -> None:
        self._end()


class Ranges(io.RawIOBase):
    """An object as a file that can be read anywhere, by ranges of which some are held."""

    def __init__(self, client: AwsClient, retry: Retry, found: S3Object) -> None:
        self._client = client
        self._retry = retry
        self._found = found
        self._position = 0
        self._held: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._found.size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        number, skip = divmod(self._position, _RANGE)
        data = self._range(number)[skip : skip + len(buffer)] if self._position < self._found.size else b""
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end: what pyarrow expects."""
        end = self._found.size if size < 0 else min(self._found.size, self._position + size)
        parts = []
        while self._position < end:
            number, skip = divmod(self._position, _RANGE)
            part = self._range(number)[skip : skip + end - self._position]
            parts.append(part)
            self._position += len(part)
        return b"".join(parts)

    def _range(self, number: int) -> bytes:
        data = self._held.pop(number, None)
        if data is None:
            ask = partial(self._ask, number * _RANGE, min(self._found.size, (number + 1) * _RANGE))
            data = self._retry.call(ask, partial(self._client.judge, self._found.url))
            if len(self._held) >= _RANGES:
                self._held.popitem(last=False)
        self._held[number] = data
        return data

    def _ask(self, start: int, stop: int) -> bytes:
        found = self._found
        reply = self._client.once(
            "get_object",
            Bucket=found.bucket,
            Key=found.key,
            IfMatch=found.etag,
            Range=f"bytes={start}-{stop - 1}",
        )
        with closing(reply["Body"]) as body:
            data: bytes = body.read()
        if len(data) != stop - start:
            raise CutShort
        self._retry.effort.pages += 1
        self._retry.effort.bytes += len(data)
        return data
