"""Clients without what they bring along: who imports that later, or needs it after all, gets the real one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from cecil.providers.lean import Empty, lean
from tests.conftest import ROOT


def alone(code: str) -> str:
    """What a process of its own prints: here the clients are loaded already."""
    argv = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()


def test_requests_guesses_no_encoding_until_it_is_asked_to() -> None:
    code = (
        "import sys; from cecil.providers.lean import requests; found = requests()\n"
        "print('charset_normalizer' in sys.modules)\n"
        "reply = found.Response(); reply._content = 'Grüße aus der Küche, schöne Straße'.encode('cp1252')\n"
        "print(reply.apparent_encoding, 'charset_normalizer' in sys.modules, found is requests())"
    )
    before, after = alone(code).split("\n")
    assert before == "False"
    encoding, *rest = after.split()
    assert "Küche".encode("cp1252").decode(encoding) == "Küche"
    assert rest == ["True", "True"]


def test_psycopg_goes_without_and_the_next_one_does_not() -> None:
    code = (
        "import sys; from cecil.providers.generic.database.postgres import _client; _client()\n"
        "print({'asyncio', 'ssl', 'importlib.metadata'} & set(sys.modules))\n"
        "import asyncio; print(asyncio.run(asyncio.sleep(0, 'real')))"
    )
    assert alone(code).split() == ["set()", "real"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder from which modules `cecil_*` are imported, none of which stays."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("cecil_")]:
        del sys.modules[name]


def test_a_client_that_does_not_go_without(package: Path) -> None:
    (package / "cecil_brought.py").write_text("number = 7")
    (package / "cecil_part.py").write_text("from cecil_brought import number\n")
    (package / "cecil_client.py").write_text("import cecil_brought\nhalf = cecil_brought.number + 1\n")
    assert lean("cecil_client", {"cecil_brought": Empty("cecil_brought")}).half == 8
    assert lean("cecil_part", {"cecil_brought": None}).number == 7
    with pytest.raises(ModuleNotFoundError, match="cecil_nobody"):
        lean("cecil_nobody", {"cecil_brought": None})


def test_what_is_loaded_stays(package: Path) -> None:
    (package / "cecil_client.py").write_text("import json\nfound = json\n")
    import json

    assert lean("cecil_client", {"json": ModuleType("json")}).found is json
    assert sys.modules["json"] is json
