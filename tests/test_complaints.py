"""Values that a check quotes as wrong, and sentences that look like it."""

import pytest

from cecil.sanitizer.detectors.secrets.complaints import ComplaintRecognizer
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from tests.spotting import ENDLESS, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([ComplaintRecognizer(NameRecognizer())])


@pytest.mark.parametrize(
    "text",
    [
        "Field error in object 'signUp' on field 'password': rejected value [hG5kLm9q]; codes [a,b]",
        "1 validation error for SignUp\npassword\n  Too short [type=short, input_value='hG5kLm9q', input_type=str]",
        '"password" with value "hG5kLm9q" fails to match the required pattern',
        'spec.users[0].password: Invalid value: "hG5kLm9q": must be longer',
        "value for KUBE_CONFIG_PASS is 'hG5kLm9q' (not masked)",
        'DB_PASSWORD was changed to "hG5kLm9q"',
        "error: invalid value 'hG5kLm9q' for '--password <PASSWORD>': too short",
        "app: error: argument -p/--password: invalid choice: 'hG5kLm9q' (choose from 'a')",
        "Value 'hG5kLm9q' at 'password' failed to satisfy constraint: Member must",
        "failed to parse field [password] of type [long] in document with id '1'. Preview of field's value: 'hG5kLm9q'",
        "password: Path `password` (`hG5kLm9q`) is shorter than the minimum allowed length (12).",
        "password (hG5kLm9q) is too short",
        "1 validation error for SignUp password Too short [type=short, input_value='hG5kLm9q', input_type=str]",
        "[{'type': 'short', 'loc': ('body', 'password'), 'msg': 'Too short', 'input': 'hG5kLm9q'}]",
        "[{'loc': ['password'], 'input': 'hG5kLm9q', 'msg': 'Too short'}]",
        """Cast to Number failed for value "hG5kLm9q" (type string) at path "password" for model "User\"""",
        "Rejected value [hG5kLm9q] for field 'password' in Form",
        "loc=('body', 'password') msg='too short' type=string_too_short input_value='hG5kLm9q'",
        'invalid: loc=["users", 0, "password"] msg="too short" input="hG5kLm9q"',
        "The value 'hG5kLm9q' is not valid for Password.",
        'The value "hG5kLm9q" is invalid for Password.',
    ],
)
def test_a_value_that_is_quoted(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == {("PASSWORD", "hG5kLm9q")}


@pytest.mark.parametrize(
    "text",
    [
        "on field 'status': rejected value [hG5kLm9q]; codes [x]",
        "1 validation error for SignUp\nage\n  Input should be [type=int_type, input_value='hG5kLm9q', input_type=str]",
        "invalid value 'hG5kLm9q' for '--log-level <LEVEL>'",
        "API_TOKEN is not set in 'hG5kLm9q'",
        "LOG_LEVEL is 'hG5kLm9q'",
        "Path `password` is required.",
        "1 validation error for SignUp age Not a number [type=int_type, input_value='hG5kLm9q', input_type=str]",
        "[{'loc': ('body', 'age'), 'msg': 'password', 'input': 'hG5kLm9q'}]",
        """Cast to Number failed for value "hG5kLm9q" (type string) at path "age" for model "User\"""",
        "Rejected value [hG5kLm9q] for field 'status'",
        "loc=('body', 'age') msg='password' input_value='hG5kLm9q'",
        "loc=('body', 'password') msg='missing'\ninput_value='hG5kLm9q'",
        "The value 'hG5kLm9q' is not valid for Quantity.",
        "The value 'hG5kLm9q' is not valid.",
        "password (required) is missing",
        "password (8 characters) is too short",
        "token (sha256) is not supported",
        'spec.password: Invalid value: "changeme": must be longer',
    ],
)
def test_what_stays(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


@pytest.mark.parametrize(
    "text",
    [*ENDLESS, "password (" * 10**5, "invalid value '" * 10**5, "a\n" * 10**5, '"a" with value ' * 10**5],
)
def test_time_is_linear(spotter: Spotter, text: str) -> None:
    spotter.spans(text[: len(text) // 5])
