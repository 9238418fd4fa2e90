"""E-mail addresses that Presidio's recognizer passes over.

It takes `/`, `=` and `?` for parts of the local name and then wants the whole to end in a public suffix:
so it misses `https://app.example/?to=bob@example.com` and `bob@mail.corp.internal`. Quoted local parts,
letters of all scripts, addresses that are spelled out or quoted-printable, and those to which people
in India pay (`bob@okaxis`, https://www.npci.org.in/what-we-do/upi/live-members), it does not know at all.
Found by both, an address is one finding (see `cecil.sanitizer.spans`).
"""

import re
from itertools import chain

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

# Linear: a run of local characters is tried from its start only, and never given back.
_LOCAL = r"(?:(?<![\w.%+-])[\w.%+-]++|(?<![\\\w])\"[^\"@\s\\]{1,64}\")"

# A name of a host, or a literal in brackets (RFC 5321, 4.1.3). Names that begin with a dash below are those
# of services, `box._smb._tcp.local`. Of the letters that may follow the last dot, all are taken; digits only
# behind an end that everybody knows, where two values ran together.
_DOMAIN = (
    r"(?:(?:(?!_)[\w-]{1,63}\.){1,10}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,63})(?![^\W_]|-|_\w)"
    r"|(?:[\w-]{1,63}\.){1,10}(?:com|org|net|edu|gov|io)(?=[0-9])"
    r"|(?:ok(?:sbi|axis|icici|hdfcbank)|ybl|ibl|axl|apl|paytm|upi)(?![\w.-])"
    r"|\[(?:IPv6:)?[0-9a-fA-F.:]{3,45}\])"
)

_ADDRESS = late(f"{_LOCAL}@{_DOMAIN}", re.IGNORECASE)

_SPELLED = late(
    r"(?<![\w.%+-])[\w.%+-]{1,64}+"
    r"(?:[ \t]?[\[({<][ \t]?at[ \t]?[\])}>][ \t]?"
    r"(?:[\w-]{1,63}(?:\.|[ \t]?[\[({<][ \t]?dot[ \t]?[\])}>][ \t]?)){1,4}[a-z]{2,24}"
    r"|[ \t]at[ \t](?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|protonmail|gmx)"
    r"(?:\.|[ \t]dot[ \t])(?:com|net|de|co\.uk|me)"
    # At any host, where a dot is told as well.
    r"|(?P<anywhere>(?:[ \t](?:dot|underscore|dash|hyphen)[ \t][\w+-]{1,40}){0,4}[ \t]at[ \t]"
    r"(?:[\w-]{1,63}[ \t]dot[ \t]){1,3}(?:com|org|net|edu|gov|io|co|info|biz|uk|de|fr|nl|it"
    r"|es|eu|au|ca|in|jp|br|ch|at)"
    r"(?:[ \t]dot[ \t](?:uk|au|in|br|jp|nz|za))?))(?![\w-])",
    re.IGNORECASE | re.ASCII,
)

# In the body of a mail (RFC 2045, 6.7), where a domain that everybody knows stands behind the sign.
_QUOTED = late(
    r"(?<![\w.%+?&;/=-])(?=[\w.+-]{0,63}[a-z])(?!(?:host|hostname|domain|site|url|server)=)[\w.+-]{1,64}+"
    r"=40(?:[a-z][\w-]{0,62}\.){1,5}(?:com|org|net|edu|gov|io|co|info|biz|uk|de|fr|nl|it|es|eu|au|ca|in|jp|br|ch"
    r"|at)(?![\w-]|\.\w)",
    re.IGNORECASE | re.ASCII,
)

