r"""Secrets that stand where a format puts them: private keys, URLs, headers, connection strings, JWTs.

Owns: the places. Refuses: to take a user's name, a host or a scheme with the secret: the span is the value.
One recognizer reads all places; each is a pattern, what the value is, and how sure the place makes it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from cecil.sanitizer import keys, promises
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import cookies, noise
from cecil.sanitizer.detectors.secrets.checksums import json_head
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span


class Place(NamedTuple):
    """Where a secret stands.

    Attributes:
        id: a finding's detector is `secret:<id>`.
        entity: what it is.
        score: how sure the place makes it.
        pattern: the secret is its group `s`.
        trigger: see `Trigger.regex`.
        anchor: in small letters; a text without it holds no such place.
        check: why a value is none; None when it may be one.
        validated: whether the place is unmistakable.
        behind: words of which one has to stand before it, in small letters.
        anchors: as `anchor`, where one of some has to be there.
        shape: see `Trigger.shape`.
        unless: words of which none may stand nearer before it than those of `behind`.
    """

    id: str
    entity: str
    score: float
    pattern: re.Pattern[str]
    trigger: str
    anchor: str
    check: Callable[[str], str | None] = noise.stand_in
    validated: bool = False
    behind: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    shape: bool = False
    unless: tuple[str, ...] = ()


def _no_check(value: str) -> str | None:
    return None


def _key_body(block: str) -> str | None:
    """Why what stands behind `BEGIN … PRIVATE KEY` is no key: some base64 has to follow."""
    body = re.sub(r"-----[^-]{1,60}-----|\\+[nr]|[\s\"',+]", "", block)
    body = re.sub(r"(?:Proc-Type|DEK-Info|Version|Comment|Charset)[^=]{0,80}", "", body)
    return None if len(body) >= 20 and not noise.filler(body) else "no key follows"


def _jwt(token: str) -> str | None:
    """Whether a JWT's header is a JSON object that names an algorithm or a type."""
    head = json_head(token.partition(".")[0])
    return (
        None if head and not {"alg", "typ", "enc", "kid"}.isdisjoint(head) else "the header is none of a JWT"
    )


def _sent(value: str) -> str | None:
    """Why what follows PASS on a line is none: it is a test that passed."""
    letters = any(map(str.islower, value)) and any(map(str.isupper, value))
    if not letters or not any(map(str.isdigit, value)):
        return "a word"
    return "words" if noise.wordy(value) else noise.stand_in(value)


def _configured(value: str) -> str | None:
    """Why what follows the name of a device's setting is no key: `key-string mismatch`."""
    if value.isalpha() and value.islower():
        return "a word"
    return None if value.count("$") > 1 else noise.stand_in(value)


def _community(value: str) -> str | None:
    """Why what follows `community` is no name that a network keeps to itself: a word of the sentence."""
    return noise.stand_in(value) if any(map(str.isdigit, value)) and not value.isdigit() else "a word"


def _no_login(value: str) -> str | None:
    """Why what stands between a colon and an at sign is none: a word, a number, a version."""
    if value.isalpha() or not any(map(str.isalpha, value)):
        return "digits or letters alone"
    return noise.stand_in(value)


def _basic(value: str) -> str | None:
    return None if len(value) >= 6 and not noise.stand_in(value) else "too short or a stand-in"


def _bearer(value: str) -> str | None:
    why = noise.stand_in(value)
    if why:
        return why
    return (
        None if any(c.isdigit() for c in value) or (len(value) >= 24 and not noise.wordy(value)) else "a word"
    )


_ARGUMENT = late(r"[A-Za-z_]{1,40}+(?=[,)]\W*\Z)")


def _assigned(value: str) -> str | None:
    if promises.is_folder(value):
        return "a folder"  # `PWD=/home/…`
    called = _ARGUMENT.match(value)
    code = called is not None and keys.entity(called[0]) in ("SECRET", "PASSWORD")
    return "code" if code else noise.stand_in(value)  # `connect(user=user, password=password)`


def _option(value: str) -> str | None:
    bare = value.rstrip("])},.")
    plain = bare.isupper() and re.search("[^A-Z_-]", bare) is None
    usage = plain and (bare == "KEY" or keys.entity(bare) in ("SECRET", "PASSWORD"))
    return "what a usage text calls it" if usage else noise.stand_in(value)  # `--token TOKEN`


def _given(value: str) -> str | None:
    """Why what a call is given beside a field's name is none: words are labels and complaints."""
    return "a word" if value.isalpha() else noise.stand_in(value)


def _userinfo(value: str) -> str | None:
    # `password` is a stand-in elsewhere; between `:` and `@` in a URL it is somebody's password.
    return None if value.isalnum() and not noise.repeated(value) else noise.stand_in(value)


def _user_and_password(value: str) -> str | None:
    user, _, password = value.replace("'", "").replace('"', "").partition(":")
    if not password:
        return noise.random(user)
    if user.lower() == password.lower() or {user.lower(), password.lower()} <= {
        "user", "username", "pass", "password", "token", "user:password",
    }:  # fmt: skip
        return "a stand-in word"
    return noise.stand_in(password)


# What is left of a key that was cut off: its headers, lines of base64, and a last one that is padded.
_CUT_OFF = (
    r"(?:\s|\\+[nrt]|[\"',+|>]|[0-9A-Za-z+/=]{16,}+"
    r"|(?:Proc-Type|DEK-Info|Version|Comment):[^\r\n\\]{0,80}+){1,2000}+"
    r"(?:[0-9A-Za-z+/]{1,15}={1,2})?"
)

# What is left of one whose first line is gone. No line of such digits stands before it, or it is no
# beginning: so each is read once.
_HEADLESS = (
    r"(?<![0-9A-Za-z+/])(?<![0-9A-Za-z+/]{64}\n)(?<![0-9A-Za-z+/]{64}\r\n)(?<![0-9A-Za-z+/]{64}\\n)"
    r"(?:[0-9A-Za-z+/]{64}(?:\r?\n|\\n)){1,400}+(?:[0-9A-Za-z+/=]{1,64}(?:\r?\n|\\n))?+"
    r"-----END[ A-Z0-9]{0,40}PRIVATE KEY-----"
)

_OPENVPN = r"-----BEGIN OpenVPN (?:Static key V1|tls-crypt-v2 (?:client|server) key)-----"
_SSH2 = r"---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----"

_OPTION = (
    r"(?i:[a-z-]{0,20}(?:password|passwd|passphrase|pass|pwd|secret|token|(?:api|auth|access|secret|account)-?key"
    r"|certificate-key))"
)

_SIGNED = (
    r"[?&;](?:amp;|u0026)?(?i:x-amz-signature|x-amz-security-token|x-amz-credential|x-goog-signature"
    r"|x-oss-signature|signature|sig|hmac)="
)

_QUERY = (
    r"[?&](?:amp;|u0026)?(?i:[a-z_-]{0,24}"
    r"(?:token|key|secret|passw(?:or)?d|pwd|auth|code|session|sid|jwt|ticket))="
)

_CONNECTION = (
    r"(?i:[;\s\"'](?:password|pwd|accountkey|sharedaccesskey|sharedsecret|accesskey|secret"
    r"|sharedaccesssignature))[ ]?=[ ]?"
)

_TOOLS = (
    r"(?i:mysql|mysqldump|mysqladmin|mariadb|sshpass|psexec|login|net[ \t]+use|smbclient|rpcclient"
    r"|ldapsearch|expect|xfreerdp|svn|zip|7z|unrar)"
)

_REDIS = r"(?i:(?:redis|valkey|keydb)-(?:cli|benchmark))"

# What a key of Redis says of its value; short words stand between the colons of one.
_KEPT = (
    r"(?:(?i:password|passwd|passphrase|secret|token|api[_-]?key|session)"
    r"|(?<![A-Za-z])(?i:otp|2fa|mfa|totp|sess|sid|csrf|jwt|nonce|magic|passcode|(?:verif(?:y|ication)|reset"
    r"|login|sms|auth|email|phone)[_:-]?code)(?![A-Za-z]))"
)
_KEPT_WIDE = (
    r"(?i:password|passwd|passphrase|secret|token|api[_-]?key|session|otp|2fa|mfa|sess|sid|csrf|jwt|nonce|magic"
    r"|passcode|code)"
)

_DATABASES = r"(?i:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?)"

_PORTS_OF_LDAP = frozenset("389 636 3268 3269".split())

# Those of which -p, -P or -w is a password and never a port, with a blank behind it.
_TOOLS_APART = (
    r"(?i:mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|cqlsh|beeline|certutil|useradd|usermod"
    r"|ldapadd|ldapmodify|ldapdelete|ldapmodrdn|ldappasswd|ldapwhoami|ldapcompare|vmrun|twine"
    r"|ncftp(?:get|ls|put))"
)

# Those of which -P is one.
_TOOLS_UPPER = r"(?i:sqlcmd|bcp|osql|isql|tsql|freebcp|ipmitool|unzip|mosquitto_(?:pub|sub|rr))"

# What stands in front of a pipe into a tool that reads a password.
_READERS = (
    r"\|[ \t]{0,3}(?:sudo[ \t]{1,3}(?:-[A-Za-z]{1,4}[ \t]{1,3}){0,3}(?:-[A-Za-z]{0,3}S\b|--stdin\b"
    r"|(?:cryptsetup|chpasswd|kinit|passwd)\b)|(?:cryptsetup|chpasswd|kinit|passwd)\b"
    r"|[^\r\n|]{1,120}--(?:password-stdin|with-token)\b"
    r"|(?:gcloud|wrangler|docker|podman|gh)[ \t]{1,3}secrets?[ \t]{1,3}(?:create|put|set|versions)\b)"
)

_B = r"[ \t]{1,4}"
# Lines of a router's, a switch's or a firewall's configuration of which the next word is a key.
_DEVICE_KEYS = (
    rf"(?<![A-Za-z0-9-])(?i:crypto{_B}isakmp{_B}key"
    rf"|(?:(?:radius|tacacs)-server|server-private){_B}(?:[^\r\n]{{1,120}}?[ \t])?key"
    rf"|pre-?shared-key(?:{_B}(?:local|remote|ascii-text|hexadecimal|cipher"
    rf"|address{_B}[^\r\n]{{1,60}}?[ \t]key))?+"
    rf"|key-string|message-digest-key{_B}[0-9]{{1,3}}{_B}md5"
    rf"|ntp{_B}authentication-key{_B}[0-9]{{1,10}}{_B}(?:md5|sha-?[0-9]{{1,3}}|[hc]mac-[\w-]{{1,12}})"
    rf"|(?:ospf|rip|eigrp|isis|pim|vrrp){_B}authentication-key|wpa-?psk{_B}(?:ascii|hex)"
    rf"|snmp-server{_B}user{_B}[^\r\n]{{1,120}}?[ \t]auth{_B}(?:md5|sha(?:-?[0-9]{{3}})?)"
    rf"|priv{_B}(?:3?des(?:56)?|aes(?:[ -]?(?:128|192|256))?)"
    rf"|(?:password|key|shared-key){_B}(?:irreversible-)?cipher"
    rf"|shared{_B}(?:secret|key){_B}for(?:{_B}[\w.-]{{1,40}}){{1,4}}:)"
)

_SITES_COOKIES = (
    r"\b(?:_g(?:a|id|at|cl_au)|_fbp|__cf_bm|cf_clearance|_hj\w{2,40}|sid|sessid|sessionid|PHPSESSID"
    r"|JSESSIONID)"
)

_NAMED = r"(?i:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key)"

_OF_A_SECRET = rf"(?:{_NAMED}|_PASS|_PWD)"

