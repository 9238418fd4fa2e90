"""What a text is by its form alone: a time, an id, a word, a sentence; and whether a key is a name at all.

A key can be a value: `{"bob@example.com": {...}}`, `{"550e8400-…": {...}}`. What detectors find in keys is
theirs to say; here is what looks like no name that a programmer gave. It errs on the side of the value.

Owns: those two judgements. Refuses: to say that something is sensitive.
"""

from cecil.sanitizer.late import late

LONGEST_NAME = 64
"""Characters of a key that is a name."""

_LOOKED_AT = 256
"""Characters of a text that decide its form."""

_MOST_WORDS = 6
_SENTENCE = 4
"""Words of a text that is one to read."""

_UUID = "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_FORMS = tuple(
    (name, late(regex))
    for name, regex in (
        ("uuid", rf"\{{?{_UUID}\}}?"),
        ("time", r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.,]*+ ?(?:Z|UTC|[+-]\d\d:?\d\d)?)?"),
        ("time", r"\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d[\d:.,]*+(?: [+-]\d{4})?"),
        ("number", r"[+-]?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?"),
        ("hex", r"(?:0x)?(?=[^0-9]{0,64}[0-9])[0-9A-Fa-f]{8,}+"),
        ("url", r"[A-Za-z][A-Za-z0-9+.-]{1,15}+://\S*+"),
        ("word", r"[^\W\d_]++(?:[ _./:-][^\W\d_]++){0,5}+"),
        ("id", r"(?=[^0-9]{0,255}[0-9])[\w.:/+=@|#-]{8,}+"),
    )
)

_VALUES = tuple(
    late(regex)
    for regex in (
        _UUID,
        r".@|://|=.|[:,;] ",
        r"\d{5}",  # a year and a port are shorter
        r"\d{1,3}[.-]\d{1,3}[.-]\d{1,3}[.-]\d{1,3}",
        r"\d{4}[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{2}",
        r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2}",
        r"(?<![0-9A-Za-z])(?=[A-Fa-f]{0,63}[0-9])[0-9A-Fa-f]{8,}(?![0-9A-Za-z])",
        # Letters and digits by turns, as in a token and in no word.
        r"(?:[0-9]++[A-Za-z]++){3}|(?:[A-Za-z]++[0-9]++){3}",
        r"(?=[A-Za-z+=]{0,23}[0-9])[0-9A-Za-z+=]{24}|(?=[A-Z]{0,11}[0-9])[0-9A-Z]{12}",
    )
)
_MOST_DIGITS = 6


def form(text: str) -> str:
    """`empty`, `uuid`, `time`, `number`, `hex`, `url`, `word`, `id`, `json`, `text` or `other`."""
    body = text[:_LOOKED_AT].strip()
    if not body:
        return "empty"
    if body[0] in "{[" and text.rstrip()[-1] in "}]":
        return "json"
    if len(body.split(maxsplit=_SENTENCE)) >= _SENTENCE:
        return "text"
    return next((name for name, regex in _FORMS if regex.fullmatch(body)), "other")


def is_name(key: str) -> bool:
    """Whether a key is a name that a programmer gave, and no value."""
    if not key:
        return True
    if len(key) > LONGEST_NAME or not key.isprintable() or "\0" in key:
        return False
    if not any(character.isalpha() for character in key):
        # `*`, `/`, `.` and such are nobody's value; a number is an id.
        return not any(character.isalnum() for character in key)
    if sum(character.isdigit() for character in key) > _MOST_DIGITS or len(key.split()) > _MOST_WORDS:
        return False
    return not any(regex.search(key) for regex in _VALUES)
