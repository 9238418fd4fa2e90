r"""Values that SQL names by their place: `INSERT INTO users (name, pin) VALUES ('Ann Lee', '4711')`.

Owns: which column a value belongs to. In rows of values, in PostgreSQL's `Key (email, pin)=(…)`, in
`SELECT '…' AS pin`, in OData's `$filter=pin eq '…'`, in `crypt('…', gen_salt('bf'))`, and among the
parameters that libraries log behind a statement, by the order of its placeholders. What a column promises,
and whether a value fits, is said by `names`. Refuses: values whose columns are not named in the same text,
and rows whose values are not as many.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets.names import ByName
from cecil.sanitizer.late import late

_MOST = 500
"""Columns of a table."""
_LONGEST = 20_000
"""Characters of a statement."""

_BLANKS = r"[ \t\r\n]{0,20}"
_IDENTIFIER = r"(?:[A-Za-z_][\w$]{0,62}|[\"`\[][^\"`\[\]\r\n]{1,63}[\"`\]])"
_COLUMNS = r"\((?P<columns>[\w$\"`\[\]., \t\r\n-]{1,20000}+)\)"
_INSERT = late(
    rf"(?i:\binto[ \t\r\n](?:table[ \t])?){_BLANKS}(?:{_IDENTIFIER}\.){{0,2}}{_IDENTIFIER}{_BLANKS}{_COLUMNS}"
    rf"[^()';]{{0,200}}?(?i:\bvalues?){_BLANKS}(?=\()"
)
_KEY = late(rf"(?i:\bkey[ \t]){_COLUMNS}=(?=\()")

_SELECT = late(r"(?i:\bselect\b)[^\r\n]{1,20000}")
_ALIASED = late(
    rf"'(?P<value>(?:[^'\\\r\n]|''|\\.)*+)'(?:[ \t]{{1,4}}(?i:as)[ \t]{{1,4}}(?P<name>{_IDENTIFIER}))?+"
)
"""A string, and what a query calls it. Those without a name are read too, each quote in its place."""

# https://docs.oasis-open.org/odata/odata/v4.01/, and what SCIM has of it (RFC 7644, 3.4.2.2); in a URL too.
_BLANK = r"(?:[ +]|%20){1,3}"
_FILTER = late(r"(?i:\bfilter)(?:=|%3[Dd])[^\r\n&]{1,4000}")
_FILTERED = late(
    rf"(?<![\w.])(?:(?P<name>[A-Za-z_][\w/.]{{0,80}}+){_BLANK}(?i:eq|ne|g[te]|l[te]|co|sw|ew){_BLANK}"
    r"|(?i:contains|startswith|endswith)(?:\(|%28)(?P<of>[A-Za-z_][\w/.]{0,80}+)"
    r"(?:,|%2[Cc])(?:[ +]|%20){0,3})"
    r"(?:'(?P<single>[^'\r\n]{1,200})'|%27(?P<coded>(?:(?!%27)[^'\r\n ]){1,200}+)%27"
    r"|\\*\"(?P<double>[^\"\\\r\n]{1,200})|%22(?P<twice>(?:(?!%22)[^\"\r\n ]){1,200}+)%22"
    r"|(?P<bare>[0-9]{4,20})(?![\w.-]))"
)

_CRYPT = late(r"(?i:(?<![\w.])crypt)\([ \t]{0,4}'(?P<value>(?:[^'\\\r\n]|''|\\.){1,200}+)'[ \t]{0,4},")
"""Of pgcrypto, PHP and libc; what it makes is the hash of a password."""

# What stands for a value: `?`, `%s`, `%(name)s`, `$1`, `$1::VARCHAR`, `:name`, `@p0`.
_HOLDER = late(
    r"(?:\?|%s|%\(\w{1,63}\)s|\$[0-9]{1,4}|(?<![:\w])[:@][A-Za-z_]\w{0,62})"
    r"(?:::[A-Za-z][\w ]{0,40}(?:\[\])?)?"
)
_NUMBER = late(r"\$([0-9]{1,4})")
_COMPARED = late(
    rf"(?P<name>[A-Za-z_][\w$]{{0,62}}+)[\"`\]]?{_BLANKS}(?:[=<>!]{{1,2}}|(?i:i?like|in)\b){_BLANKS}\(?(?={_HOLDER.pattern})"
)
_STATEMENT = late(r"(?i:\b(?:insert|update|select|delete|replace|with)\b)")
_TYPE = r"[A-Z][A-Za-z]{1,30}(?:\[\])?"
_TYPED = late(
    r"(?P<value>null(?=,[ ]|[ \t]*(?:\r?\n|\Z))"
    rf"|[^\r\n]{{0,2000}}?(?=\({_TYPE}\)(?:,[ ]|[ \t]*(?:\r?\n|\Z))))"
    rf"(?:\({_TYPE}\))?(?P<end>,[ ]|)"
)
_PARAMETERS = late(
    r"(?i:\b(?:param(?:eter)?s|bindings?|binds?|args|values))[\"']?[ \t]{0,4}[:=][ \t]{0,4}"
    r"(?:\[?(?=[(\[])|(?P<numbered>(?=\$1 = )))"
    # As MyBatis has them, each with its type.
    rf"|\bParameters:[ ](?P<typed>(?=[^\r\n]{{0,4000}}\({_TYPE}\)))"
    # Without a word, as some libraries have it behind a statement.
    r"|(?:(?<=\?)|(?<=\$[0-9])|(?<=\$[0-9][0-9]))(?:[ \t](?i:limit|offset)[ \t][0-9]{1,9}|[ \t)]){0,3};?[ \t]"
    r"(?=\[[ \t]?[\"'])"
)
_NUMBERED = late(r"(?:, )?\$[0-9]{1,4} = (?:'(?P<single>(?:[^']|'')*+)'|(?P<bare>NULL|[^\s',]{1,100}))")
"""As PostgreSQL's logs have them: `$1 = 'Ann', $2 = NULL`."""

