"""Secrets: tokens by their form, values by their names, and what stands where a format puts a secret.

Owns: which recognizers there are, and nothing else. Forms are in `table`, `vendors`, `structures`, `codes`;
sentences in `spoken`; names before values in `names`, above columns in `columns` and `tables`, around
elements in `elements`, and in messages that turn a value down in `complaints`.
"""

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.secrets.codes import RULES, SEED_VALUES, SEEDS
from cecil.sanitizer.detectors.secrets.columns import ColumnRecognizer
from cecil.sanitizer.detectors.secrets.complaints import ComplaintRecognizer
from cecil.sanitizer.detectors.secrets.elements import ElementRecognizer
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.detectors.secrets.spoken import SpokenRecognizer
from cecil.sanitizer.detectors.secrets.structures import PLACES, StructureRecognizer
from cecil.sanitizer.detectors.secrets.table import rows
from cecil.sanitizer.detectors.secrets.tables import TableRecognizer
from cecil.sanitizer.detectors.secrets.tokens import TokenRecognizer

_NAMED = (ColumnRecognizer, ComplaintRecognizer, ElementRecognizer, TableRecognizer)
"""What finds values that are named elsewhere than beside them."""


def recognizers(vocabulary: keys.Vocabulary = keys.DEFAULT) -> tuple[Recognizer, ...]:
    """All recognizers of secrets.

    Args:
        vocabulary: names, and what they promise.
    """
    names = NameRecognizer(vocabulary)
    tokens = map(TokenRecognizer, rows())
    named = (names, *(kind(names) for kind in _NAMED))
    return (*tokens, StructureRecognizer(), *named, SpokenRecognizer(), RULES, SEEDS, SEED_VALUES)


def detectors() -> frozenset[str]:
    """What findings of theirs bear as their detector, beside the recognizers' own names."""
    ids = [*(row.id for row in rows()), *(place.id for place in PLACES)]
    return frozenset(f"secret:{one}" for one in ids)
