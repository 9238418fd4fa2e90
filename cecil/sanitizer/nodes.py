"""A YAML file as nodes, which know their place in it: so an error can name it.

Owns: reading a file's bytes, and the errors of what is no YAML. What may stand in a file, its reader says.
"""

from typing import Any

import yaml

from cecil.errors import PolicyError


def root(data: bytes, name: str, begins: str) -> Any:
    """The outermost node.

    Args:
        name: the file, for messages.
        begins: what is said of a file with nothing in it.

    Raises:
        PolicyError: not UTF-8, not YAML, or empty.
    """
    try:
        found = yaml.compose(data.decode(), yaml.SafeLoader)
    except UnicodeDecodeError:
        raise PolicyError("not valid UTF-8", where=name) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise PolicyError("not valid YAML", where=where) from None
    if found is None:
        raise PolicyError(f"empty; {begins}", where=name)
    return found