BOUND = frozenset(
    "params parameters bindings binds bind_params bindParams args values parameterValues".split()
)
STATEMENTS = ("sql", "query", "statement", "stmt", "queryText", "raw_sql", "db.statement", "db.query.text")
"""Keys of records whose values are parameters of a statement, and such of the statement."""

_ITEM = late(
    r"[ \t\r\n]*+(?:[NEUBneub]{0,2}(?:'(?P<single>(?:[^'\\]|''|\\.)*+)(?:'|\Z)"
    r"|\"(?P<double>(?:[^\"\\]|\"\"|\\.)*+)(?:\"|\Z))"
    r"|(?P<bare>(?:[^,()\[\]'\"]|\([^()]{0,200}\)|\[[^\[\]]{0,200}\]){0,400}+))[ \t\r\n]*+(?P<end>[,)\]]|\Z)",
    re.DOTALL,
)
_NEXT = late(r"[ \t\r\n]*+,[ \t\r\n]*+(?=[(\[])")
_WORDLESS = frozenset({"SECRET", "PASSWORD", "LOCATION"})
_NO_VALUE = frozenset("default null none true false current_timestamp current_date".split())


class _Value(NamedTuple):
    """Where a value stands, and whether it stands in quotes."""

    start: int
    end: int
    quoted: bool


class _Row(NamedTuple):
    """Some values, and whether there are no more: a line may be cut off."""

    values: list[_Value]
    whole: bool


