"""Secrets that people tell in sentences: `my pw is Summer2024!`, `log in as jo with …`, `the key we use is …`

Owns: the turns of phrase, and what may be a secret in one: nothing that could be a word of the sentence.
A password told in letters alone is not known from what is said about passwords. What stands behind a sign,
`password: hunter2`, is read by `names`, and one-time codes by `codes`.
"""

import re
from typing import NamedTuple

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.65

_WORDS = (
    "(?:password|passwd|passphrase|passcode|pwd|pw|passwort|kennwort|contraseña|mot[ ]de[ ]passe|senha"
    "|wachtwoord|wi-?fi[ ](?:code|key|pass))"
)
_SAID = r"(?:[ \t]{1,3}[\w'’.-]{1,24}){0,7}?"
"""What is said of it before it is told: `the password we use for staging is …`."""
_SET = "(?:set|reset|chang(?:e|es|ed|ing)|updat(?:e|ed|ing)|rotated|switched)"
_IS = rf"(?:is|was|will[ ]be|are|ist|lautet|es|est|é)(?![\w/]|[ ]{_SET}\b)"
_OPENED = r"[ \t]{0,3}[:=]?[ \t]{0,3}[\"'“‘`]?"
_VALUE = r"(?P<value>[^\s\"'“”‘’`<>,;(){}\[\]]{4,100}+)"
_USER = r"[\w.@+-]{2,60}"

_KEYS = (
    r"(?:(?:api|access|secret|auth|private|signing|encryption|licen[cs]e)[ -]?key"
    r"|(?:api|access|auth|bearer|refresh|security|session|bot|client)[ -](?:token|secret)"
    r"|(?:my|our|his|her|their|this)[ ](?:[\w-]{1,20}[ ])?(?:key|token|secret|bearer))"
)

_USED = (
    r"(?:use|uses|using|with)[ ](?:the|this|my|our|his|her|their)[ ]"
    r"(?:[\w-]{1,20}[ ])?(?:key|token|secret)"
)

_PIN_CHANGED = r"(?<![\w-])PIN[ ](?:code[ ])?(?:was[ ])?(?:changed|reset|updated|set)"

_PLAIN = rf"(?:[\w'’-]{{1,24}}[ ]){{0,3}}{_WORDS}"
_SECRETS = (
    r"(?:(?:(?:api|access|secret|auth|private)[ _-]?)?(?:key|token)|(?:client[ _-]?)?secret|credentials?)"
)
_WORDS_WIDE = (
    r"(?:password|passwd|passphrase|passcode|pwd?|passwort|kennwort|contrase\xc3[\xb1\x91]a|senha|wachtwoord"
    r"|mot[ ]de[ ]passe|wi-?fi[ ](?:code|key|pass))"
)
_LABELS = rf"(?:{_WORDS_WIDE}|key|token|secret|credentials?)"
_CLOSED = "</(?:b|strong|i|em|u|code|span|label|dt|th|font)>"
# Marks of Markdown or HTML around a label: `**Password:**`, `__Password__:`, `<b>Password:</b>`.
_MARKED = (
    rf"(?:[:=][ \t]{{0,2}}(?:[*_]{{1,3}}|{_CLOSED}(?:<dd>)?)|[*_]{{1,3}}[ \t]{{0,3}}(?:[:=]"
    rf"|[-\u2013\u2014](?=[ \t]))"
    rf"|{_CLOSED}[ \t]{{0,3}}[:=])"
)
_MARKED_WIDE = r"[:=]?[ \t]*(?:[*_]{1,3}|</[a-z]+>(?:<dd>)?)[ \t]*(?:[:=-]|\xe2\x80[\x93\x94])?"
_CELL = r"\|[ \t]{0,40}[*_`]{0,3}"
_NEXT_CELL = r":?[*_`]{0,3}:?[ \t]{0,40}\|[ \t]{0,40}[`*]{0,2}(?=[^|\r\n]{1,200}\|)"
_TD = r"<t[dh][^<>]{0,100}>\s{0,20}(?:<\w{1,6}>)?"
_NEXT_TD = rf":?(?:</\w{{1,6}}>:?\s{{0,40}}){{1,2}}{_TD}"
_CHANGED = (
    rf"(?<![\w-]){_WORDS}{_SAID}[ \t](?:was[ ]|has[ ]been[ ]|is[ ])?{_SET}"
    r"(?:[ ]for[ ][\w.@-]{1,60})?[ ]from[ ][\"'`]?"
)


