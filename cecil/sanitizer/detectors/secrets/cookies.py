"""Cookies that can identify nobody: `theme=dark`, `lang=en`, `tz=Europe/Berlin`.

Owns: which names of cookies say how a page is shown, and which values each of them can have so that thousands
share them. Refuses: whatever looks otherwise, under whatever name: it goes as all cookies do.
"""

from cecil.sanitizer import keys
from cecil.sanitizer.late import late

_YES = "true|false|yes|no|on|off|y|n|[01]"
_LOOKS = (
    "dark|light|auto|automatic|system|default|classic|modern|night|day|sepia|dim|black|white|blue|green|red|grey"
    "|gray|high-contrast|contrast|compact|comfortable|cozy|wide|narrow|full|open|closed|opened|expanded|collapsed"
    "|hidden|shown|visible|grid|list|table|small|medium|large|normal|desktop|mobile|tablet"
)
_ANSWERS = (
    "accept|accepted|accept-all|reject|rejected|reject-all|deny|denied|decline|declined|grant|granted|allow|allowed"
    "|dismiss|dismissed|all|none|necessary|essential|required|seen|shown|closed|given|agreed|ok|pending|unknown"
)
_LANGUAGE = "[a-z]{2,3}(?:[_-](?:[A-Z][a-z]{3}|[A-Za-z]{2}|419))?"
_ZONE = (
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)(?:/|%2[Ff])"
    r"[A-Z][A-Za-z_+-]{2,20}[0-9]{0,2}|(?:UTC|GMT)(?:[+-][0-9]{1,2})?|C?E[SD]?T|[PM][SD]T|[+-]?[0-9]{1,3}"
)

# By the words of a name, the values that say nothing of anybody.
_KINDS = (
    (
        """theme color-scheme colour-scheme color-mode colour-mode display-mode dark-mode darkmode skin layout
        density appearance view-mode sidebar sidebar-state font-size site-theme ui-theme app-theme user-theme
        preferred-theme""",
        f"{_LOOKS}|{_YES}",
    ),
    (
        """lang language locale hl i18n i18next i18n-redirected next-locale nuxt-locale django-language
        wp-lang site-lang site-language user-lang ui-lang ui-language app-lang app-locale preferred-language
        selected-language""",
        _LANGUAGE,
    ),
    ("currency curr currency-code user-currency preferred-currency", "[A-Z]{3}|[a-z]{3}"),
    ("country country-code geo-country", "[A-Z]{2}|[a-z]{2}"),
    (
        """consent cookie-consent cookies-consent cookieconsent cookieconsent-status cookie-consent-status
        cookies-accepted cookie-accepted accept-cookies cookies-allowed cookie-policy cookie-notice
        cookie-notice-accepted cookie-banner gdpr gdpr-consent ccpa analytics-consent marketing-consent
        dnt""",
        f"{_ANSWERS}|{_YES}",
    ),
    (
        "tz timezone time-zone user-tz user-timezone browser-tz browser-timezone tz-offset timezone-offset",
        _ZONE,
    ),
)
_VALUES = {"-".join(keys.words(name)): late(some) for names, some in _KINDS for name in names.split()}

_LISTS = frozenset("cookie cookies request-cookies response-cookies set-cookie set-cookies".split())
_LONGEST = 1000
_PAIR = late(r"\s*+(?P<name>[^\s=;,]{1,80})(?:=(?P<value>[^;]*+))?(?:;|\Z)")
ATTRIBUTES = frozenset(
    "path domain expires max-age samesite priority version comment secure httponly partitioned".split()
)
"""What stands behind a cookie and says of it how long it is kept, and where it is sent."""


def harmless(name: str, value: str) -> bool:
    """Whether a cookie can identify nobody: by its name, and by a value that its name lets it have."""
    fits = _VALUES.get("-".join(keys.words(name)))
    return fits is not None and fits.fullmatch(value.strip(" \t\"'")) is not None


def are_harmless(text: str) -> bool:
    """Whether a text is the value of a header, `theme=dark; lang=en`, all of whose cookies are harmless."""
    if "=" not in text or len(text) > _LONGEST:
        return False
    position = 0
    while position < len(text):
        pair = _PAIR.match(text, position)
        if pair is None:
            return False
        name, value = pair["name"], pair["value"]
        attribute = position > 0 and name.lower() in ATTRIBUTES
        if not attribute and (value is None or not harmless(name, value)):
            return False
        position = pair.end()
    return True


def is_harmless(path: tuple[str, ...], value: str) -> bool:
    """Whether what stands below some keys is such a cookie, or a header with no others."""
    own = "-".join(keys.words(path[-1]))
    if own in _LISTS:
        return are_harmless(value)
    return any("-".join(keys.words(key)) in _LISTS for key in path[:-1]) and harmless(path[-1], value)