_MAIL_WORDS = (
    r"(?:(?:(?:password|account|email|user)[/_-]?)?(?:reset|recover|unlock|verify|confirm|activate)"
    r"(?:[/_-]?(?:password|email|account|token|link))?"
    r"|(?:set|new|change|forgot|forgotten)[_-]password|confirmation|activation|verification"
    r"|(?:accept[/_-]?)?invit(?:e|es|ations?)(?:[/_-]accept)?|magic(?:[_-]?links?)?|passwordless)"
)

_MAIL_ANCHORS = tuple("reset recover verif confirm activat unlock magic invit password".split())

# Before a token may stand whose it is: a number, or its base64, as Django has it.
_WHOSE = r"(?:[0-9a-z_=-]{1,60}+/(?=[0-9a-z_-]{12}))?"
_MAIL_LINKS = (
    r"(?i:/(?:(?:(?:password|account)[/_-]?)?(?:reset|recover|unlock)(?:[/_-]?(?:password|account|token))?"
    rf"|magic[_-]?link)/{_WHOSE}|/{_MAIL_WORDS}/{_WHOSE}"
    # A UUID there is a thing's as well.
    r"(?![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])))"
)

_MAIL_QUERY = (
    rf"(?i:[/=]{_MAIL_WORDS}/?\?(?:[\w.-]{{1,40}}=[^\s&\"'<>]{{0,200}}&(?:amp;)?){{0,6}}"
    r"(?:t|k|h|c|tok|hash|otp|key|code|token)=)"
)


def _mailed(value: str) -> str | None:
    """Why what stands in a path behind such a word opens nothing: it is a word, a number or a thing's id."""
    if _SLUG.fullmatch(value):
        return "words"
    if len(value) < _LONG_TOKEN:
        # Things have ids of small letters and digits, too.
        mixed = any(map(str.islower, value)) and any(map(str.isupper, value))
        if not mixed or not any(map(str.isdigit, value)):
            return "an id"
    return noise.random(value) or ("no digit" if value.isalpha() else None)


_LONG_TOKEN = 20
_SLUG = late(r"[a-z]{1,24}(?:[-_](?:[a-z]{1,24}|[0-9]{1,8}))*+")

_LOGINS = (
    r"(?:(?i:NetworkCredential|DirectoryEntry|UsernamePasswordCredentials?|PasswordAuthentication|basicAuth"
    r"|HTTPBasicAuth|setBasicAuth|basic_auth)|Credentials?)\("
)

_FORM_FIELD = r"(?:passw(?:or)?d|passphrase|passcode|(?<![A-Za-z])pwd?(?![A-Za-z]))"
_FORM_FIELD_WIDE = r"(?:passw(?:or)?d|passphrase|passcode|(?:\b|[0-9_])pwd?)"
"""What a field of a form is called, and the same for Hyperscan."""


def _named_beside(value: str) -> str | None:
    """Why what stands behind `name=… value=` is none: a figure of what is counted under that name."""
    return "a figure" if _FIGURE.fullmatch(value) else noise.stand_in(value)


_MISMATCH = (
    r"\): (?:PLAIN|CLEARTEXT|LANMAN|NTLM|RPA|OTP|SKEY|(?:(?:BLF|DES|SHA256|SHA512|MD5)-)?CRYPT"
    r"|(?:CRAM|DIGEST|PLAIN|LDAP)-MD[45]|S?M?SHA(?:1|256|512)?|SMD5|MD5|PBKDF2|ARGON2I?D?|SCRAM-[A-Z0-9-]+)"
    r"(?i:\.(?:b64|base64|hex))?\("
)

_FIGURE = late(r"-?[0-9][0-9.,eE+]*[A-Za-z%]{0,3}")

