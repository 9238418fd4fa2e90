"""Secrets: every row of the table, every place, and names with what they hold; near misses beside each."""

import json
import re
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.secrets import names, noise, recognizers, structures, vendors
from cecil.sanitizer.detectors.secrets.checksums import (
    CHECKSUMS,
    aws_account,
    bech32_check,
    crc_of_body,
    json_head,
)
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.detectors.secrets.structures import StructureRecognizer
from cecil.sanitizer.detectors.secrets.table import Row, example, regex, rows
from cecil.sanitizer.detectors.secrets.tokens import TokenRecognizer
from cecil.sanitizer.scanner import Scanner
from cecil.sanitizer.spans import Miss, Span
from tests.conftest import build_cache, build_sanitizer


class Tokens:
    """All rows of the table, one after the other."""

    rows = tuple(map(TokenRecognizer, rows()))

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        return [span for one in self.rows for span in one.find(text, misses)]


TOKENS, PLACES, NAMES = Tokens(), StructureRecognizer(), NameRecognizer()

ROWS = {row.id: row for row in rows()}

# Invented, and written so that no scanner takes them for more.
HEX32 = "3f8a1c" + "9be07d42" + "56af13c8e0" + "b7d294a5"
B62 = "q7Zp2Lx9" + "Vt4Kd8Wm" + "3Rb6Yn1H" + "c5Js0Gf2"


class Triggers:
    """The triggers of all recognizers, as the product searches for them; a bit is a recognizer."""

    def __init__(self) -> None:
        found = recognizers()
        self._bits = {one.name: bit for bit, one in enumerate(found)}
        rows = [(bit, trigger) for bit, one in enumerate(found) for trigger in one.triggers]
        self._scanner = Scanner(rows, cache=build_cache())

    def match(self, name: str, text: str) -> bool:
        """Whether a text wakes a recognizer."""
        woken = self._scanner.mask(text.replace("\n", " ").replace("\r", " "))
        return bool(woken >> self._bits[name] & 1)


@pytest.fixture(scope="module")
def triggers() -> Triggers:
    return Triggers()


def near(row: Row) -> str:
    return f"{row.near[0]} " if row.near else ""


def taken(recognizer: Recognizer | Tokens, text: str) -> list[str]:
    return [text[span.start : span.end] for span in recognizer.find(text)]


def spans(text: str) -> list[Span]:
    return [span for recognizer in recognizers() for span in recognizer.find(text)]


# --- the table


def test_the_table_is_in_order() -> None:
    assert len(ROWS) == len(rows()), "an id stands twice"
    for row in rows():
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row.id)
        assert row.url.startswith("https://")
        assert row.checksum in ("", *CHECKSUMS)
        assert all(word == word.lower() for word in row.near)
        assert row.what
        assert row.vendor


@pytest.mark.parametrize("name", ROWS)
def test_a_row_finds_its_example(name: str, triggers: Triggers) -> None:
    row = ROWS[name]
    token = example(row)
    assert re.fullmatch(regex(row.pattern), token)
    whole = re.fullmatch(regex(row.pattern), token)
    secret = whole["s"] if whole and "s" in whole.re.groupindex else token
    before = near(row)
    for text in (
        before + token,
        f"{before}{token} and more",
        f"{before}see ({token}), or not",
        f'{before}"{token}"',
        f"{before}'{token}';",
        json.dumps({before: token}),
        json.dumps(json.dumps({before: token})),
        f"{before}\\n{token}\\n",
        f"{before}\n{token}\n",
        f"{before}\t{token}",
    ):
        found = {text[s.start : s.end] for s in TOKENS.find(text) if s.detector == f"secret:{name}"}
        assert (
            any(secret in value or json.dumps(secret)[1:-1] in value for value in found) or '\\"' in text
        ), text
        assert triggers.match(f"secret:{name}", text), text


@pytest.mark.parametrize("name", ROWS)
def test_a_row_wants_its_own_word_before_it(name: str) -> None:
    row = ROWS[name]
    for text in (f"xy{example(row)}", *([example(row), f"{example(row)} {near(row)}"] if row.near else [])):
        assert f"secret:{name}" not in {s.detector for s in TOKENS.find(text)}, text


@pytest.mark.parametrize("name", [row.id for row in rows() if row.checksum in ("crc32", "bech32")])
def test_a_wrong_checksum_makes_a_token_unsure(name: str) -> None:
    token = example(ROWS[name])
    (sure,) = TOKENS.find(token)
    other = token[:-9] + ("Q" if token[-9] != "Q" else "Z").lower() + token[-8:]
    if token.isupper():
        other = other.upper()
    misses: list[Miss] = []
    (unsure,) = TOKENS.find(other, misses)
    assert sure.validated
    assert not unsure.validated
    assert unsure.score < sure.score
    assert [miss.why for miss in misses] == ["the checksum is wrong: taken as unsure"]
    assert TOKENS.find(other) == [unsure]


def test_an_access_key_tells_its_account() -> None:
    key = "ASIA" + "Q" + "NZGKIQY" + "56JQ7WML"
    assert aws_account(key) == 29608264753
    assert CHECKSUMS["aws-account"](key)
    assert not CHECKSUMS["aws-account"]("AKIA" + "7" * 16)  # account 1099511627775 has thirteen digits
    assert not CHECKSUMS["aws-account"]("AKIA" + "1" * 16)  # no base 32


def test_checksums() -> None:
    assert crc_of_body("ghp_" + "0" * 36) != "000000"
    assert not CHECKSUMS["bech32"]("age1" + "b" * 58)  # b is no letter of bech32
    assert bech32_check("a", "") == "2uel5l"  # BIP-173's own vector
    assert not CHECKSUMS["macaroon"]("pypi-" + "A" * 60)
    assert json_head("e30") == {}
    assert json_head("W10") is None
    assert json_head("e3") is None


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "x" * 36,
        "glpat-" + "X" * 20,
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "AKIA" + "X" * 16,
        "dapi" + "DataGetTopLongShortPositionRatio",
        "sha256~" + "XXXXXXXXXX_PUT_YOUR_TOKEN_HERE_XXXXXXXXXXXX",
        "xoxb-xxx",
        "xoxb-12345-abcd234",
        "s.thisstringisalllowercase",
        "function(){s.addComponentsFromRegistry()}",
        "GR1348941" + "12312312312312312312",
        "hf_generatedByHomeAppForDebuggingPurposes",
        "aws-cli@sha256:eaaa7b11777babe28e6133a8b19ff71cea687e0d7f05158dee95a71f76ce3d00",
        "vipul-f0eb1acf0da84c06a50c5b2c59932001997786b176dec02b.png",
        "video_box.ico-7a388b69018576d24b59331fd60aab0c.png",
        "azure devops abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    ],
)
def test_what_only_looks_like_a_token(text: str) -> None:
    misses: list[Miss] = []
    assert TOKENS.find(text, misses) == []
    assert TOKENS.find(text) == []
    assert not any(value in miss.why for miss in misses for value in (text[:12],))


def test_the_end_of_a_token_with_a_tilde() -> None:
    token = example(ROWS["azure-client-secret"])
    assert taken(TOKENS, f"({token}),") == [token]
    assert taken(TOKENS, f"({token}~{B62}),") == []


def test_a_token_in_a_url_and_behind_an_escape() -> None:
    token = example(ROWS["gitlab-pat"])
    for text in (f"https://x.example/?q=a%3A{token}&b=1", f"a\\u003d{token}\\u0026", f"{{\\n{token}\\n}}"):
        assert token in taken(TOKENS, text)


BODY20 = "Jk2fW378DCn5" + "11CFUBWk"
JWE = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0" + "..3pkGlKjMz5sqDfoD.CCcdwK6LnhiL9IgOpGB3.I0hy3jLo6tefTYHe"
KNOWN_WIF = "KwDiBf89QgGbjEhKnhXJuH7L" + "rciVrZi3qYjgd9M7rFU73sVHnoWn"  # of the key 1
KNOWN_WIF_LONG = "5HueCGU8rMjxEXxiPuD5BDku4" + "MkFqeZyd4dZ1jvhTVqvbTLvyTJ"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"https://api.telegram.org/bot7165527158:AA{B62}B/getMe", [f"7165527158:AA{B62}B"]),
        ("bot7165527158: AA started", []),
        (f"said 401 for glpat-{BODY20}7bd9xyQ.01.120r7s1ab", [f"glpat-{BODY20}7bd9xyQ.01.120r7s1ab"]),
        (f"gldt-{BODY20}7bd9xyQ.01.91nq15n1w", [f"gldt-{BODY20}7bd9xyQ.01.91nq15n1w"]),
        (f"glrt-t3_{BODY20}7bd9xyQ.01.33bsrpwgl", [f"glrt-t3_{BODY20}7bd9xyQ.01.33bsrpwgl"]),
        (f"runner glrt-t1_{BODY20} is up", [f"glrt-t1_{BODY20}"]),
        (f"snyk_uat.1677a5c4.{B62}{B62}.{B62}{B62}", [f"snyk_uat.1677a5c4.{B62}{B62}.{B62}{B62}"]),
        (f"ya29.c.c0A{B62}{B62}", [f"ya29.c.c0A{B62}{B62}"]),
        (f"v2.public.{B62}{B62}", [f"v2.public.{B62}{B62}"]),
        ("v2.public.html", []),
        (f"imported {KNOWN_WIF}", [KNOWN_WIF]),
        (f"imported {KNOWN_WIF_LONG}", [KNOWN_WIF_LONG]),
        (f"imported {KNOWN_WIF[:-1]}m", []),
        (f"stripe pi_3Mt{BODY20}_secret_{B62[:24]}", [f"pi_3Mt{BODY20}_secret_{B62[:24]}"]),
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURkekNDQWwrZ0F3SUJBZ0lFQWdBQXVUQU5CZ2txaGtpRzl3MEJB", []),
        (f"AKIAG2PN5QF6DJE7LC2D,{B62}{HEX32[:8]}", ["AKIAG2PN5QF6DJE7LC2D", f"{B62}{HEX32[:8]}"]),
        (f"AKIAG2PN5QF6DJE7LC2D {B62}{HEX32[:8]}", ["AKIAG2PN5QF6DJE7LC2D", f"{B62}{HEX32[:8]}"]),
        (
            f"ASIAG2PN5QF6DJE7LC2D\t2026-05-14T10:00:00Z\t{B62}{HEX32[:8]}\tx",
            ["ASIAG2PN5QF6DJE7LC2D", f"{B62}{HEX32[:8]}"],
        ),
        (f"AWS Secret Access Key [None]: {B62}{HEX32[:8]}", [f"{B62}{HEX32[:8]}"]),
        (f"Recovery Key 1: {B62}{HEX32[:11]}=", [f"{B62}{HEX32[:11]}="]),
        (f"Unseal Key 2: {HEX32}{HEX32}", [f"{HEX32}{HEX32}"]),
        (f"recovery of {HEX32}{HEX32}", []),
        (f"hdnts=exp=1715678901~acl=/*~hmac={HEX32}{HEX32}", [f"{HEX32}{HEX32}"]),
        ("https://chat.example.com/hooks/zk3x7pbfjtr1zgy8mnq5hd9wce", ["zk3x7pbfjtr1zgy8mnq5hd9wce"]),
        ("src/hooks/useAuthenticatedFetchers.ts", []),
        ("fw_update1234567890123456 done, rnd_seed, pa-11-y, re_compiled_pattern", []),
        ("checksum 115f81222dff8ea2113ce5e61128a7b7c1 of 11 files", []),
    ],
)
def test_forms_of_tokens(text: str, values: list[str], triggers: Triggers) -> None:
    assert taken(TOKENS, text) == values
    for span in TOKENS.find(text):
        assert triggers.match(span.detector, text)


