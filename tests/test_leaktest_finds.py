"""What leak tests found: each is taken now, and what stands beside it and is none is left.

The tokens are invented, of the table's own forms; parts of them stand apart, so that no scanner takes them.
"""

from functools import cache

import pytest

from cecil.leaktest.plants import encoded
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.normal import layers
from tests.conftest import build_sanitizer

AZURE = "g4" + "Q~" + "e0Ot6vVxpU21KnBudd1CIGOovHcfdDmF"
DJANGO = "django-" + "insecure-" + "!gbu528zva3k6vza9bll9q+#k1z915k()=^5r()@"


made = cache(build_sanitizer)


def secrets(text: str) -> str:
    return made("secrets-only").redact_text(text)[0]


def hipaa(text: str) -> str:
    return made("hipaa").redact_text(text)[0]


def taken(text: str) -> bool:
    """Whether nothing but what stands around the token is left."""
    return secrets(f"we saw {text} today") == "we saw <SECRET> today"


@pytest.mark.parametrize("token", [f".l{AZURE}", f"~.{AZURE}", f"ab{AZURE}"])
@pytest.mark.parametrize("encoding", ["plain", "percent", "entities", "full width"])
def test_a_client_secret_may_begin_with_a_sign(token: str, encoding: str) -> None:
    assert taken(encoded(token, encoding))


@pytest.mark.parametrize(
    "text", [f"we saw .l{AZURE[:-6]} today", f"we saw {AZURE} today", "a Q~ and a 4Q~ of ~ and ."]
)
def test_what_is_no_client_secret(text: str) -> None:
    assert secrets(text) == text


@pytest.mark.parametrize(
    "token",
    [
        "api_" + "org_" + "hezvuPSsYTYriGDrpijOnBztabuUlXJIIw",
        "api_" + "org_" + "UMHagotuYuzLPFDpSrobyVJEpoAxlZcBJB",
        "hf_" + "UNelvguEsjeyyjUQYdiebLCpIAUMNGUhDiV",
        "LTAI" + "pgpEsXPiarex",
    ],
)
def test_letters_by_chance_are_no_words(token: str) -> None:
    assert taken(token)
    assert not noise.humped(token)


@pytest.mark.parametrize(
    "name",
    [
        "hf_generatedByHomeAppForDebuggingPurpose",
        "api_org_resolveContributorRepositoryNames",
        "hf_interFrequencyMeasurementEventValue",
    ],
)
def test_names_in_code_are_no_tokens(name: str) -> None:
    assert noise.humped(name)
    assert secrets(f"we saw {name} today") == f"we saw {name} today"


def test_a_token_may_end_in_one_letter_five_times() -> None:
    body = "0123456789abcdef9876543210fedcba02468ace13579bdf1122334455" + "f"
    assert taken("sntryu_" + body + "eeeee")
    for end in ("e" * 8, "xxxxx", "ababababab", "....."):
        assert noise.filler(body + end)
    assert not noise.filler(body + "abababab")


@pytest.mark.parametrize("encoding", ["plain", "full width", "percent", "zero width", "entities"])
@pytest.mark.parametrize(
    "token",
    [
        DJANGO,
        # Of these, what is read once reads as a code again: %4X, =…+, &#, an escape.
        "xoxd" + "-Iu%4CpJ/jR1NW%26USzRLFdipSJsyw92PLhkTn/4oIdZ37pfzQkBvABFfM3kq0ZpY",
        "tkn." + "v1_2p9LQTwKTGJFflfSOjfKGHrXL14nNIYI=wh7je7c4e+C7coyWLIXocHU1HjQ2",
        "django-" + "insecure-" + "abcd&#64ef528zva3k6vza9&ltq+#k1z915k(=^5r()@",
    ],
)
def test_a_token_that_holds_what_reads_as_a_code(token: str, encoding: str) -> None:
    assert taken(encoded(token, encoding))


def test_every_round_is_looked_at() -> None:
    assert [one.text for one in layers("%25%34%31 and %2B")] == ["%41 and +", "A and +"]
    assert layers("plain") == []
    # Signs of full width beside signs of full width, and none beside Chinese.
    assert layers("ａ（）＝！ｂ")[-1].text == "a()=!b"
    assert layers("好（）！") == []


@pytest.mark.parametrize("mac", ["02-ac-ad-12-03-20", "02-AC-12-12-03-20", "02-ac-20-12-11-05"])
def test_an_address_of_which_an_end_reads_as_a_date(mac: str) -> None:
    assert hipaa(f"from {mac} again") == "from <MAC_ADDRESS> again"


@pytest.mark.parametrize("time", ["05-06-03-15-42-50", "2005-06-03-15-42-50"])
def test_a_time_that_reads_as_an_address(time: str) -> None:
    assert "MAC_ADDRESS" not in hipaa(f"log-{time} written")


@pytest.mark.parametrize(
    ("label", "number", "entity"),
    [
        ("IMEI", "359873162401076", "IMEI"),
        ("IMEI", "353021504471011", "IMEI"),
        ("nir:", "191032558713907", "FR_NIR"),
        ("securite sociale:", "174083169679038", "FR_NIR"),
    ],
)
def test_what_its_label_says_is_no_card(label: str, number: str, entity: str) -> None:
    """Its digits pass Luhn's check too, and of a card a policy may keep ten."""
    for sanitizer in (made("pci"), made("pci", explain=True)):
        assert sanitizer.redact_text(f"of {label} {number} again")[0] == f"of {label} <{entity}> again"


@pytest.mark.parametrize(
    "text", ["the card 4111 1111 1111 1111", "imei 4111 1111 1111 1111", "4111111111111111"]
)
def test_a_card_is_one_whatever_is_near(text: str) -> None:
    new, _ = made("pci").redact_text(text)
    assert new != text and "4111111111" not in new.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("see https://ehr.internal/patients/42 now", "see <URL> now"),
        ("GET https://ehr.internal/patients/42?name=ann&x=1, then", "GET <URL>, then"),
        ("(http://db.example.com:8080/a/b.txt#c).", "(<URL>)."),
        ('url="wss://x.test/a"', 'url="<URL>"'),
        ("see www.example.arcade/x now", "see <URL> now"),
        ("variant NP_003997.1:p.Arg23Leu in report.sh", "variant NP_003997.1:p.Arg23Leu in report.sh"),
        ("PTR 4.3.2.1.in-addr.arpa", "PTR <IP_ADDRESS>.in-addr.arpa"),
        ("of https:// nothing", "of https:// nothing"),
        ("nohttp://x", "nohttp://x"),
        ("GET /patients/42", "GET /patients/42"),
    ],
)
def test_under_hipaa_an_address_with_a_scheme_goes_whole(text: str, clean: str) -> None:
    assert hipaa(text) == clean
