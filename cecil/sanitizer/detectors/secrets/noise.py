"""What only looks like a secret: stand-ins, templates, code, words, sequences, hashes and UUIDs.

Owns: judging a value by itself. What its name says is `names`' business. Two questions are asked:
`stand_in`, of a value whose name already says that it is secret, and `random`, of one whose name hardly does.
"""

import math
import re
from collections import Counter
from itertools import pairwise
from operator import sub

from cecil.sanitizer.late import late
from cecil.sanitizer.promises import NO_SECRETS, VERSION, is_message

_TEMPLATE = late(
    r"""
      \$[\w({] .*                 # $TOKEN ${TOKEN} $(cat token) $_POST
    | [#$@]?\{{1,3} .* \}{0,3}    # {{ token }} {token} #{token} @{token}
    | <[^<>]*> | &lt;.*           # <token>
    | <?%.*%>?                    # %TOKEN% <%= token %>
    | %\(?\w+\)?[sd]?             # %(token)s %s
    | \[[^\[\]]*\]                # [token]
    | \#\{.*                      # #{token}
    | .*\.\.+ | .*…                # abc...
    | .*\[(?:redacted|filtered|masked|hidden|removed)\].*
    | (?:process\.)?env[.\[(] .* | os\.environ.*
    | (?:self|this|var|args|config|settings|params|options
        |secrets|vault|local|module|data|input|request|req|ctx|props|state)[.\[] .*
    | (?:getenv|env|input|getpass|prompt|read|lookup|ref|Fn|new|await|return|def|function|lambda)[\s(:] .*
    | [A-Za-z_][\w.:>-]*\(.*      # call()
    | arn:aws[\w-]*:.*            # where something is kept
    | \#[a-z_]+(?:-[a-z_]+)*      # an element of a page
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

# What begins as a template and holds a value all the same. Behind a method's name in braces stands a hash, or
# the password itself: RFC 2307, 5.3; the schemes of Dovecot, of OpenLDAP and of Spring Security.
_HASHED = late(
    r"\{(?:s?sha(?:-?[0-9]{1,3})?(?:-crypt)?|ssha-?[0-9]{1,3}|s?md[45](?:-crypt)?|crypt|(?:blf|des|sha)-crypt"
    r"|plain(?:-[a-z0-9]{1,4})?|clear(?:text)?|noop|bcrypt|scrypt|ldap|lanman|nt|ntlm|pbkdf2[\w-]{0,12}"
    r"|argon2[\w@-]{0,12}|(?:cram|digest|hmac|plain)-md5|scram-sha-[0-9]{1,3}|x-[\w-]{1,16})"
    r"(?:\.(?:b64|hex))?\}[^\s{}<>]{4,}",
    re.IGNORECASE,
)
_HOLDING = late(
    r"\{[A-Za-z][\w.-]{0,23}\}([^\s{}<>]+)|[<{]([0-9A-Za-z!#^*?+~@%=-]+)[>}]|\$([0-9A-Za-z!#^&*?+~@%=-]+)"
    r"|%([0-9A-Za-z!#^&*?+~@=-]+)%"
)

# What stands between two strings of code, where a closing quote was taken for an opening one.
_BETWEEN = late(
    r"\s?\+\s?(?:new\s|[A-Za-z_$][\w.$]*[\s(\[+]).*|\.\$\w.*|\s?,\s{0,3}[\w$.]*\s?:?"
    r"|,\s{0,3}[A-Za-z_$][\w$.]*\s?[=(].*|\)\s.*",
    re.DOTALL,
)
# The end of a call or of a signature: `password=None):`, `password=None, timeout=3)`.
_DEFAULT = late(
    r"(?:None|NULL|null|nil|undefined|True|False|true|false)(?:\)\W*(?:->.*)?|,[\w*]{1,80}+[=:,)].*)",
    re.DOTALL,
)

# What is kept elsewhere, by its tag of YAML: CloudFormation's, GitLab's, Home Assistant's.
_REFERENCE = late(
    r"!(?:Ref|Sub|GetAtt|ImportValue|Join|FindInMap|Select|Split|If|Transform|reference|secret|env_var|ENV|include)"
    r"(?:[ \t].*)?",
    re.DOTALL,
)

_STAND_INS = frozenset(
    """true false null none nil undefined required optional missing invalid empty yes no on off unset not-set
    n/a na tbd changeme change_me change-me changeit replaceme replace_me placeholder dummy redacted masked
    hidden filtered removed sensitive secret_here your_password yourpassword your-password password_here
    username user pass x-oauth-basic string str text number int integer bool boolean object array bytes
    public private static const final void self this enabled disabled default value unknown
    await async yield new not lambda return function func fn
    amd64 arm64 armhf armel i386 i686 x86_64 aarch64 ppc64el ppc64le s390x riscv64 noarch latest""".split()
)

# What is said of a secret where it could stand: `token: expired`, `password: must not be empty`.
_SAID = frozenset(
    """expired malformed unexpected path key incorrect wrong bad failed failure fails mismatch mismatched
    accepted rejected denied granted
    changed updated created deleted removed revoked rotated reset ok success successful succeeded verified
    unverified authenticated unauthorized found set unset sent received provided given needed generated stored
    known the a an this that these those its it is was are were be been has have had do does did don doesn can
    could cannot should would will must may might not never no only also and or but if when while where which
    who for from in into of off on onto to too with without by as at via per than then so use uses used using
    fix fixed fixes add added adds avoid ensure allow allows make makes don't doesn't can't isn't
    val""".split()
)

_MARKED = late(
    r"(?i)(?:^|[^a-z])(?:your|insert|enter|put|paste|replace|change)[-_ ]?(?:\w+[-_ ]){0,3}"
    r"(?:key|token|secret|password|passwd|here|id|api|goes)(?:[^a-z]|$)"
    r"|(?:token|secret|key|password|string)[-_ ]?(?:here|goes)"
    r"|placeholder|changeme|redacted|^hidden_|_here\b|YOUR[A-Z]*PASS"
)
_MARKS = "here goes your insert enter put paste replace change placeholder redacted hidden_".split()

_UUID = late(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_FILE = late(
    r"[\w.-]{1,60}\.(?:pem|crt|cer|key|pub|p12|pfx|jks|ya?ml|json|toml|ini|conf|cfg|env|txt|log|csv|xml|html?"
    r"|zip|gz|tgz|tar|png|jpe?g|gif|svg|pdf|py|pyc|js|ts|go|rs|java|rb|php|sh|so|dll|exe|class|md|lock):?"
)
_PACKAGES = (".deb", ".rpm", ".whl")
_PARAMETER = late(r"[a-z]+(?:_[a-z]+)*=")
"""Behind `Digest` and `OAuth`, before a value in quotes: `username=`."""
_ACCOUNT = late(r"[*x!]?:[0-9]*:.*")
_RUN = late(r"(.)\1{7}")
_RUN_OF_NOTHING = late(r"([x*#.?_0-])\1{4}", re.IGNORECASE)
_WORDS = late(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}")
_CODE = late(r"[A-Za-z_][A-Za-z_]*(?:(?:\.|::|->|/)[A-Za-z_][\w]*)+\W*")


_SIGNS = frozenset("!#$%^&*@?+=~")
_PIN = late(r"[0-9]{4,8}")
_OF_A_SIM = late("(?:0x)?[0-9A-Fa-f]{32}")
_SHORTEST_UNTOLD = 6
_LONGEST_CODE = 6
"""Digits of what can be one, of a card or a place."""
_SHORTEST_TOKEN = 16
_NO_PASSWORD = late(
    r"\s|/|\\|[0-9]{4}-[0-9]{2}-[0-9]{2}|\A[0-9.,]+[A-Za-z%]{1,5}\Z|\A[A-Za-z]{1,5}[-_]?[0-9.]{1,4}\Z"
    r"|\A[A-Za-z]+(?:[-_.][A-Za-z0-9]+)*[-_.]?[0-9]{0,2}\Z"
)
"""In what could be a password: blanks, a path, a date, an amount, `v2.1`, `build-2-linux`."""


def stand_in(value: str, said: bool = True) -> str | None:
    """Why a value that its name calls secret is none; None when it may be one.

    Args:
        value: what is judged.
        said: whether words count that are said of a secret, and two letters again and again; somebody's
            name is Will, or Bob, a card's code 737 and a ZIP code 10001.
    """
    bare = value.strip(" \t\"'`\\,;")
    if not bare:
        return "nothing"
    if bare.lower() in _STAND_INS:
        return "a stand-in word"
    if said and ((word := bare.lower().rstrip(".:!?")) in _SAID or word in NO_SECRETS):
        return "said of a secret, and none"
    if said and is_message(bare):
        return "said of a secret, and none"
    if _PARAMETER.fullmatch(bare):
        return "the name of a parameter"
    template = len(bare) < 400 and (
        _TEMPLATE.fullmatch(bare) or _BETWEEN.fullmatch(value) or _DEFAULT.fullmatch(bare)
    )
    if template and not holds(bare):
        return "a template or code"
    if _REFERENCE.fullmatch(bare):
        return "a reference"
    if marked(bare) or bare.endswith(("EXAMPLE", "EXAMPLEKEY")):
        return "a stand-in word"
    if _ACCOUNT.match(bare):
        return "a line of /etc/passwd or its like"
    if VERSION.fullmatch(bare):
        return "a version"
    if bare.endswith(_PACKAGES):
        return "a package's file"
    if len(bare) == 1:
        return "one character"
    if not any(c.isalnum() for c in bare):
        return "a mask"
    # Of 100 codes of three digits 28 have no more than two.
    short = bare.isdigit() and len(bare) <= _LONGEST_CODE
    named = not said and (bare.isalpha() or short) and len(set(bare.lower())) > 1
    return "one character repeated" if repeated(bare) and not named else None


def holds(value: str) -> bool:
    """Whether what begins as a template does holds a value: a hash under its method's name, `{SSHA}5en6…`, or
    small letters, capitals and digits in no order that a variable's name has, `$hT7kq…`, `<hT7kq…>`."""
    if _HASHED.fullmatch(value):
        return True
    held = _HOLDING.fullmatch(value)
    inner = held and held[held.lastindex or 0]
    if not inner or not (any(map(str.islower, inner)) and any(map(str.isupper, inner))):
        return False
    return any(map(str.isdigit, inner)) and random(inner) is None


def marked(value: str) -> bool:
    """Whether a value says that it stands for another: `PUT_YOUR_TOKEN_HERE`."""
    value = value[:200]
    lower = value.lower()
    # One of them stands in all that is marked; to look for that costs a tenth.
    return any(word in lower for word in _MARKS) and bool(_MARKED.search(value))


def repeated(value: str) -> bool:
    """Whether the value is a mask or a filler: few characters, or a long run of one."""
    if len(value) < 3:
        return False
    different = len(set(value.lower()))
    if different <= 2 and len(value) >= 3:
        return True
    if len(value) >= 16 and different <= len(value) ** 0.5 / 1.4:
        return True
    return (bool(_RUN.search(value)) and len(value) <= 80) or (
        bool(_RUN_OF_NOTHING.search(value)) and different <= 8
    )


def terse(name: str, value: str) -> str | None:
    """Why a value is none of those that a name such as `pass` or `pin` promises, see `keys.TERSE`."""
    if name.lower() in ("ki", "opc"):  # of a SIM
        return None if _OF_A_SIM.fullmatch(value) and len({*value}) > 4 else "no key of a SIM"
    if name.lower() in ("pin", "pin1", "pin2"):
        return None if _PIN.fullmatch(value) and len({*value}) > 1 else "no PIN"
    if name.lower() == "tokens":
        plain = not any(map(str.isdigit, value)) or not any(map(str.isalpha, value))
        return "words" if plain or len(value) < _SHORTEST_TOKEN or " " in value else random(value)
    return untold(value) or stand_in(value)


def untold(value: str) -> str | None:
    """Why a value can be something else where what stands before it says little: it is short, or a word."""
    letters = sum(map(str.isalpha, value))
    if len(value) < _SHORTEST_UNTOLD or letters < 3 or not any(map(str.isdigit, value)):
        return "digits or letters alone"
    if _NO_PASSWORD.search(value):
        return "a time, a number, a version or a path"
    return "words" if wordy(value) and _SIGNS.isdisjoint(value) else None


def entropy(value: str) -> float:
    """Shannon's, in bits a character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())


def sequence(value: str) -> bool:
    """Whether the value goes up or down the alphabet or the digits most of the way: `abcdef…`, `12345…`."""
    if len(value) < 6:
        return False
    points = [*map(ord, value)]
    steps = [*map(sub, points[1:], points)]
    return steps.count(1) + steps.count(-1) >= 0.8 * len(steps)


def file(value: str) -> str | None:
    """Whether the value is a file's name: `kelly-aws2.pem`."""
    return "a file's name" if _FILE.fullmatch(value) else None


def uuid(value: str) -> bool:
    """Whether the value has the form of a UUID."""
    return bool(_UUID.fullmatch(value))


def wordy(value: str) -> bool:
    """Whether the value is made of words: an identifier, a path, a host name, a file's name."""
    if _CODE.fullmatch(value):
        return True
    digits = sum(map(str.isdigit, value))
    if digits == 0:
        letters = sum(map(str.isalpha, value))
        vowels = sum(c in "aeiouAEIOU" for c in value)
        return letters < 16 or vowels >= 0.22 * letters or (value.isupper() and "_" in value)
    inside = sum(map(len, _WORDS.findall(value)))
    return (digits <= 2 and inside >= 0.6 * len(value)) or inside >= 0.75 * len(value)


def random(value: str, least: float = 3.0) -> str | None:
    """Why a value was hardly generated; None when it looks as if it was.

    Args:
        value: what is judged.
        least: bits of entropy a character that it must have; digits or hex alone have less room.
    """
    why = stand_in(value)
    if why:
        return why
    if len(value) < 10:
        return "too short"
    if sequence(value):
        return "a sequence"
    if wordy(value):
        return "words"
    room = 2.3 if value.isdigit() else least
    return "too little entropy" if entropy(value[:256]) < room else None


# Signs of a mask may stand five times; letters and digits do so at the end of one token in many thousands.
_PERIOD = late(r"(?:([xX*#?.-])\1{4}|(.)\2{7}|(.{2,3})\3{4})$")
_FILLER = late(r"(?:([xX*#.?0-])\1{6}|([A-Za-z0-9])\2{9})")


def filler(token: str) -> bool:
    """Whether a token of a known format was filled up by hand: `ghp_xxxxxxxx`."""
    if len(set(token)) < (5 if len(token) > 9 else 3) or _PERIOD.search(token):
        return True
    return bool(_FILLER.search(token)) and len(set(token)) < (16 if len(token) < 120 else 12)


# The 160 commonest pairs of letters, by their first one: 85 of 100 in English words.
_PAIRS = frozenset(
    row[0] + second
    for row in """abcdgilmnprstu baeilu caehiklortu daeio eacdeflmnprstvx fefio geir haeio iabcdefglmnoprstv
    ke laeilosuy maeiop nacdegiost ocdlmnoprstuvw paeiloprt qu radeimorsty sacehiopstu taehiorstuy
    uablmnprst vaei""".split()
    for second in row[1:]
)
_BY_CHANCE = len(_PAIRS) / 26**2
_FAR = 5
"""Standard deviations: letters by chance pass for words less than once in 100,000 times."""


def humped(value: str) -> bool:
    """Whether letters alone make words with humps, `generatedByHomeApp`, in pairs that words have."""
    letters = value.replace("_", "")
    if not letters.isalpha():
        return False
    words = _WORDS.findall(letters)
    known = sum(first + second in _PAIRS for first, second in pairwise(letters.lower()))
    expected = _BY_CHANCE * len(letters)
    spoken = known > expected + _FAR * math.sqrt(expected * (1 - _BY_CHANCE))
    return len(words) > 2 and sum(map(len, words)) >= 0.7 * len(letters) and spoken


def code(value: str) -> str | None:
    """Whether a value without quotes is an expression: `settings.password`, `user::token`."""
    return "code" if _CODE.fullmatch(value) and not any(c.isdigit() for c in value) else None