def test_a_checksum_that_is_all_there_is_has_to_be_right() -> None:
    for name in ("wif", "bip32", "stellar"):
        token = example(ROWS[name])
        (span,) = TOKENS.find(token)
        assert (span.detector, span.validated) == (f"secret:{name}", True)
        misses: list[Miss] = []
        assert TOKENS.find(token[:-4] + token[-2:] + token[-4:-2], misses) == []
        assert [miss.why for miss in misses] == ["the checksum is wrong"]


# --- places

KEY = "-----BEGIN " + "RSA PRIVATE KEY-----"
END = "-----END " + "RSA PRIVATE KEY-----"
BODY = "MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun\nVTLw7onLRnrq0/IzW7yWR7QkrmBL7jTK"
OPENVPN = """-----BEGIN OpenVPN Static key V1-----
6e340b9cffb37a989ca544e6bb780a2c
78901d3fb33738768511a30617afa01d
-----END OpenVPN Static key V1-----"""
SSH2 = f"""---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----
Comment: "of nobody"
{BODY}
---- END SSH2 ENCRYPTED PRIVATE KEY ----"""
FULL = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1L9RIvNEVUxTveLruM0rfj"
CUT = f"0WAK1jHDhaXXzOI8d4VF==\n{END}"
JWT = "eyJhbGciOiJub25lIn0" + "." + "eyJzdWIiOiJub2JvZHkifQ" + "."


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"{KEY}\n{BODY}\n{END}\n", [f"{KEY}\n{BODY}\n{END}"]),
        (f"key: {KEY}\\n{BODY}\\n{END}\\n", [f"{KEY}\\n{BODY}\\n{END}"]),
        (
            f"{KEY}\nProc-Type: 4,ENCRYPTED\n\n{BODY}\n{END}",
            [f"{KEY}\nProc-Type: 4,ENCRYPTED\n\n{BODY}\n{END}"],
        ),
        (f"{KEY}\n{BODY}\nand so on", [f"{KEY}\n{BODY}\n"]),  # cut off
        (f"{KEY}\n{BODY}", [f"{KEY}\n{BODY}"]),
        (f"{KEY}\nanything\n{END}", []),
        (f"a {KEY} was expected", []),
        ("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", []),
        (
            "Private-Lines: 1\nAAAAgQCqb2xkIGtleSBvZiBwdXR0eQ==\nPrivate-MAC: 1",
            ["\nAAAAgQCqb2xkIGtleSBvZiBwdXR0eQ=="],
        ),
        (f"token={JWT}", [JWT]),
        (f'"{JWT}c2ln"', [f"{JWT}c2ln"]),
        ("eyJhbGciOiJub25l.eyJzdWIiOiJub2JvZHkifQ.", []),
        (f"job glcbt-{JWT}c2ln", [f"{JWT}c2ln"]),
        (f"got id_{JWT}c2ln", [f"{JWT}c2ln"]),
        (f"got {JWE}", [JWE]),
        ("eyJhbGciOiJub25lIn0..", []),
        ("eyJzdWIiOiJub2JvZHkifQ.eyJzdWIiOiJub2JvZHkifQ.", []),  # a header without an algorithm
        ("ZXlK" + "aGJHY2lPaUp1YjI1bElu" * 4, ["ZXlK" + "aGJHY2lPaUp1YjI1bElu" * 4]),
        ("postgres://app:hunter2@db.example.com/x", ["hunter2"]),
        ("mongodb+srv://u:p%40ss@cluster.example.net/test?w=1", ["p%40ss"]),
        ("mysql://nimda:m42p!o@2wd@db.example.com", ["m42p!o@2wd"]),
        ("redis://:s3cret@192.0.2.1:6379/0", ["s3cret"]),
        ("jdbc:postgresql://bob:pw1@h/x", ["pw1"]),
        ("ftp://username:password@ftp.example.com", ["password"]),
        ('{"u":"https:\\/\\/bob:pw1@h\\/x"}', ["pw1"]),
        ("amqp://user:*****@example.com", []),
        ("amqps://user:$password@localhost", []),
        ("https://example.com:8080/@scope/package", []),
        ("https://example.com/a:b@c", []),
        (f"https://{B62}:x-oauth-basic@github.example/a.git", [B62]),
        (f"git clone https://{B62}@github.example/a.git", [B62]),
        ("Server=db,1433;Database=x;User ID=sa;Password=#g3ts0m3;Trusted=False", ["#g3ts0m3"]),
        ("AccountName=X;AccountKey=b3Blbi1zZXNhbWU=;Endpoint", ["b3Blbi1zZXNhbWU="]),
        ("AccountName={2};AccountKey={3};", []),
        ("x;PWD=/home/ann/work;", []),
        ('curl -u ":d2LkV78zLx!t" https://x', [":d2LkV78zLx!t"]),
        ('curl -u "d2LkV78zLx!t:" https://x', ["d2LkV78zLx!t:"]),
        ("curl -u sk9f8A7b6C5d4E3f2A: https://x", ["sk9f8A7b6C5d4E3f2A:"]),
        ("curl -u administrator: https://x", []),
        ("curl -u admin:", []),
        ("x;PWD=/hunter2;", ["/hunter2"]),
        ("SharedAccessKeyName=[name];SharedAccessKey=[The key goes here];", []),
        (
            "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            ["QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
        ),
        ("Authorization: Token ab12", []),
        ("Authorization: Token **********", []),
        ("-H 'Authorization: Bearer $TOKEN'", []),
        (f"sent bearer {B62}", [B62]),
        ("the bearer of thisverylongwordwithoutany", []),
        ("Bearer XXXXXXXXXXXXXXXXXXXX", []),
        ("Bearer ThisIsOnlySomeIdentifierOfCode", []),
        ("Basic ThisIsOnlySomething", []),
        ("Basic 0000000000000000", []),
        (
            'Digest username="Mufasa", response="6629fae49393a05397450978507c4ef1"',
            ["6629fae49393a05397450978507c4ef1"],
        ),
        ('response="6629fae49393a05397450978507c4ef1"', []),
        ("curl -u bob:hunter2 https://example.com", ["bob:hunter2"]),
        ("curl https://example.com \\\n  --user bob:'hunt er'", ["bob:'hunt"]),
        ("curl --user user:pass x", []),
        ("curl -u test:test x", []),
        ('curl -u "$USER:$PASSWORD" x', []),
        ("docker run -u 1000:1000 x", []),
        ("mysql --password hunter2 -h db", ["hunter2"]),
        ("tool --api-key=ab12cd34", ["ab12cd34"]),
        ("Connect -Password VMware1!", ["VMware1!"]),
        ("net use /password:s3cret", ["s3cret"]),
        ("mysql --password $PW", []),
        ("usage: app [-h] [--token TOKEN] --secret SECRET", []),
        ("--api-key API_KEY     API key for the service", []),
        ("-pass val   Private key", []),
        ("tool --token TOKEN1 --password Secret", ["TOKEN1", "Secret"]),
        ("def login(username, password=None):", []),
        ("def login(username, password=None,timeout=3) -> str:", []),
        ("login(username, password=None1)", ["None1"]),
        ("connect(user=user, password=db_password)", ["db_password"]),
        ("connect(user=user, password=letmein)", ["letmein"]),
        ("tool --password-file x", []),
        ("PSEXEC \\\\10.0.0.1 -u Administrator -p dev_admin CMD", ["dev_admin"]),
        ("docker login -u bob -p hunter22 r.example", ["hunter22"]),
        ("mkdir -p some/dir", []),
        ("machine h login bob password hunter2", ["hunter2"]),
        ('a0="mysql" a1="-u" a2="root" a3="-phunter22"', ["hunter22"]),
        ('a0="sshpass" a1="-p" a2="hunter22" a3="ssh"', ["hunter22"]),
        ("jdbc:oracle:thin:jo/hunter2@db:1521/X", ["hunter2"]),
        ("sqlplus -s jo/hunter2@X", ["hunter2"]),
        ("SQL> connect jo/hunter2@//db:1521/X", ["hunter2"]),
        ("conn jo/hunter2@X as sysdba", ["hunter2"]),
        ("please connect user/group@host", []),
        ("could not connect api/v2@host", []),
        ("jdbc:oracle:thin:@//db:1521/X", []),
        ("ran sqlplus on a/b", []),
        ("smbclient //srv/share -U jo%hunter2", ["hunter2"]),
        ("cc -U jo%hunter2", []),
        ("WIFI:T:WPA;S:home;P:hunter2;;", ["hunter2"]),
        ("WIFI: P is up", []),
        ("CREATE USER 'jo'@'%' IDENTIFIED BY 'hunter2'", ["hunter2"]),
        ('alter user jo identified with mysql_native_password by \\"hunter2\\"', ["hunter2"]),
        ("was identified by the team", []),
        ("IDENTIFIED BY '<secret>'", []),
        ("openssl pkcs12 -in a.p12 -passin pass:hunter2 -nodes", ["hunter2"]),
        ("openssl rsa -passin pass:$PW", []),
        ("bypass:hunter2", []),
        ("CONFIG SET requirepass hunter2", ["hunter2"]),
        ('"CONFIG" "SET" "masterauth" "hunter2"', ["hunter2"]),
        ('2) "SET" 3) "requirepass" 4) "hunter2"', ["hunter2"]),
        ("GET\t/\t200\ttheme=dark; sid=8f3a9b1c2d4e5f60\tHit", ["8f3a9b1c2d4e5f60"]),
        ("GET\t/\t200\ttheme=dark;%20lang=en\tHit", []),
        ("GET /a?x=1 sid=", []),
        ("REDISCLI_AUTH=hunter2 redis-cli ping", ["hunter2"]),
        ("the option requirepass", []),
        ("a1 LOGIN jo hunter2", ["hunter2"]),
        ('A003 LOGIN "jo@example.com" "hunter2"', ["hunter2"]),
        ("USER jo\r\nPASS hunter2\r\n", ["hunter2"]),
        ("USER jo PASS hunter2", ["hunter2"]),
        ("2 LOGIN attempts", []),
        ("+OK AUTH PLAIN AGpvAGh1bnRlcjI=", ["AGpvAGh1bnRlcjI="]),
        ("a1 authenticate XOAUTH2 dXNlcj1qbwFhdXRoPUJlYXJlciB4AQE=", ["dXNlcj1qbwFhdXRoPUJlYXJlciB4AQE="]),
        ("250-AUTH PLAIN LOGIN OAUTHBEARER", []),
        ("AUTH PLAIN ABCDEFGHIJKL", []),
        ("AUTH PLAIN ABCDEFGHI", []),
        ("AUTH LOGIN disabled", []),
        ("username jo password 7 0822455D0A16", ["0822455D0A16"]),
        ("ppp chap password 0 hunter22", ["hunter22"]),
        ("enable secret 9 $9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSv", ["$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSv"]),
        ("tacacs-server key 7 0822455D0A16", ["0822455D0A16"]),
        ("retry key 5 attempts, password 8 characters, secret 7 of 9 things", []),
        ("key 7 2026-11-22", []),
        ("snmp-server community s3cr3tcomm RO", ["s3cr3tcomm"]),
        ("snmpwalk -v2c -c s3cr3tcomm 192.0.2.1", ["s3cr3tcomm"]),
        ("snmpwalk -v3 -u jo 192.0.2.1", []),
        ('[0 127.0.0.1:5122] "SET" "user:17:password" "hunter2"', ["hunter2"]),
        ('"setex" "session:token:17" "300" "a9f3b2c1"', ["a9f3b2c1"]),
        ('"SET" "user:17:name" "hunter2"', []),
        ("USER jo BYPASS hunter2", []),
        ("sudo: ann : TTY=pts/1 ; PWD=/root ; USER=root ; COMMAND=/bin/ls", []),
        ("Server=db;UID=sa;PWD=/xT7!kq92", ["/xT7!kq92"]),
        ("C: PASS hunter2", ["hunter2"]),
        ("ftp> PASS hunter2", ["hunter2"]),
        ('[ann] FTP command: Client "192.0.2.1", "PASS hunter2"', ["hunter2"]),
        ("PASS hT7kq92LmZx", ["hT7kq92LmZx"]),
        ("< PASS hT7kq92LmZx\r\n", ["hT7kq92LmZx"]),
        ("250 ok\nPASS hT7kq92LmZx", ["hT7kq92LmZx"]),
        ("PASS hT7kq92LmZx in 3 ms", []),
        ("PASS Test1ALongName", []),
        ("PASS testfour", []),
        ("PASS tests/x.js", []),
        ("PASS T123-foo", []),
        ("< PASS com.example.FooTest1", []),
        ("C: PASS tests/unit/x.js", []),
        ("C: PASS ok", []),
        *(
            (line.replace("KEY", "Vb7NtYq3kX"), ["Vb7NtYq3kX"])
            for line in (
                "crypto isakmp key KEY address 192.0.2.9",
                "radius-server host 192.0.2.5 auth-port 1812 acct-port 1813 key KEY",
                "radius-server key 7 KEY",
                "tacacs-server host 192.0.2.5 key KEY",
                " server-private 192.0.2.5 key KEY",
                " pre-shared-key address 192.0.2.9 key KEY",
                " ikev2 remote-authentication pre-shared-key KEY",
                'set security ike policy p pre-shared-key ascii-text "KEY"',
                " key-string KEY",
                " ip ospf message-digest-key 1 md5 KEY",
                "ntp authentication-key 1 md5 KEY 7",
                " ip ospf authentication-key KEY",
                " wpa-psk ascii 0 KEY",
                "snmp-server user kbrown grp v3 auth sha KEY",
                "local-user ann password irreversible-cipher KEY",
                "Radius shared secret for client wlc1: KEY",
                "snmp-server host 192.0.2.9 version 2c KEY",
                "snmp-server host 192.0.2.9 traps KEY",
                "set snmp community KEY authorization read-only",
                "set psksecret ENC KEY",
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:32",
            )
        ),
        (
            "snmp-server user ann grp v3 auth sha Vb7NtYq3kX priv aes 128 Wc8OuZr4lY",
            ["Vb7NtYq3kX", "Wc8OuZr4lY"],
        ),
        ('secret "$9$ABc123def456ghi"; ## SECRET-DATA', ["$9$ABc123def456ghi"]),
        ("tacacs-server host 192.0.2.5 port 49 timeout 5", []),
        ("snmp-server host 192.0.2.9 traps version 3 auth ann", []),
        ("authentication pre-shared-key failed", []),
        ("ikev1 pre-shared-key *****", []),
        ("crypto key generate rsa modulus 2048", []),
        ("key-string mismatch, ntp authentication-key 1 md5", []),
        ("costs $9$ or $10", []),
        ("Cookie: sid=ab12; theme=dark", ["ab12"]),
        ("Set-Cookie: id=a3fWa; Expires=Thu, 21 Oct 2027 07:28:00 GMT; Path=/", ["a3fWa"]),
        ('200 "sid=k3j4h5k2; _ga=GA1.2.173; theme=dark"', ["k3j4h5k2", "GA1.2.173"]),
        ("wordpress_logged_in_9f8a7b6c=jo%7C17%7Cab12", ["jo%7C17%7Cab12"]),
        ('"Server=db; Database=x" "sid=12" "text/html; charset=utf-8" "a=1; b=2"', []),
        ("CONNECT ann:hT7kq92L@192.0.2.4:443 HTTP/1.1", ["hT7kq92L"]),
        ("amqp ann:hT7kq92L@192.0.2.5 refused", ["hT7kq92L"]),
        ("app:1.2.3@192.0.2.5:5000 a:8080@192.0.2.5 sip:ann42@192.0.2.5 app:latest@192.0.2.5", []),
        ("net use \\\\srv01 /user:ann hT7kq92L", ["hT7kq92L"]),
        ("net use \\\\srv01 /user:ann /persistent:no", []),
        (r"reg add HKLM\x /v DefaultPassword /t REG_SZ /d hT7kq92L /f", ["hT7kq92L"]),
        (r"reg add HKLM\x /v DefaultUser /t REG_SZ /d ann /f", []),
        ("mount.cifs //fs1/x /mnt -o user=ann%hT7kq92L", ["hT7kq92L"]),
        ("GET /cifs?user=ann%40example", []),
        (
            "key 123453-234564-345675-456786-567897-678909-123453-234564 ok",
            ["123453-234564-345675-456786-567897-678909-123453-234564"],
        ),
        ("key 123456-234564-345675-456786-567897-678909-123453-234564 ok", []),
        (f"ann:500:{HEX32}:{HEX32}:::", [f"{HEX32}:{HEX32}"]),
        (f"ann::EXAMPLE:{HEX32[:16]}:{HEX32}:{HEX32}01", [f"{HEX32[:16]}:{HEX32}:{HEX32}01"]),
        (f"sums:{HEX32}:{HEX32}", []),
        (f"https://b.example/k?X-Amz-Signature={HEX32}&x=1", [HEX32]),
        ("https://b.example/k?signature=thisiswithoutdigits", []),
        (f"https://b.example/k?api_key={B62}", [B62]),
        ("https://b.example/?token=thereisnothinghere", []),
        (f"aws4-hmac-sha256 signed headers=host, Signature={HEX32}", [HEX32]),
        (f'Authorization: Hawk id="dh37", ts="1353832234", mac="{B62}="', [f"{B62}="]),
        (f"the file's Signature={HEX32}", []),
        (f"::add-mask::{B62}", [B62]),
        ("::add-mask::$TOKEN and ::add-path::/usr/bin", []),
        ("POST /token status=200 dur=12ms", []),
        ("GET /oauth/token 200", []),
        ("redis-cli -h cache -p 6379 ping", []),
        ("postgres://app:pa/ss9kQ2pL7v@db01:5432/app", ["pa/ss9kQ2pL7v"]),
        ("postgres://db01:5432/app@x/y", []),
        ("app:Zx9kQ2pL7v@tcp(db01:3306)/app", ["Zx9kQ2pL7v"]),
        ("app@tcp(db01:3306)/app", []),
        (f"nats://{B62}@nats1:4222", [B62]),
        ("db01.example.com:5432:app:appuser:zilGvkvph645KF", ["zilGvkvph645KF"]),
        ("daemon:*:19500:0:99999:7:::", []),
        ("[smtp.example.com]:587 bot@example.com:Zx9kQ2pL7v", ["Zx9kQ2pL7v"]),
        ("[main]: 587 bytes:read", []),
        ("password                7lPx2w1YCqAOQ9", ["7lPx2w1YCqAOQ9"]),
        ("secret_id    9d3a1b2c-11aa-42bb-93cc-1234567890ab", ["9d3a1b2c-11aa-42bb-93cc-1234567890ab"]),
        ("bindpw Zx9kQ2pL7v", ["Zx9kQ2pL7v"]),
        ("password    required", []),
        ("token   bucket2 is full", []),
        ("env: [{name: DB_PASSWORD, value: sj1iF16CUXtYmj}]", ["sj1iF16CUXtYmj"]),
        ("env: [{name: DB_HOST, value: sj1iF16CUXtYmj}]", []),
        ("skopeo copy --src-creds bot:Zx9kQ2pL7v docker://a docker://b", ["Zx9kQ2pL7v"]),
        ("twine upload -u __token__ -p Zx9kQ2pL7v dist/*", ["Zx9kQ2pL7v"]),
        ("zip -P Zx9kQ2pL7v out.zip a", ["Zx9kQ2pL7v"]),
        ("mongo -u root -pZx9kQ2pL7v", ["Zx9kQ2pL7v"]),
        ("mongodump -port 27017", []),
        ("ssh-keygen -t ed25519 -N Zx9kQ2pL7v -f k", ["Zx9kQ2pL7v"]),
        ("ssh-keygen -t ed25519 -f k -N ''", []),
        ("cargo login Zx9kQ2pL7v", ["Zx9kQ2pL7v"]),
        ("nuget push a.nupkg -k Zx9kQ2pL7v -s x", ["Zx9kQ2pL7v"]),
        ("gh secret set N --body Zx9kQ2pL7v", ["Zx9kQ2pL7v"]),
        (f"kubeadm join x --certificate-key {HEX32}{HEX32}", [f"{HEX32}{HEX32}"]),
        ("az storage blob list --account-key Zx9kQ2pL7vJ1== --account-name st", ["Zx9kQ2pL7vJ1=="]),
        ("redis-cli -h cache -p 6379 -a hunter22 ping", ["hunter22"]),
        ("redis-cli -a Zx9kQ2LJ7v", ["Zx9kQ2LJ7v"]),
        ("valkey-cli -h cache -a Zx9kQ2LJ7v", ["Zx9kQ2LJ7v"]),
        ("redis-benchmark -n 10000 -a Zx9kQ2LJ7v", ["Zx9kQ2LJ7v"]),
        ("redis-benchmark -c 50 -n 10000", []),
        ('17.1 [0 192.0.2.1:6379] "APPEND" "user:17:token" "Zx9kQ2LJ7v"', ["Zx9kQ2LJ7v"]),
        ("unzip -P Zx9kQ2LJ7v a.zip", ["Zx9kQ2LJ7v"]),
        ("unzip -p a.zip x.txt", []),
        ("mosquitto_sub -t a/b -u bob -P Zx9kQ2LJ7v", ["Zx9kQ2LJ7v"]),
        ("mosquitto_sub -t a/b -p 1883", []),
        ('new NetworkCredential("bob@example.com", "vzihlaq");', ["vzihlaq"]),
        ('DirectoryEntry("LDAP://192.0.2.1",\n  "d\\user", "s3cr")', ["s3cr"]),
        ('ConvertTo-SecureString "hunter2" -AsPlainText', ["hunter2"]),
        (f"Please use the following password to proceed to installation:\n\n{HEX32}\n", [HEX32]),
        ("User(id=1, password=hG5kLm9q, active=true)", ["hG5kLm9q"]),
        ("Login(a=1, password=hG5kLm9q), retry=3", ["hG5kLm9q"]),
        ("Server=x; Password=hG5k),9q;", ["hG5k),9q"]),
        ('17.1 [0 192.0.2.1:6379] "AUTH" "svc" "hG5kLm9qTr0"', ["hG5kLm9qTr0"]),
        ("redis> AUTH hG5kLm9qTr0ub4", ["hG5kLm9qTr0ub4"]),
        ("> AUTH svc hG5kLm9qTr0ub4", ["hG5kLm9qTr0ub4"]),
        ("AUTH SCRAM-SHA-256", []),
        ("AUTH failed for svc2024x", []),
        ("NOAUTH Authentication required", []),
        ('"HSET" "user:17" "name" "ann" "password" "hG5kLm9q"', ["hG5kLm9q"]),
        ('"HSET" "user:17" "name" "hG5kLm9q"', []),
        ('"ACL" "SETUSER" "svc" "on" ">hG5kLm9q" "~*"', ["hG5kLm9q"]),
        ("['mysqldump', '-u', 'svc', '-phG5kLm9q', 'app']", ["hG5kLm9q"]),
        ("['psql', '--password', 'hG5kLm9q']", ["hG5kLm9q"]),
        ("['sshpass', '-p', 'hG5kLm9q', 'ssh']", ["hG5kLm9q"]),
        ("['ls', '-l', 'hG5kLm9q']", []),
        ("curl -b 'sid=8f3kq2lmzx0; lang=en' https://b.example", ["8f3kq2lmzx0"]),
        # What opens an account, in a path or behind it.
        (
            "GET /reset/MQ/c9x8kq-7d1f0a8b2c3d4e5f60718293a4b5c6d7/ HTTP/1.1",
            [
                "c9x8kq-7d1f0a8b2c3d4e5f60718293a4b5c6d7",
            ],
        ),
        *(
            (f"GET /{word}/Zk3vQ9xLm2Rt8Wp5 HTTP/1.1", ["Zk3vQ9xLm2Rt8Wp5"])
            for word in (
                "magic",
                "password-reset",
                "invite",
                "confirm",
                "activate",
                "accept-invite",
                "set-password",
                "email/verify",
                "users/confirmation",
            )
        ),
        (f"https://x.example/magic/{HEX32}ab?next=/", [HEX32 + "ab"]),
        (f"GET /account/verify?t={B62} HTTP/1.1", [B62]),
        (f"/invite?team=17&k={B62[:16]}", [B62[:16]]),
        ("GET /confirm/order/1234567 /invite/team-members-of-2026 /activate/plan-basic-2026-monthly", []),
        ("GET /invite/550e8400-e29b-41d4-a716-446655440000 /confirm/ord2026x000123 /reset/counters_01", []),
        ("GET /verify?t=1767322805123 /verify?t=550e8400-e29b-41d4-a716-446655440000 /verify?type=email", []),
        (f"GET /magicians/{B62} /reset-styles/{HEX32[:16]}.css", []),
        (f"/cb?code=ab12CD&state={B62[:20]}", [B62[:20]]),
        (f"/cb?state={B62[:20]}&scope=openid&code=ab12CD", [B62[:20]]),
        ("/cb?code=ab12CD&state=checkout /cb?code=ab12CD&state=550e8400-e29b-41d4-a716-446655440000", []),
        (f"/list?state={B62[:20]}&page=2 /zip?code=94107&state=California", []),
        (f"GET /api?x=1 key={HEX32}", [HEX32]),
        (f'"GET /api?x=1&y=2" signature="{HEX32}"', [HEX32]),
        (f"body: key={HEX32}&user=17", [HEX32]),
        (f"etag={HEX32} checksum={HEX32} key={HEX32} md5={HEX32}&x=1", []),
        (f"GET /api?x=1 etag={HEX32} cache_key={HEX32} key={'0' * 32}", []),
        # Redis.
        ('1.5 [0 [::1]:5] "SET" "otp:+12025550143" "482913"', ["482913"]),
        ('"SETEX" "session:8c1f0a9b7d6e" "3600" "kd8mQ2xZk3vQ9"', ["kd8mQ2xZk3vQ9"]),
        (f'"GET" "app:session:{HEX32}"', [HEX32]),
        ('"SET" "bishop:sides" "482913" "SET" "lotpage:17" "482913" "GET" "session:count:of:the-day"', []),
        ('1.5 [0 [::1]:5] "AUTH" "hunter2pw"', ["hunter2pw"]),
        ('1.5 [0 [::1]:5] "auth" "default" "sesame"', ["sesame"]),
        ('"AUTH" "PLAIN"', []),
        ('1.5 [0 [::1]:5] "AUTH" "(redacted)"', []),
        # What tools read.
        ("echo bob:pw | chpasswd", ["pw"]),
        ("echo 'bob:hG5kLm9q' | sudo chpasswd", ["hG5kLm9q"]),
        ("chpasswd <<< 'bob:pw'", ["pw"]),
        ("chpasswd <<<bob:hG5kLm9q", ["hG5kLm9q"]),
        ("chpasswd -c SHA512 <<EOF\nbob:hG5kLm9q\nEOF", ["hG5kLm9q"]),
        ('echo "$USER:$PASS" | chpasswd; chpasswd < users.txt; chpasswd <<< "$X"', []),
        ("vault login hvs.k3J9sLq0Xv7Z", ["hvs.k3J9sLq0Xv7Z"]),
        ("vault login -no-print k3J9sLq0Xv7Z", ["k3J9sLq0Xv7Z"]),
        ("vault login failed for bob at 17; vault login -method=userpass username=bob1234567", []),
        (
            "cookies={'sessionid': 'kd8mq2xzk3vq9', 'lang': 'en', 'n': 5, 'csrf': \"aB3kd8mq\"}",
            ["kd8mq2xzk3vq9", "aB3kd8mq"],
        ),
        ('Cookie: {"sid": "kd8mq2xzk3vq9", "theme": "dark"}', ["kd8mq2xzk3vq9"]),
        ('cookie: {"path": "/", "httpOnly": "true", "lang": "en"}', []),
        ('-> http.request.header.cookie: Slice(["sid=kd8mq2xzk3vq9; theme=dark"])', ["kd8mq2xzk3vq9"]),
        ("cookies: {'theme': 'dark'} cookies={} no_cookies({'a': 'kd8mq2xzk3vq9'})", []),
        # What thousands share identifies nobody: by its name and by its looks.
        ("Cookie: theme=dark; lang=en-US; tz=Europe/Berlin; currency=EUR; consent=accepted", []),
        ('cookies="theme=dark; lang=en"', []),
        ("Set-Cookie: NEXT_LOCALE=de; Path=/; Max-Age=31536000; SameSite=Lax", []),
        ("Cookie: i18next=zh-Hant; color-mode=light; tz=-120; dnt=1", []),
        (
            "Cookie: theme=8f3kq2; lang=bob; session=dark; user=en; theme=Kowalczyk",
            [
                "8f3kq2",
                "dark",
                "en",
                "Kowalczyk",
            ],
        ),
        (
            "Cookie: consent=8f3kq2; tz=lovelace; currency=12345678; locale=en.hG5kLm9q; lang=hG5kLm9q",
            [
                "8f3kq2",
                "lovelace",
                "12345678",
                "en.hG5kLm9q",
                "hG5kLm9q",
            ],
        ),
        ("tar -b 20 x=1", []),
        ("- name: DB_PASS; value: hG5kLm9q", ["hG5kLm9q"]),
        ("name=DB_PASS value=hG5kLm9q", ["hG5kLm9q"]),
        ('name="api_token" value="hG5kLm9q"', ["hG5kLm9q"]),
        ("- name: DB_PASSWORD\n  value: hG5kLm9q\n", ["hG5kLm9q"]),
        ("name=DB_HOST value=hG5kLm9q name=token_count value=hG5kLm9q", []),
        ("name=failed_password value=317 name=invalid_token value=1.5ms", []),
        ("name=DB_PASS value=${DB_PASS}", []),
        ("{name: DB_PASS, value: hG5kLm9q}", ["hG5kLm9q"]),
        ("rclone config create s3 s3 secret_access_key hG5kLm9q", ["hG5kLm9q"]),
        ("rclone config create b sftp user bob pass hG5kLm9q key xK9-hG5kLm9q", ["hG5kLm9q", "xK9-hG5kLm9q"]),
        ("rclone config create s3 s3 provider AWS env_auth true", []),
        ("rclone config password s3 key $KEY", []),
        ("set secret_access_key hG5kLm9q", []),
        ('restic --password-command "echo hG5kLm9q" backup', ["hG5kLm9q"]),
        ("BORG_PASSCOMMAND='echo hG5kLm9q'", ["hG5kLm9q"]),
        ("RESTIC_PASSWORD_COMMAND='printf hG5kLm9q'", ["hG5kLm9q"]),
        ('restic --password-command "pass show restic"; echo hG5kLm9q', []),
        ('restic --password-command "echo $PASS"', []),
        ("Enter passphrase for key '/home/bob/.ssh/id_rsa':", []),
        ("aws secretsmanager create-secret --name db --secret-string hG5kLm9q", ["hG5kLm9q"]),
        ("aws ssm put-parameter --name /db --value hG5kLm9q --type SecureString", ["hG5kLm9q"]),
        ("aws ssm put-parameter --name /db --value hG5kLm9q --type String", []),
        ("aws secretsmanager create-secret --secret-string file://x --kms-key-id k", []),
        ("fly secrets set A=hG5kLm9q", ["hG5kLm9q"]),
        ("flyctl secrets list; supabase secrets set --env-file .env", []),
        ("security add-generic-password -a bob -s svc -w hG5kLm9q", ["hG5kLm9q"]),
        ("security unlock-keychain -p hG5kLm9q login.keychain", ["hG5kLm9q"]),
        ("security find-generic-password -w svc1a2b", []),
        ("echo -n hG5kLm9q | gcloud secrets create db --data-file=-", ["hG5kLm9q"]),
        ("echo hG5kLm9q | docker secret create db -", ["hG5kLm9q"]),
        ("echo hG5kLm9q | docker load", []),
        ("etcdctl --user root:hG5kLm9q get /", ["root:hG5kLm9q"]),
        ('ansible-playbook x.yml -e "vault_pass=hG5kLm9q user=bob"', ["hG5kLm9q"]),
        ("ansible-playbook x.yml -e user=bob -e db_pass=hG5kLm9q", ["hG5kLm9q"]),
        ("helm upgrade web . --set auth.user=bob,auth.pass=hG5kLm9q", ["hG5kLm9q"]),
        ("terraform plan -var db_pass=$PASS; tests_pass=hG5kLm9q; run -e tests_pass=12", []),
        ("code 4/0AXk9f2LmQ7wRtPz3kVb8nHs5dGj4cYt6e ok", ["Xk9f2LmQ7wRtPz3kVb8nHs5dGj4cYt6e"]),
        ("code 4/0Aok, GET /a/4/0AXk9f2LmQ7wRtPz3kVb8nHs5dGj4cYt6e", []),
        ('AuthInfo:mail.example.com "U:bob" "P:hG5kLm9q"', ["hG5kLm9q"]),
        ('authinfo missing for "U:bob"', []),
        ('db.auth("bob","hG5kLm9q")', ["hG5kLm9q"]),
        ("x.auth('oauth', 'google')", []),
        ("ftp> user bob hG5kLm9q", ["hG5kLm9q"]),
        ("lftp -e 'user bob hG5kLm9q' host", ["hG5kLm9q"]),
        ("ftp -n host <<EOF\nbinary\nuser bob hG5kLm9q\nput x\nEOF", ["hG5kLm9q"]),
        ("ftp> user bob", []),
        ("ftp -n host: user bob logged in; sftp user bob hG5kLm9q", []),
        ("PRAGMA key = 'hG5kLm9q';", ["hG5kLm9q"]),
        ("pragma rekey='hG5kLm9q'", ["hG5kLm9q"]),
        ("ATTACH 'x.db' AS enc KEY 'hG5kLm9q'", ["hG5kLm9q"]),
        ("SELECT pgp_sym_decrypt(t.c, 'hG5kLm9q')", ["hG5kLm9q"]),
        ("pgp_sym_encrypt('of nobody', 'hG5kLm9q')", ["hG5kLm9q"]),
        ("PRAGMA key_format = 'x'; ATTACH 'x.db' AS enc; pgp_sym_decrypt(c, $1) foreign KEY 'id'", []),
        ("http --auth bob:hG5kLm9q example.com", ["hG5kLm9q"]),
        ("https -a bob:hG5kLm9q example.com", ["hG5kLm9q"]),
        ("http -a bob example.com; http --auth-type digest -a $USER:$PASS", []),
        ("unrar x -phG5kLm9q a.rar", ["hG5kLm9q"]),
        ("ncftpput -u bob -p hG5kLm9q host /d f", ["hG5kLm9q"]),
        ('curl -u "ann:hT7kq92L" https://example.com', ["ann:hT7kq92L"]),
        ('curl -u ann:"hT7kq92L" https://example.com', ['ann:"hT7kq92L"']),
        ("EXEC sp_addlogin 'ann', 'hT7kq92L', 'master'", ["hT7kq92L"]),
        ("EXEC sp_addlogin @loginame = N'ann', @passwd = N'hT7kq92L'", ["hT7kq92L"]),
        ("EXEC sp_password NULL, 'hT7kq92L', 'ann'", ["hT7kq92L"]),
        ("EXEC sp_rename 'ann', 'hT7kq92L'; sp_addlogin failed", []),
        ("snmpd: community s3cr3tcomm from UDP: [192.0.2.5]:161", ["s3cr3tcomm"]),
        ("snmptrapd: SNMP v2c, community ops4net, uptime 3", ["ops4net"]),
        ("snmpd: community string is not set; community 2 of 3, community public", []),
        ("our community 2026plan grew", []),
        ("rocommunity s3cr3tcomm 192.0.2.0/24", ["s3cr3tcomm"]),
        ("com2sec readonly default s3cr3tcomm", ["s3cr3tcomm"]),
        ("rocommunity public default", []),
        ("code=Splx5OBeZQQYbYS6WxSbIA&a=b&grant_type=authorization_code", ["Splx5OBeZQQYbYS6WxSbIA"]),
        ("code=Splx5OBeZQQYbYS6WxSbIA&grant_type=authorization_code", ["Splx5OBeZQQYbYS6WxSbIA"]),
        (
            "grant_type=authorization_code&client_id=s6&code=4/0AX4XfWhf83kjs8dk&redirect_uri=x",
            ["4/0AX4XfWhf83kjs8dk"],
        ),
        ("GET /e?code=invalid_grant_type&state=open", []),
        ("GET /e?state=CA&code=94107", []),
        ("code=Splx5OBeZQQYbYS6WxSbIA&kind=of_error", []),
        (OPENVPN, [OPENVPN]),
        (f"<tls-auth>\n{OPENVPN}\n</tls-auth>", [OPENVPN]),
        (OPENVPN.replace("\n", "\\n"), [OPENVPN.replace("\n", "\\n")]),
        ("-----BEGIN OpenVPN Static key V1----- and no more", []),
        (SSH2, [SSH2]),
        (SSH2.replace("PRIVATE", "PUBLIC"), []),
        *((f"m {line}{CUT}", [line + CUT]) for line in (FULL + "\n", f"{FULL}\r\n{FULL}\r\n", FULL + "\\n")),
        (f"{FULL}\n{FULL}\n{BODY}\n{END}", [f"{FULL}\n{FULL}\n{BODY}\n{END}"]),
        (f"{FULL}\n{CUT}".replace("PRIVATE", "PUBLIC"), []),
        (f"words and words\n{END}", []),
        (f"{'A' * 64}\n{END}", []),
    ],
)
def test_places(text: str, values: list[str], triggers: Triggers) -> None:
    misses: list[Miss] = []
    assert taken(PLACES, text) == values
    PLACES.find(text, misses)
    assert triggers.match("secret-place", text) or not values
    assert all(miss.why and miss.why.islower() for miss in misses if "JWT" not in miss.why)


