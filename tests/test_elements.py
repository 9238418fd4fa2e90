"""Values that an attribute, an element before them or the header of a form's part names."""

import pytest

from cecil.sanitizer.detectors.secrets.elements import ElementRecognizer
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter

VALUE = "zebraQ77x"


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([ElementRecognizer(NameRecognizer())])


@pytest.mark.parametrize(
    "text",
    [
        f'<Data Name="Password">{VALUE}</Data>',
        f"<Data Name='Password'>{VALUE}</Data>",
        f'<entry key="db.password">{VALUE}</entry>',
        f'<string name="access_token" translatable="false">\n  {VALUE}\n</string>',
        f"<property><name>fs.s3a.secret.key</name><value>{VALUE}</value></property>",
        f"<b:name> password </b:name>\n<b:value final='1'>{VALUE}</b:value>",
        f"<key>Password</key><string>{VALUE}</string>",
        f'<saml:Attribute Name="pwd" NameFormat="x"> <saml:AttributeValue xsi:type="y">{VALUE}</saml:AttributeValue>',
        rf"<Data Name=\"Password\">{VALUE}</Data>",
        f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{VALUE}\r\n--b--',
        rf'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{VALUE}\r\n--b--',
        f'form-data; name="password"\r\nContent-Type: text/plain\r\n\r\n{VALUE}',
        f'--b Content-Disposition: form-data; name="password"  {VALUE} --b--',
        f'<Data Name="Password"><![CDATA[{VALUE}]]></Data>',
        f'a:1:{{s:8:"password";s:9:"{VALUE}";}}',
        f"<Password><Value>{VALUE}</Value></Password>",
        f"     -> db.password: Str({VALUE})",
        rf"-> db.password: Str({VALUE})\n     -> db.name: Str(app)",
        f'-> http.request.header.x-api-key: Slice(["{VALUE}"])',
        f'O:4:"User":1:{{s:11:"\0*\0password";s:9:"{VALUE}";}}',
    ],
)
def test_a_name_and_its_value(spotter: Spotter, text: str) -> None:
    assert {value for _, value in spotter.said(text)} == {VALUE}


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ('<Attribute Name="telephoneNumber"><v:Value>2025550143</v:Value>', "PHONE_NUMBER", "2025550143"),
        ('<span name="city">Springfield </span>', "LOCATION", "Springfield"),
        ('<field name="first_name">Jo Ann</field>', "PERSON", "Jo Ann"),
        ("<tr><td>SSN:</td> <td class='x'>219099999</td></tr>", "US_SSN", "219099999"),
        ("<dt>Date of birth</dt>\n<dd>12/03/1984</dd>", "DATE_OF_BIRTH", "12/03/1984"),
        ("<th>Password</th><td>zebraQ77x</td>", "PASSWORD", "zebraQ77x"),
        ("<n:DateOfBirth>\n <n:Date>1980-02-29</n:Date>", "DATE_OF_BIRTH", "1980-02-29"),
        ('form-data; name="ssn"\r\n\r\n219099999\r\n--b', "US_SSN", "219099999"),
    ],
)
def test_what_is_no_secret(spotter: Spotter, text: str, entity: str, value: str) -> None:
    assert spotter.said(text) == {(entity, value)}


@pytest.mark.parametrize(
    "text",
    [
        '<string name="forgot_password">Forgot your password?</string>',
        "<td>Password</td><td>required</td>",
        "<td>token</td><td>The token of a session</td>",
        "<th>Email</th><th>SSN</th><td>219099999</td>".replace("SSN", "Plan"),
        "<td>Status</td><td>zebraQ77x</td>",
        "<WrittenDate><Date>2026-02-28</Date></WrittenDate>",
        "<Password><Value/></Password>",
        f"<Password><Other>{VALUE}</Other></Password>",
        f"-> db.name: Str({VALUE})",
        "-> gen_ai.usage.max_tokens: Str(1000)",
        f"db.password -> x: Str({VALUE})",
        '<string name="first_name">First name</string>',
        '<string name="password">Password</string>',
        '<string name="phone">Phone, or none</string>',
        '<button name="token">Continue2</button>',
        '<meta name="csrf-token" content="x"><title>Home1</title>',
        '<input name="password"><b>Welcome1</b>',
        f'<Data Name="Password"/><Data Name="Text">{VALUE}</Data>',
        f"<name>Password</name><other>{VALUE}</other>",
        f'<Data Nickname="Password">{VALUE}</Data>',
        '<metric name="token">17</metric>',
        '<Data Name="TokenElevationType">%%1936</Data><Data Name="KeyLength">128</Data>',
        'form-data; name="file"; filename="a.png"\r\n\r\nzebraQ77x',
        'form-data; name="password"\r\n\r\n--b--',
    ],
)
def test_what_stays(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


def test_why_it_stays(spotter: Spotter) -> None:
    misses: list[Miss] = []
    spotter.spans(
        '<string name="reset_password">Reset it now</string><Data Name="Pin_Code">none</Data>', misses
    )
    assert [(miss.entity, miss.why) for miss in misses] == [
        ("PASSWORD", "a sentence"),
        ("SECRET", "a stand-in word"),
    ]


def test_within_a_record() -> None:
    line = r'{"xml":"<Data Name=\"Password\">zebraQ77x<\/Data><Data Name=\"LogonType\">3<\/Data>"}'
    assert build_sanitizer().redact_text(line)[0] == line.replace(VALUE, "<PASSWORD>")


@pytest.mark.parametrize(
    "part",
    [
        'name="a">',
        'name="a"',
        "<name>a</name>",
        'form-data; name="a"  b ',
        "<key>",
        '<a name="a">b</a>',
        "<abc><date>",
        "-> abc: Str(a",
    ],
)
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    for one in spotter.recognizers:
        one.find(part * (LONG // len(part)))
