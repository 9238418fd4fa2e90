"""A YAML file as nodes, which know their place in it: so an error can name it.

Owns: reading a file's bytes, and the errors of what is no YAML. What may stand in a file, its reader says.
Refuses what makes a file mean something else than it shows, or more than its size: anchors and aliases,
tags, several documents, and nesting that no file of ours has.
"""

from typing import Any

import yaml

from cecil.errors import PolicyError

DEEPEST = 32
"""Levels of nesting; a policy has less than ten."""


def root(data: bytes, name: str, begins: str) -> Any:
    """The outermost node.

    Args:
        name: the file, for messages.
        begins: what is said of a file with nothing in it.

    Raises:
        PolicyError: not UTF-8, not YAML, empty, or with something in it that is refused.
    """
    try:
        text = data.decode()
        found = _Loader(text).get_single_node()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyError("not valid UTF-8", where=f"{name}:{line}") from None
    except _Refused as refused:
        raise PolicyError(refused.message, where=_where(name, refused.mark), hint=refused.hint) from None
    except yaml.composer.ComposerError as error:
        # Aliases and anchors are refused before they can be wrong: it is about the second document.
        raise PolicyError(
            "a second document; one file is one", where=_where(name, error.problem_mark)
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyError("a character that YAML does not allow", where=f"{name}:{line}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        tab = mark is not None and text.splitlines()[mark.line :][:1]
        hint = "YAML is indented with blanks, never with tabs" if tab and "\t" in tab[0] else None
        raise PolicyError("not valid YAML", where=_where(name, mark), hint=hint) from None
    if found is None:
        raise PolicyError(f"empty; {begins}", where=name)
    return found


def place(name: str, node: yaml.Node) -> str:
    """`file:line:column` of a node."""
    return _where(name, node.start_mark)


def _where(name: str, mark: Any) -> str:
    return f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name


class _Refused(Exception):
    """Valid YAML that is not read."""

    def __init__(self, mark: Any, message: str, hint: str) -> None:
        super().__init__(message)
        self.mark = mark
        self.message = message
        self.hint = hint


class _Loader(yaml.SafeLoader):
    """Nodes as they stand in the file."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if event.anchor is not None:
            raise _Refused(
                event.start_mark, "anchors and aliases are not read", "write it out, at each place"
            )
        if getattr(event, "tag", None) is not None:
            raise _Refused(event.start_mark, "tags are not read", "leave out what begins with !")
        if self._depth == DEEPEST:
            raise _Refused(event.start_mark, "nested too deep", f"at most {DEEPEST} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node
