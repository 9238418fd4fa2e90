"""Expressions that users write: what they match is found wherever it stands."""

from pathlib import Path

import pytest

from cecil.sanitizer.detectors.expressions import endless
from tests.conftest import Run

RECOGNIZERS = """
recognizers:
  - name: Staff
    supported_entity: STAFF_ID
    supported_language: en
    patterns:
      - {name: staff, regex: '^EMP-.{2}-[0-9]{4}$', score: 0.9}
"""


def test_a_pattern_with_ends_is_found_in_a_field_of_a_line(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(RECOGNIZERS)
    lines = '{"a":"EMP-aü-1234"}\n{"b":1,"a":["EMP-ab-1234"]}\n{"a":"an EMP-ab-1234"}\nEMP-ab-1234\n'
    done = cecil("redact", "-q", "--nlp", "none", "--recognizers", "own.yaml", stdin=lines.encode())
    assert done.stdout.decode() == (
        '{"a":"<STAFF_ID>"}\n{"b":1,"a":["<STAFF_ID>"]}\n{"a":"an EMP-ab-1234"}\n<STAFF_ID>\n'
    )


@pytest.mark.parametrize(
    ("expression", "without"),
    [
        ("^a$", "(?:)a(?:)"),
        (r"\Aa\z|\Gb\Z", "(?:)a(?:)|(?:)b(?:)"),
        (r"(^|,)x($|,)", "((?:)|,)x((?:)|,)"),
        (r"[^a^$]\^\$[]^$]", r"[^a^$]\^\$[]^$]"),
        ("(?!^a(b$))c^", "(?!^a(b$))c(?:)"),
        ("(?<!$)a(?=$)", "(?<!$)a(?=(?:))"),
        ("[[:^alpha:]$]$", "[[:^alpha:]$](?:)"),
        (")", ")"),
    ],
)
def test_the_ends_of_a_text_are_left_out(expression: str, without: str) -> None:
    assert endless(expression) == without
