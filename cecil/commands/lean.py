"""Presidio's recognizers without its engine, for a command that wants no more of it.

The engine brings spaCy, NumPy and pydantic along: half a second and 100 MB that no recognizer asks for. The
recognizers bring a client for HTTP, which is never asked either, since nothing is fetched; and each of them
compiles its patterns to see that they are valid, which those of a release are.
Owns: what stands in their place. Only for a process that is ours alone: there Presidio has no engine then.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ENGINE = (
    "presidio_analyzer.nlp_engine",
    # spaCy loads every pipe that any package announces to it.
    "presidio_analyzer.nlp_engine.huggingface_token_pipe",
    "presidio_analyzer.recognizer_registry",
    "presidio_analyzer.input_validation",
)

_CLIENT = ("requests", "requests_file", "filelock")
"""What tldextract fetches its list with, and locks it with. Others who ask get the real ones."""

_OPTIONAL = ("azure", "langextract", "gliner", "transformers", "torch")
"""What recognizers of services and of large models try to load, and go without where it is not installed.
None of them is in the catalogue, and Azure's client, which cecil-fetch has, is slow to load."""

_GARBAGE = 50_000
"""Objects more than before at which Python looks for rings of them that nobody needs. What is loaded stays,
and records are no rings: with Python's own 700 an eighth of the time to load goes into looking."""


class _Empty(ModuleType):
    """Has a class of any name, for annotations; none of them does anything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def wants_engine(nlp: str) -> bool:
    """Whether a model of `--nlp` is an engine of Presidio's, which needs all of it."""
    return any(one.endswith((".yaml", ".yml")) for one in nlp.split(","))


def presidio() -> None:
    """Load Presidio's recognizers; all of Presidio where a version of it does not go without."""
    gc.set_threshold(_GARBAGE)
    if "presidio_analyzer" in sys.modules:
        return
    stand_ins: dict[str, Any] = {name: _Empty(name) for name in _CLIENT if name not in sys.modules}
    stand_ins |= {name: None for name in _OPTIONAL if name not in sys.modules}  # not to be found
    sys.modules.update({name: _Empty(name) for name in _ENGINE} | stand_ins)
    try:
        with _unchecked():
            import presidio_analyzer.predefined_recognizers  # noqa: F401
    except Exception:
        for name in [name for name in sys.modules if name.partition(".")[0] in _LOADED]:
            del sys.modules[name]
    for name, stand_in in stand_ins.items():
        if sys.modules.get(name, sys) is stand_in:
            del sys.modules[name]


_LOADED = ("presidio_analyzer", "tldextract")


@contextmanager
def _unchecked() -> Iterator[None]:
    """Let patterns that are made meanwhile go without being compiled."""
    from presidio_analyzer import Pattern

    check = "_Pattern__validate_regex"
    kept = vars(Pattern)[check]
    setattr(Pattern, check, staticmethod(lambda regex: None))
    try:
        yield
    finally:
        setattr(Pattern, check, kept)