class _Turn(NamedTuple):
    """One way to tell a secret.

    Attributes:
        entity: what it is.
        regex: case ignored; the secret is its group `value`.
        trigger: see `Trigger.regex`; empty where another's matches as well.
        signed: whether a sign has to be in it, and a digit.
        unlike: whether it must not look like words with a number: tables and forms name things in general.
    """

    entity: str
    regex: str
    trigger: str = ""
    signed: bool = False
    unlike: bool = False


_GO_ON = r"[\w\t '.\x80-\xff-]*"
_QUOTE = r"[ \t:=]*[\"'`\x80-\xff]*"
# As long as a value goes on: behind its end a line of JSON can go on for thousands of characters.
_TELLING = r"[^\s\"'`<>,;(){}\[\]]*[0-9!#$%^&*@?+=~_-]"

_FIELDS = (
    "(?:user|username|id|uid|type|kind|name|profile|provider|source|role|arn|https?|file|path|env|key|scope"
    "|version|host|port|region|account|service|client|expir(?:y|es)|hash|sha[0-9]*|md5)"
)

_TURNS = (
    _Turn(
        "PASSWORD",
        rf"(?<![\w-]){_WORDS}{_SAID}[ \t]{{1,3}}(?:{_IS}|{_SET}(?:[ ]it)?[ ]to(?!\w)){_OPENED}{_VALUE}",
        r"(?:password|passwd|passphrase|passcode|pwd?[ \t]|passwort|kennwort|contrase\xc3[\xb1\x91]a|senha"
        rf"|mot[ ]de[ ]passe|wachtwoord|wi-?fi[ ](?:code|key|pass)){_GO_ON}"
        rf"(?:is|was|be|are|ist|lautet|es|est|\xc3[\xa9\x89]|to){_QUOTE}{_TELLING}",
    ),
    # In languages whose word for "is" is another word elsewhere: `la password è …`, `moje hasło to …`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:(?:password|parola)[ ]è|has[łl]o[ ]to|l[öo]senord(?:et)?[ ]är|heslo[ ]je"
        r"|parola[ ]este)"
        rf"(?!\w){_OPENED}{_VALUE}",
        r"(?:(?:password|parola)[ ]\xc3[\xa8\x88]|has(?:\xc5[\x81\x82]|l)o[ ]to"
        r"|l(?:\xc3[\xb6\x96]|o)senord(?:et)?[ ]\xc3[\xa4\x84]r|heslo[ ]je|parola[ ]este)"
        rf"{_QUOTE}{_TELLING}",
    ),
    # With no such word, or none that stands apart: `мой пароль …`, `パスワードは…`, `密码是…`
    _Turn(
        "PASSWORD",
        r"(?:(?<![\w-])пароль(?:[ ](?:это|[-–—]))?[ ]|(?:パスワード|密码|密碼)(?:は|是|为|為)"
        rf"|비밀번호[는은])[ ]?{_OPENED}{_VALUE}",
        r"(?:\xd0[\xbf\x9f]\xd0[\xb0\x90](?:\xd1\x80|\xd0\xa0)\xd0[\xbe\x9e]\xd0[\xbb\x9b]"
        r"(?:\xd1\x8c|\xd0\xac)"
        r"|\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89\xe3\x81\xaf|\xe5\xaf\x86\xe7(?:\xa0\x81|\xa2\xbc)"
        r"(?:\xe6\x98\xaf|\xe4\xb8\xba|\xe7\x82\xba)|\xeb\xb2\x88\xed\x98\xb8(?:\xeb\x8a\x94|\xec\x9d\x80))"
        rf"{_GO_ON}{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    # `set the password to …`
    _Turn(
        "PASSWORD",
        rf"(?<![\w-]){_SET}[ ](?:[\w'’]{{1,16}}[ ]){{0,3}}{_WORDS}[ ]to(?!\w){_OPENED}{_VALUE}",
    ),
    # Names that `names` does not read: of one sign too few, or of several words.
    _Turn(
        "PASSWORD",
        rf"(?<![\w-])(?:pw|mot[ ]de[ ]passe|wi-?fi[ ](?:code|key|pass))[ \t]{{0,3}}[:=]{_OPENED}{_VALUE}",
        rf"(?:\bpw[ \t:=]|mot[ ]de[ ]passe|wi-?fi[ ](?:code|key|pass))[ \t]*[:=]?{_QUOTE}{_TELLING}",
    ),
    # `the new one is …`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:password|passcode|pwd?)\b[^\r\n]{0,100}?[ ](?:new|old|current|other|latest|right)"
        rf"[ ]one(?:[ ]is|'s|[ ]was)[ \t]{{1,3}}{_OPENED}{_VALUE}",
        rf"(?:password|passcode|pwd?[^a-z])[^\n]*one(?:[ ]is|'s|[ ]was)[ \t]{_QUOTE}{_TELLING}",
    ),
    # `user: jo pass: …`, `login jo, pw …`
    _Turn(
        "PASSWORD",
        rf"(?<![\w-])(?:user(?:name)?|login|account|e-?mail)[ :=]{{1,3}}{_USER}[ \t]{{0,3}}[,;/|&]?"
        r"[ \t\r\n]{1,3}(?:and[ ]|with[ ])?(?:the[ ])?(?:pass(?:word|code)?|pwd?)(?:[ ]is)?(?![\w-])"
        rf"[ \t:=]{{1,6}}{_VALUE}",
        rf"[ \t](?:pass(?:word|code)?|pwd?)(?:[ ]is)?[ \t:=]+{_TELLING}",
    ),
    # `creds are admin / …`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:creds?|credentials|login[ ]details)(?:[ ]for[ ][\w.-]{1,40})?"
        rf"(?:[ ](?:is|are|was|were))?[ \t]{{0,2}}[ :=-][ \t]{{0,2}}{_USER}[ ]?[/|:][ ]?{_VALUE}",
        r"(?:cred(?:ential)?s?|login[ ]details)(?:[ ]for[ ][\w.-]+)?(?:[ ](?:is|are|was|were))?"
        rf"[ \t:=-]+[\w.@+-]+[ ]?[/|:][ ]?{_TELLING}",
        signed=True,
    ),
    # `login: bob / …`, `creds bob:…`
    _Turn(
        "PASSWORD",
        rf"(?<![\w/-])(?:(?:creds?|credentials|login)[ ]?[:=]?[ ]{_USER}[ ]/[ ]"
        rf"|(?:creds?|credentials)[ ]?[:=]?[ ](?!{_FIELDS}:){_USER}:){_VALUE}",
        r"(?:(?:creds?|credentials|login)[ ]?[:=]?[ ][\w.@+-]+[ ]/[ ]"
        rf"|(?:creds?|credentials)[ ]?[:=]?[ ][\w.@+-]+:){_TELLING}",
        unlike=True,
    ),
    # `use pw …`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:use|using|used|try|tried|with|enter)[ ](?:the[ ]|this[ ])?"
        rf"(?:pw|pwd|pass(?:word|code)?)[ ]{_OPENED}{_VALUE}",
        r"(?:use|using|used|try|tried|with|enter)[ ](?:the[ ]|this[ ])?(?:pw|pwd|pass(?:word|code)?)[ ]"
        rf"{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    # `typing "…" into the password field`, as agents that use a browser tell
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:typ(?:e|ed|ing)|enter(?:ed|ing)?|fill(?:ed|ing)?|input(?:ting)?)[ ][\"'“‘`]"
        r"(?P<value>[^\s\"'“”‘’`]{4,100}+)[\"'”’`][ ](?:in|into|to)[ ](?:the[ ])?"
        r"(?:[\"'\w#=\[-]{1,40}[ ]){0,2}[\"'\w#=\[-]{0,40}(?<!com)(?<!by)pass(?:word|wd|code)?",
        r"(?:typ(?:e|ed|ing)|enter(?:ed|ing)?|fill(?:ed|ing)?|input(?:ting)?)[ ][\"'`\x80-\xff]"
        r"[^\n]*[\"'`\x80-\xff][ ](?:in|into|to)[ ][^\n]*pass",
        unlike=True,
    ),
    # `log in as admin with …`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:log(?:ged|ging)?[ -]?in|sign(?:ed|ing)?[ -]?in)[ ](?:[\w.@-]{1,60}[ ]){0,5}?"
        rf"(?:with|using)[ ]{_VALUE}",
        rf"(?:log(?:ged|ging)?|sign(?:ed|ing)?)[ -]?in[ ](?:[\w.@-]+[ ])*(?:with|using)[ ]{_TELLING}",
        signed=True,
    ),
    # `**Password:** …`, `<b>API key</b>: …`, `* **Token** - …`
    _Turn(
        "PASSWORD",
        rf"(?<![A-Za-z0-9-]){_WORDS}{_MARKED}{_OPENED}{_VALUE}",
        rf"{_LABELS}{_MARKED_WIDE}{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    _Turn("SECRET", rf"(?<![A-Za-z0-9-]){_SECRETS}{_MARKED}{_OPENED}{_VALUE}", unlike=True),
    # In a row of a table of two columns: `| Password | … |`, `<td>Password</td><td>…</td>`
    _Turn(
        "PASSWORD",
        rf"(?:{_CELL}{_PLAIN}{_NEXT_CELL}|{_TD}{_PLAIN}{_NEXT_TD}){_VALUE}",
        rf"{_LABELS}(?::?[*_`]{{0,3}}:?[ \t]{{0,40}}\|[ \t]{{0,40}}[`*]{{0,2}}"
        rf"|:?(?:</[a-z]+>:?\s*){{1,2}}<t[dh][^<>\n]*>\s*(?:<[a-z]+>)?){_TELLING}",
        unlike=True,
    ),
    _Turn(
        "SECRET",
        rf"(?:{_CELL}{_SECRETS}{_NEXT_CELL}|{_TD}{_SECRETS}{_NEXT_TD}){_VALUE}",
        unlike=True,
    ),
    # On a line of its own below: `Your temporary password:`
    _Turn(
        "PASSWORD",
        rf"(?<![\w-]){_WORDS}(?:[ ]is)?:[ \t]{{0,4}}(?:\r?\n){{1,2}}[ \t]{{0,8}}{_OPENED}{_VALUE}"
        rf"(?=[\"'`]?[ \t]{{0,4}}(?:\r?\n|\Z))",
        rf"{_LABELS}(?:[ ]is)?:[ \t]*\s{{1,12}}{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    # A prompt of ssh, sudo or git with what was typed behind it: `Enter passphrase for key '/home/jo/…': …`
    _Turn(
        "PASSWORD",
        rf"(?<![\w-]){_WORDS}[ ]for[ ](?:key[ ]|user[ ])?(?:\"[^\"\r\n]{{1,160}}+\"|'[^'\r\n]{{1,160}}+'"
        r"|[^\s\"':]{1,160}+(?:[ ]key)?(?:[ ]storage)?):"
        rf"[ \t]{{0,4}}{_VALUE}(?=[\"']?[ \t]{{0,4}}(?:\r?\n|\Z))",
        rf"{_WORDS_WIDE}[ ]for[ ][^\n]*:[ \t]*{_TELLING}",
    ),
    # `use … as the password`
    _Turn(
        "PASSWORD",
        rf"(?<![\w-])(?:use|using|used|enter|try|type|set(?:[ ]it)?(?:[ ]to)?|with)[ ]"
        rf"[\"'`]?{_VALUE}[\"'`]?[ ]as[ ](?:the|a|my|your|our|his|her|their|its)?"
        rf"[ ]?(?:(?:new|temporary|temp|default|initial|old|login|admin|root|wi-?fi"
        rf"|[A-Z][a-z]{{1,15}})[ ]){{0,2}}{_WORDS}"
        r"(?![\w-]|[ ](?:hash|algorithm|field|format|column|manager|encoder|type|key)\b)",
        r"(?:use|using|used|enter|try|type|set(?:[ ]it)?(?:[ ]to)?"
        r"|with)[ ][\"'`]?[^\s\"'`<>,;(){}\[\]]*[0-9!#$%^&*@?+=~_-][^\s]*[ ]as[ ]",
        unlike=True,
    ),
    _Turn(
        "SECRET",
        rf"(?<![\w-])(?:{_USED}|(?:api|access|secret)[ ]?key)[ ][\"'`]?"
        r"(?P<value>[0-9A-Za-z_.+/=~-]{16,2000}+)",
        r"(?:(?:use|uses|using|with)[ ](?:the|this|my|our|his|her|their)[ ](?:[\w-]+[ ])?(?:key|token|secret)"
        r"|(?:api|access|secret)[ ]?key)[ ][\"'`]?[0-9A-Za-z_.+/=~-]{16}",
    ),
    # In Vietnamese
    _Turn(
        "PASSWORD",
        rf"(?<!\w)m(?:ật|at)[ ]kh(?:ẩu|au)(?:[ ]l[àa](?!\w))?[ \t]{{0,3}}[:=]?{_OPENED}{_VALUE}",
        rf"m(?:\xe1\xba[\xad\xac]|a)t[ ]kh(?:\xe1\xba[\xa9\xa8]|a)u{_GO_ON}{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    # `PIN changed from 4412 to 9921`
    _Turn(
        "PASSWORD",
        rf"{_PIN_CHANGED}[ ]from[ ](?P<value>[0-9]{{4,8}}+)(?=[ ]to[ ][0-9]{{4,8}}(?!\w))",
        r"\bPIN[ ][a-z ]*from[ ][0-9]+[ ]to[ ][0-9]{4}",
    ),
    _Turn("PASSWORD", rf"{_PIN_CHANGED}[ ]from[ ][0-9]{{4,8}}+[ ]to[ ](?P<value>[0-9]{{4,8}}+)(?!\w)"),
    # What stands in for a password
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:secret|security)[ ]answer(?:[ \t]{1,3}(?:is|was)(?![\w/])|[ \t]{0,3}[:=])"
        rf"{_OPENED}{_VALUE}",
        rf"(?:secret|security)[ ]answer[ \t]*(?:is|was|[:=]){_QUOTE}{_TELLING}",
    ),
    # `user/pass: jo/…`
    _Turn(
        "PASSWORD",
        r"(?<![\w-])(?:user(?:name)?|login|id)[ ]?[/&|][ ]?(?:pass(?:word|wd|code)?|pwd?)[ \t]{0,3}"
        r"(?:[:=]|is|are|[ ])[ \t]{0,3}"
        rf"{_USER}[ ]?[/|:,][ ]?{_VALUE}",
        rf"(?:user(?:name)?|login|id)[ ]?[/&|][ ]?(?:pass(?:word|wd|code)?"
        rf"|pwd?)[ \t:=isar]*[\w.@+-]+[ ]?[/|:,][ ]?{_TELLING}",
        unlike=True,
    ),
    # `password changed from … to …`
    _Turn(
        "PASSWORD",
        rf"{_CHANGED}{_VALUE}",
        rf"(?:password|passwd|passphrase|passcode|pwd"
        rf"|passwort)[^\n]*{_SET}[^\n]*[ ]from[ ]{_QUOTE}{_TELLING}",
        unlike=True,
    ),
    _Turn(
        "PASSWORD",
        rf"{_CHANGED}[^\s\"'`]{{4,100}}+[\"'`]?[ ]to[ ][\"'`]?{_VALUE}",
        unlike=True,
    ),
    _Turn(
        "SECRET",
        rf"(?<![\w-]){_KEYS}{_SAID}(?:[ \t]{{1,3}}(?:is|was|are)(?![\w/])|[ \t]{{0,3}}:){_OPENED}"
        r"(?P<value>[0-9A-Za-z_.+/=~-]{16,2000}+)",
        rf"{_KEYS}{_GO_ON}(?:[ \t](?:is|was|are)|:){_QUOTE}[0-9A-Za-z_.+/=~-]{{16}}",
    ),
)
_COMPILED = tuple((turn, late(turn.regex, re.IGNORECASE)) for turn in _TURNS)

