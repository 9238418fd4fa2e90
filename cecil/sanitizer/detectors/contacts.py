r"""Who somebody is, in cards and directories: `FN:Jane Doe`, `ATTENDEE;CN=Jane Doe:`, `CN=Jane Doe,…,DC=…`,
and logins behind the domain of an account of Windows, `CORP\jdoe`, where a word or a key says user.

A content line of vCard (RFC 6350) or iCalendar (RFC 5545) has a name, parameters behind semicolons, a colon
and a value, whose parts stand between semicolons. A distinguished name of LDAP (RFC 4514) has pairs between
commas. Owns: names and addresses in these places, wherever the line stands: in a file of its own, in a line
of a log, or with its ends written as `\n`. Refuses: what says by itself what it is (e-mails, births);
organisations; names of certificates, groups and machines, which stand in a CN as well.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.detectors.secrets.structures import from_base64
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9
_SCORE_SAID, _SCORE_VALUE = 0.8, 0.1
"""Of a login behind a word that says user, and of one that is all of a value."""
_PERSON, _STREET, _PLACE, _ZIP = "PERSON", "STREET_ADDRESS", "LOCATION", "US_ZIP_CODE"

_BEGIN = r"(?:(?<![\w.;:=-])|(?<=\\[rn]))"
_PARAMETERS = r'(?:;[A-Za-z-]{1,30}=(?:"[^"\r\n]{0,80}"|[^;:"\r\n\\]{0,80})){0,6}'
_VALUE = r"(?P<value>(?:[^\r\n\"\\]|\\[,;\\])+)"
_LINE = late(rf"{_BEGIN}(?P<name>FN|N|ADR){_PARAMETERS}:{_VALUE}")
_INVITED = late(
    rf'{_BEGIN}(?:ATTENDEE|ORGANIZER)(?:;(?!CN=)[A-Za-z-]{{1,30}}=(?:\\?"[^"\r\n\\]{{0,80}}\\?"|[^;:"\r\n]{{0,80}})){{0,9}}'
    r';CN=(?:\\?"(?P<quoted>[^"\r\n\\]{1,80})|(?P<plain>[^;:"\r\n\\]{1,80}))'
)
_ENTRY = late(
    r"(?<![\w-])(?i:CN)=(?P<name>(?:[^,=+\"\\\r\n<>;]|\\,){3,80}?)"
    r"(?:,\s?(?i:CN|OU|O|L|ST|C)=(?:[^,=+\"\\\r\n<>;]|\\,){1,80}){0,12},\s?(?i:DC)="
)

# Of LDIF, which has base64 behind two colons where a value is no ASCII (RFC 2849).
_FOLDED = late(
    r"(?<![\w.:;=-])(?i:(?P<whole>cn|displayName)|sn):: (?P<value>[0-9A-Za-z+/]{4,200}={0,2})(?![^\s\\\"',])"
)

_WORD = r"[^\W\d_][^\W\d_]*(?:['’-][^\W\d_]+)*\.?"
_NAME = late(rf"{_WORD}(?:,? {_WORD}){{0,5}}")
_DIRECTORY = frozenset(
    """account accounts admin administration administrators admins agent api app apps archive authority
    backup builtin builders ca cert certificate class client cloud cluster computer computers config
    configuration container controllers creator default department dev dhcp dns domain enterprise
    exchange external forest full global group groups guest guests host hosts incoming infrastructure
    internal key key-admins keys ldap local machine mail manager managers master members monitor
    monitoring network node object objects operators owners partition partitions password permissions
    policies policy print printer prod protected proxy publishers read-only recipients remote replica
    replicator reset role roles root sales schema security server servers service services settings
    share sites staff subnets support svc system systems task team test the trust trusts update user
    users vault web windows workstation workstations""".split()
)
"""Words of groups, services and machines."""

_LETTER = late(r"[^\W\d_]")
_POSTCODE = late(r"[0-9]{5}(?:-[0-9]{4})?")
_FEWEST = 4
"""Semicolons of an address; the standard has six."""

_Part = tuple[int, int, str]
"""Where it begins and ends, and what it is."""


def _is_name(text: str, words: int = 2) -> bool:
    """Whether it is so many words or more, none of which begins with a small letter."""
    return (
        _NAME.fullmatch(text) is not None
        and len(text.split()) >= words
        and all(word[0].upper() == word[0] for word in text.split())
    )


def _whole(text: str, at: int) -> Iterator[_Part]:
    if _is_name(text):
        yield at, at + len(text), _PERSON


def _names(text: str, at: int) -> Iterator[_Part]:
    if text.count(";") < 2 or not _is_name(text.partition(";")[0].strip(), 1):
        return
    for part in re.finditer(r"[^;,]+", text):
        if _LETTER.search(part[0]):
            yield at + part.start(), at + part.end(), _PERSON


def _address(text: str, at: int) -> Iterator[_Part]:
    parts = list(re.finditer(r"(?:\\;|[^;])*(?:;|$)", text))
    if len(parts) <= _FEWEST:
        return
    for part, kind in zip(parts, (_STREET, _STREET, _STREET, _PLACE, None, _ZIP), strict=False):
        value = part[0].removesuffix(";")
        fits = _POSTCODE.fullmatch(value) if kind == _ZIP else any(map(str.isalnum, value))
        if kind and fits:
            yield at + part.start(), at + part.start() + len(value), kind


_READ = {"FN": _whole, "N": _names, "ADR": _address}


class Contacts:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of names and addresses in such lines."""

    name = "contacts"
    entities = frozenset({_PERSON, _STREET, _PLACE, _ZIP})
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (
            Trigger(r"\b(?:FN|ADR)[:;]"),
            Trigger(r"\bN[:;][^;\n]+;"),
            Trigger(r";CN="),
            Trigger(r"\b(?i:cn|sn|displayname):: [0-9A-Za-z+/]", shape=True),
            Trigger(r"\b(?i:CN)=[^=\n]+(?i:[, ](?:CN|OU|O|L|ST|C|DC))="),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = [
            part
            for line in _LINE.finditer(text)
            for part in _READ[line["name"]](line["value"], line.start("value"))
        ]
        for invited in _INVITED.finditer(text):
            group = invited.lastgroup or ""
            if _LETTER.search(invited[group]):
                found.append((*invited.span(group), _PERSON))
        for folded in _FOLDED.finditer(text):
            told = from_base64(folded["value"]).decode(errors="replace")
            if _is_name(told, 2 if folded["whole"] else 1):
                found.append((*folded.span("value"), _PERSON))
        for entry in _ENTRY.finditer(text):
            name = entry["name"].replace("\\,", ",")
            if _is_name(name) and _DIRECTORY.isdisjoint(re.split(r"[ ,]+", name.lower())):
                found.append((*entry.span("name"), _PERSON))
        return [Span(start, end, entity, _SCORE, self.name) for start, end, entity in found]


_DOMAIN = r"(?!BUILTIN|HK)[A-Z][A-Z0-9-]{1,14}"
_LOGIN = "[A-Za-z][a-z]{3,19}[0-9]{0,2}"
_ACCOUNT = late(
    r"(?:\b(?i:user|account|log[io]n|caller|owner|member)(?i:[ _-]?(?:name|id))?[\"']?"
    rf"(?:[ \t]{{0,3}}[:=][ \t]{{0,3}}|[ ]{{1,3}})[\"']?{_DOMAIN}\\{{1,2}}(?P<login>{_LOGIN})"
    r"(?![\w\\$-]|\.\w)"
    rf"|\A{_DOMAIN}\\(?P<value>{_LOGIN})\Z)"
)
_OF_SERVICES = late(
    r"(?:svc|srv|sql|app|adm)\w*|\w*(?:svc|service|services|admin|adm|bot|agent|test|user|users|sql|host|desk|team"
    r"|group|account|job|runner|builder|scanner|monitor)[0-9]*"
)
_BREAKS = frozenset("nrt")
"""Behind a backslash no letters, but a break of a line or a tab."""


class Accounts:
    """A recognizer of logins behind the domain of their account: `user CORP\\jdoe logged in`."""

    name = "domain-account"
    entities = frozenset({_PERSON})
    # All of a value says little by itself: its key has to say whose it is.
    context: tuple[str, ...] = ("user", "username", "login", "logon", "owner", "caller", "actor", "principal")
    triggers = (Trigger(r"\b[A-Z][A-Z0-9-]+\\{1,2}[A-Za-z][a-z][a-z][a-z]", shape=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for account in _ACCOUNT.finditer(text):
            group = account.lastgroup or ""
            if _is_login(text, *account.span(group)):
                score = _SCORE_VALUE if group == "value" else _SCORE_SAID
                found.append(Span(*account.span(group), _PERSON, score, self.name))
        return found


def _is_login(text: str, start: int, end: int) -> bool:
    """Whether it is somebody's: none of a service or a group, and no break of a line that is spelled out."""
    login = text[start:end].lower()
    if login.rstrip("0123456789") in _DIRECTORY or _OF_SERVICES.fullmatch(login):
        return False
    return text.count("\\") == 1 or text[start] not in _BREAKS or text[start - 2] == "\\"


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Contacts(), Accounts())
