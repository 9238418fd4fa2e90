"""Dates in the forms of logs: what is read, what is written in its place, and what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.sanitizer import dates
from cecil.sanitizer.dates import DateError


def moved(text: str, days: int, order: str | None = None, unit: str | None = None) -> str:
    return dates.read(text, order, unit).moved(days)


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("2026-11-21T14:22:07Z", "2026-12-01T14:22:07Z"),
        ("2026-11-21t14:22:07.123456789z", "2026-12-01t14:22:07.123456789z"),
        ("2026-11-21T14:22:07.123456789012345678Z", "2026-12-01T14:22:07.123456789012345678Z"),
        ("20261121T142207.123456789012Z", "20261201T142207.123456789012Z"),
        ("1700000000.123456789012", "1700864000.123456789012"),
        ("2026-11-21 14:22:07,123", "2026-12-01 14:22:07,123"),
        ("2026-11-21T14:22+01:00", "2026-12-01T14:22+01:00"),
        ("2026-11-21T14:22:07.1+01:00[Europe/Berlin]", "2026-12-01T14:22:07.1+01:00[Europe/Berlin]"),
        ("2026-11-21 14:22:07.123 +0000 UTC", "2026-12-01 14:22:07.123 +0000 UTC"),
        ("2026-11-21_14:22:07 CEST", "2026-12-01_14:22:07 CEST"),
        ("2026-11-21", "2026-12-01"),
        ("2026-11-21Z", "2026-12-01Z"),
        ("2026/11/21 14:22:07", "2026/12/01 14:22:07"),
        ("2026.11.21", "2026.12.01"),
        ("2026-1-5", "2026-1-15"),
        ("2005-06-03-15.42.50.363779", "2005-06-13-15.42.50.363779"),
        ("20261121", "20261201"),
        ("20261121T142207", "20261201T142207"),
        ("20261121T1422Z", "20261201T1422Z"),
        ("20261121T142207.123+0100", "20261201T142207.123+0100"),
        ("20261121142207", "20261201142207"),
        ("17/May/2015:10:05:03 +0000", "27/May/2015:10:05:03 +0000"),
        ("25/Jun/2015", "05/Jul/2015"),
        ("Sat, 21 Nov 2026 14:22:07 +0000", "Tue, 01 Dec 2026 14:22:07 +0000"),
        ("Sat, 7 Nov 2026 14:22:07 GMT", "Tue, 17 Nov 2026 14:22:07 GMT"),
        ("Saturday, 21-Nov-26 14:22:07 GMT", "Tuesday, 01-Dec-26 14:22:07 GMT"),
        ("21-NOV-2026", "01-DEC-2026"),
        ("Sat Nov 21 14:22:07 2026", "Tue Dec  1 14:22:07 2026"),
        ("Sat Nov  7 14:22:07 UTC 2026", "Tue Nov 17 14:22:07 UTC 2026"),
        (
            "Sat Nov 21 2026 14:22:07 GMT+0100 (Central European Standard Time)",
            "Tue Dec 01 2026 14:22:07 GMT+0100 (Central European Standard Time)",
        ),
        ("Nov 21 14:22:07", "Dec  1 14:22:07"),
        ("Nov  7 14:22:07.123", "Nov 17 14:22:07.123"),
        ("November 21", "December 1"),
        ("21 November", "1 December"),
        ("3 March 1956", "13 March 1956"),
        ("22 december 1956", "1 january 1957"),
        ("3rd of March, 1956", "13th of March, 1956"),
        ("MARCH 22ND, 1956", "APRIL 1ST, 1956"),
        ("March 12th, 1956", "March 22nd, 1956"),
        ("March 13th, 1956", "March 23rd, 1956"),
        ("March 1st, 1956", "March 11th, 1956"),
        ("Nov 21, 2026 at 2:22 PM", "Dec 01, 2026 at 2:22 PM"),
        ("June 25, 2026, 2:22 p.m.", "July 5, 2026, 2:22 p.m."),
        ("Sept 21, 2026", "Oct 1, 2026"),
        ("11/21/2026 2:22:07 PM", "12/01/2026 2:22:07 PM"),
        ("21/11/2026", "01/12/2026"),
        ("21.11.2026 14:22", "01.12.2026 14:22"),
        ("1.2.2026", "11.2.2026"),
        ("05/05/2005", "15/05/2005"),
        ("11/21/26", "12/01/26"),
        ("2026年11月21日", "2026年12月01日"),
        ("1700000000", "1700864000"),
        ("1700000000.125", "1700864000.125"),
        ("1700000000123", "1700864000123"),
        ("200000000000", "200864000000"),
        ("17000000000123", "17864000000123"),
        ("1700000000123456", "1700864000123456"),
        ("1700000000123456789", "1700864000123456789"),
        ("-315619200", "-314755200"),
        ("-432000000.5", "-431136000.5"),
    ],
)
def test_ten_days_later_in_the_same_form(text: str, later: str) -> None:
    """Width, case, padding, weekday, time and zone are those of the text."""
    order = {"11/": "mdy", "21/": "dmy", "05/": "dmy"}.get(text[:3])
    assert moved(text, 10, order) == later
    assert dates.read(moved(later, -10, order), order).day == dates.read(text, order).day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-02-30", "a date that does not exist"),
        ("2025-02-29T10:00:00Z", "a date that does not exist"),
        ("2026-13-01", "a date that does not exist"),
        ("0000-01-01", "a date that does not exist"),
        ("31.04.2026", "a date that does not exist"),
        ("99/99/2026", "a date that does not exist"),
        ("31 Nov 2026", "a date that does not exist"),
        ("30 February", "a date that does not exist"),
        ("20260230", "a date that does not exist"),
        ("20260230101010", "a date that does not exist"),
        ("20261121996060", "no date in a form that is known"),
        ("03/04/2005", "a date that can be read in two ways"),
        ("17/06/09 20:10:40", "a date that can be read in two ways"),
        ("03-04-05", "a date that can be read in two ways"),
        ("202611211422", "a date that can be read in two ways"),
        ("202611", "no date in a form that is known"),
        ("2026-13", "a date that does not exist"),
        ("Nov-26", "no date in a form that is known"),
        ("2026", "no date in a form that is known"),
        ("yesterday", "no date in a form that is known"),
        ("", "no date in a form that is known"),
        ("2026-11-21 Smith", "no date in a form that is known"),
        ("2026-11-21T99:99:99Z", "no date in a form that is known"),
        ("2026-11-21T10:00:00[John/Smith]", "no date in a form that is known"),
        ("2026-11/21", "no date in a form that is known"),
        ("٢٠٢٦-١١-٢١", "no date in a form that is known"),
        ("123456789012345678901", "no date in a form that is known"),
        ("42", "no date in a form that is known"),
        ("26111999", "no date in a form that is known"),
        ("2026-11-21" + " " * 200, "no date in a form that is known"),
    ],
)
def test_refused(text: str, why: str) -> None:
    with pytest.raises(DateError) as caught:
        dates.read(text)
    assert str(caught.value) == why


@pytest.mark.parametrize("text", ["9999-12-30", "0001-01-05T10:00:00Z", "253402300799", "-62135596800"])
def test_there_are_no_years_before_1_and_after_9999(text: str) -> None:
    unit = None if "-" in text[1:] else "s"
    with pytest.raises(DateError, match="outside of the years 1 to 9999"):
        moved(text, -10, unit=unit) if text[0] in "0-" else moved(text, 10, unit=unit)


def test_an_order_settles_what_three_numbers_mean() -> None:
    assert moved("03/04/2005", 1, "mdy") == "03/05/2005"
    assert moved("03/04/2005", 1, "dmy") == "04/04/2005"
    assert moved("17/06/09 20:10:40", 1, "ymd") == "17/06/10 20:10:40"
    assert moved("03.04.2005", 1, "mdy") == "03.05.2005"
    assert moved("21/11/2026", 1, "ymd") == "22/11/2026"  # of no account where the year comes last
    with pytest.raises(DateError, match="does not exist"):
        dates.read("21/11/2026", "mdy")


def test_a_unit_settles_what_a_number_means() -> None:
    assert moved("345600000", 1, unit="ms") == "432000000"
    assert moved("86400", -1, unit="s") == "0"
    assert moved("0000086400", 1, unit="s") == "0000172800"
    assert moved("86400.5", -2, unit="s") == "-86399.5"
    assert moved("1.5", 1, unit="ns") == "86400000000001.5"
    assert moved("20261121", 1, unit="s") == "20347521"


def test_two_digits_of_a_year_are_read_as_posix_has_them() -> None:
    assert moved("28-Feb-00", 1) == "29-Feb-00"
    assert moved("31-Dec-68", 1) == "01-Jan-69"
    assert moved("31-Dec-99", 1) == "01-Jan-00"
    with pytest.raises(DateError, match="does not exist"):
        dates.read("29-Feb-69")


def test_a_date_without_a_year_stays_in_a_year_of_365_days() -> None:
    assert moved("Dec 31 23:59:59", 1) == "Jan  1 23:59:59"
    assert moved("Jan  1 00:00:00", -1) == "Dec 31 00:00:00"
    assert moved("Feb 28 10:00", 1) == moved("Feb 29 10:00", 1) == "Mar  1 10:00"
    assert moved("Nov 21", 365) == "Nov 21"


def test_what_stands_for_no_time() -> None:
    for text in (
        "0",
        "-1",
        "0.0",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01 00:00:00.000+00:00",
        "14:22:07.123",
    ):
        assert dates.never(text)
    for text in ("1", "1970-01-01", "1970-01-01T00:00:01Z", "0001-01-02", "9999-12-30", "1:2:3:4:5"):
        assert not dates.never(text)


def test_a_month_without_a_day_moves_with_its_middle() -> None:
    for text, later, earlier in (
        ("2026-11", "2026-12", "2026-10"),
        ("11/2026", "12/2026", "10/2026"),
        ("2026/1", "2026/2", "2025/12"),
        ("November 2026", "December 2026", "October 2026"),
        ("Sept 2026", "Oct 2026", "Aug 2026"),
        ("JUN-2026", "JUL-2026", "MAY-2026"),
        ("21-Nov", "11-Dec", "01-Nov"),
    ):
        assert (moved(text, 20), moved(text, -20)) == (later, earlier)
    assert moved("2026-11", 1) == moved("2026-11", -1) == "2026-11"


FORMS = [
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y%m%dT%H%M%S",
    "%Y-%m-%d-%H.%M.%S",
    "%d/%b/%Y:%H:%M:%S +0000",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%d.%m.%Y %H:%M",
    "%Y年%m月%d日",
]
DAYS = st.dates(date(1970, 1, 1), date(2067, 12, 31))


@given(day=DAYS, days=st.integers(-300, 300), form=st.sampled_from(FORMS))
def test_it_is_what_strftime_writes_for_another_day(day: date, days: int, form: str) -> None:
    assert moved(day.strftime(form), days) == (day + timedelta(days)).strftime(form)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = dates.read(text)
    except DateError:
        return
    assert found.moved(0) == text