def test_a_private_key_is_its_own_entity() -> None:
    (span,) = PLACES.find(f"{KEY}\n{BODY}\n{END}")
    assert (span.entity, span.detector, span.validated) == ("PRIVATE_KEY", "secret:private-key", True)


# --- names


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("password=hunter2", ["hunter2"]),
        ("password: !unsafe 'hunter2'", ["hunter2"]),
        ("password: !!str hunter2", ["hunter2"]),
        ("password: !vault hunter2", ["hunter2"]),
        ("password: !vault |", []),
        ("password: !Ref DbPassword", []),
        ("MasterUserPassword: !GetAtt Db.Password", []),
        ('password: "!Ref DbPassword"', []),
        ("password: !secret db_password", []),
        ("password: !Sub '{{resolve:secretsmanager:${Db}::password}}'", []),
        ('password: !Sub "hunter2x"', ["hunter2x"]),
        ("password: !Base64 hunter2x", ["hunter2x"]),
        ("password: !Rf9kQ2xm", ["!Rf9kQ2xm"]),
        ('"password": "hunter2"', ["hunter2"]),
        ("password: 'hunter2', user: x", ["hunter2"]),
        ('{\\"password\\":\\"hunter2\\"}', ["hunter2"]),
        (":password       => '4ian1234',", ["4ian1234"]),
        ('$dbPassword .= "hunter2"', ["hunter2"]),
        ('API_TOKEN :::= "ab12cd"', ["ab12cd"]),
        ("token ?= ab12cd", ["ab12cd"]),
        ("$mail->Password   = 'secret';", ["secret"]),
        ("if (creds.secret != 'open-sesame') {", ["open-sesame"]),
        ("config('x-api-key', 'ab12cd34')", ["ab12cd34"]),
        ("os.getenv('API_KEY', 'ab12cd34')", ["ab12cd34"]),
        ("apiKey = process.env.API_KEY || 'ab12cd34'", ["ab12cd34"]),
        ('<add key="FromEmailPassword" value="Prestig$"/>', ["Prestig$"]),
        ("- name: DB_PASSWORD\n  value: hunter2", []),  # bare on another line: it may be the next key
        ('- name: DB_PASSWORD\n  value: "hunter2"', ["hunter2"]),
        ("<password>hunter2</password>", ["hunter2"]),
        ("<apiToken>\n  ab12cd34\n</apiToken>", ["ab12cd34"]),
        ("<password>hunter2 is what they said", []),
        ("authorization: Bearer ab12cd34", ["ab12cd34"]),
        ('password = "correct horse', ["correct horse"]),
        ("rootpassword=hunter2", ["hunter2"]),
        ("jwtsecret: ab12cd34", ["ab12cd34"]),
        ("MAIL_PASS=whiteduke", ["whiteduke"]),
        ("user_email=bob@example.com", ["bob@example.com"]),
        ("user_email=${EMAIL}", []),
        # a vendor's name
        (f"acme = {B62}", []),
        (f"algolia_key = {B62}", [B62]),
        (f'"algolia": "{B62}"', [B62]),
        (f"-Dsonar.login={HEX32}", [HEX32]),
        (f"twitter_client_id={B62}", [B62]),
        (f"zapier_id={B62}", [B62]),
        ("zapier_id=123e4567-e89b-42d3-a456-426614174000", []),
        ("AZURE_CLIENT_ID=123e4567-e89b-42d3-a456-426614174000", []),
        (
            "AZURE_CLIENT_SECRET=1a2b4567-e89b-42d3-a456-426614174000",
            ["1a2b4567-e89b-42d3-a456-426614174000"],
        ),
        ("zapier_key=ab1", []),
        ("zapier_key=SomeOrdinaryWords", []),
        ("zapier_key=bqkvzwjxhtrmplfd", ["bqkvzwjxhtrmplfd"]),
        ("zapier_key=short", []),
        ("zapier_key=ordinary", []),
        ("-Dfoo=bar -Dx=1", []),
        ("X_PASS=whiteduke", ["whiteduke"]),
        ("TESTS_PASS=12", []),
        ("--- PASS: TestFind (0.00s)", []),
        ("SegmentId: 07a85e713f6302b2", []),
        (f"arn:x:secret:{B62}", []),
        ("zapier_region=us-east-1", []),
        (f"zapiersamplekey={B62}", []),
        # a name that says little
        (f"acme_key = {B62}", [B62]),
        ("acme_key = 123e4567-e89b-42d3-a456-426614174000", []),
        ("acme_key = ab12", []),
        (f"foreign_key = {B62}", []),
        (f"public_token = {B62}", []),
        (f"key = {B62}", []),
        ("acme_key = https://example.com/a1/b2/c3", []),
        # what it holds is none
        ("password=${DB_PASSWORD}", []),
        ('password = "{{ vault_password }}"', []),
        ("password = <your password>", []),
        ("password: changeme", []),
        ("password: ********", []),
        ("password=%(password)s", []),
        ("password=null", []),
        ("password = getPassword()", []),
        ("password = settings.password", []),
        ("password = request[0]", []),
        ("password=x", []),
        ("token=token", []),
        ("secret_key: api-key", []),
        ('token = "ab12..."', []),
        ("serviceToken: ops_eyJz..[Redacted]", []),
        ('sb.append("Password: " + getPassword() + ",");', []),
        ('aPassword:"Password:",rememberMeLabel:"x"', []),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:retrieve-0-2aONLk", []),
        ('"clientToken": "D796F4C4-6073-485E-B59D-DEA24780EE7A"', []),
        ('"eventName": "GetSecretValue", "awsRegion": "us-east-1"', []),
        ("['cookies', 'cookie2']", []),
        (f"['api_key', '{B62}']", [B62]),
        ('"/forgot-password" => "cms/passwords#update"', []),
        ("password: ", []),
        ("total_tokens=123 author=bob secretary: ann", []),
        # in a list, and what may be there
        ("{'password1': ['hunter2x'], 'a': ['b']}", ["hunter2x"]),
        ("map[Password:[hunter2x] Email:[x]]", ["hunter2x"]),
        ('User { password: Some("hunter2x"), token: None }', ["hunter2x"]),
        (f"acme_key=['{B62}']", [B62]),
        ("tokens: [1, 2, 3], password: []", []),
        ("password: get(x), secret = [REDACTED]", []),
        # elements of XML
        ("<p:Password>hunter2x</p:Password>", ["hunter2x"]),
        ('<Password a="1">hunter2x </Password>', ["hunter2x"]),
        ("<DateOfBirth>1984-03-01</DateOfBirth>", ["1984-03-01"]),
        ('<s:FullName xsi:type="xsd:string">Jane Roe</s:FullName>', ["Jane Roe"]),
        ('<Password xsi:nil="true"/><a>hunter2x</a>', []),
        ("<Email>verified</Email><Phone/>", []),
        ("if a<Password>hunter2x", []),
        ("a FullName>Jane Roe</a>", []),
        # no operator
        (f"acme SECRET {B62}", [B62]),
        (f"private key: {B62}", [B62]),
        ("private key: /etc/ssl/private/host1.example.key", []),
        (f"algoliaSECRET-{B62}", [B62]),
        (f"algoliakey {B62}", [B62]),
        (f"algolia access key {B62}.", [B62]),
        ("algolia SECRET bqkvzwjxhtrmplfd", ["bqkvzwjxhtrmplfd"]),
        ("algolia SECRET SomeOrdinaryWords", []),
        ("access GeneratedIdentifierNames", []),
        (f"monkey {B62}", []),
        (f"algolia {B62}", [B62]),
        ("algolia 1234567890abcdef1234567890abcdef", ["1234567890abcdef1234567890abcdef"]),
        ("algolia SomeOrdinaryIdentifier", []),
        ("password 'hunter2'", ["hunter2"]),
        ('the password for the user "bob" is "hunter2"', ["hunter2"]),
        ("the password is 'changeme'", []),
        ('Unexpected token "March" at position 12', []),
        ("expected token 'endif', got 'x'", []),
        # What a number, a mailbox and a name must have; in a group of numbers or of names all goes.
        ("China Mobile: Data Usage Alert", []),
        ("fax:x:21:", []),
        ("report.zip: Zip archive data", []),
        ("*.zip=38;5;9", []),
        ("nino: nt 99 88 77 a", ["nt 99 88 77 a"]),
        ("nino: nothing 1", []),
        ("account_no=12 34 56.7", ["12 34"]),
        ("member_id: 12 34 56, or not", ["12 34 56"]),
        ("member_id=123456 200 15ms", ["123456"]),
        ("zip=1234 status=200", ["1234"]),
        ("patient_name: Mary Ann van Smith-Jones was seen", ["Mary Ann van Smith-Jones"]),
        ("full_name=Mary Ann Status=200", ["Mary Ann"]),
        ("last_name=Smith logged in", ["Smith"]),
        ("firstName=Mary-Ann&lastName=O'Hara&n=1", ["Mary-Ann", "O'Hara"]),
        ("last_name=D'Angelo Lee logged in", ["D'Angelo Lee"]),
        ("'last_name=Smith','Other'", ["Smith"]),
        ("last_name=O' and last_name=a'b", []),
        ("first_name: Will", ["Will"]),
        ("full_name='Jo Example' ok", ["Jo Example"]),
        ("first_name: null", []),
        (f"api_key={B62 * 20} x", [B62 * 20]),
        (f"api_key={B62 * 20}", [B62 * 20]),
        ("mail: voice", []),
        ("Author-email: The Team", []),
        ("email=bob%40example.com", ["bob%40example.com"]),
        ("mail:x:8:12:mail:/var/spool/mail:/sbin/nologin", []),
        ("MAIL=/var/spool/mail/joe", []),
        ("PWD=/home/joe/work", []),
        ("PWD=/aB3xY", ["/aB3xY"]),
        ("com.example.access_sessionkey:*:397:", []),
        ("postman-token: 9f583ef0-ed83-4a38-aef3-eb9ce3f7a57f", []),
        ("RSA private key\nkelly-aws2.pem: PEM", []),
        ("aws key kelly2-aWs9pEm", ["kelly2-aWs9pEm"]),
        # Told in a sentence.
        ("login with password Qr7!dke#39.", ["Qr7!dke#39"]),
        ("password for user ada is Qr7!dke#39", ["Qr7!dke#39"]),
        ("Password was set to Qr7!dke#39!", ["Qr7!dke#39"]),
        ("The password is Incorrect!", []),
        ("password for the admin is Required.", []),
        ("his password R3boot!Now appeared", ["R3boot!Now"]),
        ("Failed password for root from", []),
        ("password reset2 done", []),
        ("password SHA512 needed", []),
        ("password ${Secret1}", []),
        # A type stands between.
        (f'var adafruitToken string = "{HEX32}"', [HEX32]),
        (f'val apiKey: String = "{HEX32}"', [HEX32]),
        ("password: str = 'hunter2'", ["hunter2"]),
        ("password: str = read", []),
        ("password: string", []),
        ('the key string = "x"', []),
        # Code, words about a secret, packages and files.
        ("password=settings.password", []),
        ("customer_name = await customers.name()", []),
        ("token = Keyword", ["Keyword"]),
        ("token: expired.", []),
        ("pre_shared_key: avoid use-after-free", []),
        ('password: "must not be empty"', []),
        ("install xauth:amd64 1:1.1", []),
        ("install zip:amd64 3.0", []),
        ("api/token.cpython-311-x86_64-linux-gnu.so", []),
        ("when crossing the street: multi-lane roads", []),
        ("street: Baker", ["Baker"]),
        ("city: look out", []),
        ("city=San Jose", ["San Jose"]),
        ("city=1234", []),
        ("first_name=Bob", ["Bob"]),
        ("first_name=xxx", []),
        # Tests pass too.
        ("user=bob&pass=hunter2&x=1", ["hunter2"]),
        ('pass = "s3cr3t!"', ["s3cr3t!"]),
        ("changed password from 'Winter2024!' to 'Spring2025!'", ["Winter2024!", "Spring2025!"]),
        ("changed password to 'x y z'", ["x y z"]),
        ("password from 'Winter2024!' to 3", ["Winter2024!"]),
        ("read the password from vault to memory", []),
        ("pass: hunter2", []),
        ("smtp:\n  pass: Kettle-9981x", ["Kettle-9981x"]),
        ('$1 = {uid = 0x0, passwd = 0x55d6 "Kettle-9981x", n = 0x1 "a"}', ["Kettle-9981x"]),
        ("smtp:\n  user: jo\n  pass: Kettle-9981x\n  port: 25", ["Kettle-9981x"]),
        ("run:\n  pass: login_test_1", []),
        ("run:\n  pass: TestLogin1 in 12 ms", []),
        ("pass: TestLogin1", []),
        ("ASP.NET_SessionId=k3j4h5k2j3h4", ["k3j4h5k2j3h4"]),
        (".ASPXAUTH=9F86D081884C", ["9F86D081884C"]),
        ("connect.sid=s%3Ak3j4h5k2.lmno", ["s%3Ak3j4h5k2.lmno"]),
        ("sessionId=k3j4h5k2 net.session=k3j4h5k2 sid=k3j4h5k2", []),
        ("within ARGS:pass: hunter2' or '1'='1", ["hunter2"]),
        ("within ARGS:password: hunter2", ["hunter2"]),
        ("form:password: hunter2", ["hunter2"]),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:password:hello12", []),
        ('Tunnel-Password:0 = "kT5wq81NxZp"', ["kT5wq81NxZp"]),
        ("password:10 = 3", []),
        # Folders, programs, modules and databases.
        ("PWD=/root", []),
        ("PWD=/srv/", []),
        ("PWD=/hT7kq92LmZx", ["/hT7kq92LmZx"]),
        ("pam_unix(chpasswd:chauthtok): password changed for x", []),
        ("pam_sss(passwd:chauthtok): ok", []),
        ("passwd[1122]: password for 'x' changed by 'root'", []),
        ("passwd[1122]=hunter2", ["hunter2"]),
        ("reason = Invalid password : server = 192.0.2.5", []),
        ("password : hunter2 = 5", ["hunter2"]),
        ("passwd:         files systemd", []),
        ("passwd: hunter", ["hunter"]),
        # In LDIF two colons stand before base64; in code they stand between names.
        ("userPassword:: e1NTSEF9NWVuNkc2TWU=", ["e1NTSEF9NWVuNkc2TWU="]),
        ("class Password::Hasher", []),
        ("password::verify failed", []),
        # Templates, and what only begins as one.
        ("userPassword: {SSHA}5en6G6MezRroT3XK/BfQ2mXa8", ["{SSHA}5en6G6MezRroT3XK/BfQ2mXa8"]),
        ("password={SHA512-CRYPT}$6$ab$kQ92Lm8Zx", ["{SHA512-CRYPT}$6$ab$kQ92Lm8Zx"]),
        ("spring.user.password={noop}hunter2", ["{noop}hunter2"]),
        ("password={abc}hT7kq92LmZx", ["{abc}hT7kq92LmZx"]),
        ("password=<hT7kq92LmZx>", ["<hT7kq92LmZx>"]),
        ("PWD={hT7kq92LmZx};", ["{hT7kq92LmZx}"]),
        ("password=$hT7kq92LmZx", ["$hT7kq92LmZx"]),
        ("password=%hT7kq92LmZx%", ["%hT7kq92LmZx%"]),
        *(
            (f"password={template}", [])
            for template in """${TOKEN} {password} <password> $DB_PASSWORD %PASSWORD% {{ x }} {0} {base}{name}
            <your-password-here> <password1> $dbPassword2 $PGPASSWORD_V15 %DB_PASSWORD2% {user.password2}
            {vault}secret/data/app2 $args[0] ${params.password1}""".splitlines()
            for template in template.split()
        ),
        ("pass=12 fail=3", []),
        ("pass=12/14", []),
        ("pass=3.5s", []),
        ("pass=test1", []),
        ("pass=first", []),
        # Code, and what parsers and tools say.
        ("def f(prompt='Password: ', stream=None):", []),
        ("x = input('Password: ', hidden(1))", []),
        ("password = getpass('Password: ') or None", []),
        ("Password: 'None)x'", ["None)x"]),
        ("self.password = password", []),
        ("self.password = letmein", ["letmein"]),
        ("const createToken = (name, value) => {", []),
        ("const setToken = (token: string): void => {", []),
        ("token = (hunter2x, 1)", ["hunter2x"]),
        ("Parser.prototype.parseToken = function (token) {", []),
        ("_credentials = impersonated", []),
        ("_credentials = impersonated2", ["impersonated2"]),
        ("_authToken=abcdefghijklmnop", ["abcdefghijklmnop"]),
        ("Unexpected token: identifier (foo)", []),
        ("Expected token: 8f3a1c9d2eab", ["8f3a1c9d2eab"]),
        ("invalid token: 42", []),
        ("invalid token: 421", ["421"]),
        ("token=EOF line=42", []),
        ("secrets: inherit", []),
        ("fetch(url, {credentials: 'include'})", []),
        ("Secrets: fewer false alarms", []),
        ("secrets: root toor", ["root"]),
        ("secrets: hunter two3 four", ["hunter"]),
        ("unpack .../103-xauth_1%3a1.1.2-1_amd64.deb ...", []),
        ("gir1.2-secret-1_0.20.5-3_amd64.deb", []),
        ("secret-1_0.20.5-3_amd64.debx", ["1_0.20.5-3_amd64.debx"]),
        ("auth: { user: 'svc', pass: 'hG5kLm9q' }", ["hG5kLm9q"]),
        ("{'user': 'svc', 'pw': 'hG5kLm9q'}", ["hG5kLm9q"]),
        ("<psw>hG5kLm9q</psw>", ["hG5kLm9q"]),
        ("pass: 'test_login_1'", []),
        ("{'pass': 'mem2reg', 'psw': '2026-01-02T10:00:00Z'}", []),
        ("<pass>12</pass>", []),
        ('<Pin xsi:type="xsd:int">4938</Pin>', ["4938"]),
        ("{'pin': 'GPIO4', 'x': 'D7'}", []),
        ("'pin': '12'", []),
        # A name and its value in brackets.
        ('{password, "hG5kLm9q"}', ["hG5kLm9q"]),
        ('{:password, "hG5kLm9q"}', ["hG5kLm9q"]),
        ('[{user,<<"svc">>},{password,<<"hG5kLm9q">>}]', ["hG5kLm9q"]),
        ("List((user,svc), (password,hG5kLm9q))", ["hG5kLm9q"]),
        ("{password, undefined}", []),
        ("login(password,hG5kLm9q)", []),
        ("map((password,user2))", []),
        # Strings with a letter before them, in a type, in a function, of PHP.
        ("{'password': b'hG5kLm9q', 'api_key': u'k3J9sLq0Xv7ZpT2m'}", ["hG5kLm9q", "k3J9sLq0Xv7ZpT2m"]),
        ("(b'cookie', b'8f3kq2lmzx')", ["8f3kq2lmzx"]),
        ("WHERE [u].[Password] = N'hG5kLm9q' OR password = E'z9J2sLq0'", ["hG5kLm9q", "z9J2sLq0"]),
        ("password = N'changeme'", []),
        ('token: Some(\n  Token("k3J9sLq0Xv7Z"),\n)', ["k3J9sLq0Xv7Z"]),
        ("Login(password=Password(value=hG5kLm9q), a=1)", ["hG5kLm9q"]),
        ("AccessToken{value='k3J9sLq0Xv7Z'}", ["k3J9sLq0Xv7Z"]),
        ("password = SHA2('hG5kLm9q', 256)", ["hG5kLm9q"]),
        ("password = crypt('hG5kLm9q', gen_salt('bf'))", ["hG5kLm9q"]),
        ("password = md5(pw2)", []),
        ('password = getpass("Your password1: ")', []),
        ("[password:protected] => hG5kLm9q [token:App\\User:private] => k3J9sL", ["hG5kLm9q", "k3J9sL"]),
        ('["password":protected]=> string(8) "hG5kLm9q"', ["hG5kLm9q"]),
        ('["password"]=> &string(8) "hG5kLm9q"', ["hG5kLm9q"]),
        ("[password:protected] => ", []),
        ('#{password => <<"hG5kLm9q">>}', ["hG5kLm9q"]),
        # Types of their own, and days as they are made.
        ('patient { mrn: Mrn("00482913"), n: 1 }', ["00482913"]),
        ('vendorKey = VendorKey("k9Zq8vX2mB7w")', []),
        ("User(mrn=Mrn(value=00482913), last_name=LastName(value=Adeyemi))", ["00482913", "Adeyemi"]),
        ('ssn: Some(Ssn("412739985")), clientSecret: ClientSecret("hG5kLm9q")', ["412739985", "hG5kLm9q"]),
        ("dob: NaiveDate(1971-02-28), dob=LocalDate.of(1971, 2, 28)", ["1971-02-28", "1971, 2, 28"]),
        ("birthDate = NaiveDate::from_ymd(1971, 2, 28)", ["1971, 2, 28"]),
        ("dob: Some(LocalDate.of(1971, Month.FEBRUARY, 28))", ["1971, Month.FEBRUARY, 28"]),
        ('{ dob: ISODate("1971-02-28T00:00:00Z") }', ["1971-02-28T00:00:00Z"]),
        ("patientDob=new Date(1971, 1, 28)", ["1971, 1, 28"]),
        ("dob = Column('date_of_birth1'), dob: DATE(1), dob=timedelta(7000, 2, 28)", []),
        ("mrn = Column('mrn_2'), last_name = forms.CharField('Your name'), ssn: UInt64(412739985)", []),
        ("password = CharField('hG5kLm9q'), token: Regex(\"k3J9sLq0Xv7Z\")", []),
        ("due: NaiveDate(2024-02-28), at: LocalDate.of(2024, 2, 28)", []),
        # Lists, and what a value became.
        ("api_keys=['k3J9sLq0Xv7Z', 'z9J2sLq0Xv7Z', 'x']", ["k3J9sLq0Xv7Z", "z9J2sLq0Xv7Z"]),
        (
            'Config{Tokens:[]string{"k3J9sLq0Xv7ZpT2mN8bR", "z9J2sLq0Xv7ZpT2mN8bQ"}}',
            ["k3J9sLq0Xv7ZpT2mN8bR", "z9J2sLq0Xv7ZpT2mN8bQ"],
        ),
        ("{ 'x-api-key': [ 'k3J9sLq0Xv7Z' ] }", ["k3J9sLq0Xv7Z"]),
        ('password: "hG5kLm9q" -> "z9J2sLq0"', ["hG5kLm9q", "z9J2sLq0"]),
        ("password='hG5kLm9q', 'z9J2sLq0'", ["hG5kLm9q"]),
        ("api_keys=['k3J9sLq0Xv7Z', 'user': 'x1']", ["k3J9sLq0Xv7Z"]),
        ("tokens: ['Hello', 'gpt2', 'internationalization2']", []),
        # YAML and XML.
        ("password: |-\n    hG5kLm9q\nuser: x", ["hG5kLm9q"]),
        ("password: !!str hG5kLm9q", ["hG5kLm9q"]),
        ("<password><![CDATA[hG5kLm9q]]></password>", ["hG5kLm9q"]),
        ("<password><![CDATA[]]></password>", []),
        # Messages about a secret.
        ("errors: {password: 'is required', token: 'has expired'}", []),
        ("token: malformed JWT", []),
        ("token: unexpected end of input at line 3", []),
        ('secret: key "password" not found', []),
        ("password: 'correct horse battery staple'", ["correct horse battery staple"]),
        ('Authorization: Digest username="x", realm="y"', []),
    ],
)
def test_names(text: str, values: list[str], triggers: Triggers) -> None:
    misses: list[Miss] = []
    assert taken(NAMES, text) == values
    NAMES.find(text, misses)
    assert triggers.match("assignment", text) or not values
    assert all(miss.why for miss in misses)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("пароль: Xk9-f2LmQ7", "пароль: <PASSWORD>"),
        ("Новый пароль=Xk9f2LmQ7zz, вход", "Новый пароль=<PASSWORD>, вход"),
        ("您的密码: Xk9-f2LmQ7", "您的密码: <PASSWORD>"),
        ("密码：Xk9-f2LmQ7", "密码：<PASSWORD>"),
        ("パスワード: 'abc 12345'", "パスワード: '<PASSWORD>'"),
        ("비밀번호=Xk9f2LmQ7zz", "비밀번호=<PASSWORD>"),
        ("电话：13912345678", "电话：<PHONE_NUMBER>"),
        ("телефон: 555-0100-22", "телефон: <PHONE_NUMBER>"),
        ("имя: Иван Петров, время: 12", "имя: <PERSON>, время: 12"),
        ("地址: 北京市朝阳区建国路88号", "地址: <STREET_ADDRESS>"),
        ("пароль неверный: попробуйте ещё раз", None),
        ("пароль: ******", None),
        ("время: 12, файл=Xk9f2LmQ7zz", None),
        ("/пароль: x", None),
        ("电话会议：下午", None),
    ],
)
def test_names_in_other_letters(text: str, clean: str | None) -> None:
    ours = build_sanitizer()
    assert ours.redact_text(text)[0] == (clean or text)
    assert ours.redact({"m": text})[0] == {"m": clean or text}
    assert next(iter(ours.redact_lines([text.encode() + b"\n"]))) == (clean or text).encode() + b"\n"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"Authorization: GenieKey {B62}", [B62]),
        (f"authorization: Key {B62}", [B62]),
        (f'-H "Authorization: Api-Key {B62}"', [B62]),
        (f"Authorization: SharedKey acct:{B62}=", [f"acct:{B62}="]),
        (f"Authorization: AWS AKIA:{B62}=", [f"AKIA:{B62}="]),
        ('Authorization: Hawk id="dh37", ts="1"', []),
        ("authorization: key is missing", []),
        ("password:  16 bytes", []),
        ("redis-password: 10 bytes", []),
        ("password: 1682345", ["1682345"]),
        ("POSTGRES_HOST_AUTH_METHOD=scram-sha-256", []),
        ("DATABASE_URL=postgres://db01:5432/app", []),
        ("DB_PASSWORD='it'\\''s9secret' HOST=x", ["'it'\\''s9secret'"]),
        ("DB_PASSWORD=it\\'s9secret HOST=x", ["it\\'s9secret"]),
        ("DB_PASSWORD=$'it\\'s9secret' HOST=x", ["$'it\\'s9secret'"]),
        ("password='it\\'s9secret', host=x", ["it\\'s9secret"]),
        ("DATABASE_URL=postgres://db01:5432/app?password=x7", ["postgres://db01:5432/app?password=x7"]),
        (f"/a.jsp;jsessionid={HEX32}?x=1", [HEX32]),
        ('cookies="theme=dark; lang=en"', []),
        ('cookies="theme=dark; sid=8f3kq2lmzx0"', ["theme=dark; sid=8f3kq2lmzx0"]),
    ],
)
def test_schemes_and_what_is_no_secret(text: str, values: list[str], triggers: Triggers) -> None:
    assert taken(NAMES, text) == values
    assert triggers.match("assignment", text) or not values


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"cookie": "theme=dark; lang=en"},) * 2,
        ({"set-cookie": "lang=en; Path=/; Secure; HttpOnly"},) * 2,
        ({"cookie": "theme=dark; sid=8f3kq2lmzx0"}, {"cookie": "<SECRET>"}),
        ({"cookie": "theme"}, {"cookie": "<SECRET>"}),
        ({"cookie": "secure; theme=dark"}, {"cookie": "<SECRET>"}),
        (
            {"cookies": [{"name": "lang", "value": "en"}, {"name": "sid", "value": "en"}]},
            {"cookies": [{"name": "lang", "value": "en"}, {"name": "sid", "value": "<SECRET>"}]},
        ),
        (
            {"cookies": {"lang": "en", "theme": "hG5kLm9q", "user": "en", "tz": 60}},
            {"cookies": {"lang": "en", "theme": "<SECRET>", "user": "<SECRET>", "tz": None}},
        ),
        ({"secrets": {"lang": "en"}}, {"secrets": {"lang": "<SECRET>"}}),
        # What a form calls its fields.
        ({"labels": {"password": "Password", "token": "Access token:"}},) * 2,
        ({"i18n": {"de": {"password": "Passwort"}, "fr": {"password": "Mot de passe"}}},) * 2,
        ({"placeholder": {"password": "Enter your password…", "apiKey": "API key *"}},) * 2,
        ({"labels": {"password": "hunter2"}}, {"labels": {"password": "<PASSWORD>"}}),
        ({"labels": {"password": "Sesame"}}, {"labels": {"password": "<PASSWORD>"}}),
        ({"labels": {"password": "Token"}}, {"labels": {"password": "<PASSWORD>"}}),
        ({"user": {"password": "Password"}}, {"user": {"password": "<PASSWORD>"}}),
    ],
    ids=str,
)
def test_what_is_harmless_under_a_name_of_secrets(record: object, after: object) -> None:
    ours = build_sanitizer()
    assert ours.redact(record)[0] == after
    assert json.loads(next(iter(ours.redact_lines([json.dumps(record).encode() + b"\n"])))) == after


