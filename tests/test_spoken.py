"""Secrets told in sentences, and what is said of passwords and keys and is none."""

import pytest

from cecil.sanitizer.detectors.secrets.spoken import SpokenRecognizer
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import ENDLESS, Spotter

KEY = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([SpokenRecognizer()])


def found(spotter: Spotter, text: str) -> list[str]:
    return [text[one.start : one.end] for one in spotter.spans(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("password is hunter2 btw", ["hunter2"]),
        ("my pw is Summer2024! but it says invalid", ["Summer2024!"]),
        ("The password we use for staging is correct-horse-battery.", ["correct-horse-battery"]),
        ("the root pw on db-3 is zx81-Spectrum", ["zx81-Spectrum"]),
        ('My passphrase is "orange7lamp"', ["orange7lamp"]),
        ("the meeting passcode is 884422, see you", ["884422"]),
        ("das Passwort ist Geheim123!", ["Geheim123!"]),
        ("mi contraseña es Perro2024", ["Perro2024"]),
        ("a senha é Gato!77x", ["Gato!77x"]),
        ("mot de passe : Secret!77", ["Secret!77"]),
        ("the wifi code is sunflower42", ["sunflower42"]),
        ("pw: bluecat88", ["bluecat88"]),
        ("I set the password to Banana123 yesterday", ["Banana123"]),
        ("Reset pw to Welcome1! and told the user", ["Welcome1!"]),
        ("the password was changed to Banana123", ["Banana123"]),
        ("my old password was bluecat88 and the new one is redcat99", ["bluecat88", "redcat99"]),
        ("user: jroe pass: Kestrel!44 psk", ["Kestrel!44"]),
        ("login jroe, pw letmein99", ["letmein99"]),
        ("username jroe and the password is letmein99", ["letmein99", "letmein99"]),
        ("creds are admin / Xk29!pqLz", ["Xk29!pqLz"]),
        ("login: jroe / Xk9f2LmQ7", ["Xk9f2LmQ7"]),
        ("login jroe / Xk9f2LmQ7 works", ["Xk9f2LmQ7"]),
        ("creds jroe:Xk9f2LmQ7", ["Xk9f2LmQ7"]),
        ("Creds: jroe:Xk9f2LmQ7", ["Xk9f2LmQ7"]),
        ("use pw Xk9f2LmQ7", ["Xk9f2LmQ7"]),
        ('agent: typing "Xk9f2LmQ7" into password field', ["Xk9f2LmQ7"]),
        ("Typed 'Xk9f2LmQ7' into the login form's password input", ["Xk9f2LmQ7"]),
        ("enter “Xk9f2LmQ7” in the input#password", ["Xk9f2LmQ7"]),
        ('typed "jroe" into password field, typing "Xk9f2LmQ7" into the search box', []),
        ('typed "Xk9f2LmQ7" into compass', []),
        ("try the password `Xk9f2LmQ7`", ["Xk9f2LmQ7"]),
        ("pw is Xk9f2LmQ7", ["Xk9f2LmQ7"]),
        ("use pw reset, with password auth-v2 or use password 2026-11-21", []),
        ("login / logout; login jroe / logout; login jroe / 2026-11-21", []),
        ("login page / v2-beta; GET /login jroe / Xk9f2LmQ7", []),
        ("creds id:Xk9f2LmQ7 creds profile:k8s-eu1x creds jroe:admin", []),
        ("Enter passphrase for key '/home/jo/.ssh/id_rsa': hunter2x", ["hunter2x"]),
        ("passphrase for /home/jo key storage: hunter2x\nok", ["hunter2x"]),
        ("[sudo] password for jo: hunter2x", ["hunter2x"]),
        ("Password for 'https://git.example.com': hunter2x", ["hunter2x"]),
        ("Enter passphrase for key '/home/jo/.ssh/id_rsa': \nEnter same passphrase again: ", []),
        ("password for jo: expired; password for user jo: 17 attempts\npassword for jo: md5", []),
        ("the passphrase for key rotation: see RFC7517 for more", []),
        ("log in as admin with P@ssw0rd!23", ["P@ssw0rd!23"]),
        (f"the api key we use is {KEY}", [KEY]),
        (f"here's my key: {KEY}.", [KEY]),
        (f"Our token for the sandbox is “{KEY}”", [KEY]),
        # What is said of them.
        ("The password is incorrect. My password is not working, is it case-sensitive?", []),
        ("your password is up-to-date and was set to expire", []),
        ("password is at least 12 characters long; the password is 8 to 64 characters", []),
        ("a password is 1234 digits", []),
        ("the password is 8-digit or 12-character", []),
        ("the password is SHA-256 hashed, was sha512 or base64", []),
        ("password for this is bcrypt2 and argon2id", []),
        ("password is user1@example.com", []),
        ("the password was sent to smtp1.example.com", []),
        ("password reset mail sent to server1", []),
        ("the password file is /etc/app1/secret", []),
        ("Failed password for root from 192.0.2.1 port 22 ssh2", []),
        ("the password is ${DB_PASSWORD1}", []),
        ("my password is 2024-03-05", []),
        ("sign in with Office365 or OAuth2", []),
        ("logged in using MacBookPro18", []),
        ("credentials: default/AssumeRole2", []),
        ("creds are root / 12345678", []),
        ("user bob password required", []),
        (f"the public key is {KEY}", []),
        (f"my cache key is {KEY}", []),
        (f"my token id is {KEY}", []),
        ("my key is 0e37df36-f698-11e6-8dd4-cb9ced3df976", []),
        ("the api key is documentation/of/that/kind", []),
        ("our key is to keep going", []),
        ("pw is 1920x1080", []),
        ("password.txt is readme12.txt", []),
        # Marked in Markdown and HTML, in a cell, on a line of its own.
        *(
            (text, ["Tr7kQz9wLm2x"])
            for text in (
                "**Password:** Tr7kQz9wLm2x",
                "**Password:** `Tr7kQz9wLm2x`",
                "* **Password** - Tr7kQz9wLm2x",
                "__Password:__ Tr7kQz9wLm2x",
                "*Password:* Tr7kQz9wLm2x",
                "**API key**: Tr7kQz9wLm2x",
                "<b>Token:</b> Tr7kQz9wLm2x",
                "<p><strong>Password</strong>: Tr7kQz9wLm2x</p>",
                "| Password | Tr7kQz9wLm2x |",
                "| **API key** | `Tr7kQz9wLm2x` |",
                "<td>Password</td><td>Tr7kQz9wLm2x</td>",
                "Your temporary password:\n\nTr7kQz9wLm2x\nbye",
                "use Tr7kQz9wLm2x as your new password.",
                "user/pass: jo/Tr7kQz9wLm2x",
                "Secret answer: Tr7kQz9wLm2x",
                "I set it to Tr7kQz9wLm2x as the password for now",
                "mật khẩu: Tr7kQz9wLm2x",
                "Mat khau la: Tr7kQz9wLm2x",
                "mật khẩu là Tr7kQz9wLm2x",
                "the security answer is 'Tr7kQz9wLm2x'",
                "the new password will be Tr7kQz9wLm2x",
            )
        ),
        ("password changed from Tr7kQz9wLm2x to Kp3mNv8sXq1", ["Tr7kQz9wLm2x", "Kp3mNv8sXq1"]),
        ("Use the key Tr7kQz9wLm2xKp3m for the weather API.", ["Tr7kQz9wLm2xKp3m"]),
        ("with our staging token Tr7kQz9wLm2xKp3m", ["Tr7kQz9wLm2xKp3m"]),
        ("apikey Tr7kQz9wLm2xKp3m was revoked", ["Tr7kQz9wLm2xKp3m"]),
        ("Secret key `Tr7kQz9wLm2xKp3m`", ["Tr7kQz9wLm2xKp3m"]),
        ("PIN changed from 4412 to 9921", ["4412", "9921"]),
        ("your pin code was set from 441288 to 992177.", ["441288", "992177"]),
        *(
            (text, [])
            for text in (
                "**Password:** must be at least 8 characters",
                "**Token:** String",
                "**Secret** - see build-2-linux",
                "| Password | SHA-256 |",
                "| Token | oauth2 | yes |",
                "<td>Password</td><td>varchar2</td>",
                "Password:\n2026-01-02 12:00:00 INFO up",
                "Password:\nPlease enter it",
                "use argon2id as the password hash",
                "password changed from v1 to v2",
                "password changed from the profile page to none",
                "user/pass: admin/password",
                "secret answer: required",
                "mật khẩu không hợp lệ",
                "api key configuration_loaded_v2 ok",
                "access key refresh-token-rotation",
                "PIN changed from 12 to 13",
                "PIN header moved from 4412 items to 9921",
                "set it to v2-beta1 as the default",
                "uses the key user_profile_cache_v2 for lookups",
                "with the token refresh-token-rotation enabled",
                "the security answer is wrong for 8841",
            )
        ),
    ],
)
def test_sentences(spotter: Spotter, text: str, values: list[str]) -> None:
    assert found(spotter, text) == values


