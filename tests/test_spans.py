"""Overlaps: one rule for all, and no character of a finding is left standing."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.sanitizer.spans import Span, resolve


def _s(start: int, end: int, entity: str, score: float = 0.5, validated: bool = False) -> Span:
    return Span(start, end, entity, score, "test", validated)


@pytest.mark.parametrize(
    ("found", "resolved"),
    [
        # A check beats a pattern, however sure, and however long.
        ([_s(0, 16, "CREDIT_CARD", 0.6, True), _s(0, 20, "PHONE_NUMBER", 0.9)], [(0, 20, "CREDIT_CARD")]),
        # A short sure finding names the whole of a longer unsure one.
        ([_s(0, 30, "PHONE_NUMBER", 0.4), _s(5, 16, "US_SSN", 0.85)], [(0, 30, "US_SSN")]),
        # Partly over each other.
        ([_s(0, 10, "IP_ADDRESS", 0.6), _s(5, 15, "PHONE_NUMBER", 0.4)], [(0, 15, "IP_ADDRESS")]),
        # As sure: the longer.
        ([_s(0, 10, "US_PASSPORT"), _s(0, 12, "US_BANK_NUMBER")], [(0, 12, "US_BANK_NUMBER")]),
        # As sure and as long: by the table.
        ([_s(0, 9, "US_SSN"), _s(0, 9, "US_PASSPORT")], [(0, 9, "US_SSN")]),
        ([_s(0, 9, "URL"), _s(0, 9, "EMAIL_ADDRESS")], [(0, 9, "EMAIL_ADDRESS")]),
        ([_s(0, 9, "EMAIL_ADDRESS"), _s(0, 9, "SECRET")], [(0, 9, "SECRET")]),
        ([_s(0, 9, "PHONE_NUMBER"), _s(0, 9, "CREDIT_CARD")], [(0, 9, "CREDIT_CARD")]),
        ([_s(0, 9, "PHONE_NUMBER"), _s(0, 9, "XX_NUMBER")], [(0, 9, "XX_NUMBER")]),
        # Then the first, then by name.
        ([_s(0, 9, "AA"), _s(4, 13, "BB")], [(0, 13, "AA")]),
        ([_s(0, 9, "BB"), _s(0, 9, "AA")], [(0, 9, "AA")]),
        # A chain is one; the best of its links names it, not the sum of the others.
        ([_s(0, 8, "AA", 0.4), _s(7, 12, "BB", 0.4), _s(11, 20, "CC", 0.4)], [(0, 20, "CC")]),
        # Those that only touch, and three addresses with blanks between, stay what they are.
        ([_s(0, 5, "AA"), _s(5, 9, "BB")], [(0, 5, "AA"), (5, 9, "BB")]),
        (
            [
                _s(0, 15, "EMAIL_ADDRESS", 1.0),
                _s(16, 31, "EMAIL_ADDRESS", 1.0),
                _s(32, 47, "EMAIL_ADDRESS", 1.0),
            ],
            [(0, 15, "EMAIL_ADDRESS"), (16, 31, "EMAIL_ADDRESS"), (32, 47, "EMAIL_ADDRESS")],
        ),
        ([], []),
    ],
)
def test_overlaps(found: list[Span], resolved: list[tuple[int, int, str]]) -> None:
    assert [(span.start, span.end, span.entity) for span in resolve(found)] == resolved
    assert [(span.start, span.end, span.entity) for span in resolve(reversed(found))] == resolved


_SPANS = st.lists(
    st.builds(
        lambda start, length, entity, score, validated: _s(start, start + length, entity, score, validated),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from(["URL", "SECRET", "PHONE_NUMBER", "ODD"]),
        st.sampled_from([0.4, 0.5, 1.0]),
        st.booleans(),
    ),
    max_size=12,
)


@given(found=_SPANS)
def test_nothing_is_left_standing_and_order_does_not_matter(found: list[Span]) -> None:
    resolved = resolve(found)
    assert {i for s in resolved for i in range(s.start, s.end)} == {
        i for s in found for i in range(s.start, s.end)
    }
    assert all(a.end <= b.start for a, b in pairwise(resolved))
    assert resolve(random.Random(1).sample(found, len(found))) == resolved
    for span in resolved:
        inside = [one for one in found if one.start >= span.start and one.end <= span.end]
        assert span.validated == any(one.validated for one in inside)