def test_the_device_of_who_logs_in() -> None:
    ours = build_sanitizer()
    text = 'Calling-Station-Id="00-11-22-33-44-55" NAS-Port=17 at 20-11-22-10-44-55'
    assert ours.redact_text(text)[0] == text.replace("00-11-22-33-44-55", "<MAC_ADDRESS>")
    assert ours.redact_text("Calling-Station-Id=edge-7")[0] == "Calling-Station-Id=edge-7"


def test_names_keep_their_entity() -> None:
    (password,) = NAMES.find("db_password=hunter2")
    (email,) = NAMES.find("email=bob@example.com")
    assert (password.entity, email.entity) == ("PASSWORD", "EMAIL_ADDRESS")


def test_vendors() -> None:
    assert vendors.named(("new", "relic", "key"))
    assert vendors.named(("box", "secret"))
    assert not vendors.named(("box", "secret"), sure=True)
    assert not vendors.named(("red", "herring"))
    assert not vendors.SURE & vendors.COMMON


# --- noise


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "nothing"),
        ("x", "one character"),
        ("TRUE", "a stand-in word"),
        ("YOUR_API_KEY", "a stand-in word"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY", "a stand-in word"),
        ("$(cat token)", "a template or code"),
        ("#####", "a mask"),
        ("x:12:postfix", "a line of /etc/passwd or its like"),
        ("::postfix", "a line of /etc/passwd or its like"),
        ("x12:postfix", None),
        ("2.0.0", "a version"),
        ("(sensitive", None),
        ("sensitive", "a stand-in word"),
        ("known", "said of a secret, and none"),
        ("xxxxxxxx", "one character repeated"),
        ("aaaaaaaaaabbbbbbbbbb", "one character repeated"),
        ("ab", None),
        ("hunter2", None),
    ],
)
def test_stand_ins(value: str, why: str | None) -> None:
    assert noise.stand_in(value) == why


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ab12", "too short"),
        ("abcdefghij0123456789", "a sequence"),
        ("DefaultListableBeanFactory2", "words"),
        ("com.example.Service", "words"),
        ("z1q2z1q2z1q2z1q2z1", "too little entropy"),
        ("changeme", "a stand-in word"),
        ("abcd", "too short"),
        ("4047600326254558", None),
        (B62, None),
    ],
)
def test_randomness(value: str, why: str | None) -> None:
    assert noise.random(value) == why


