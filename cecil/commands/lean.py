"""Presidio's recognizers without its engine, for a command that wants no more of it.

The engine brings spaCy, NumPy and pydantic along: half a second and 100 MB that no recognizer asks for.
Owns: what stands in their place. Only for a process that is ours alone: there Presidio has no engine then.
"""

import sys
from types import ModuleType
from typing import Any

_ENGINE = (
    "presidio_analyzer.nlp_engine",
    # spaCy, which cuts odd words, loads every pipe that any package announces to it.
    "presidio_analyzer.nlp_engine.huggingface_token_pipe",
    "presidio_analyzer.recognizer_registry",
    "presidio_analyzer.input_validation",
)


class _Empty(ModuleType):
    """Has a class of any name, for annotations; none of them does anything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def presidio() -> None:
    """Load Presidio's recognizers; all of Presidio where a version of it does not go without."""
    if "presidio_analyzer" in sys.modules:
        return
    sys.modules.update({name: _Empty(name) for name in _ENGINE})
    try:
        import presidio_analyzer.predefined_recognizers  # noqa: F401
    except Exception:
        for name in [name for name in sys.modules if name.partition(".")[0] == "presidio_analyzer"]:
            del sys.modules[name]
