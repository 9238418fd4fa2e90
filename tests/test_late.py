"""Regular expressions that are compiled when they are first asked for."""

import copy
import importlib
import pickle
import pkgutil
import re
from collections.abc import Iterator

import pytest

import cecil.sanitizer
from cecil.sanitizer.late import late


def test_one_does_what_the_compiled_one_does() -> None:
    for expression, flags, text in ((r"(?P<a>b+)", re.IGNORECASE, "xBbx"), (r"\d", re.ASCII, "a1٣")):
        one, other = late(expression, flags), re.compile(expression, flags)
        assert [match.span() for match in one.finditer(text)] == [m.span() for m in other.finditer(text)]
        assert one.sub("-", text) == other.sub("-", text)
        assert one.findall(text) == other.findall(text)
        assert (one.pattern, one.flags, one.groupindex) == (other.pattern, other.flags, other.groupindex)
    assert late(rb"b").search(b"ab")


def test_one_goes_to_another_process_used_or_not() -> None:
    one = late("b+", re.IGNORECASE)
    for _ in range(2):
        for other in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
            assert other.fullmatch("bB")
        assert one.fullmatch("bB")


def test_a_wrong_one_is_told_when_it_is_used() -> None:
    one = late("(")
    with pytest.raises(re.error):
        one.search("x")
    with pytest.raises(AttributeError):
        late("x").serach  # type: ignore[attr-defined]  # noqa: B018


def expressions(found: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Those in a module's constants, and in what these hold."""
    if type(found) is type(late("")):
        yield found  # type: ignore[misc]
    elif isinstance(found, dict):
        yield from expressions([*found.values()], depth)
    elif isinstance(found, list | tuple | set | frozenset) and depth < 5:
        for one in found:
            yield from expressions(one, depth + 1)
    elif type(found).__module__.startswith("cecil.") and depth < 5:
        yield from expressions([*getattr(found, "__dict__", {}).values()], depth + 1)


def test_all_that_there_are_are_right() -> None:
    found = 0
    for module in pkgutil.walk_packages(cecil.sanitizer.__path__, "cecil.sanitizer."):
        for value in vars(importlib.import_module(module.name)).values():
            for one in expressions(value):
                assert one.fullmatch
                found += 1
    assert found > 500
