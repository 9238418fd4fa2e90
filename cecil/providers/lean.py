"""Clients without what they bring along and nobody here uses: how much memory cecil-fetch takes is promised.

Owns: importing a library while modules that it asks for are stand-ins, or count as not installed. Refuses:
to change a library, and to hide a module from anybody else: who imports one later gets the real one.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


def lean(module: str, without: Mapping[str, ModuleType | None]) -> Any:
    """Import a module.

    Args:
        without: by name what it gets instead of a module that is not loaded yet; None for "not installed".

    Raises:
        ImportError: it is not installed.
    """
    before = set(sys.modules)
    stand_ins = {name: one for name, one in without.items() if name not in before}
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None is how Python itself says it
    try:
        return import_module(module)
    except Exception:
        # Not installed, as will be said below, or a version that does not go without.
        for name in [name for name in sys.modules if name.startswith(module) and name not in before]:
            del sys.modules[name]
    finally:
        for name, one in stand_ins.items():
            if sys.modules.get(name, sys) is one:
                del sys.modules[name]
    return import_module(module)


class Empty(ModuleType):
    """Has a class of any name; none of them does anything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {"__class_getitem__": classmethod(lambda kind, _: kind)})


def requests() -> Any:
    """The library requests, without the tables by which it guesses what a text is encoded in: 3 MB.

    Raises:
        ImportError: it is not installed.
    """
    guess = ModuleType("charset_normalizer")
    vars(guess).update(__version__="3.0.0", detect=_detect)
    return lean("requests", {"charset_normalizer": guess, "chardet": None})


def _detect(data: bytes) -> Any:
    """The real one, for who asks in this process; cecil-fetch reads bytes."""
    from charset_normalizer import detect

    return detect(data)