PLACES = (
    Place(
        "private-key",
        "PRIVATE_KEY",
        1.0,
        # Many lines, or one with `\n` spelt out, or cut off: what is left of it is the key.
        late(
            r"(?P<s>-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:(?:(?!-----)[^{}\x00-\x08]){0,20000}+-----END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            rf"|{_CUT_OFF})|{_HEADLESS})"
        ),
        r"-----(?:BEGIN|END)[ A-Z0-9]{0,40}PRIVATE KEY",
        "private key",
        _key_body,
        True,
    ),
    Place(
        "ssh2-key",
        "PRIVATE_KEY",
        1.0,
        # RFC 4716, as ssh.com keeps private ones; a header may go on behind a backslash.
        late(
            rf"(?P<s>{_SSH2}"
            r"(?:(?!---- )[^{}\x00-\x08]){0,20000}+---- END SSH2 (?:ENCRYPTED )?PRIVATE KEY ----)"
        ),
        _SSH2,
        "begin ssh2",
        _key_body,
        True,
    ),
    Place(
        "openvpn-key",
        "PRIVATE_KEY",
        1.0,
        # https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/, --secret, --tls-crypt-v2
        late(
            rf"(?P<s>{_OPENVPN}"
            r"(?:\s|\\+[nrt]|[\"',+|>]|[0-9A-Za-z+/=]{16,}+){1,400}+(?:[0-9A-Za-z+/]{1,15}={1,2})?"
            r"(?:-----END OpenVPN [A-Za-z0-9 -]{10,30}-----)?)"
        ),
        _OPENVPN,
        "begin openvpn",
        _key_body,
        True,
    ),
    Place(
        "putty-key",
        "PRIVATE_KEY",
        1.0,
        late(r"Private-Lines: \d{1,3}(?P<s>(?:\s{1,4}[0-9A-Za-z+/=]{16,64}){1,100}+)"),
        r"Private-Lines: \d{1,3}\s",
        "private-lines",
        _no_check,
        True,
    ),
    Place(
        "jwt",
        "SECRET",
        0.95,
        late(
            # Behind the prefix of a token, too; the key of a JWE may be empty (RFC 7516, 5.1).
            r"(?<![0-9A-Za-z])(?P<s>eyJ[0-9A-Za-z_-]{8,2000}+"
            r"\.(?:[0-9A-Za-z_-]{4,20000}+|(?=\.[0-9A-Za-z_-]{4}))"
            r"(?:\.[0-9A-Za-z_-]{0,20000}+){0,3}+={0,2})"
        ),
        r"eyJ[0-9A-Za-z_-]{8,}\.\.?[0-9A-Za-z_-]{4}",
        "eyj",
        _jwt,
        True,
    ),
    Place(
        "jwt-in-base64",
        "SECRET",
        0.9,
        late(r"(?<![0-9A-Za-z+/])(?P<s>ZXlK[0-9A-Za-z+/_-]{60,20000}+={0,2})"),
        r"ZXlK[0-9A-Za-z+/_-]{60}",
        "zxlk",
        _no_check,
    ),
    Place(
        "url-password",
        "PASSWORD",
        0.95,
        # The password goes to the last at sign before the host: some hold one themselves.
        late(
            r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,30}:(?:/|\\+/){2}[^\s/:@\"'<>\\|]{0,128}+:"
            r"(?P<s>[^\s/\"'<>\\|]{1,256})@(?=[^\s@\"'<>])"
        ),
        r":(?:/|\\/){2}[^\s/:@\"'<>]{0,128}:[^\s/\"'<>]+@",
        ":",
        _userinfo,
    ),
    Place(
        "url-user-token",
        "SECRET",
        0.8,
        late(r"(?i:https?|git|nats)://(?P<s>[0-9A-Za-z_-]{20,200})(?::|:x-oauth-basic)?@"),
        r"://[0-9A-Za-z_-]{20,}(?::|:x-oauth-basic)?@",
        "://",
        lambda value: noise.random(value, 3.0),
    ),
    Place(
        "url-password-slash",
        "PASSWORD",
        0.9,
        # A slash would have to be encoded; of a database the host is known to come behind it.
        late(
            rf"(?<![A-Za-z0-9]){_DATABASES}://[^\s/:@\"'<>\\|]{{1,128}}+:(?![0-9]{{2,5}}/)"
            r"(?P<s>[^\s\"'<>@\\|/]{0,100}/[^\s\"'<>@\\|]{1,100})@[\w.-]{1,253}(?::[0-9]{2,5})?/"
        ),
        rf"{_DATABASES}://[^\s/:@\"'<>]+:[^\s\"'<>@]+@",
        "://",
        _userinfo,
    ),
    Place(
        "go-dsn",
        "PASSWORD",
        0.95,
        # Of Go's driver for MySQL: `user:password@tcp(host:3306)/db`.
        late(r"(?<![\w/:.-])[\w.-]{1,64}+:(?P<s>[^\s@\"'<>]{1,128})@(?:tcp[46]?|udp[46]?|unix)\("),
        r":[^\s@]+@(?:tcp|udp|unix)[46]?\(",
        "(",
        anchors=("@tcp", "@udp", "@unix"),
    ),
    Place(
        "pgpass",
        "PASSWORD",
        0.9,
        # https://www.postgresql.org/docs/current/libpq-pgpass.html
        late(
            r"(?m:^)[ \t]{0,8}[\w.*-]{1,253}+:(?:5432|5433|6432):[^\s:]{1,63}+:[^\s:]{1,63}+:"
            r"(?P<s>[^\s:]{3,200}+)[ \t\r]{0,8}(?m:$)"
        ),
        r":(?:5432|5433|6432):[^\s:]+:[^\s:]+:[^\s]{3}",
        ":",
        anchors=(":5432:", ":5433:", ":6432:"),
    ),
    Place(
        "postfix-login",
        "PASSWORD",
        0.9,
        # https://www.postfix.org/SASL_README.html#client_sasl_enable
        late(r"\[[\w.-]{1,253}\]:(?:25|465|587|2525)[ \t]{1,40}[^\s:]{1,100}+:(?P<s>[^\s]{3,200}+)"),
        r"\]:(?:25|465|587|2525)[ \t]+[^\s:]+:[^\s]{3}",
        "]:",
    ),
    Place(
        "column-of-one",
        "SECRET",
        0.8,
        # As `vault kv get` has it, and OpenLDAP's and keepalived's settings: all that stands in a line.
        late(
            r"(?m:^)[ \t]{0,16}(?i:(?:password|passwd|passphrase|secret_id|client_secret|secret_key"
            r"|access_token|security_token|token|api_key)[ \t]{2,60}|(?:bindpw|rootpw|auth_pass)[ \t]{1,60})"
            r"(?P<s>[^\s\"'=:][^\s]{5,400}+)[ \t\r]{0,40}(?m:$)"
        ),
        r"(?i:(?:password|passwd|passphrase|secret_id|client_secret|secret_key|access_token|security_token|token"
        r"|api_key)[ \t]{2}[ \t]*|(?:bindpw|rootpw|auth_pass)[ \t]+)[^\s]{6}",
        "",
        lambda value: (
            noise.stand_in(value)
            if any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
            else "a word"
        ),
        anchors=tuple("passw passphrase secret token api_key bindpw rootpw auth_pass".split()),
    ),
    Place(
        "named-in-flow",
        "SECRET",
        0.85,
        # YAML in one line: `env: [{name: DB_PASSWORD, value: …}]`.
        late(
            rf"(?<![\w.-])name:[ ]{{1,3}}[\"']?[\w.-]{{0,60}}{_OF_A_SECRET}[\"']?,[ ]{{1,3}}"
            r"value:[ ]{1,3}[\"']?"
            r"(?P<s>[^\s\"',{}\[\]]{3,400}+)"
        ),
        rf"name:[ ]+[\"']?[\w.-]*{_OF_A_SECRET}[\"']?,[ ]+value:[ ]",
        "value:",
    ),
    Place(
        "named-beside",
        "SECRET",
        0.85,
        # `name=DB_PASS value=…`, `- name: DB_PASS; value: …`, on one line or two.
        late(
            rf"(?<![\w.-])(?:name=(?P<comma>)|name:[ ]{{0,3}})\\?[\"']?[\w.-]{{0,60}}{_OF_A_SECRET}\\?[\"']?"
            r"(?:;|(?(comma),))?\s{1,20}value[:=][ ]{0,3}\\?[\"']?(?P<s>[^\s\"',;{}\[\]\\]{3,400}+)"
        ),
        rf"name[:=][ ]*\\?[\"']?[\w.-]*{_OF_A_SECRET}\\?[\"']?[,;]?\s+value[:=]",
        "value",
        _named_beside,
    ),
    Place(
        "rclone-config",
        "SECRET",
        0.9,
        # `rclone config create NAME TYPE KEY VALUE …` (https://rclone.org/commands/rclone_config_create/)
        late(
            r"(?<=[ \t])(?:(?:secret_access|account|private|application|api|sse_customer)_?key|key"
            r"|sas_url|pass(?:word|phrase)?2?|client_secret|(?:bearer|access|refresh)?_?token)"
            r"[ \t]{1,3}[\"']?(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{3,400})"
        ),
        r"(?i:rclone config)",
        "rclone config",
        behind=("rclone config",),
    ),
    Place(
        "kept-secret",
        "SECRET",
        0.9,
        # What is given to a keeper of secrets: of AWS, of Fly and of Supabase, macOS's keychain.
        late(
            r"(?<![\w-])(?:aws[ \t][^\r\n|;]{1,200}?[ \t]--secret-(?:string|binary)"
            r"|ssm[ \t]{1,3}put-parameter[ \t](?=[^\r\n]{0,400}SecureString)[^\r\n|;]{0,300}?--value"
            r"|(?:fly(?:ctl)?|supabase)[ \t]{1,3}secrets[ \t]{1,3}set[ \t]{1,3}"
            r"(?:[^\s]{1,100}[ \t]{1,3}){0,5}?\w{1,60}(?==)"
            r"|security[ \t]{1,3}(?:add-(?:generic|internet)-password[ \t][^\r\n|;]{0,200}?-w"
            r"|(?:unlock|create)-keychain[ \t](?:[^\r\n|;]{0,100}?[ \t])?-p))"
            r"[ \t=]{1,3}[\"']?(?!fileb?://)(?P<s>[^\s\"'<>|;{/$-][^\s\"'<>|;]{2,400})"
        ),
        r"(?:--secret-(?:string|binary)[ \t=]|put-parameter[ \t][^\n]*--value[ \t=]|secrets[ \t]+set[ \t]"
        r"|security[ \t]+(?:add-|unlock-|create-))",
        "",
        anchors=tuple("--secret- put-parameter secrets security".split()),
    ),
    Place(
        "literal-of-a-secret",
        "SECRET",
        0.9,
        # `kubectl create secret generic x --from-literal=pin=…`, whatever its key: of a ConfigMap it is none.
        late(
            r"(?<![\w-])--from-literal(?:=|[ \t]{1,3})(?:(?:[\"'][\w.-]{1,253}+=|[\w.-]{1,253}+=[\"'])"
            r"(?P<s>[^\"'\r\n]{1,400})|[\w.-]{1,253}+=(?P<typed>[^\s\"'<>|;]{1,400}))"
        ),
        r"--from-literal[= \t]",
        "--from-literal",
        behind=("create secret", "secret generic"),
        unless=("create configmap", "create cm "),
    ),
    Place(
        "given-variable",
        "PASSWORD",
        0.85,
        # Of Ansible, Terraform and Helm: elsewhere what ends in `_pass` counts tests.
        late(
            r"(?<![\w-])(?:-e|--extra-vars|-var|--set(?:-string)?)[ \t=]{1,3}[\"']?"
            r"(?:[^\s\"']{1,100}[ \t]){0,8}?(?:[\w.,=-]{0,200}[_.,-])?pass=[\"']?(?P<s>[^\s\"',;|<>]{3,200})"
        ),
        r"(?:-e|--extra-vars|-var|--set(?:-string)?)[ \t=][^\n]*pass=[\"']?[^\s\"',;|<>]",
        "pass=",
        lambda value: "digits or letters alone" if value.isdigit() else noise.stand_in(value),
    ),
    Place(
        "google-code",
        "SECRET",
        0.9,
        # With which a login by Google ends (https://developers.google.com/identity/protocols/oauth2).
        late(r"(?<![\w/])4(?:/|%2F)0A(?P<s>[0-9A-Za-z_-]{30,200}+)"),
        r"4(?:/|%2F)0A[0-9A-Za-z_-]",
        "0a",
        noise.random,
    ),
    Place(
        "sendmail-login",
        "PASSWORD",
        0.9,
        late(r"(?i:authinfo)[^\r\n]{0,200}?[\"']P[:=](?P<s>[^\"'\r\n]{3,200})"),
        r"(?i:authinfo)[^\n]*[\"']P[:=]",
        "authinfo",
    ),
    Place(
        "database-login",
        "PASSWORD",
        0.85,
        # Of MongoDB's shell, and of superagent.
        late(
            r"\.auth\([ ]{0,3}[\"'][^\"'\r\n]{1,200}[\"'],[ ]{0,3}"
            r"[\"'](?P<s>[^\"'\r\n]{3,200})[\"'][ ]{0,3}\)"
        ),
        r"\.auth\([ ]*[\"'][^\"'\n]+[\"'],[ ]*[\"']",
        ".auth(",
        noise.untold,
    ),
    Place(
        "password-command",
        "PASSWORD",
        0.9,
        # restic's and rclone's option, Borg's and restic's variables: a command that only says it.
        late(
            r"(?i:pass(?:word[_-]?)?command)\\?[\"']?(?:[ \t]{1,3}|[ \t]{0,3}=[ \t]{0,3})\\?[\"']?"
            r"(?:echo|printf)[ \t]{1,3}(?:-[a-z][ \t])?\\?[\"']?(?P<s>[^\s\"'<>|;$`\\][^\s\"'<>|;\\]{2,200})"
        ),
        r"(?i:pass(?:word[_-]?)?command)\\?[\"']?[ \t=]+\\?[\"']?(?:echo|printf)[ \t]",
        "command",
    ),
    Place(
        "ftp-user",
        "PASSWORD",
        0.85,
        # What a client of FTP takes: `user NAME PASSWORD`, typed, in a script that it reads, or as an option.
        late(
            r"(?<![A-Za-z])(?:l|nc)?ftp(?:>[ \t]{1,3}|[ \t](?=[^\r\n]{0,200}<<)[^\r\n]{1,200}"
            r"(?:(?:\r?\n|\\n)(?!user[ \t])[^\r\n\\]{0,200}){0,5}?(?:\r?\n|\\n)"
            r"|[ \t]{1,3}-[^\r\n]{0,200}?[ \t;\"'])"
            r"user[ \t]{1,3}\\?[\"']?[\w.@-]{1,64}\\?[\"']?[ \t,]{1,3}\\?[\"']?(?P<s>[^\s\"'<>|;\\]{4,128})"
        ),
        r"ftp(?:>[ \t]+user[ \t]|[ \t][^\n]*<<|[ \t]+-[^\n]*[ \t;\"']user[ \t])",
        "ftp",
        noise.untold,
    ),
    Place(
        "sql-key",
        "SECRET",
        0.9,
        # With which a database or a column is encrypted: SQLCipher's, DuckDB's, pgcrypto's.
        late(
            r"(?i:(?<![\w])(?:PRAGMA[ ]{1,3}(?:hex|re)?key[ ]{0,3}=|ATTACH[ ][^\r\n;]{1,200}[ ]KEY)[ ]{0,3}"
            r"|pgp_sym_(?:en|de)crypt(?:_bytea)?\([ ]{0,3}(?:'[^'\r\n]{0,400}'|[\w.:\"]{1,80})"
            r"[ ]{0,3},[ ]{0,3})"
            r"'(?P<s>[^'\r\n]{3,200})'"
        ),
        r"(?i:PRAGMA[ ]+(?:hex|re)?key[ ]*=|ATTACH[ ][^\n]*[ ]KEY[ ]*'|pgp_sym_(?:en|de)crypt)",
        "'",
        anchors=("pragma", "attach", "pgp_sym_"),
    ),
    Place(
        "httpie-auth",
        "PASSWORD",
        0.9,
        late(
            r"(?<![\w-])https?[ \t](?:[^\r\n|;]{0,200}?[ \t])?(?:-a|--auth)(?:[ \t]{1,3}|=)[\"']?"
            r"[^\s\"':$<{-][^\s\"':]{0,80}:(?P<s>[^\s\"'$<{][^\s\"'<{]{1,199})"
        ),
        r"https?[ \t][^\n]*(?:-a|--auth)[ \t=]+[\"']?[^\s\"':]+:[^\s]",
        "http",
        anchors=("-a", "--auth"),
    ),
    Place(
        "creds-option",
        "PASSWORD",
        0.9,
        # Of skopeo and podman.
        late(r"(?<![\w-])--(?:src-|dest-)?creds(?:[ \t]{1,3}|=)[\"']?[^\s\"':]{1,80}:(?P<s>[^\s\"']{3,200})"),
        r"--(?:src-|dest-)?creds[ \t=]+[\"']?[^\s\"':]+:[^\s]",
        "creds",
    ),
    Place(
        "connection-string",
        "PASSWORD",
        0.95,
        late(
            rf"{_CONNECTION}(?P<s>[^\s;\"'<>\\&\[({{][^\s;\"'<>\\&]{{0,999}})"
            # In a list of arguments a comma or a bracket stands behind it.
            r"(?:(?=[;\"'\\])|(?<![,)\]}])(?=[,)\]}]{0,4}(?:\s|$)))"
        ),
        rf"{_CONNECTION}[^\s;]",
        "=",
        _assigned,
    ),
    Place(
        "authorization",
        "SECRET",
        0.9,
        late(
            r"(?i:authorization|x-auth-token|auth)[\"'\\]{0,4}[ \t]{0,3}[:=,>]{1,2}[ \t]{0,3}[\"'\\]{0,4}"
            r"(?i:bearer|basic|token|apikey|splunk|ssws|bot|oauth|aws4-hmac-sha256|negotiate|ntlm)[ \t:]{1,4}"
            r"(?P<s>[0-9A-Za-z_.~+/=:|-]{6,8000}+)"
        ),
        r"(?i:auth(?:orization|-token)?)[\"'\\]{0,4}[ \t]{0,3}[:=,>]{1,2}[ \t]{0,3}[\"'\\]{0,4}"
        r"(?i:bearer|basic|token|apikey|splunk|ssws|bot|oauth|aws4|negotiate|ntlm)",
        "auth",
        _basic,
    ),
    Place(
        "signed-header",
        "SECRET",
        0.85,
        # What schemes that sign a request end with: AWS4-HMAC-SHA256, Hawk, HMAC.
        late(r"(?<![\w?&;-])(?i:signature|mac)=\\{0,2}[\"']?(?P<s>[0-9A-Za-z+/_-]{27,400}+={0,2})"),
        r"(?i:authorization|hmac|hawk)[^\n]*(?i:signature|mac)=\\{0,2}[\"']?[0-9A-Za-z+/_-]{27}",
        "=",
        lambda value: None if any(c.isdigit() for c in value) else "a word",
        behind=("authorization", "hmac", "hawk"),
        anchors=("signature=", "mac="),
    ),
    Place(
        "bearer",
        "SECRET",
        0.8,
        late(r"(?<![0-9A-Za-z])(?i:bearer):?[ \t+]{1,3}(?:%20)?(?P<s>[0-9A-Za-z_.~+/=:|-]{16,8000}+)"),
        r"(?i:bearer):?[ \t+]{1,3}(?:%20)?[0-9A-Za-z_.~+/=:|-]{16}",
        "bearer",
        _bearer,
    ),
    Place(
        "basic",
        "SECRET",
        0.8,
        late(r"(?<![0-9A-Za-z])Basic[ \t]{1,3}(?P<s>[0-9A-Za-z+/]{12,400}={0,2})(?![0-9A-Za-z+/])"),
        r"Basic[ \t]{1,3}[0-9A-Za-z+/]{12}",
        "basic",
        lambda value: None if _basic_pair(value) else "no user and password in base64",
    ),
    Place(
        "digest",
        "SECRET",
        0.85,
        late(r"(?<![A-Za-z])(?i:response|nonce)=\\{0,2}\"?(?P<s>[0-9A-Za-z+/=]{8,128})"),
        r"(?i:digest).*(?i:response|nonce)=\\{0,2}\"?[0-9A-Za-z+/=]{8}",
        "digest",
        behind=("digest",),
    ),
    Place(
        "curl-user",
        "PASSWORD",
        0.9,
        late(
            r"(?<![\w-])(?:-u|--user|--proxy-user)(?:[ \t]{1,3}|=)?[\"']?"
            # Where the quotation mark stands before all of it, the next one is no part of it.
            r"(?P<s>[^\s\"':$<{-][^\s\"':]{0,80}:"
            r"(?:[\"'][^\s\"'$<{][^\s\"'<{]{0,199}[\"']?|[^\s\"'$<{][^\s\"'<{]{0,199})"
            # An empty user, or an empty password behind a key.
            r"|:[^\s\"':$<{][^\s\"':]{4,200}|[^\s\"':$<{-][^\s\"':]{7,200}:(?![^\s\"']))"
        ),
        r"(?i:curl|http|wget|etcdctl).*(?:-u|--user|--proxy-user)(?:[ \t]{1,3}|=)?"
        r"[\"']?[^\s\"':]{0,80}:",
        "-u",
        _user_and_password,
        behind=("curl", "http", "wget", "etcdctl"),
    ),
    Place(
        "password-option",
        "PASSWORD",
        0.9,
        late(
            # With a slash and a blank it is a path: `POST /token status=200`.
            rf"(?<![\w-])(?:--?{_OPTION}(?:[ \t]{{1,3}}|[=:])|/{_OPTION}[=:])[\"']?"
            r"(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{0,400})"
        ),
        rf"(?:--?|/){_OPTION}(?:[ \t]{{1,3}}|[=:])[\"']?[^\s\"'<>|;-]",
        "",
        _option,
    ),
    Place(
        "tool-password",
        "PASSWORD",
        0.85,
        late(
            # The audit of Linux writes each word as `a3="…"`.
            # The port of Redis is its -p.
            rf"(?<![A-Za-z0-9])(?:{_TOOLS}\b[^\r\n|]{{0,200}}?[ \t](?:a[0-9]{{1,2}}=\")?"
            r"(?:-p|-a|-w|/p:|/pass:)"
            rf"|{_REDIS}\b[^\r\n|]{{0,200}}?[ \t](?:a[0-9]{{1,2}}=\")?-a)"
            r"(?:[ \t=]|\"[ \t]a[0-9]{1,2}=)?[\"']?(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{2,200})"
        ),
        rf"(?:{_TOOLS}|{_REDIS})[^\n]*[ \t](?:a[0-9]+=\")?(?:-p|-a|-w|/p:|/pass:)"
        r"(?:[ \t=]|\"[ \t]a[0-9]+=)?[\"']?[^\s\"'<>|;-]",
        "",
        lambda value: "a port of LDAP" if value in _PORTS_OF_LDAP else noise.stand_in(value),
        anchors=tuple(
            "mysql mariadb login net zip expect svn 7z sshpass psexec redis- valkey- keydb- smbclient"
            " rpcclient ldapsearch xfreerdp unrar".split()
        ),
    ),
    Place(
        "tool-password-apart",
        "PASSWORD",
        0.85,
        late(
            rf"(?<![\w/.-]){_TOOLS_APART}(?i:\.exe|\.sh)?[ \t](?:[^\r\n|;]{{0,200}}?[ \t])?"
            r"(?:(?:-p|-w|-gp)[ \t]{1,3}|-p(?=[A-Za-z]{1,40}[0-9]))[\"']?"
            r"(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{2,200})"
        ),
        rf"{_TOOLS_APART}(?i:\.exe|\.sh)?[ \t][^\n]*(?:-p|-w|-gp)[ \t]{{0,3}}[\"']?[^\s\"'<>|;-]",
        "",
        lambda value: "a port" if value.isdigit() and len(value) < 6 else noise.stand_in(value),
        anchors=tuple("mongo cqlsh beeline certutil useradd usermod ldap vmrun twine ncftp".split()),
    ),
    Place(
        "tool-password-upper",
        "PASSWORD",
        0.85,
        late(
            rf"(?<![\w/.-]){_TOOLS_UPPER}(?i:\.exe)?[ \t](?:[^\r\n|;]{{0,200}}?[ \t])?"
            r"-P(?:[ \t]{1,3}|(?=[\"']?[A-Za-z]{0,200}[^A-Za-z\s\"']))[\"']?"
            r"(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{2,200})"
        ),
        rf"{_TOOLS_UPPER}(?i:\.exe)?[ \t](?:[^\n]*[ \t])?-P[ \t]{{0,3}}[\"']?[^\s]",
        "-p",
        anchors=tuple("sqlcmd bcp isql osql tsql ipmitool unzip mosquitto_".split()),
    ),
    Place(
        "tool-password-pw",
        "PASSWORD",
        0.9,
        late(
            r"(?<![\w-])(?:(?i:plink|pscp|psftp|putty|kitty)(?i:\.exe)?[ \t][^\r\n|;]{0,200}?[ \t]-pw"
            r"|(?i:schtasks)(?i:\.exe)?[ \t][^\r\n|;]{0,200}?[ \t](?i:/rp)"
            r"|(?i:wpa_passphrase)[ \t]{1,3}[^\s]{1,64}"
            r"|(?i:htpasswd)[ \t]{1,3}-[A-Za-z]{0,5}b[A-Za-z]{0,5}(?:[ \t]{1,3}[^\s]{1,200}){2}"
            r"|(?i:rabbitmqctl)[ \t]{1,3}(?i:add_user|change_password|authenticate_user)"
            r"[ \t]{1,3}[^\s]{1,100}"
            r"|(?i:openssl)[ \t]{1,3}(?i:enc|aes-?[0-9a-z-]{1,12}|des3?)[ \t][^\r\n|;]{0,200}?-k"
            r"|(?:ssh-keygen|zip)(?=[ \t])[^\r\n|;]{0,200}?[ \t](?:(?<=keygen )|(?<=[ \t]))-[NP]"
            r"|nuget[ \t]{1,3}push(?=[ \t])[^\r\n|;]{0,200}?[ \t]-k|cargo[ \t]{1,3}login"
            r"|gh[ \t]{1,3}secret[ \t]{1,3}set[ \t][^\r\n|;]{0,200}?(?:--body|-b))[ \t]{1,3}"
            r"[\"']?(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{2,200})"
        ),
        r"(?i:(?:plink|pscp|psftp|putty|kitty)(?:\.exe)?[ \t][^\n]*[ \t]-pw[ \t]"
        r"|schtasks(?:\.exe)?[ \t][^\n]*[ \t]/rp[ \t]|wpa_passphrase[ \t]|htpasswd[ \t]+-[a-z]*b"
        r"|rabbitmqctl[ \t]+(?:add_user|change_password|authenticate_user)[ \t]"
        r"|openssl[ \t]+(?:enc|aes|des)[^\n]*-k[ \t]"
        r"|(?:ssh-keygen|zip)[ \t][^\n]*-[np][ \t]|nuget[ \t]+push[^\n]*-k[ \t]|cargo[ \t]+login[ \t]"
        r"|gh[ \t]+secret[ \t]+set[^\n]*-b)",
        "",
        anchors=tuple(
            "plink pscp psftp putty kitty schtasks wpa_ htpasswd rabbitmqctl openssl ssh-keygen"
            " zip nuget cargo gh".split()
        ),
    ),
    Place(
        "windows-user",
        "PASSWORD",
        0.85,
        # `net user NAME PASSWORD /add`, `net use Z: \\host\share PASSWORD`
        late(
            r"(?<![\w./-])(?i:net1?)(?i:\.exe)?[\"']?[ \t]{1,3}"
            r"(?:(?i:user)[ \t]{1,3}[\"']?[\w.$@-]{1,64}[\"']?"
            r"|(?i:use)[ \t]{1,3}(?:(?:[A-Za-z]:|\*)[ \t]{1,3})?[\"']?\\{2,4}[^\s\"']{1,200}[\"']?"
            r"(?:[ \t]{1,3}(?i:/user):[^\s\"']{1,100})?)[ \t]{1,3}"
            r"[\"']?(?P<s>[^\s\"'<>|;/*-][^\s\"'<>|;]{3,127})"
        ),
        r"(?i:net1?(?:\.exe)?[\"']?[ \t]+(?:user[ \t]+[\"']?[\w.$@-]+|use[ \t][^\n]*\\[^\s]+"
        r"(?:[ \t]+/user:[^\s]+)?)[\"']?[ \t]+[^\s/*])",
        "net",
        lambda value: (
            "a word" if value.isalpha() or (len(value) < 6 and value.isdigit()) else noise.stand_in(value)
        ),
        anchors=tuple("user use".split()),
    ),
    Place(
        "piped",
        "PASSWORD",
        0.85,
        late(
            r"(?<![\w-])(?:echo|printf|cat[ \t]{0,3}<<<)[ \t]{1,3}(?:-[a-zA-Z]{1,3}[ \t]{1,3})?[\"']?"
            # Of chpasswd the place below.
            r"(?![\w.-]{1,64}:[^\s|]{1,200}[ \t]{0,3}\|[ \t]{0,3}(?:sudo[ \t]{1,3})?chpasswd)"
            rf"(?P<s>[^\s\"'<>|;]{{3,200}})[\"']?[ \t]{{0,3}}{_READERS}"
        ),
        r"(?:echo|printf|cat)[ \t<][^\n]*\|[^\n]*(?:-[A-Za-z]*S\b|--stdin\b|cryptsetup|chpasswd|kinit|passwd"
        r"|--password-stdin|--with-token|(?:gcloud|wrangler|docker|podman|gh)[ \t]+secret)",
        "|",
    ),
    Place(
        "vault-login",
        "SECRET",
        0.85,
        # Of HashiCorp's Vault; with a method what follows is a name and its value.
        late(
            r"(?<![\w-])vault[ \t]{1,3}login(?:[ \t]{1,3}-[\w-]{1,40}(?:=[^\s]{1,200})?)*+[ \t]{1,3}[\"']?"
            r"(?P<s>[^\s=\"'<>|;$-][^\s=\"'<>|;]{7,400}+)(?!=\w)"
        ),
        r"vault[ \t]+login[ \t]",
        "vault",
        lambda value: noise.stand_in(value) if any(map(str.isdigit, value)) else "a word",
    ),
    Place(
        "chpasswd",
        "PASSWORD",
        0.9,
        # It reads `user:password`, from a pipe, a word or the lines below.
        late(
            r"(?:(?<![\w-])(?:echo|printf)[ \t]{1,3}(?:-[a-zA-Z]{1,3}[ \t]{1,3})?[\"']?[\w.-]{1,64}:"
            r"(?=[^\s|]{1,200}[ \t]{0,3}\|[ \t]{0,3}(?:sudo[ \t]{1,3})?chpasswd)"
            r"|(?<![\w-])chpasswd(?:[ \t]{1,3}-[\w-]{1,20}(?:[ \t][A-Z0-9]{2,12})?)*+[ \t]{0,3}"
            r"(?:<<<[ \t]{0,3}[\"']?"
            r"|<<-?[ \t]{0,3}[\"']?\w{1,40}[\"']?(?:\r?\n|\\n)[ \t]{0,20})[\w.-]{1,64}:)"
            r"(?P<s>(?:[^\s\"'<>|;\\]|\\(?!n))[^\s\"'<>|;\\]{0,200})"
        ),
        r"(?:(?:echo|printf)[ \t][^\n]*:[^\n]*\|[^\n]*chpasswd|chpasswd[^\n]*<<)",
        "chpasswd",
    ),
    Place(
        "user-comma-password",
        "PASSWORD",
        0.85,
        late(
            r"(?<![\w-])(?:(?i:lftp)[ \t][^\r\n|;]{0,100}?-u[ \t]{1,3}[\"']?[^\s,\"']{1,64},"
            r"|(?i:nsupdate|dig)[ \t][^\r\n|;]{0,100}?-y[ \t]{1,3}[\"']?(?:hmac[\w-]{0,20}:)?[\w.-]{1,64}:)"
            r"(?P<s>[^\s\"'<>|;,]{3,200})"
        ),
        r"(?i:lftp[ \t][^\n]*-u[ \t]+[^\s,]+,[^\s]|(?:nsupdate|dig)[ \t][^\n]*-y[ \t]+[^\s:]+:[^\s])",
        "",
        anchors=tuple("lftp nsupdate dig".split()),
    ),
    Place(
        "snmp-user",
        "PASSWORD",
        0.85,
        late(r"(?<=[ \t])-[AX][ \t]{1,3}[\"']?(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{5,100})"),
        r"(?i:snmp[a-z]+)[ \t][^\n]*[ \t]-[AX][ \t]+[^\s]",
        "snmp",
        behind=("snmp",),
    ),
    Place(
        "radius-login",
        "PASSWORD",
        0.9,
        # FreeRADIUS, with auth_badpass: `Login incorrect: [user/password] (from client …)`.
        late(r"(?<=: )\[[^\[\]\s/]{1,100}/(?P<s>[^\[\]\s]{1,128})\](?= \((?:from client|did ))"),
        r"\[[^\[\]\s/]+/[^\[\]\s]+\] \((?:from client|did )",
        "from client",
    ),
    Place(
        "radius-answer",
        "SECRET",
        0.85,
        late(
            r"(?:MS-CHAP2?-Response|MS-MPPE-(?:Send|Recv)-Key|NT-Password|LM-Password)"
            r"[ \t]{0,3}:?=[ \t]{0,3}0x(?P<s>[0-9a-fA-F]{16,400})"
        ),
        r"(?:MS-CHAP2?-Response|MS-MPPE-(?:Send|Recv)-Key|NT-Password|LM-Password)[ \t]*:?=[ \t]*0x",
        "0x",
        _no_check,
    ),
    Place(
        "sasl-answer",
        "PASSWORD",
        0.9,
        # Dovecot, with auth_debug_passwords.
        late(r"(?<![\w.-])resp=(?P<s>[0-9A-Za-z+/]{8,4000}+={0,2})(?![^\s\"'\\])"),
        r"\bresp=[0-9A-Za-z+/]{8}",
        "resp=",
        lambda value: None if _is_login(value) else "no text in base64",
        behind=("auth",),
    ),
    # Dovecot again: `PLAIN(what was given) != 'what is kept'`.
    Place(
        "password-given",
        "PASSWORD",
        0.9,
        late(rf"{_MISMATCH}(?P<s>[^()\r\n]{{1,200}})\) != "),
        r"\): [A-Za-z0-9.-]+\([^()\n]+\) != ",
        ") != ",
        _no_check,
    ),
    Place(
        "password-kept",
        "PASSWORD",
        0.9,
        late(rf"{_MISMATCH}[^()\r\n]{{1,200}}\) != '(?P<s>[^'\r\n]{{1,400}})'"),
        r"\): [A-Za-z0-9.-]+\([^()\n]+\) != ",
        ") != '",
        _no_check,
    ),
    Place(
        "pre-shared-key",
        "PASSWORD",
        0.85,
        late(r"(?<![A-Za-z])PSK[ \t]{1,3}(?P<quote>[\"'])(?P<s>[^\"'\r\n]{4,128})(?P=quote)"),
        r"PSK[ \t]{1,3}[\"'][^\"'\n]{4}",
        "psk",
    ),
    # Terraform's plans: names are followed by blanks up to a column, and the new value by an arrow.
    Place(
        "aligned-setting",
        "SECRET",
        0.85,
        late(rf"{_NAMED}[\"']?[ \t]{{13,100}}=[ \t]{{1,3}}\\?\"(?P<s>[^\"\\\r\n]{{1,400}}+)"),
        rf"{_NAMED}[\"']?[ \t]{{13}}",
        "=",
        anchors=tuple("password passwd passphrase secret token key".split()),
    ),
    Place(
        "changed-setting",
        "SECRET",
        0.85,
        late(
            rf"{_NAMED}[\"']?[ \t]{{1,100}}=[ \t]{{1,3}}\\?\"[^\"\\\r\n]{{0,400}}+\\?\""
            r"[ \t]{1,3}->[ \t]{1,3}\\?\"(?P<s>[^\"\\\r\n]{1,400}+)"
        ),
        rf"{_NAMED}[\"']?[ \t]+=[ \t]+\\*\"[^\n]*->",
        "->",
    ),
    Place(
        "sql-password",
        "PASSWORD",
        0.9,
        late(
            r"(?i:identified[ \t]{1,4}(?:with[ \t]{1,4}[\"'`]?\w{1,40}[\"'`]?[ \t]{1,4})?(?:by|as)[ \t]{1,4}"
            r"(?:password[ \t]{1,4})?)(?P<quote>\\{0,2}[\"'])(?P<s>[^\"'\r\n\\]{1,200})"
        ),
        r"(?i:identified[ \t]{1,4}[^\n]{0,60}(?:by|as)[ \t]{1,4}(?:password[ \t]{1,4})?)\\{0,2}[\"']",
        "identified",
    ),
    Place(
        "sql-user",
        "PASSWORD",
        0.9,
        late(
            # Oracle's need no quotes, Microsoft's have an N before them.
            r"(?i:(?:create|alter)[ \t]{1,4}(?:user|role)[ \t]{1,4}[^\s]{1,130}[ \t]{1,4}"
            r"identified[ \t]{1,4}by[ \t]{1,4}(?!values\b|password\b|\"|')"
            r"|set[ \t]{1,4}password(?:[ \t]{1,4}for[ \t]{1,4}[^\s=]{1,200})?"
            r"[ \t]{0,4}=[ \t]{0,4}(?:password\()?[\"']"
            r"|(?<![A-Za-z_])password[ \t]{0,4}=[ \t]{0,4}N')(?P<s>[^\s\"'\r\n\\;,]{1,200})"
        ),
        r"(?i:identified[ \t]+by[ \t]+[a-z0-9_#$!]|set[ \t]+password[^\n=]*=[ \t]*(?:password\()?[\"']"
        r"|password[ \t]*=[ \t]*N')",
        "",
        anchors=tuple("identified password".split()),
    ),
    # Of SQL Server, by place: `sp_addlogin 'jo', '…'`, `sp_password NULL, '…', 'jo'`.
    Place(
        "sql-login",
        "PASSWORD",
        0.9,
        late(
            r"(?<![A-Za-z0-9])(?i:sp_(?:addlogin|addapprole|setapprole|password))[ \t]{1,4}"
            r"(?:@\w{1,30}[ \t]{0,3}=[ \t]{0,3})?(?i:null|N?'[^'\r\n]{0,128}'),[ \t]{0,4}"
            r"(?:@\w{1,30}[ \t]{0,3}=[ \t]{0,3})?N?'(?P<s>[^'\r\n]{1,128})"
        ),
        r"(?i:sp_(?:addlogin|addapprole|setapprole|password))[ \t]",
        "sp_",
    ),
    Place(
        "openssl-pass",
        "PASSWORD",
        0.9,
        late(r"(?<![\w-])-pass(?:in|out)[ \t=]{1,3}[\"']?pass:(?P<s>[^\s\"'<>|;]{1,400})"),
        r"-pass(?:in|out)[ \t=]{1,3}[\"']?pass:",
        "pass:",
    ),
    Place(
        "redis-auth",
        "PASSWORD",
        0.9,
        late(
            r"(?<![A-Za-z0-9_])(?:(?i:requirepass|masterauth)[\"'\\]{0,4}[ \t]{1,4}"
            # In what a client shows of a list: `3) "requirepass" 4) "…"`.
            r"(?:[0-9]{1,2}\)[ \t]{1,4})?|REDISCLI_AUTH=)"
            r"[\"'\\]{0,4}"
            r"(?P<s>[^\s\"'<>|;\\]{3,400})"
        ),
        r"(?:(?i:requirepass|masterauth)[\"'\\]{0,4}[ \t]|REDISCLI_AUTH=)",
        "",
        anchors=tuple("requirepass masterauth rediscli_auth".split()),
    ),
    Place(
        "redis-auth-monitored",
        "PASSWORD",
        0.9,
        # AUTH [username] password, as MONITOR has it.
        late(
            r"(?:\"AUTH\"|(?<=\] )\"(?i:auth)\") (?:\"[^\"\\]{1,64}\" )?"
            r"\"(?P<s>[^\"\\]{3,400})(?=\"[ \t]*(?:\r?\n|\Z))"
        ),
        r"\"(?i:auth)\" \"",
        '"auth" "',
        lambda value: (
            "what a mechanism is called" if value.isupper() and value.isalpha() else noise.stand_in(value)
        ),
    ),
    Place(
        "redis-auth-command",
        "PASSWORD",
        0.85,
        # The same as it is typed; SMTP's AUTH names a mechanism.
        late(
            r"(?<![^\s>\"'])AUTH[ \t](?![A-Z0-9-]{1,20}(?![^\s\"'\\]))(?:[\w.-]{1,64}[ \t])?"
            r"(?P<s>[^\s\"'\\<>]{8,400})(?=[\"'\\]{0,3}[ \t]*(?:\r?\n|\Z))"
        ),
        r"\bAUTH[ \t][^\n]*[^\s]",
        "auth",
        noise.untold,
    ),
    Place(
        "redis-acl",
        "PASSWORD",
        0.9,
        late(
            r"(?<![A-Za-z])(?i:setuser)\"?[ \t](?:\"?[^\s\">]{1,100}\"?[ \t]){1,30}?\"?>"
            r"(?P<s>[^\s\"'\\]{3,400})"
        ),
        r"(?i:setuser)\"?[ \t][^\n]*[ \t\"]>[^\s]",
        "setuser",
    ),
    Place(
        "oracle-login",
        "PASSWORD",
        0.9,
        late(
            r"(?<![A-Za-z0-9])(?i:jdbc:oracle:[a-z]{2,6}:"
            r"|(?:sqlplus|sqlldr|expdp|impdp|rman target|connect string"
            r"|(?:sql>|\A|\n|;)[ \t]{0,4}conn(?:ect)?)"
            r"(?:[ \t]-[a-z]{1,9}){0,3}[ \t]{1,3}(?:userid=)?)[\"']?[A-Za-z][\w$#]{0,60}/"
            r"(?P<s>[^\s@/\"'<>|;]{1,200})@"
        ),
        r"(?i:jdbc:oracle:[a-z]{2,6}:"
        r"|(?:sqlplus|sqlldr|expdp|impdp|rman target|connect string|conn(?:ect)?)[ \t])"
        r"[^\n@/]*/[^\s@/]+@",
        "@",
    ),
    Place(
        "samba-login",
        "PASSWORD",
        0.9,
        late(r"(?<![\w-])-U[ \t]{0,2}[\"']?[^\s%\"']{1,100}%(?P<s>[^\s\"'<>|;]{1,200})"),
        r"-U[ \t]{0,2}[\"']?[^\s%\"']{1,100}%[^\s]",
        "-u",
        behind=("smbclient", "rpcclient", "smbget", "nmblookup", "net ", "wmic"),
    ),
    Place(
        "wifi-code",
        "PASSWORD",
        0.9,
        late(r"WIFI:(?:[TSHR]:[^;\r\n]{0,64};){0,4}P:(?P<s>(?:\\.|[^;\\\r\n]){1,100})"),
        r"WIFI:[TSHRP]:",
        "wifi:",
    ),
    Place(
        "login-command",
        "PASSWORD",
        0.85,
        # Of IMAP behind its tag (RFC 9051, 6.2.3), of POP3 and FTP behind the user.
        late(
            r"(?:(?<![^\s\"'])[A-Za-z]{0,4}[0-9]{1,5}[ \t]LOGIN[ \t]\"?[^\s\"]{1,100}\"?"
            r"|(?<![A-Za-z0-9_])USER[ \t][^\s\"']{1,100}\s{0,3}(?:\\[rn]){0,2}PASS)"
            r"[ \t]\"?(?P<s>[^\s\"'<>]{1,200})"
        ),
        r"(?:[0-9][ \t]LOGIN[ \t]\"?[^\s\"]{1,100}\"?[ \t]\"?[^\s\"'<>]"
        r"|USER[ \t][^\s\"']{1,100}\s{0,3}(?:\\[rn]){0,2}PASS[ \t])",
        "",
        anchors=tuple("login pass".split()),
    ),
    Place(
        "pass-command",
        "PASSWORD",
        0.85,
        # Of FTP and POP3 alone on its line, as a client, a server or a dump of packets writes it.
        late(
            r"(?<![A-Za-z0-9])(?:C:|ftp>|-->|(?i:ftp|pop3?)(?i: command)?[:>]?"
            r"|(?i:client) \"[^\"\r\n]{1,60}\",)[ \t]{1,3}[\"']?PASS[ ]"
            r"(?P<s>[^\s\"'<>/]{3,200})(?=[\"'\r\n]|\\[rn]|\Z)"
        ),
        r"(?:C:|ftp>|-->|(?i:ftp|pop3?)(?i: command)?[:>]?|\",)[ \t]+[\"']?PASS[ ][^\s]",
        "pass ",
        lambda value: "digits or letters alone" if value.isalpha() else noise.stand_in(value),
    ),
    Place(
        "pass-line",
        "PASSWORD",
        0.75,
        # And where nothing before it says so: tests pass too.
        late(
            r"(?:(?<![^\r\n])(?:[<>]{1,3}[ \t]?)?|(?<=[\"']))PASS[ ]"
            r"(?P<s>[0-9A-Za-z!#$%^&*?+~@=]{8,100})(?=[\"'\r\n]|\\[rn]|\Z)"
        ),
        r"\bPASS[ ][0-9A-Za-z!#$%^&*?+~@=]{8}",
        "pass ",
        _sent,
    ),
    Place(
        "sasl",
        "PASSWORD",
        0.9,
        # An initial response of SMTP, IMAP or POP3 (RFC 4954): user and password, or a token, in base64.
        late(
            r"(?<![A-Za-z0-9])(?i:auth(?:enticate)?)[ \t]{1,4}(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER)[ \t]{1,4}"
            r"(?P<s>[0-9A-Za-z+/]{8,4000}+={0,2})(?![^\s\"'\\])"
        ),
        r"(?i:auth(?:enticate)?)[ \t]+(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER)[ \t]+[0-9A-Za-z+/]{8}",
        "auth",
        lambda value: None if _is_login(value) else "no text in base64",
    ),
    Place(
        "network-device",
        "PASSWORD",
        0.85,
        # Cisco's types: 0 is plain, 7 is easily undone, 5, 8 and 9 are hashes.
        late(
            r"(?<![\w-])(?:(?i:password|secret)[ \t]{1,3}[05-9][ \t]{1,3}"
            r"(?=\$|[0-9A-F]{8}|[^\s]{0,60}[0-9!#%&*@?+=~])"
            r"|(?i:key|key-string|md5)[ \t]{1,3}7[ \t]{1,3}(?=[0-9A-F]{8}))"
            r"(?P<s>[^\s\"'<>,;(){}]{6,200})(?![^\s\"'\\])"
        ),
        r"(?i:password|secret|key|key-string|md5)[ \t]{1,3}[05-9][ \t]{1,3}[^\s\"'<>,;(){}]{6}",
        "",
        lambda value: None if value.count("$") > 1 else noise.stand_in(value),
        anchors=tuple("password secret key md5".split()),
    ),
    Place(
        "device-key",
        "PASSWORD",
        0.85,
        # The type of what follows may stand before it, see above; of a user of SNMP there are two.
        late(
            rf"{_DEVICE_KEYS}{_B}(?!7{_B}[0-9A-F]{{8}})(?:[0-9]{_B})?[\"']?(?P<s>[^\s\"'<>,;(){{}}\[\]]{{4,200}})(?![^\s\"';])"
        ),
        r"(?i:isakmp[ \t]+key|(?:radius-server|tacacs-server|server-private)[ \t][^\n]*key"
        r"|pre-?shared-key[ \t]|key-string[ \t]|message-digest-key[ \t]|authentication-key[ \t]|wpa-?psk[ \t]"
        r"|snmp-server[ \t]+user[ \t]|[ \t]priv[ \t]+(?:3?des|aes)"
        r"|(?:password|key)[ \t]+(?:irreversible-)?cipher|shared[ \t]+(?:secret|key)[ \t]+for[ \t])",
        "",
        _configured,
        anchors=tuple("key secret wpa cipher snmp-server priv".split()),
    ),
    Place(
        "device-key-encrypted",
        "PASSWORD",
        0.9,
        # Of Juniper's devices, $9$ can be undone; of Fortinet's, and of media over SRTP (RFC 4568, 6.1).
        late(
            r"(?:(?<![^\s\"'=:,])(?=\$9\$[0-9A-Za-z./-]{4,200}+(?![$\w]))"
            r"|(?<![\w-])set[ \t]{1,3}[\w-]{1,40}[ \t]{1,3}ENC[ \t]{1,3}"
            r"|a=crypto:[0-9]{1,9}[ \t]{1,3}[A-Z0-9_]{1,60}[ \t]{1,3}inline:)"
            r"(?P<s>[0-9A-Za-z$./+=-]{8,400}+)"
        ),
        r"(?:\$9\$[0-9A-Za-z./-]{4}|[ \t]ENC[ \t]+[0-9A-Za-z]|a=crypto:[^\n]*inline:)",
        "",
        _no_check,
        anchors=("$9$", "enc", "inline:"),
    ),
    Place(
        "snmp-community",
        "PASSWORD",
        0.85,
        late(
            r"(?<![A-Za-z0-9])(?i:snmp-server[ \t]community[ \t]|set[ \t]snmp[ \t]community[ \t]"
            r"|snmp-agent[ \t]community[ \t](?:(?:read|write)[ \t])?+(?:cipher[ \t])?+"
            r"|snmp-server[ \t]host[ \t][^\s]{1,64}[ \t]"
            r"(?:(?:traps?|informs?|vrf[ \t][^\s]{1,40}|version[ \t](?:1|2c))[ \t]){0,4}+"
            r"(?!version|udp-port|use-|auth)"
            r"|snmp(?:walk|get|getnext|bulkget|bulkwalk|set|table|trap|status|inform|df)\b"
            r"[^\r\n|]{0,120}?[ \t]-c[ \t]?)"
            r"[\"']?(?P<s>[^\s\"'<>|;-][^\s\"'<>|;]{2,100})"
        ),
        r"(?i:snmp(?:-server|-agent|)[ \t](?:community|host)[ \t]|snmp[a-z]+[ \t][^\n]*-c[ \t]?)",
        "snmp",
        lambda value: None if value.count("$") > 1 else noise.stand_in(value),
    ),
    # As a daemon tells who asked it.
    Place(
        "snmp-told",
        "PASSWORD",
        0.8,
        late(
            # Behind `snmp-server` and the like it is a device's setting, see below.
            r"(?<![A-Za-z0-9])(?<!(?i:snmp|rver|gent)[ \t])(?i:community)(?:[ \t](?i:string|name))?"
            r"[ \t]{0,2}[ \t:=][ \t]{0,2}[\"']?(?P<s>[0-9A-Za-z!#$%&*+./@^_~-]{3,100})"
        ),
        r"(?i:snmp[^\n]*community(?:[ \t](?:string|name))?[ \t:=]+[\"']?[0-9A-Za-z!#$%&*+./@^_~-])",
        "community",
        _community,
        behind=("snmp",),
    ),
    # And as its file has it: `rocommunity … 192.0.2.0/24`.
    Place(
        "snmp-file",
        "PASSWORD",
        0.8,
        late(
            r"(?<![A-Za-z0-9])(?i:r[ow]community6?|com2sec6?[ \t]{1,8}[\w.-]{1,60}[ \t]{1,8}[\w./:-]{1,60})"
            r"[ \t]{1,8}[\"']?(?P<s>[0-9A-Za-z!#$%&*+./@^_~-]{3,100})"
        ),
        r"(?i:r[ow]community6?[ \t]|com2sec6?[ \t])",
        "com",
        _community,
        anchors=("community", "com2sec"),
    ),
    Place(
        "redis-command",
        "PASSWORD",
        0.85,
        # As MONITOR and the slow log have it: `"SET" "user:17:password" "…"`.
        late(
            rf"\"(?i:set|setnx|setex|psetex|getset|append)\" \"[^\"\\]{{0,100}}{_KEPT}[^\"\\]{{0,80}}\" "
            r"(?:\"[0-9]{1,12}\" (?=\"))?\"(?P<s>[^\"\\]{3,400})"
        ),
        rf"\"(?i:set|setnx|setex|psetex|getset|append)\" \"[^\"\n]*{_KEPT_WIDE}[^\"\n]*\" ",
        "",
        anchors=("set", "append"),
    ),
    Place(
        "redis-session",
        "SECRET",
        0.8,
        # The id of a session, which is all that a cookie holds: `"GET" "session:…"`.
        late(
            r"\"[A-Za-z]{3,10}\" \"(?:[\w.-]{1,40}:){0,4}?(?i:sess(?:ions?)?):(?:[a-z]{1,20}:){0,2}"
            r"(?P<s>[0-9A-Za-z_.~=-]{16,400}+)(?=\")"
        ),
        r"[A-Za-z]\" \"(?:[\w.-]+:)*(?i:sess(?:ions?)?):[^\"\n]*\"",
        '" "',
        noise.random,
        anchors=("sess",),
    ),
    Place(
        "redis-field",
        "PASSWORD",
        0.85,
        # Of HSET, among others: `"HSET" "user:17" "password" "…"`.
        late(
            r"\"(?i:hset|hmset|hsetnx)\" \"[^\"\\]{0,200}\" (?:\"[^\"\\]{0,200}\" \"[^\"\\]{0,400}\" ){0,20}?"
            r"\"[^\"\\]{0,40}(?i:password|passwd|passphrase|secret|token|api[_-]?key)[^\"\\]{0,40}\" "
            r"\"(?P<s>[^\"\\]{3,400})"
        ),
        r"\"(?i:hset|hmset|hsetnx)\" \"[^\n]*(?i:password|passwd|passphrase|secret|token"
        r"|api[_-]?key)[^\"\n]*\" ",
        "set",
    ),
    Place(
        "netrc",
        "PASSWORD",
        0.95,
        late(r"(?<![a-z])login\s{1,4}\S{1,100}\s{1,4}password\s{1,4}(?P<s>\S{1,200})"),
        r"login\s{1,4}\S{1,100}\s{1,4}password\s{1,4}\S",
        "login",
    ),
    Place(
        "cookie",
        "SECRET",
        0.85,
        late(
            r"(?<![0-9A-Za-z_])(?i:set-cookie2?|cookie)[\"'\\]{0,4}"
            r"[ \t]{0,2}[:=][ \t]{0,2}[\"'\\]{0,4}[\[]?[\"'\\]{0,4}(?P<cookies>[^\r\n\"'\\]{3,8000}+)"
        ),
        r"(?i:cookie2?)[\"'\\]{0,4}[ \t]{0,2}[:=][ \t]{0,2}[\"'\\\[]{0,8}[^\r\n\"'\\]{3}",
        "cookie",
    ),
    Place(
        "cookies-by-name",
        "SECRET",
        0.85,
        # As Python shows them, `cookies={'sessionid': '…'}`, and a header of which JSON was made.
        late(
            r"(?<![0-9A-Za-z])(?i:cookies?)[\"'\\]{0,4}[ \t]{0,2}[:=][ \t]{0,2}\{(?P<cookies>"
            r"(?:[ \t]{0,2}[\"'][^\"'\r\n=]{1,80}[\"']:[ \t]{0,2}"
            r"(?:[\"'][^\"'\r\n]{0,4096}+[\"']|[\w.+-]{1,40}+),?){1,60}+)"
        ),
        r"(?i:cookies?)[\"'\\]*[ \t]*[:=][ \t]*\{[ \t]*[\"']",
        "cookie",
    ),
    Place(
        "curl-cookie",
        "SECRET",
        0.85,
        late(
            r"(?<![\w-])(?:-b|--cookie)(?:[ \t]{1,3}|=)?[\"']?"
            r"(?P<cookies>[^\s\"'\\=]{1,80}=[^\r\n\"'\\]{3,8000}+)"
        ),
        r"(?i:curl).*(?:-b|--cookie)(?:[ \t]{1,3}|=)?[\"']?[^\s\"'=]+=",
        "curl",
        behind=("curl",),
    ),
    Place(
        "wordpress-cookie",
        "SECRET",
        0.85,
        late(r"(?<![0-9A-Za-z])wordpress_(?:logged_in|sec)_[0-9a-f]{6,40}=(?P<s>[^\s;,\"'<>]{6,1000})"),
        r"wordpress_(?:logged_in|sec)_[0-9a-f]{6,40}=[^\s]",
        "wordpress_",
        _no_check,
    ),
    Place(
        "quoted-cookies",
        "SECRET",
        0.8,
        # As nginx writes $http_cookie: without the header's name, which those of some sites stand for.
        late(
            rf"\"(?=[^\"\\\r\n]{{0,4000}}{_SITES_COOKIES}=)"
            r"(?P<cookies>[\w.%-]{1,80}=[^\s;\"\\]{1,4096}; [\w.%-]{1,80}=[^\"\\\r\n]{1,8000}+)(?=\")"
        ),
        rf"{_SITES_COOKIES}=",
        "; ",
    ),
    Place(
        "column-of-cookies",
        "SECRET",
        0.8,
        # As CloudFront writes them, between tabs.
        late(
            rf"(?<=\t)(?=[^\t\r\n]{{0,4000}}{_SITES_COOKIES}=)"
            r"(?P<cookies>[\w.%-]{1,80}=[^\t\r\n\"]{1,8000}+)(?=[\t\r\n]|\Z)"
        ),
        rf"{_SITES_COOKIES}=",
        "\t",
    ),
    Place(
        "login-at-address",
        "PASSWORD",
        0.8,
        # Without a scheme, `CONNECT ann:…@192.0.2.4:443`: only before an address, which no name of a file is.
        late(
            r"(?<![\w/:@.%+-])(?!(?i:sips?|pjsip|mailto|ssh|scp|xmpp|jid|tel|user|login|from|to|by|host|peer|contact"
            r"|account|owner|client|id):)[A-Za-z][\w.-]{1,63}:(?P<s>[^\s:@/\"'<>\\]{4,100})"
            r"@(?=[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/\s\"',)]|\Z))"
        ),
        r"@[0-9]{1,3}\.[0-9]",
        "@",
        _no_login,
        shape=True,
    ),
    Place(
        "registry-password",
        "PASSWORD",
        0.85,
        late(
            r"(?i:(?<![\w/])/v[ \t]{1,3}[\"']?[\w-]{0,40}(?:password|passwd|secret|token)[\w-]{0,20}[\"']?"
            r"[ \t][^\r\n]{0,80}?(?<![\w/])/d[ \t]{1,3})[\"']?(?P<s>[^\s\"'<>|;]{1,200})"
        ),
        r"(?i:/v[ \t]+[\"']?[\w-]*(?:password|passwd|secret|token)[\w-]*[\"']?[ \t][^\n]*/d[ \t])",
        "/v",
    ),
    Place(
        "mounted-share",
        "PASSWORD",
        0.85,
        late(
            r"(?:(?<=[ ,])|(?<=-o))user(?:name)?=[^\s%,=\"']{1,100}%(?P<s>[^\s,\"'<>%]{3,200})(?![^\s,\"'])"
        ),
        r"user(?:name)?=[^\s%,=\"']+%[^\s,]{3}",
        "user",
        behind=("cifs", "smb"),
    ),
    Place(
        "recovery-key",
        "SECRET",
        0.9,
        # Of BitLocker: eight groups, each of which 11 divides.
        late(r"(?<![\w-])(?P<s>[0-9]{6}(?:-[0-9]{6}){7})(?![\w-])"),
        r"\b[0-9]{6}(?:-[0-9]{6}){7}",
        "-",
        lambda value: None if not any(int(one) % 11 for one in value.split("-")) else "not of such groups",
        True,
        shape=True,
    ),
    Place(
        "hashes-of-windows",
        "SECRET",
        0.9,
        # A line of a dump, `ann:500:…:…:::`, and an answer of NTLM 2, `ann::EXAMPLE:…:…:…`.
        late(
            r"(?<=:)(?P<s>[0-9A-Fa-f]{32}:[0-9A-Fa-f]{32}(?=:::)"
            r"|[0-9A-Fa-f]{16}:[0-9A-Fa-f]{32}:[0-9A-Fa-f]{32,4000}+)(?![0-9A-Za-z])"
        ),
        r"\b[0-9A-Fa-f]{16,32}:[0-9A-Fa-f]{32}:",
        ":",
        _no_check,
        shape=True,
    ),
    Place(
        "signature",
        "SECRET",
        0.9,
        late(rf"{_SIGNED}(?P<s>[0-9A-Za-z%+/=_.~-]{{16,2000}}+)"),
        rf"{_SIGNED}[0-9A-Za-z%+/=_.~-]{{16}}",
        "=",
        lambda value: None if any(c.isdigit() for c in value) else "a word",
    ),
    Place(
        "query-secret",
        "SECRET",
        0.85,
        late(rf"{_QUERY}(?P<s>[0-9A-Za-z%+/=_.~:|-]{{16,4000}}+)"),
        rf"{_QUERY}[0-9A-Za-z%+/=_.~:|-]{{16}}",
        "=",
        lambda value: noise.random(value, 2.5),
    ),
    Place(
        "credential-call",
        "PASSWORD",
        0.9,
        late(
            rf"{_LOGINS}(?:\s{{0,40}}[\"'][^\"'\r\n]{{0,200}}[\"'][ \t]{{0,3}},){{1,2}}\s{{0,40}}"
            r"[\"'](?P<s>[^\"'\r\n]{1,200})[\"']"
        ),
        rf"{_LOGINS}\s{{0,40}}[\"'][^\"']{{0,200}}[\"'][ \t]{{0,3}},",
        "(",
        anchors=tuple("credential directoryentry passwordauthentication basicauth basic_auth".split()),
    ),
    Place(
        "tuple-login",
        "PASSWORD",
        0.85,
        # Of Python's requests and httpx, and of JDBC.
        late(
            r"(?:(?<![A-Za-z_])auth=\([ \t]{0,3}|\.getConnection\([^,\r\n]{1,300},[ \t]{0,3})"
            r"[\"'][^\"'\r\n]{0,100}[\"'][ \t]{0,3},[ \t]{0,3}[\"'](?P<s>[^\"'\r\n]{1,200})[\"'][ \t]{0,3}\)"
        ),
        r"(?:auth=\([ \t]*|\.getConnection\([^,\n]*,[ \t]*)[\"'][^\"'\n]*[\"'][ \t]*,[ \t]*[\"']",
        "(",
        anchors=tuple("auth=( .getconnection(".split()),
    ),
    # What a browser's driver types into a field of that name: Playwright, Selenium, Cypress, agents' tools.
    Place(
        "typed-password",
        "PASSWORD",
        0.8,
        late(
            r"(?i:\b(?:fill|type|send_?keys|set_?value|(?:input|enter|type)_?text|press_?sequentially)\("
            rf"[ \t]{{0,3}}[\"'`][^\r\n,]{{0,80}}{_FORM_FIELD}[^\r\n,]{{0,40}}[\"'`][ \t]{{0,3}},[ \t]{{0,3}}"
            rf"|{_FORM_FIELD}[^\r\n,]{{0,20}}[\"'`]\)?\)?[ \t]{{0,3}}\.(?:fill|type|send_?keys|set_?value"
            r"|press_?sequentially)\([ \t]{0,3}"
            rf"|selector\\?\"[ \t]{{0,3}}:[ \t]{{0,3}}\\?\"[^\r\n,]{{0,80}}{_FORM_FIELD}[^\r\n,]{{0,40}}\""
            r"[ \t]{0,3},[ \t]{0,3}\\?\"(?:text|value|keys|input)\\?\"[ \t]{0,3}:[ \t]{0,3}\\?)"
            r"[\"'`](?P<s>[^\"'`\\\r\n]{3,200})"
        ),
        rf"(?i:(?:fill|type|keys|value|text|sequentially)\([ \t]*[\"'`][^\n,]*{_FORM_FIELD_WIDE}[^\n,]*[\"'`]"
        r"[ \t]*,"
        rf"|{_FORM_FIELD_WIDE}[^\n,]*[\"'`]\)?\)?[ \t]*\."
        r"(?:fill|type|send_?keys|set_?value|press_?sequentially)\("
        rf"|selector\\?\"[ \t]*:[^\n,]*{_FORM_FIELD_WIDE})",
        "",
        _given,
        anchors=tuple("passw passphrase passcode pw".split()),
    ),
    # What is kept under a name that is no string: Android's preferences, a cache, a store of settings.
    Place(
        "kept-under-a-name",
        "PASSWORD",
        0.8,
        late(
            r"(?<![A-Za-z])(?i:put(?:_?(?:string|extra|secret|value))?|set_?(?:string|item|value|property"
            r"|secret)|save|store|persist)\([ \t]{0,3}[A-Za-z0-9_.]{0,60}?"
            r"(?i:password|passwd|passphrase|passcode)(?:_?(?i:key|name|pref|field))?"
            r"[ \t]{0,3},[ \t]{0,3}[\"'`](?P<s>[^\"'`\r\n]{3,200})[\"'`][ \t]{0,3}\)"
        ),
        r"(?i:(?:put|string|extra|secret|value|item|property|save|store|persist)\([ \t]*[\w.]*"
        r"(?:passw(?:or)?d|passphrase|passcode)\w*[ \t]*,[ \t]*[\"'`])",
        "(",
        _given,
        anchors=tuple("passw passphrase passcode".split()),
    ),
    # Arguments, as PHP and .NET put them into a trace: the third one, the second, the first.
    Place(
        "connecting-call",
        "PASSWORD",
        0.85,
        late(
            r"(?:(?:PDO|mysqli)->__construct|new (?:PDO|mysqli)|(?i:mysqli?_p?connect))\("
            r"(?:[\"'][^\"'\r\n]{0,200}[\"'],[ \t]{0,3}){2}[\"'](?P<s>[^\"'\r\n]{1,200})[\"']"
        ),
        r"(?:(?:PDO|mysqli)->__construct|new (?:PDO|mysqli)|(?i:mysqli?_p?connect))\([\"']",
        "(",
        anchors=tuple("pdo mysql".split()),
    ),
    Place(
        "login-call",
        "PASSWORD",
        0.85,
        late(
            # In code the second word need be no password: `x.login("oauth", "google")`.
            r"(?:->|::|(?P<dot>\.))(?i:log_?in|sign_?in|authenticate|attempt|ldap_bind"
            r"|(?:change|check|verify|set|reset|validate)_?password)\("
            r"(?:[\"'][^\"'\r\n]{0,200}[\"']|[A-Z][\w.]{0,60}\(\)|Object\([\w\\]{1,100}\)),[ \t]{0,3}"
            r"[\"'](?(dot)(?=[A-Za-z]{0,200}[^A-Za-z\"'\r\n]))(?P<s>[^\"'\r\n]{3,200})[\"']"
        ),
        r"(?:->|::|\.)(?i:log_?in|sign_?in|authenticate|attempt|ldap_bind"
        r"|(?:change|check|verify|set|reset|validate)_?password)\(",
        "(",
        anchors=tuple("login log_in signin sign_in authenticate attempt ldap_bind password".split()),
    ),
    Place(
        "password-call",
        "PASSWORD",
        0.85,
        late(
            r"(?<![A-Za-z])(?i:password_(?:verify|hash)|set_?password|check_?password|verify_?password|hash_?password)"
            r"\([\"'](?P<s>[^\"'\r\n]{3,200})[\"'](?=[,)])"
        ),
        r"(?i:password_(?:verify|hash)|set_?password|check_?password|verify_?password|hash_?password)\([\"']",
        "password",
    ),
    Place(
        "masked-value",
        "SECRET",
        0.95,
        # A step of GitHub Actions tells the runner what to hide.
        late(r"::add-mask::(?P<s>[^\s$][^\r\n]{0,400}+)"),
        r"::add-mask::[^\s$]",
        "::add-mask::",
    ),
    Place(
        "mailed-link",
        "SECRET",
        0.8,
        # What opens an account, in the path: `/reset-password/8c1f…`.
        late(rf"{_MAIL_LINKS}(?P<s>[0-9A-Za-z_-]{{12,400}}+)(?![^\s\"'/?#&<>)\\])"),
        rf"(?i:/{_MAIL_WORDS}/(?:[0-9a-z_=-]+/)?[0-9a-z_-]{{12}})",
        "/",
        _mailed,
        anchors=_MAIL_ANCHORS,
    ),
    Place(
        "mailed-query",
        "SECRET",
        0.8,
        # The same behind a question mark, under a name of a letter or so: `/verify?t=…`.
        late(rf"{_MAIL_QUERY}(?P<s>[0-9A-Za-z%+/=_.~-]{{12,400}}+)"),
        rf"(?i:[/=]{_MAIL_WORDS}/?\?[^\s]*(?:t|k|h|c|tok|hash|otp|key|code|token)=)",
        "?",
        lambda value: "a thing's id" if noise.uuid(value) else _mailed(value),
        anchors=_MAIL_ANCHORS,
    ),
    Place(
        "beside-query",
        "SECRET",
        0.7,
        # A key or a signature that stands first in a query, or beside one: checksums are called otherwise.
        late(
            r"(?:(?<![\w?&;./-])(?P<first>)|[?&][\w.-]{1,40}=[^\s&\"'<>]{0,200}(?:&[\w.-]{1,40}=[^\s&\"'<>]{0,200}){0,20}+"
            r"[\"']?[ \t,;]{1,3})(?i:(?:api_?)?key|signature|sign?)=[\"']?"
            r"(?P<s>[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?|[0-9A-F]{32}(?:[0-9A-F]{8}|[0-9A-F]{32})?)"
            r"(?![0-9A-Za-z])(?(first)(?=&[\w.-]{1,40}=))"
        ),
        r"\b(?i:(?:api_?)?key|signature|sign?)=[\"']?[0-9a-fA-F]{32}",
        "=",
        noise.random,
        anchors=("key=", "sig"),
        shape=True,
    ),
    Place(
        "oauth-state",
        "SECRET",
        0.75,
        # What ties a callback to its session (RFC 6749, 10.12), on either side of the code.
        late(
            r"[?&](?:amp;)?code=[^\s&\"'<>]{6,2000}+&(?:amp;)?(?:[\w.-]{1,40}=[^\s&\"'<>]{0,400}&(?:amp;)?){0,6}"
            r"state=(?P<s>[0-9A-Za-z%+/=_.~:|-]{8,2000}+)"
            r"|[?&](?:amp;)?state=(?P<typed>[0-9A-Za-z%+/=_.~:|-]{8,400}+)"
            r"(?=&(?:amp;)?(?:[\w.-]{1,40}=[^\s&\"'<>]{0,400}&(?:amp;)?){0,6}code=)"
        ),
        r"(?:[?&;]code=[^\s]+[&;]state=|[?&;]state=[^\s]+[&;]code=)",
        "state=",
        lambda value: "a thing's id" if noise.uuid(value) else noise.random(value, 2.5),
    ),
    # What a token is given for (RFC 6749, 4.1.3), where a body begins with it and no sign of a query does.
    Place(
        "oauth-code",
        "SECRET",
        0.75,
        late(
            r"(?<![\w?&;-])code=(?P<s>[0-9A-Za-z%+/=_.~-]{12,2000}+)"
            r"(?=&(?:[\w.-]{1,40}=[^\s&\"'<>]{0,400}&){0,6}grant_type=authorization_code)"
        ),
        r"code=[^\s]+&grant_type=authorization_code",
        "code=",
    ),
    Place(
        "secure-string",
        "PASSWORD",
        0.9,
        late(
            r"(?i:ConvertTo-SecureString)[ \t]{1,3}(?:-String[ \t]{1,3})?[\"'](?P<s>[^\"'\r\n]{1,200})[\"']"
        ),
        r"(?i:ConvertTo-SecureString)[ \t]{1,3}(?i:-String[ \t]{1,3})?[\"'][^\"']",
        "convertto-securestring",
    ),
    Place(
        "jenkins-initial",
        "PASSWORD",
        0.9,
        late(r"(?i:use the following password)[^\r\n]{0,80}\s{1,8}(?P<s>[0-9a-f]{32})(?![0-9a-f])"),
        r"(?i:use the following password).{0,80}\s{1,8}[0-9a-f]{32}",
        "following password",
        _no_check,
        True,
    ),
)