# `jane dot roe at`, `j.roe at`, `roe42 at`; or words before it that announce an address.
_OF_MAIL = late(r"\w+(?:[ \t](?:dot|underscore|dash|hyphen)[ \t]|\w*[.+\d-])", re.IGNORECASE | re.ASCII)
_ANNOUNCED = late(
    r"(?:mails?|reach|contact|write|address|send|sent)[^\w.!?\n](?:[^.!?\n]{0,23}[^\w.!?\n])?\Z",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_ANNOUNCED = 40
_NO_LOCAL = frozenset("us me him her them you it".split())
"""`contact us at example dot com` tells no address."""


def _spelled(text: str, match: re.Match[str]) -> bool:
    """Whether what is spelled out is an address, and not where something is: `sold at example dot com`."""
    if match["anywhere"] is None or _OF_MAIL.match(match[0]):
        return True
    before = text[max(0, match.start() - _LONGEST_ANNOUNCED) : match.start()]
    return match[0].partition(" ")[0].lower() not in _NO_LOCAL and _ANNOUNCED.search(before) is not None


_ENTITY = "EMAIL_ADDRESS"

# Names of SSH's algorithms, RFC 4251, section 6. A host's log of a handshake holds a dozen of them.
_ALGORITHM = late(
    r"[a-z0-9-]{2,48}@(?:openssh\.com|libssh\.org|lysator\.liu\.se|ssh\.com)", re.ASCII | re.IGNORECASE
)
_ALGORITHM_WORDS = late(
    r"ssh-|ecdsa|ed25519|rsa|dss|hmac|umac|aes|chacha|sha[1235]|curve|sntrup|mlkem|kex|zlib|cbc|gcm|ctr|etm"
    r"|cert|ripemd|hostkeys|no-more-sessions|keepalive|eow|statvfs|rename|fsync|limits|auth-agent",
    re.IGNORECASE,
)


def is_algorithm(text: str) -> bool:
    """Whether what looks like an address is the name of one of SSH's algorithms or extensions.

    `curve25519-sha256@libssh.org` is; whoever writes from that domain under another name is not.
    """
    return _ALGORITHM.fullmatch(text.lstrip("+")) is not None and _ALGORITHM_WORDS.search(text) is not None


# Units of systemd made of a template (systemd.unit(5)), pictures for dense screens, files beside a version,
# and a call of what stands behind Python's `@`.
_UNIT_OR_FILE = late(
    r"[^@]+@.+\.(?:service|socket|device|mount|automount|swap|timer|slice|scope|path"
    r"|jsx?|tsx?|mjs|cjs|css|s[ac]ss|html?|json|ya?ml|png|jpe?g|gif|webp|svg|ico|avif|tgz|jar|whl"
    r"|tar|gz|bz2|xz|zst|deb|rpm)",
    re.ASCII | re.IGNORECASE,
)
_REMOTE = late(r"(?:git|hg|svn)@[^@]+", re.ASCII)
# But somebody's whose address is how a file is called.
_NAMED_FILE = late(
    r"[^@]+@(?:[\w-]{1,63}\.){1,5}(?:com|org|net|edu|gov|io|co|de|uk|fr|nl|it|es|eu|au|ca|in|ch|at)\.[a-z0-9]{2,5}",
    re.ASCII | re.IGNORECASE,
)

# Services and machines of a realm of Kerberos (RFC 4120, 6.2.1), which is written in capitals.
_SERVICE = late(
    r"(?<![\w./-])(?:krbtgt|https?|host|ldap|cifs|nfs|gc|dns|imap|smtp|pop|ftp|postgres|kafka|zookeeper|hdfs|hive"
    r"|yarn|hbase|impala|spark|kadmin|kiprop|changepw|rpcss|termsrv|wsman|restrictedkrbhost|mssqlsvc|exchange\w{2,8})"
    r"/\Z",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_SERVICE = 20

# Ids of messages (RFC 5322, 3.6.4), by which mail is followed from host to host.
_OF_A_MESSAGE = late(
    r"(?:message-?_?id|msgid|references|in-reply-to|resent-message-id)[\"']{0,2}[ \t]{0,2}[:=][ \t\"']{0,3}"
    r"(?:<[^<>\s]{1,200}>[\s,]{1,4}){0,4}<?\Z",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_BEFORE_ID = 400
_LONGEST_LOCAL = 80
_WORD = late(r"[A-Za-z]{4}|(?<![0-9A-Za-z])[A-Za-z]{3}(?![0-9A-Za-z])")
_FEWEST_IN_AN_ID = 12
_FEWEST_DIGITS = 3
# As Postfix makes it: the moment, and the id in its queue.
_QUEUED = late(r"20[0-9]{12}\.[0-9A-Za-z]{6,24}", re.ASCII)


def _is_id(local: str) -> bool:
    """Whether a local part has digits and letters in no order that a name has."""
    if _QUEUED.fullmatch(local):
        return True
    digits = sum(map(str.isdigit, local))
    return len(local) >= _FEWEST_IN_AN_ID and digits >= _FEWEST_DIGITS and _WORD.search(local) is None


def no_mailbox(text: str, start: int, end: int, context: tuple[str, ...] = ()) -> str | None:
    """Why what looks like an address is none; None when it may be one.

    `git@code.example.com:team/app.git` is where a program keeps its sources.

    Args:
        text: where it stands, from `start` to `end`.
        context: words of the keys that lead to the text, in lower case.
    """
    value = text[start:end]
    if is_algorithm(value):
        return "the name of an algorithm of SSH"
    if _UNIT_OR_FILE.fullmatch(value) and not _NAMED_FILE.fullmatch(value):
        return "a unit of systemd or a file"
    local, _, host = value.rpartition("@")
    if local[-1:] == "=":
        return "no mailbox before the sign"  # `header.i=@example.org`
    if host.isupper():
        if local[-1:] == "$":
            return "a machine of a realm"
        if _SERVICE.search(text, max(0, start - _LONGEST_SERVICE), start):
            return "a service of a realm"
    # What stands before `=` in the id of a message is a part of it.
    opened = text.rfind("<", max(0, start - _LONGEST_LOCAL), start) + 1
    begun = opened if opened and not any(map(str.isspace, text[opened:start])) else start
    if _is_id(text[begun : start + len(local)]):
        before = text[max(0, begun - _LONGEST_BEFORE_ID) : begun]
        if context[-2:] == ("message", "id") or _OF_A_MESSAGE.search(before):
            return "the id of a message"
    if _REMOTE.fullmatch(value) and text[end : end + 1] in (":", "/"):
        return "where sources are kept"
    return "code" if text[end : end + 2] == "()" else None


# What stands before the address in `email=bob@example.com`, `https://app.example/a?page=2&to=bob@example.com`.
# Between the fields of X12 and HL7 stand other signs that a local part may hold, though hardly two of them.
_FRONT = late(r"[^@]*(?:[/?&]|[*~|^][^@]*[*~|^])", re.ASCII)
_NAME = late(r"([A-Za-z][A-Za-z_-]{0,40}[0-9]{0,4}(?:\.[A-Za-z][A-Za-z_]{0,40}){0,3})=['`]?", re.ASCII)
_NAMES = frozenset(
    """account actor assignee auth author bcc by cachekey cc cn contact customer e from identity id invitee k
    key login mailfrom member name owner principal q query receiver recipient replyto rcpt sender sub subject
    to uid upn user username value who""".split()
)


def begin(text: str, start: int, end: int) -> int:
    """Where an address begins that was found with a path or a name before it.

    Those are characters that a local part may hold too, and in `jo=example.com@lists.example.net` the first
    part is the person's: so only a name that says what follows is left out, or one before what is no domain.
    """
    at = text.rfind("@", start, end)
    if at < 0:
        return start
    front = _FRONT.match(text, start, at)
    if front and front.end() < at:
        start = front.end()
    name = _NAME.match(text, start, at)
    if name and name.end() < at:
        words = keys.words(name[1])
        known = words[-1] in _NAMES or keys.entity(name[1]) == _ENTITY
        if known or "." not in text[name.end() : at]:
            return name.end()
    return start


class EmailDetector:
    """Finds addresses by their shape alone."""

    name = "email"
    entities = frozenset({_ENTITY})
    context: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = (
        Trigger(
            r'[A-Za-z0-9_.%+"\x80-\xff-]@(?:\[|[A-Za-z0-9_\x80-\xff-]{1,252}\.[A-Za-z0-9_\x80-\xff-])',
            shape=True,
        ),
        Trigger(r"[\w.%+-]@(?:ok(?:sbi|axis|icici|hdfcbank)|ybl|ibl|axl|apl|paytm|upi)", caseless=True),
        Trigger(r"[\[({<][ \t]?at[ \t]?[\])}>]", caseless=True, shape=True),
        Trigger(r"[A-Za-z0-9_.+-]=40[A-Za-z][A-Za-z0-9_-]*\.[A-Za-z]", shape=True),
        Trigger(r"[ \t]at[ \t][\w-]+[ \t]dot[ \t]", caseless=True),
        Trigger(
            r"[ \t]at[ \t](?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|protonmail|gmx)", caseless=True
        ),
    )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        spans: list[Span] = []
        for match in _ADDRESS.finditer(text) if "@" in text else ():
            why = no_mailbox(text, *match.span())
            if why is None:
                spans.append(Span(*match.span(), _ENTITY, 0.95, self.name))
            elif misses is not None:
                misses.append(Miss(*match.span(), _ENTITY, self.name, why))
        spelled = (match for match in _SPELLED.finditer(text) if _spelled(text, match))
        quoted = _QUOTED.finditer(text) if "=40" in text else ()
        return spans + [Span(*match.span(), _ENTITY, 0.7, self.name) for match in chain(spelled, quoted)]


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """All of this module's; none of them depends on a country that is named."""
    return (EmailDetector(),)
