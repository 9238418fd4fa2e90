"""Where an address begins that was found with what stands before it."""

import pytest

from cecil import Sanitizer
from cecil.sanitizer.detectors.emails import begin
from tests.conftest import build_sanitizer


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jo@example.com", "jo@example.com"),
        ("email=jo@example.com", "jo@example.com"),
        ("user_email=jo.doe@example.com", "jo.doe@example.com"),
        ("user.email=jo.doe@example.com", "jo.doe@example.com"),
        ("email='jo.doe@example.com", "jo.doe@example.com"),
        ("jo.doe=example.com@lists.example.net", "jo.doe=example.com@lists.example.net"),
        ("from=jo.doe@example.com", "jo.doe@example.com"),
        ("xyz=jo@example.com", "jo@example.com"),
        ("www.example.com/a?page=2&to=jo@example.com", "jo@example.com"),
        ("p1='jo@example.com", "jo@example.com"),
        ("people/jo@example.com", "jo@example.com"),
        *(
            (f"{name}=jo.doe@example.com", "jo.doe@example.com")
            for name in "smtp.mailfrom envelope-from smtp.auth CN E key cacheKey k who".split()
        ),
        ("PER*IP**EM*JO@EXAMPLE.COM", "JO@EXAMPLE.COM"),
        ("^NET^jo@example.com", "jo@example.com"),
        ("*@example.com", "*@example.com"),
        ("jo~doe@example.com", "jo~doe@example.com"),
        # the first part is a person's
        ("jo=example.com@lists.example.net", "jo=example.com@lists.example.net"),
        ("bounces+jo=example.com@lists.example.net", "bounces+jo=example.com@lists.example.net"),
        # nothing would be left, or it is spelled out
        ("/G=jo/S=doe/@gw.example.com", "/G=jo/S=doe/@gw.example.com"),
        ("to=@example.com", "to=@example.com"),
        ("jo at example dot com", "jo at example dot com"),
    ],
)
def test_begin(text: str, address: str) -> None:
    assert text[begin(text, 0, len(text)) :] == address


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("ip=10.0.0.7 email=jo@example.com x", "ip=10.0.0.7 email=<EMAIL_ADDRESS> x"),
        (
            "https://www.example.com/a?page=2&email=jo%40example.com&x=1",
            "https://www.example.com/a?page=2&email=<EMAIL_ADDRESS>&x=1",
        ),
        ("by jo=example.com@lists.example.net", "by <EMAIL_ADDRESS>"),
        # Quoted-printable, and what is not
        ("reply to jo.doe=40example.co.uk =3D", "reply to <EMAIL_ADDRESS> =3D"),
        *(
            (text, text)
            for text in (
                "GET /a?page=40items.com HTTP/1.1",
                "domain=40winks.com size=40px.x n=40.5 v=40example.html",
                "rate=40example.community 17=40example.com",
            )
        ),
        ("PER*IP**EM*JO.DOE@EXAMPLE.COM~", "PER*IP**EM*<EMAIL_ADDRESS>~"),
        ("path=/users/marta.k@example.org.json", "path=/users/<EMAIL_ADDRESS>"),
        ("see _marta.k@example.org_ there", "see <EMAIL_ADDRESS>_ there"),
        ("dkim=pass header.i=@example.org", None),
        # Services and machines of Kerberos, and a person of its realm.
        ("for krbtgt/EXAMPLE.COM@EXAMPLE.COM", None),
        ("for HTTP/web1.example.com@EXAMPLE.COM", None),
        ("for DC01$@EXAMPLE.COM", None),
        ("for JDOE@EXAMPLE.COM", "for <EMAIL_ADDRESS>"),
        ("GET users/JANE.ROE@EXAMPLE.COM", "GET users/<EMAIL_ADDRESS>"),
        # Ids of messages, and addresses that are used as one.
        ("message-id=<CAF3kQ9zLx2Vb7NtY=abc123@mail.example.com>", None),
        ("References: <CAF3kQ9zLx2Vb7@mail.example.com> <20260101120000.A1B2@mx1.example.com>", None),
        ('{"message_id":"<CAF3kQ9zLx2Vb7NtY=abc123@mail.example.com>"}', None),
        ("message-id=<20260101120000.4TZbV06kGz9sXX@mail.example.com>", None),
        ("message-id=<20260101120000.jane-roe@example.com>", "message-id=<<EMAIL_ADDRESS>>"),
        ("to=<20260101120000.4TZbV06kGz9sXX@mail.example.com>", "to=<<EMAIL_ADDRESS>>"),
        ("In-Reply-To: <jane.roe@example.com>", "In-Reply-To: <<EMAIL_ADDRESS>>"),
        ("Message-ID: <bob.20260101120000@example.com>", "Message-ID: <<EMAIL_ADDRESS>>"),
        ("From: <CAF3kQ9zLx2Vb7@mail.example.com>", "From: <<EMAIL_ADDRESS>>"),
    ],
)
def test_what_stands_before_stays(default: Sanitizer, line: str, after: str | None) -> None:
    assert default.redact_text(line.encode())[0].decode() == (after or line)
