"""What the databases have in common: an address without its password, a select in the order of a cursor,
and rows that become lines.

Owns: the contract of a dialect, and the SQL that all of them speak. Refuses: a password in an address that
was typed, two columns of one name, and to show what a server says of values.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import starmap
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from cecil.errors import RecordError, SourceError, UsageError
from cecil.providers.cloud.retry import Action, Fault, Rule

ROWS = 1000
"""Rows that are taken from a database at once."""

BLOCK = 1 << 16
"""Bytes of lines that are handed on at once."""

AGAIN = Rule(Action.AGAIN, "a server that restarts or fails over comes back; what was read is not read again")
BUSY = Rule(Action.SLOWER, "too many connections, or a lock: others end")
CONFLICT = Rule(Action.AGAIN, "a standby needed rows that we were reading; the next read sees others")
FINAL = Rule(Action.FINAL, "the same question gets the same answer")

MARK = "\0"
"""A parameter, in SQL that is being made."""

_SECRETS = frozenset("password passwd pwd pass secret token sslpassword".split())


Lines = Generator[tuple[bytes, int], None, None]
"""JSONL in blocks: the lines, and how many."""


class Column(NamedTuple):
    """A column as its database describes it.

    Attributes:
        type: as the database names it.
        kind: what a cursor makes of it: time, integer, number, text; or other, which no cursor takes.
    """

    name: str
    type: str
    kind: str = "other"


class Ask(NamedTuple):
    """A select.

    Attributes:
        source: what stands behind `from`.
        columns: all of it, in order.
        order: names of the cursor's columns; () for no order.
        after: rows behind this place: a value for each of `order`.
        bounds: a column's name, and the least and the first too large value; None for no bound.
        limit: rows at most.
    """

    source: str
    columns: Sequence[Column]
    order: Sequence[str] = ()
    after: Sequence[Any] | None = None
    bounds: Sequence[tuple[str, Any, Any]] = ()
    limit: int | None = None


class Address(NamedTuple):
    """Where a database is.

    Attributes:
        url: without a password: what messages, metadata and states say.
        password: None where there is none; the client then looks where it always does.
    """

    scheme: str
    url: str
    password: str | None


def address(url: str, password: str | None = None, *, typed: bool = True) -> Address:
    """Take the password out of an address.

    Args:
        password: from a file; it comes before one in the address.
        typed: whether the address stood on the command line, where everybody can see it.

    Raises:
        UsageError: it is no address, or a password was typed.
    """
    try:
        parts = urlsplit(url)
        found = parts.password
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise UsageError("not the address of a database", hint=_FORMS) from None
    if not parts.scheme or (not parts.netloc and not parts.path):
        raise UsageError("not the address of a database", hint=_FORMS)
    hidden = [value for key, value in pairs if key.lower() in _SECRETS]
    packed = any("pwd=" in value.lower() or "password=" in value.lower() for _, value in pairs)
    if typed and (found is not None or hidden or packed):
        raise UsageError(
            "a password on the command line is seen by everybody on this machine",
            hint="--password-file FILE, --url-file FILE, or what the client reads: ~/.pgpass, ~/.my.cnf",
        )
    netloc = parts.netloc
    if found is not None:
        user, _, host = netloc.rpartition("@")
        netloc = f"{user.partition(':')[0]}@{host}"
    query = urlencode([(key, value) for key, value in pairs if key.lower() not in _SECRETS])
    safe = urlunsplit((parts.scheme, netloc, parts.path, query, ""))
    if not parts.netloc and url.startswith(f"{parts.scheme}:///"):
        # sqlite:////absolute: urlunsplit makes two slashes of four.
        safe = url.partition("?")[0] + (f"?{query}" if query else "")
    secret = password or (unquote(found) if found is not None else None) or (hidden[0] if hidden else None)
    return Address(parts.scheme.lower(), safe, secret)


_FORMS = "postgresql://user@host/name, mysql://user@host/name, sqlite:///file.db"


class Dialect(ABC):
    """One kind of database. A context of one connection at a time.

    Args:
        where: the address.
        timeout: seconds that a statement may take; None for the server's own limit.
        refuse: takes a row that cannot be a line: the reason, and what there is of it as bytes.

    Attributes:
        mark: what stands for a parameter in SQL.
    """

    mark = "%s"

    def __init__(self, where: Address, timeout: float | None, refuse: Callable[[str, bytes], None]) -> None:
        self.where = where
        self.timeout = timeout
        self.refuse = refuse

    @abstractmethod
    def connect(self) -> None:
        """Open a session that only reads. Raises whatever the client does; `judge` knows."""

    @abstractmethod
    def close(self) -> None:
        """End the session; safe to call twice, and on a broken one."""

    @abstractmethod
    def judge(self, error: Exception) -> Fault | None:
        """What an exception of the client means; None for a bug."""

    @abstractmethod
    def columns(self, source: str) -> list[Column]:
        """The columns of what stands behind `from`."""

    @abstractmethod
    def lines(self, ask: Ask) -> Lines:
        """Rows as JSONL, in blocks: the lines and how many."""

    @abstractmethod
    def value(self, sql: str) -> Any:
        """The first value of the first row."""

    @abstractmethod
    def tables(self) -> Iterator[dict[str, Any]]:
        """What can be read: `{"name","rows","bytes"}`, rows and bytes as the database estimates them."""

    def quote(self, name: str) -> str:
        """A name as SQL has it, whatever is in it."""
        return '"' + name.replace('"', '""') + '"'

    def cast(self, column: Column) -> str:
        """How a parameter for a column is written."""
        return MARK

    def parameter(self, column: Column, value: Any) -> Any:
        """A value of a line as the client takes it."""
        return value

    def expression(self, column: Column) -> str:
        """A column as it is selected."""
        return self.quote(column.name)

    def where_clause(self, ask: Ask) -> tuple[str, list[Any]]:
        """The conditions of a select, and their parameters."""
        found = {column.name: column for column in ask.columns}
        terms: list[str] = []
        values: list[Any] = []
        for name, least, most in ask.bounds:
            column = found[name]
            for operator, bound in ((">=", least), ("<", most)):
                if bound is not None:
                    terms.append(f"{self.quote(name)} {operator} {self.cast(column)}")
                    values.append(self.parameter(column, bound))
        if ask.after is not None:
            columns = [found[name] for name in ask.order]
            term, more = self.behind(columns, ask.after)
            terms.append(term)
            values += more
        return (" where " + " and ".join(terms) if terms else ""), values

    def behind(self, columns: Sequence[Column], after: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition of rows behind a place: (a, b) > (x, y), as databases and their indexes know it."""
        names = ", ".join(self.quote(column.name) for column in columns)
        marks = ", ".join(self.cast(column) for column in columns)
        values = [self.parameter(column, value) for column, value in zip(columns, after, strict=True)]
        return f"({names}) > ({marks})", values

    def select(self, ask: Ask) -> tuple[str, list[Any]]:
        """The select, and its parameters."""
        conditions, values = self.where_clause(ask)
        shown = ", ".join(self.expression(column) for column in ask.columns)
        sql = f"select {shown} from {ask.source}{conditions}"
        if ask.order:
            sql += " order by " + ", ".join(self.quote(name) for name in ask.order)
        if ask.limit is not None:
            sql += f" limit {ask.limit}"
        if values and "%" in self.mark:
            sql = sql.replace("%", "%%")  # a % of the user's query is no mark
        return sql.replace(MARK, self.mark), values