def test_why_a_value_stays_is_told() -> None:
    misses: list[Miss] = []
    text = f"my password is sha256, my cache key is {KEY}, the passcode is 1234 digits, pw is app1.example"
    assert SpokenRecognizer().find(text, misses) == []
    assert [one.why for one in misses] == ["a word", "a count", "a host", "said of something else"]


@pytest.mark.parametrize(
    "text",
    [
        *ENDLESS,
        *(
            "password a " * 10**5,
            "log in a " * 10**5,
            "user: a " * 10**5,
            "password is " * 10**5,
            "my key " * 10**5,
        ),
        *("creds a/" * 10**5, "set a password " * 10**5, "my key a: " * 10**5, "password" * 10**5),
    ],
)
@pytest.mark.parametrize("part", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_it_is_linear(spotter: Spotter, text: str, part: int) -> None:
    spotter.spans(text[: len(text) // part])


def test_a_sentence_in_a_record_comes_out_clean_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    text = "they have not seen what we were asked about " * 60
    clean, _ = sanitizer.redact(
        {"content": f"{text} the pw we use is hunter2x, {text} our api key is {KEY} {text}"}
    )
    assert clean == {"content": f"{text} the pw we use is <PASSWORD>, {text} our api key is <SECRET> {text}"}
    assert sanitizer.redact(clean)[0] == clean
