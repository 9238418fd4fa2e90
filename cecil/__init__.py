"""Cecil: Unix stream filters that take personal, health and secret data out of logs.

Small commands pass JSONL over stdin and stdout. What holds for all of them:

1. Stdout carries records (or the text lines that came in), and nothing else. Messages go to stderr.
2. No message, log line, exception, audit row, metric or quarantine name ever contains a value from the input.
3. It fails closed. A record that could not be judged never reaches stdout as it came: it goes to
   quarantine, is counted, and shows in the exit status.
4. Nothing is lost. `read = written + dropped + quarantined`, checked at the end of every run.
5. What is not changed leaves byte for byte as it came.
6. Redacting twice changes nothing more; only shift, which leaves a date a date, moves it again. Same key,
   policy and input: same output.
7. Outbound network code exists only in `providers/cloud`, `providers/generic/database` and
   `fingerprint/upload.py`. `sanitizer/` and `fingerprint/`'s core do no I/O at all.
8. Memory is flat: it does not grow with the size of the input.

The layers, top to bottom; a layer imports only from those below it:

    commands                          parse options and compose; decide nothing else
    client  logfilter  spark          for programs: a client of the server, a filter for logging, a cluster
    providers  writers  api  report   the edges: sources, files, the server, tables,
    leaktest  middleware              proof of what was done, and what stands before a web application
    sanitizer  fingerprint            pure functions of records
    stream  errors                    bytes, lines, counts, the exception tree
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Detector", "Finding", "Policy", "Sanitizer", "__version__"]

if TYPE_CHECKING:
    from cecil.sanitizer.detector import Detector
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Finding, Sanitizer


_HOMES = {
    "Detector": "cecil.sanitizer.detector",
    "Finding": "cecil.sanitizer.sanitizer",
    "Policy": "cecil.sanitizer.policy",
    "Sanitizer": "cecil.sanitizer.sanitizer",
}


def __getattr__(name: str) -> Any:
    # Loaded on use: `cecil-redact --help` must not pay for Presidio.
    if name not in _HOMES:
        raise AttributeError(f"module 'cecil' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