class ColumnRecognizer(ByName):
    """Finds values by the columns that a statement names."""

    name = "column"
    triggers = (
        Trigger(r"into[ \t\r][^\n]*values?[ \t\r]*\(", caseless=True),
        Trigger(r"key[ \t]\([^()\n]*\)=\(", caseless=True),
        Trigger(
            r"(?:param(?:eter)?s|bindings?|binds?|args|values|bind_?params)[\"']?[ \t]*[:=][ \t]*"
            r"(?:\[?[(\[]|\$1 = )",
            caseless=True,
        ),
        Trigger(rf"Parameters:[ ][^\n]*\({_TYPE}\)"),
        Trigger(r"\bselect\b[^\n]*'[ \t]+as[ \t]", caseless=True),
        Trigger(
            r"\bfilter(?:=|%3d)[^\n]*(?:(?: |\+|%20)(?:eq|ne|g[te]|l[te]|co|sw|ew)(?: |\+|%20)"
            r"|(?:contains|startswith|endswith)(?:\(|%28))",
            caseless=True,
        ),
        Trigger(r"\bcrypt\([ \t]*'", caseless=True),
        Trigger(r"(?:\?|\$[0-9])[a-z0-9 \t);]*[ \t]\[[ \t]?[\"']", caseless=True),
    )

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Columns, and where a value of each begins and ends."""
        for head in _INSERT.finditer(text):
            yield from _rows(text, _columns(head["columns"]), head.end())
        for head in _KEY.finditer(text):
            columns = _columns(head["columns"])
            row = next(_tuples(text, head.end()), None)
            if row and row.values and len(columns) == 1 and columns[0]:
                # Nothing is quoted there: a comma may be the value's own.
                yield columns[0], row.values[0].start, row.values[-1].end
            else:
                yield from _rows(text, columns, head.end())
        for query in _SELECT.finditer(text):
            yield from self._aliased(text, *query.span())
        for query in _FILTER.finditer(text):
            for one in _FILTERED.finditer(text, *query.span()):
                kind = one.lastgroup or ""
                yield (one["name"] or one["of"]).rpartition("/")[2], *one.span(kind)
        for one in _CRYPT.finditer(text):
            yield "password", *one.span("value")
        done = 0
        for head in _PARAMETERS.finditer(text):
            columns = _held(text, done, head.end())
            done = head.end()
            if columns and head["numbered"] is not None:
                yield from _numbered(text, columns, head.end())
            elif columns and head["typed"] is not None:
                yield from _typed(text, columns, head.end())
            elif columns:
                yield from _rows(text, columns, head.end())

    def _aliased(self, text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """Strings of a query that are called something. A word is no secret, and no place."""
        for one in _ALIASED.finditer(text, start, end):
            if one["name"] is None or not one["value"]:
                continue
            name = one["name"].strip('"`[]')
            if one["value"].isalpha() and self.judge(name, one["value"])[0] in _WORDLESS:
                continue
            yield name, *one.span("value")


def _rows(text: str, columns: list[str | None], at: int) -> Iterator[tuple[str, int, int]]:
    for row in _tuples(text, at):
        if row.whole and len(row.values) != len(columns):
            continue
        for column, value in zip(columns, row.values, strict=False):
            said = text[value.start : value.end]
            if column and (value.quoted or not (_HOLDER.fullmatch(said) or said.lower() in _NO_VALUE)):
                yield column, value.start, value.end


def _numbered(text: str, columns: list[str | None], at: int) -> Iterator[tuple[str, int, int]]:
    for column in columns:
        value = _NUMBERED.match(text, at)
        if value is None:
            return
        at = value.end()
        kind = value.lastgroup or ""
        if column and value[kind] != "NULL":
            yield column, *value.span(kind)


def _typed(text: str, columns: list[str | None], at: int) -> Iterator[tuple[str, int, int]]:
    found: list[tuple[int, int]] = []
    value = _TYPED.match(text, at)
    while value is not None and len(found) <= len(columns):
        found.append(value.span("value"))
        value = _TYPED.match(text, value.end()) if value["end"] else None
    for column, (start, end) in zip(columns, found, strict=True) if len(columns) == len(found) else ():
        if column and start < end and text[start:end] != "null":
            yield column, start, end


def held(statement: str) -> list[str | None]:
    """The columns of a statement's placeholders; None for one that stands beside no name."""
    return _held(statement, 0, len(statement)) if len(statement) <= _LONGEST else []


def _columns(listed: str) -> list[str | None]:
    return [name.strip(' \t\r\n"`[]').rpartition(".")[2] or None for name in listed.split(",", _MOST)]


def _held(text: str, start: int, end: int) -> list[str | None]:
    """The columns of a statement's placeholders, in their order; None for one that stands beside no name."""
    first = _STATEMENT.search(text, start, end)
    if first is None:
        return []
    insert = _INSERT.search(text, first.start(), end)
    if insert:
        row = next(_tuples(text, insert.end()), _Row([], True))
        columns = _columns(insert["columns"])
        if len(columns) != len(row.values):
            return []
        said = [text[one.start : one.end] for one in row.values]
        return _in_order(
            [(one, column) for one, column in zip(said, columns, strict=True) if _HOLDER.fullmatch(one)]
        )
    names = {one.end(): one["name"] for one in _COMPARED.finditer(text, first.start(), end)}
    return _in_order([(one[0], names.get(one.start())) for one in _HOLDER.finditer(text, first.start(), end)])


def _in_order(held: list[tuple[str, str | None]]) -> list[str | None]:
    """Columns as the parameters stand: `$2` is the second, wherever it is in the statement."""
    if not held or not all(_NUMBER.match(holder) for holder, _ in held):
        return [column for _, column in held]
    places = {int(number[1]): column for holder, column in held if (number := _NUMBER.match(holder))}
    return [places.get(number) for number in range(1, min(max(places), _MOST) + 1)]


def _tuples(text: str, at: int) -> Iterator[_Row]:
    """The rows of `(1, 'a'), (2, 'b')`; the first begins with the bracket that stands at `at`."""
    while True:
        at += 1
        values: list[_Value] = []
        end = ","
        while end == ",":
            item = _ITEM.match(text, at)
            if item is None or len(values) == _MOST:
                return
            kind = next(one for one in ("single", "double", "bare") if item[one] is not None)
            start, stop = item.span(kind)
            stop = start + len(item[kind].rstrip()) if kind == "bare" else stop
            end, at = item["end"], item.end()
            # Behind the last comma of Python's `('a',)` there is nothing.
            if start < stop or kind != "bare" or end == ",":
                values.append(_Value(start, stop, kind != "bare"))
        yield _Row(values, end != "")
        following = _NEXT.match(text, at)
        if following is None:
            return
        at = following.end()
