"""Secrets: tokens by their form, values by their names, and what stands where a format puts a secret.

Owns: which recognizers there are, and nothing else. Forms are in `table`, `vendors`, `structures`, `codes`.
"""

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.secrets.codes import RULES, SEEDS
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.detectors.secrets.structures import PLACES, StructureRecognizer
from cecil.sanitizer.detectors.secrets.table import rows
from cecil.sanitizer.detectors.secrets.tokens import TokenRecognizer


def recognizers(vocabulary: keys.Vocabulary = keys.DEFAULT) -> tuple[Recognizer, ...]:
    """All recognizers of secrets.

    Args:
        vocabulary: names, and what they promise.
    """
    return (*map(TokenRecognizer, rows()), StructureRecognizer(), NameRecognizer(vocabulary), RULES, SEEDS)


def detectors() -> frozenset[str]:
    """What findings of theirs bear as their detector, beside the recognizers' own names."""
    ids = [*(row.id for row in rows()), *(place.id for place in PLACES)]
    return frozenset(f"secret:{one}" for one in ids)