_SIGNS = frozenset("!#$%^&*@?+=~")
_END = ".:!?"
_SHORTEST = 6
# Names of hosts have no piece like `kX9z`, of letters in both cases and a digit before one of them.
_HOST = late(r"(?!(?:[\w-]+\.)*(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]*[0-9][A-Za-z])[\w-]+(?:\.[\w-]+)+|/.*")

# What stands behind `password is` and is none: names of methods, counts, places, versions.
_METHOD = late(
    r"(?:sha|md|base|utf|aes|rsa|des|rc|hs|rs|es|ntlmv?|ipv|v|ver|version|oauth|argon|bcrypt|scrypt|pbkdf|iso|rfc|soc"
    r"|pci|fips|cve|step|line|page|phase|option|column|field|row|section|rule|tier|level|type|http|ssl|tls|ssh|win"
    r"|windows|python|java|php|node|ldap|saml|s|k|x|h)[-_ /v]?[0-9][\w.-]*"
    r"|[0-9]{1,4}[-_]?(?:char|digit|letter|day|hour|hr|min|sec|bit|byte|word|time|step|factor|month|year|st|nd|rd|th"
    r"|ms|x|d|h|m|s|am|pm)[a-z-]*"
    r"|[0-9]+x[0-9]+|[\w.-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[a-z]+(?:[-_][a-z]+)?",
    re.IGNORECASE | re.ASCII,
)
# What is said of it is of something else: `the public key is …`, `my token id is …`.
_ABOUT = late(
    r"\b(?:primary|foreign|partition|sort|cache|object|public|row|routing|hash|idempotency|message|commit|page|group"
    r"|id|ids|fingerprint|checksum|path|file|name|length|size|hint|policy|version|field|column|url|format|type)\b",
    re.IGNORECASE,
)
_PHRASE = late(r"[a-z]{4,12}(?:-[a-z]{4,12}){2,7}")
"""Words of a passphrase with dashes: shorter ones are `up-to-date` and `easy-to-guess`."""
_COUNTED = late(
    r"[ \t](?:char|digit|letter|symbol|day|hour|min|sec|bit|byte|word|time|attempt|user|or\b|and\b"
    r"|to\b(?![ ][0-9]{4})|%)",
    re.I,
)