def checked(columns: list[Column]) -> list[Column]:
    """Columns that can be the keys of an object.

    Raises:
        SourceError: two have one name, or one has none.
    """
    seen: set[str] = set()
    for number, column in enumerate(columns, 1):
        if not column.name or column.name in seen:
            raise SourceError(
                f"column {number} has no name of its own", hint='name it in the query: select x as "name"'
            )
        seen.add(column.name)
    return columns


class Encoder:
    """Rows of Python values to lines.

    Decimals keep their digits, bytes are base64, dates and times ISO 8601, NaN and infinities null.
    """

    def __init__(self, columns: Sequence[Column], refuse: Callable[[str, bytes], None]) -> None:
        import msgspec

        names = [f"c{number}" for number in range(len(columns))]
        rename = {name: column.name for name, column in zip(names, columns, strict=True)}
        self._columns = columns
        self._refuse = refuse
        self._row = msgspec.defstruct("Row", [(name, Any) for name in names], rename=rename, gc=False)
        self._encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_text_of)

    def lines(self, rows: Sequence[Sequence[Any]]) -> tuple[bytes, int]:
        """Rows as lines; one that cannot be a line is refused."""
        row = self._row
        try:
            data = self._encoder.encode_lines(list(starmap(row, rows)))
        except (OverflowError, TypeError, ValueError, RecursionError):
            return self._one_by_one(rows)
        return self._one_by_one(rows) if _no_number(data) else (data, len(rows))

    def _one_by_one(self, rows: Sequence[Sequence[Any]]) -> tuple[bytes, int]:
        from cecil.stream.encode import dumps

        kept: list[bytes] = []
        for one in rows:
            try:
                try:
                    line = self._encoder.encode(self._row(*one))
                except (OverflowError, ValueError):
                    line = b"NaN"
                if _no_number(line):
                    record = {column.name: value for column, value in zip(self._columns, one, strict=True)}
                    line = dumps(record)
                kept.append(line + b"\n")
            except (TypeError, RecursionError, RecordError):
                number, column = next(
                    ((n, c) for n, (c, v) in enumerate(zip(self._columns, one, strict=True), 1) if _odd(v)),
                    (1, self._columns[0]),
                )
                self._refuse(f"a value that JSON cannot hold in column {number}", repr(column.type).encode())
        return b"".join(kept), len(kept)


def _no_number(data: bytes) -> bool:
    """Whether there may be a decimal that is no number, which msgspec writes as it is."""
    return b"NaN" in data or b"Infinity" in data


def _odd(value: Any) -> bool:
    from cecil.stream.encode import dumps

    try:
        dumps(value)
    except RecordError:
        return True
    return False


def _text_of(value: Any) -> Any:
    """What msgspec does not know, and a driver may give."""
    import ipaddress

    if isinstance(value, ipaddress._BaseAddress | ipaddress._BaseNetwork):
        return str(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    raise TypeError


def blocks(rows: Iterator[Sequence[Sequence[Any]]], encoder: Encoder) -> Lines:
    """Lists of rows as blocks of lines."""
    for some in rows:
        if some:
            yield encoder.lines(some)
