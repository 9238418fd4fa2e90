"""Dates and times in the forms of logs and of English texts, as findings."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.sanitizer import dates
from cecil.sanitizer.detectors import times
from tests.spotting import Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter(times.recognizers())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at 2026-11-21 14:22:07,123 INFO", "2026-11-21 14:22:07,123"),
        ("2026-11-21T14:22:07.123456+01:00 x", "2026-11-21T14:22:07.123456+01:00"),
        ("2026/11/21 14:22", "2026/11/21 14:22"),
        ("2005-06-03-15.42.50.363779 R02", "2005-06-03-15.42.50.363779"),
        ("11/21/2026 2:22 PM", "11/21/2026 2:22 PM"),
        ("17/06/09 20:10:40 INFO", "17/06/09 20:10:40"),
        ("am 21.11.2026, 14:22", "21.11.2026, 14:22"),
        ("on 2026-11-21 at 2:22 pm", "2026-11-21 at 2:22 pm"),
        ("20261121T142207Z", "20261121T142207Z"),
        ("run 20261121T1422", "20261121T1422"),
        ("[17/May/2015:10:05:03 +0000] GET", "17/May/2015:10:05:03 +0000"),
        ("on 7/Jun/2015", "7/Jun/2015"),
        ("Service Mar-05-2024", "Mar-05-2024"),
        ("in March '24", "March '24"),
        ("in March ’24", "March ’24"),
        ("since the Fall of 2022", "Fall of 2022"),
        ("next appt 3/19, room 2", "3/19"),
        ("seen on 2/29", "2/29"),
        ("Admit 3/10 in the morning", "3/10"),
        ("DC 3/14", "3/14"),
        ("d/c'd 3/14", "3/14"),
        ("Fri 3/13", "3/13"),
        ("on 3/12 she fell", "3/12"),
        ("Next session 4/2 at 3 pm", "4/2"),
        ("DOS 031426", "031426"),
        ("service date 20260314", "20260314"),
        ("from 20260314 to 20260316", "20260316"),
        ("20260314083217 ADT received", "20260314083217"),
        ("x\n20260314083217|ADT", "20260314083217"),
        ("Date: Sat, 21 Nov 2026 14:22:07 +0000", "Sat, 21 Nov 2026 14:22:07 +0000"),
        ("Expires: Saturday, 21-Nov-26 14:22:07 GMT", "Saturday, 21-Nov-26 14:22:07 GMT"),
        ("Nov 21 14:22:07 host sshd[1]", "Nov 21 14:22:07"),
        ("Nov  1 14:22:07 host", "Nov  1 14:22:07"),
        ("Sat Nov 21 14:22:07 2026", "Sat Nov 21 14:22:07 2026"),
        ("Sat Nov 21 2026 14:22:07 GMT+0100 (CET)", "Sat Nov 21 2026 14:22:07 GMT+0100"),
        ("admitted Nov 21, 2026 at 2:22 pm.", "Nov 21, 2026 at 2:22 pm"),
        ("admitted november 21st, 2026", "november 21st, 2026"),
        ("the 3rd of March, 1956", "3rd of March, 1956"),
        ("discharged November 24th.", "November 24th"),
        ("on 3 May and", "3 May"),
        ("since May 2026", "May 2026"),
        ("Sept. 2026", "Sept. 2026"),
    ],
)
def test_found(ours: Spotter, text: str, found: str) -> None:
    assert ("DATE_TIME", found) in ours.said(text)


@pytest.mark.parametrize(
    "text",
    [
        "took 10:05:03 at 14:22",
        "11/21/2026",  # Presidio's
        "1.2.3.4 14:22, 10/20/300 10:05",
        "version 2.2026.11, build 20261121, 1.2.3-4",
        "3 march hares, may 3 users, 2 mars, 12 decisions, 1 second",
        "Mayor 21, Marching 12, Octopus 8, Decimal 10, Augment 5",
        "mar-12, id 20261121142207",
        "2026-11-21T99, 2026-11-21 9, 2026-41",
        "17/Foo/2015:10:05:03",
        "Winter is cold, visit 13/45, follow-up 1/2 tab, pain 7/10, visit 4/5 strength",
        "20261121T",
        "x20261121T142207",
        "hydrocodone 5/325, 3/10 pain, on 3/12 nodes, on 1/2 of it, Sat 3/4 of it, test 3/12 at 3 of 5",
        "DOS 622, dos attack 123456, 20260314083217",
    ],
)
def test_left_alone(ours: Spotter, text: str) -> None:
    assert ours.said(text) == set()


FORMS = [
    "%Y-%m-%d %H:%M:%S,123",
    "%Y%m%dT%H%M%SZ",
    "%Y-%m-%d-%H.%M.%S.123456",
    "%d/%b/%Y:%H:%M:%S +0000",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%b %d %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
    "%B %d, %Y, %I:%M %p",
    "%d %B %Y",
    "%B %d",
]


@given(st.datetimes(datetime(1902, 1, 1), datetime(2099, 1, 1)), st.sampled_from(FORMS))
def test_what_is_found_whole_can_be_read(ours: Spotter, when: datetime, form: str) -> None:
    text = when.strftime(form)
    assert ours.said(f"x {text} y") >= {("DATE_TIME", text)}
    stamp = dates.read(text)
    assert isinstance(stamp, dates.Stamp)
    assert (stamp.day.month, stamp.day.day) == (when.month, when.day)


def test_no_text_is_a_trap() -> None:
    begun = time.process_time()
    pieces = (
        "1",
        "1/",
        "Nov ",
        "21 Nov ",
        "2026-11-21 ",
        "Sat, ",
        "20261121T",
        "May-",
        "3 of ",
        "1:1:",
        "21 ",
    )
    for piece in pieces:
        text = piece * (200_000 // len(piece))
        for one in times.recognizers():
            one.find(text, None)
    assert time.process_time() - begun < 10
