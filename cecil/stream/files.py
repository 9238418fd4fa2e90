"""Small files that options and policies name: read whole, up to a limit."""

import os

from cecil.errors import UsageError, reason


def whole(path: str, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        UsageError: it cannot be read, or has more than `limit` bytes.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = reason(error) if isinstance(error, OSError) else "not the name of a file"
        raise UsageError(why, where=path) from None
    if len(data) > limit:
        raise UsageError("too large to be what it should be", where=path)
    return data


def beside(path: str, other: str, limit: int) -> tuple[str, bytes]:
    """A file by a path that is relative to another file: its own path, and its bytes.

    Raises:
        UsageError: as `whole`.
    """
    name = os.path.normpath(os.path.join(os.path.dirname(other), path))
    return name, whole(name, limit)


def named(name: str) -> bool:
    """Whether a name is meant as that of a file, and not of something that ships with Cecil."""
    return os.sep in name or name.endswith((".yaml", ".yml")) or os.path.exists(name)