# --- all together


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-11T10:22:33.123Z INFO  [main] o.s.b.f.s.DefaultListableBeanFactory : Overriding bean definition",
        '192.0.2.7 - - [11/Feb/2026:10:22:33 +0000] "GET /api/v1/keys?page=2 HTTP/1.1" 200 1534 "-" "curl/8.5"',
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b Author: bob, key frames rendered: 12",
        "Step 7/12 : RUN pip install --no-cache-dir -r requirements.txt  ---> 3f8a1c9be07d",
        "npm WARN deprecated request@2.88.2: see https://github.com/request/request/issues/3142",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 docker.io/library/alpine:3.19",
        "prompt_tokens=120 completion_tokens=80 max_tokens=4096 next_token=null primary_key=42",
        "The secret of good prose is that the password to it, as a token of respect, is patience.",
        "java.lang.IllegalStateException: No key found for token type ACCESS at com.example.Token.find(Token.java:17)",
        "Selected kernel: key=value pairs, cookie jar: 3 items, basic settings, bearer of bad news",
        "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 request_id=D796F4C4-6073-485E-B59D-DEA24780EE7A",
    ],
)
def test_ordinary_lines_stay(line: str) -> None:
    assert spans(line) == []


def test_a_trigger_matches_whatever_is_found(triggers: Triggers) -> None:
    @given(st.text(alphabet="aA1 =:\"'\\-_./@{}<>,;kKeysEcrtTon\n", max_size=60))
    def holds(text: str) -> None:
        for recognizer in recognizers():
            found = recognizer.find(text)
            assert not found or triggers.match(recognizer.name, text)
            for span in found:
                assert 0 <= span.start < span.end <= len(text)
                assert span.entity in recognizer.entities

    holds()


