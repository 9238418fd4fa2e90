"""A stand-in of Azure Monitor Logs and of Microsoft Entra, on loopback, over TLS.

It speaks what the real clients speak: Entra's discovery document and token endpoint, and the query API of Log
Analytics (https://learn.microsoft.com/azure/azure-monitor/logs/api/overview). It knows as much KQL as Cecil
writes, and as tests write. Faults are put into `faults`; one is used up by each query.
"""

import bisect
import functools
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.tls_service import BEYOND, TlsHandler, TlsServer, certified

TENANT = "11111111-1111-4111-8111-111111111111"
WORKSPACE = "22222222-2222-4222-8222-222222222222"
RESOURCE = (
    "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg/providers/Microsoft.Web/sites/app"
)
_EPOCH_DAYS = 719_163


@functools.lru_cache(100_000)
def ticks(text: str) -> int:
    """A moment in 100 ns since 1970."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?Z", text)
    assert found, text
    from datetime import date

    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    days = date(year, month, day).toordinal() - _EPOCH_DAYS
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds * 10**7 + int((found[7] or "").ljust(7, "0"))


def stamp(moment: int) -> str:
    """The text of a moment in 100 ns since 1970, as the service writes it: without zeros at the end."""
    seconds, rest = divmod(moment, 10**7)
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return text + (f".{rest:07}".rstrip("0") if rest else "") + "Z"


class Table:
    """Rows in the order in which they came."""

    def __init__(self, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]] = ()) -> None:
        self.columns = list(columns)
        self.rows = [list(row) for row in rows]

    def add(self, *rows: Sequence[Any]) -> None:
        self.rows.extend(list(row) for row in rows)


class Wrong(Exception):
    """A query that the service refuses: its code, the inner code, and the place."""

    def __init__(self, kind: str, code: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code


class AzureService:
    """Start it in a `with`; `environment()` is what a process needs to find it."""

    def __init__(self, folder: Path) -> None:
        self.reset()
        self._lock = threading.Lock()
        self.ca = folder / "azure-ca.pem"
        self._server = TlsServer(certified(self.ca), _handler(self))

    def reset(self) -> None:
        self.tables: dict[str, Table] = {}
        self.faults: list[Any] = []
        self.bodies: list[bytes | None] = []
        """Answers as they are sent; None for what the tables say."""
        self.max_rows = 500_000
        self.max_bytes = 64_000_000
        self.secret = "a-secret-of-nobody"
        self.expires_in = 3600
        self.forbidden = False
        self.clock = 0.0
        """Seconds that its clock is ahead."""
        self.tokens: set[str] = set()
        self.issued = 0
        self.queries: list[str] = []
        """The queries that were answered or refused, faults too."""
        self.on_query: Callable[[int], None] | None = None
        self.on_token: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        return self._server.url

    def environment(self) -> dict[str, str]:
        return {
            "AZURE_AUTHORITY_HOST": self.url,
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": "cecil",
            "AZURE_CLIENT_SECRET": "a-secret-of-nobody",
            "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
            "REQUESTS_CA_BUNDLE": str(self.ca),
            **BEYOND,
        }

    def __enter__(self) -> "AzureService":
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    # What the service knows.

    def revoke(self) -> None:
        """No token that was given out is good any more, whatever its time says."""
        self.tokens.clear()

    def token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if form.get("client_secret") != [self.secret]:
            return 401, {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.",
                "error_codes": [7000215],
            }
        with self._lock:
            self.issued += 1
            token = f"token-{self.issued}"
            self.tokens.add(token)
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "ext_expires_in": self.expires_in,
            "access_token": token,
        }

    def answer(self, path: str, authorization: str, query: str) -> tuple[int, Any]:
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return 401, _error(
                "InvalidTokenError", "The provided authentication is not valid for this resource"
            )
        if self.forbidden:
            return 403, _error("InsufficientAccessError", "The provided credentials have insufficient access")
        if path not in (f"/v1/workspaces/{WORKSPACE}/query", f"/v1{RESOURCE}/query"):
            return 404, _error("WorkspaceNotFoundError", "The workspace could not be found")
        try:
            columns, rows = self._run(query)
        except Wrong as wrong:
            inner = {
                "code": wrong.kind,
                "message": "",
                "innererror": {"code": wrong.code, "message": str(wrong)},
            }
            if wrong.kind == "SyntaxError":
                inner["innererror"] |= {"line": 1, "pos": 9, "token": "nonsense"}
            return 400, {
                "error": {
                    "code": "BadArgumentError",
                    "message": "The request had some invalid properties",
                    "innererror": inner,
                }
            }
        return 200, self._cut(columns, rows)

    def _cut(self, columns: list[tuple[str, str]], rows: list[list[Any]]) -> dict[str, Any]:
        limit = ""
        if len(rows) > self.max_rows:
            rows, limit = rows[: self.max_rows], f"{self.max_rows} records"
        size = 0
        for place, row in enumerate(rows):
            size += len(json.dumps(row))
            if size > self.max_bytes:
                rows, limit = rows[:place], f"{self.max_bytes} bytes"
                break
        table = {
            "name": "PrimaryResult",
            "columns": [{"name": name, "type": kind} for name, kind in columns],
            "rows": rows,
        }
        body: dict[str, Any] = {"tables": [table]}
        if limit:
            body["error"] = partial(
                f"The results of this query exceed the set limit of {limit}, so not all records were returned "
                "(E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003).",
                "-2133196797",
            )
        return body

    def _run(self, query: str) -> tuple[list[tuple[str, str]], list[list[Any]]]:
        text = "\n".join(line.split("//")[0] for line in query.split("\n"))
        name, *steps = [step.strip() for step in text.split("|")]
        if name not in self.tables:
            raise Wrong(
                "SemanticError", "SEM0100", f"Failed to resolve table or column expression named '{name}'"
            )
        columns, rows = self.tables[name].columns, list(self.tables[name].rows)
        for step in steps:
            columns, rows = _step(step, columns, rows)
        return columns, rows


def _step(
    step: str, columns: list[tuple[str, str]], rows: list[list[Any]]
) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    names = [name for name, _ in columns]

    def place(name: str) -> int:
        if name not in names:
            raise Wrong("SemanticError", "SEM0100", f"Failed to resolve scalar expression named '{name}'")
        return names.index(name)

    verb, _, rest = step.partition(" ")
    if verb == "where":
        for clause in re.split(r"\s+and\s+", rest.strip()):
            if found := re.fullmatch(r"(\w+)\s*(>=|<)\s*datetime\(([^)]*)\)", clause):
                at, bound, least = place(found[1]), ticks(found[3]), found[2] == ">="
                rows = [row for row in rows if (ticks(row[at]) >= bound) == least]
            elif found := re.fullmatch(r'(\w+)\s*==\s*"([^"]*)"', clause):
                at = place(found[1])
                rows = [row for row in rows if row[at] == found[2]]
            else:
                raise Wrong("SyntaxError", "SYN0002", "Query could not be parsed at 'nonsense' on line [1,9]")
        return columns, rows
    if found := re.fullmatch(r"order by (\w+) asc", step):
        at = place(found[1])
        return columns, sorted(rows, key=lambda row: ticks(row[at]))
    if found := re.fullmatch(r"take (\d+)", step):
        return columns, rows[: int(found[1])]
    if verb == "project":
        places = [place(name.strip()) for name in rest.split(",")]
        return [columns[at] for at in places], [[row[at] for at in places] for row in rows]
    if step == "getschema":
        schema = [[name, at, "System.Object", kind] for at, (name, kind) in enumerate(columns)]
        kinds = (
            ("ColumnName", "string"),
            ("ColumnOrdinal", "int"),
            ("DataType", "string"),
            ("ColumnType", "string"),
        )
        return list(kinds), schema
    if verb == "summarize":
        return _summarize(rest, columns, rows, place)
    raise Wrong("SyntaxError", "SYN0002", "Query could not be parsed at 'nonsense' on line [1,9]")


def _summarize(
    text: str, columns: list[tuple[str, str]], rows: list[list[Any]], place: Callable[[str], int]
) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    what, _, by = text.partition(" by ")
    groups: dict[Any, list[list[Any]]] = {} if by else {None: rows}
    if by:
        for row in rows:
            groups.setdefault(row[place(by.strip())], []).append(row)
    found: list[tuple[str, str]] = [(by.strip(), "string")] if by else []
    calls = []
    for part in re.split(r",\s*(?=\w+\s*=)", what):
        name, _, call = part.partition("=")
        verb, _, inner = call.strip().rstrip(")").partition("(")
        calls.append((verb, inner))
        found.append((name.strip(), "datetime" if verb in ("min", "max") else "long"))
    result = []
    for key, group in groups.items():
        line: list[Any] = [key] if by else []
        for verb, inner in calls:
            if verb == "count":
                line.append(len(group))
            elif verb in ("min", "max"):
                moments = [ticks(row[place(inner)]) for row in group]
                pick = min if verb == "min" else max
                line.append(stamp(pick(moments)) if moments else None)
            elif inner.startswith("estimate_data_size"):
                size = sum(len(json.dumps(row)) for row in group)
                line.append(size / len(group) if verb == "avg" else size)
            else:
                line.append(sum(row[place(inner)] for row in group))
        result.append(line)
    return found, result


def partial(message: str, code: str) -> dict[str, Any]:
    """The error that stands behind the rows of an answer which is not whole."""
    return {
        "code": "PartialError",
        "message": "There were some errors when processing your query.",
        "details": [
            {
                "code": "EngineError",
                "message": "Something went wrong processing your query on the server.",
                "innererror": {"code": code, "message": message, "severity": 2, "severityName": "Error"},
            }
        ],
    }


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


class Series(Table):
    """Rows that are made when they are asked for, in the order of their times: millions take no memory.

    Args:
        count: how many rows.
        columns: the first is the time.
        row: the rest of a row from its number, as JSON text.
        step: 100 ns from one row to the next.
    """

    def __init__(
        self, count: int, columns: Sequence[tuple[str, str]], row: Callable[[int], str], start: int, step: int
    ) -> None:
        super().__init__(columns)
        self.count = count
        self.row = row
        self.moments = range(start, start + count * step, step)

    def page(self, query: str) -> bytes | None:
        """The body of an answer to the query of a page; None where it asks for something else."""
        found = re.search(
            r">= datetime\(([^)]*)\) and \w+ < datetime\(([^)]*)\)\s*\| order by \w+ asc\s*\| take (\d+)\s*$",
            query,
        )
        if not found:
            return None
        first = bisect.bisect_left(self.moments, ticks(found[1]))
        last = min(bisect.bisect_left(self.moments, ticks(found[2])), first + int(found[3]))
        columns = json.dumps([{"name": name, "type": kind} for name, kind in self.columns])
        made, second, prefix = [], -1, ""
        for at in range(first, last):
            whole, rest = divmod(self.moments[at], 10**7)
            if whole != second:
                second, prefix = whole, stamp(whole * 10**7)[:-1]
            made.append(f'["{prefix}.{rest:07}Z",{self.row(at)}]')
        rows = ",".join(made)
        return f'{{"tables":[{{"name":"PrimaryResult","columns":{columns},"rows":[{rows}]}}]}}'.encode()


def _handler(service: AzureService) -> type[TlsHandler]:
    class Handler(TlsHandler):
        def do_GET(self) -> None:
            tenant = self.path.split("/")[1]
            base = f"{service.url}/{tenant}"
            if self.path.endswith("/v2.0/.well-known/openid-configuration"):
                self.send(
                    200,
                    {
                        "issuer": f"{base}/v2.0",
                        "token_endpoint": f"{base}/oauth2/v2.0/token",
                        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                    },
                )
            else:
                self.send(404, _error("PathNotFoundError", "no such path"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            path = unquote(self.path.split("?")[0])
            if path.endswith("/oauth2/v2.0/token"):
                if service.on_token:
                    service.on_token()
                self.send(*service.token(parse_qs(body.decode())))
                return
            query = json.loads(body)["query"]
            with service._lock:
                service.queries.append(query)
                number = len(service.queries)
                fault = service.faults.pop(0) if service.faults else None
            if service.on_query:
                service.on_query(number)
            self.respond(path, query, fault)

        def respond(self, path: str, query: str, fault: Any) -> None:
            if isinstance(fault, int):
                self.send(fault, _error("Scripted", "scripted"))
            elif isinstance(fault, tuple) and isinstance(fault[0], int):
                self.send(fault[0], _error("ThrottledError", "scripted"), {"Retry-After": str(fault[1])})
            elif fault == "reset":
                self.hang_up()
            elif fault == "no json":
                self.send(200, b"<html>a proxy's page</html>")
            elif fault == "half a page":
                _, answer = service.answer(path, self.headers.get("Authorization", ""), query)
                data = json.dumps(answer).encode()
                self.send(200, data[: len(data) // 2])
            elif fault == "revoked":
                service.revoke()
                self.send(*service.answer(path, self.headers.get("Authorization", ""), query))
            elif isinstance(fault, dict):
                self.send(200, {"tables": [], "error": fault})
            else:
                self.whole(path, query, fault)

        def whole(self, path: str, query: str, fault: Any) -> None:
            if isinstance(fault, tuple) and fault[0] == "stall":
                time.sleep(fault[1])
            made = service.bodies.pop(0) if service.bodies else None
            if made:
                self.send(200, made)
                return
            table = service.tables.get(query.split("\n")[0].strip())
            body = table.page(query) if isinstance(table, Series) else None
            if body:
                self.send(200, body)
            else:
                self.send(*service.answer(path, self.headers.get("Authorization", ""), query), fault=fault)

    Handler.service = service
    return Handler
