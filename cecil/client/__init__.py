"""A client of `cecil-serve`, for programs: `Client` waits, `AsyncClient` is awaited.

    with Client() as cecil:
        print(cecil.redact({"mail": "bob@example.com"}).value)
        for line in cecil.redact_lines(open("app.jsonl")):
            print(line, end="")

    place.py     where a server is, or that one is started
    calls.py     what is asked, and what the answers are
    wire.py      HTTP without I/O
    waiting.py   Client
    awaited.py   AsyncClient

Refuses: any server that is not on this machine, proxies, and redirects.
"""

from cecil.client.awaited import AsyncClient, AsyncStream
from cecil.client.calls import AnswerError, Explained, Redacted
from cecil.client.place import Address
from cecil.client.waiting import Client, Stream

__all__ = [
    "Address",
    "AnswerError",
    "AsyncClient",
    "AsyncStream",
    "Client",
    "Explained",
    "Redacted",
    "Stream",
]