ELSEWHERE = {"rclone-config", "snmp-user", "radius-login"}
"""Places whose anchor says what the text is about, and stands outside of what their pattern takes."""


def test_what_a_place_takes_holds_its_anchor() -> None:
    """A text without it is not looked at: so an anchor that a command can do without is a leak."""
    places = [one for one in structures.PLACES if one.id not in ELSEWHERE and one.anchor not in one.behind]
    assert len(places) > 60

    few = settings(max_examples=settings().max_examples // 3, database=None, phases=[Phase.generate])
    for place in places:
        pattern = re.compile(place.pattern.pattern, place.pattern.flags)
        few(given(st.from_regex(pattern, alphabet=st.characters(max_codepoint=126)))(holding(place)))()


def holding(place: structures.Place) -> Callable[[str], None]:
    def holds(text: str) -> None:
        text = text.lower()
        assert place.anchor in text, place.id
        assert not place.anchors or any(one in text for one in place.anchors), place.id

    return holds


@pytest.mark.parametrize(
    "text",
    ["a." * 50000, "A3" * 50000, "a=" * 50000, "key " * 25000, "curl -u " * 12000, KEY * 4000, "cookie:" * 14000,
     "https://a:b" * 10000, "secret " * 14000, "=" * 100000, "eyJa." * 20000, "sk-" * 33000],
)  # fmt: skip
def test_hostile_repeats_end(text: str) -> None:
    """A pattern that is not linear would take minutes here."""
    assert len(spans(text)) <= len(text)


def test_a_short_value_is_no_sequence() -> None:
    assert not noise.sequence("abc")
    assert noise.sequence("fedcba")


@pytest.mark.parametrize("length", [199, 200, 401, 3000])
@pytest.mark.parametrize(
    "line", ["mysql --password {} --host db", "curl -u bob:{} https://example.com/", "sshpass -p {} ssh db"]
)
def test_a_long_password_goes_whole(line: str, length: int) -> None:
    """However long it is: the bound of a pattern leaves nothing of it, nor takes what stands behind it."""
    secret = "".join(
        Random(length).choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length)
    )
    text = line.format(secret)
    new = build_sanitizer().redact({"m": text})[0]["m"]
    behind = line.partition("{}")[2]
    assert new.startswith(line.split()[0]) and new.endswith(behind)
    assert secret[:8] not in new and secret[-8:] not in new and len(new) < len(line) + 40