class SpokenRecognizer:
    """Finds secrets by the sentence that tells them."""

    name = "spoken"
    entities = frozenset({"PASSWORD", "SECRET"})
    context: tuple[str, ...] = ()
    triggers = tuple(Trigger(turn.trigger, caseless=True) for turn in _TURNS if turn.trigger)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for turn, pattern in _COMPILED:
            for match in pattern.finditer(text):
                start, end = match.span("value")
                while end - 1 > start and text[end - 1] in _END:
                    end -= 1
                about = _ABOUT.search(text, match.start(), start)
                why = "said of something else" if about else _why_not(turn, text, start, end)
                if why is None:
                    end += text.startswith("!", end)
                    found.append(Span(start, end, turn.entity, _SCORE, self.name))
                elif misses is not None:
                    misses.append(Miss(start, end, turn.entity, self.name, why))
        return found


def _why_not(turn: _Turn, text: str, start: int, end: int) -> str | None:
    value = text[start:end]
    if turn.entity == "SECRET" and not turn.unlike:
        return noise.random(value) or ("a UUID" if noise.uuid(value) else None)
    if value.isdigit():
        return "a count" if turn.signed or _COUNTED.match(text, end) else noise.stand_in(value)
    if _PHRASE.fullmatch(value) and not turn.signed:
        return None
    if turn.unlike and (why := noise.untold(value)):
        return why
    signs = _SIGNS.intersection(value)
    if len(value) < _SHORTEST or _METHOD.fullmatch(value) or "://" in value:
        return "a word"
    has_digit = any(map(str.isdigit, value))
    if (
        not (has_digit or signs)
        or (turn.signed and not (has_digit and signs))
        or not any(map(str.isalpha, value))
    ):
        return "a word"
    if not signs and _HOST.fullmatch(value):
        return "a host"
    return noise.stand_in(value) or noise.file(value)