_BEHIND = 1000
"""Characters before a place in which the word has to stand that it needs."""

_COOKIE = late(r"(?<![^\s;,\"':])(?P<name>[^\s=;,]{1,80})=(?P<s>[^;,\s]{1,4096}+)")
_COOKIE_BY_NAME = late(
    r"[\"'](?P<name>[^\"'\r\n=]{1,80})[\"']:[ \t]{0,2}[\"'](?P<s>[^\"'\r\n]{1,4096}+)[\"']"
)

_ARGUMENT = late(r"'([^'\\\r\n]{0,400})'(?:, |\])")
_ARGUMENTS = late(r"\[(?='[^'\\\r\n]{1,400}', )(?:'[^'\\\r\n]{0,400}'(?:, (?='))?){2,100}+\]")

_LONG = 200
"""What is as long as that may have been cut off by the bound of its pattern, and _REST goes with it."""
_REST = late(r"[0-9A-Za-z%+/=_.~-]++")


def _stands_one(lower: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - twice as fast as `any`, where each text comes by
        if word in lower:
            return True
    return False


def _stands_behind(lower: str, at: int, words: tuple[str, ...], unless: tuple[str, ...] = ()) -> bool:
    """Whether one of some words stands before a place, and none of others nearer."""
    nearest = _nearest(lower, at, words)
    return nearest >= 0 and nearest > _nearest(lower, at, unless)


def _nearest(lower: str, at: int, words: tuple[str, ...]) -> int:
    return max((lower.rfind(word, max(0, at - _BEHIND), at) for word in words), default=-1)


def from_base64(value: str) -> bytes:
    """What base64 says; nothing where it is none."""
    import base64
    import binascii

    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""


def _basic_pair(value: str) -> bool:
    pair = from_base64(value)
    return b":" in pair[1:-1] and all(32 <= byte < 127 or byte > 160 for byte in pair)


def _is_login(value: str) -> bool:
    """Whether base64 says text, with the marks between that logins have."""
    data = from_base64(value)
    return data != b"" and all(31 < byte < 127 or byte > 160 or byte < 2 for byte in data)


class StructureRecognizer:
    """Finds what stands in the places above."""

    name = "secret-place"
    entities = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY"})
    context: tuple[str, ...] = ()
    triggers = (
        *(Trigger(place.trigger, shape=place.shape) for place in PLACES),
        Trigger(r"', '-{1,2}(?:[uawbX]'|p|[a-z-]*(?:pass|pwd|secret|token|key|user|cookie))", caseless=True),
    )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        spans: list[Span] = []
        lower = text.lower()
        for place in PLACES:
            if place.anchor not in lower or (place.anchors and not _stands_one(lower, place.anchors)):
                continue
            for match in place.pattern.finditer(text):
                if place.behind and not _stands_behind(lower, match.start(), place.behind, place.unless):
                    continue
                if "cookies" in match.re.groupindex:
                    self._cookies(place, match, spans, misses)
                else:
                    value = match.span("s") if match["s"] is not None else match.span("typed")
                    self._judge(place, text, *value, spans, misses)
        for listed in _ARGUMENTS.finditer(text) if "', '" in text else ():
            spans += self._argued(listed)
        return spans

    def _argued(self, listed: re.Match[str]) -> Iterator[Span]:
        """What stands in a command that Python shows as a list: `['curl', '-u', 'ann:…']`."""
        items = [*_ARGUMENT.finditer(listed[0])]
        starts = [0, *accumulate(len(item[1]) + 1 for item in items)]
        for span in self.find(" ".join(item[1] for item in items)):
            index = bisect_right(starts, span.start) - 1
            end = min(span.end, starts[index + 1] - 1)
            moved = listed.start() + items[index].start(1) - starts[index]
            yield span._replace(start=span.start + moved, end=end + moved)

    def _cookies(
        self, place: Place, match: re.Match[str], spans: list[Span], misses: list[Miss] | None
    ) -> None:
        begin, end = match.span("cookies")
        kind = _COOKIE_BY_NAME if place.id == "cookies-by-name" else _COOKIE
        for cookie in kind.finditer(match.string, begin, end):
            if cookie["name"].lower() in cookies.ATTRIBUTES:
                continue
            if not cookies.harmless(cookie["name"], cookie["s"]):
                self._judge(place, match.string, *cookie.span("s"), spans, misses)
            elif misses is not None:
                told = Miss(*cookie.span("s"), place.entity, f"secret:{place.id}", "it identifies nobody")
                misses.append(told)

    def _judge(
        self, place: Place, text: str, start: int, end: int, spans: list[Span], misses: list[Miss] | None
    ) -> None:
        detector = f"secret:{place.id}"
        if spans and spans[-1].detector == detector and start < spans[-1].end:
            return  # in the rest of a long one
        why = place.check(text[start:end])
        if why is None:
            if end - start >= _LONG and (rest := _REST.match(text, end)):
                end = rest.end()
            spans.append(Span(start, end, place.entity, place.score, detector, place.validated))
        elif misses is not None:
            misses.append(Miss(start, end, place.entity, detector, why))
