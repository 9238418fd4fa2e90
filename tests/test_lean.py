"""The command loads Presidio's recognizers, and not its engine."""

import subprocess
import sys
from pathlib import Path

import pytest

RECOGNIZERS = """
import sys
from cecil.commands import lean
{before}
lean.presidio()
from presidio_analyzer import PatternRecognizer
from cecil.sanitizer.detectors import catalogue
found = [span.entity for one in catalogue.load() for span in one.find("card 4111 1111 1111 1111")]
assert "CREDIT_CARD" in found, found
assert all(isinstance(one.presidio, PatternRecognizer) for one in catalogue.load() if hasattr(one.presidio, "patterns"))
loaded = "azure.core" in sys.modules
print("spacy" in sys.modules)
assert not loaded or "spacy" in sys.modules
import azure.core
import presidio_analyzer, requests, requests_file, filelock
assert requests.__file__ and requests_file.__file__ and filelock.__file__
try:
    presidio_analyzer.Pattern("wrong", "(", 0.5)
except ValueError:
    pass
else:
    raise AssertionError("a pattern that is none passes")
import spacy
assert spacy.blank("en")("a card").text == "a card"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "loaded"),
    [
        ("", "False"),
        ("lean._ENGINE = lean._ENGINE[2:3]", "True"),  # a version that does not go without
        ("import presidio_analyzer", "True"),
    ],
)
def test_presidio_with_and_without_its_engine(before: str, loaded: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RECOGNIZERS.format(before=before)],
        capture_output=True,
        cwd=Path(__file__).parent.parent,
        env=env,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.decode().strip()) == (0, loaded), done.stderr.decode()