def test_what_stands_in_a_long_password_is_no_other() -> None:
    secret = "".join(Random(1).choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=500))
    text = f"mysql --password={secret}%--password=Xk29fPq7 --host db"
    [span] = StructureRecognizer().find(text)
    assert text[span.start : span.end] == f"{secret}%--password=Xk29fPq7"


@pytest.mark.parametrize(
    "word",
    ["secret", "private", "access", "token", "apikey", "api-key", "key", "pat", "password", "passwd", "code"],
)
def test_words_that_begin_with_a_letter_of_no_case(word: str) -> None:
    """The look at the first letter, which is for speed, lets through all that Python takes for it."""
    spelled = {word, word.upper(), word.title(), word.replace("s", "ſ"), word.replace("k", "\u212a")}
    for name in spelled:
        assert names._LOOSE.match(f"{name} {B62}")
    for name in {
        name for name in spelled if name.lower() in ("password", "passwd", "secret", "token", "apikey")
    }:
        assert names._SPOKEN.match(f"{name} 'Qr7!dke#39'")


def test_letters_that_only_look_like_words() -> None:
    """A leak test found it: a token of letters in which three in a row are small ones."""
    body = "sozswigsty" + "zCTZKEueBLHtVvIbnjAjpvDb"
    assert not noise.humped(f"hf_{body}")
    assert noise.humped("generatedByHomeAppForDebuggingPurposes")


def test_a_short_token_has_few_letters() -> None:
    """A leak test found it: of six characters, four that differ are no filler."""
    assert not noise.filler("dOVQd5")
    assert not noise.filler("HK3HKf")
    assert noise.filler("xxxxxx")
    assert noise.filler("abababab12" * 3)
