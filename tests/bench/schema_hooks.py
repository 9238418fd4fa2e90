"""How schemathesis writes bodies of lines: as the text that it made up, in UTF-8. See `tests.bench.serve`."""

from typing import Any

import schemathesis  # type: ignore[import-not-found, unused-ignore]


@schemathesis.serializer("application/x-ndjson")
def lines(context: Any, value: Any) -> bytes:
    return str(value).encode("utf-8", "replace")
