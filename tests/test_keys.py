"""What keys promise: the vocabulary, paths, what a policy adds and silences, and the triggers for it all."""

import pytest

from cecil.sanitizer import keys


@pytest.mark.parametrize(
    ("key", "entity"),
    [
        ("password", "PASSWORD"),
        ("userPassword", "PASSWORD"),
        ("DB_PASSWORD", "PASSWORD"),
        ("password_hash", "PASSWORD"),
        ("new-password-value", "PASSWORD"),
        ("db_pass", "PASSWORD"),
        ("api_key", "SECRET"),
        ("APIKey", "SECRET"),
        ("X-Api-Key", "SECRET"),
        ("Set-Cookie", "SECRET"),
        ("Authorization", "SECRET"),
        ("access_token", "SECRET"),
        ("refreshTokens", "SECRET"),
        ("aws.secret.access.key", "SECRET"),
        ("connectionString", "SECRET"),
        ("privateKey2", "SECRET"),
        ("clientSecret", "SECRET"),
        ("email", "EMAIL_ADDRESS"),
        ("userEmail", "EMAIL_ADDRESS"),
        ("phone_number", "PHONE_NUMBER"),
        ("ssn", "US_SSN"),
        ("socialSecurityNumber", "US_SSN"),
        ("firstName", "PERSON"),
        ("patient_name", "PERSON"),
        ("dateOfBirth", "DATE_OF_BIRTH"),
        ("billingAddress", "STREET_ADDRESS"),
        ("cvv", "CREDIT_CARD"),
        ("max_tokens", None),
        ("total_tokens", None),
        ("token_type", None),
        ("tokens", None),
        ("next_token", None),
        ("nextPageToken", None),
        ("eos_token", None),
        ("author", None),
        ("secretary", None),
        ("passenger", None),
        ("compass", None),
        ("password_policy", None),
        ("secret_name", None),
        ("key", None),
        ("primary_key", None),
        ("address", None),
        ("ip_address", None),
        ("name", None),
        ("hostname", None),
        ("status_code", None),
        ("emailVerified", None),
        ("", None),
        ("123", None),
        ("value", None),
    ],
)
def test_keys(key: str, entity: str | None) -> None:
    assert keys.entity(key) == entity


def test_every_name_is_read_as_it_is_written() -> None:
    """A name whose words the reader would split differently could never be found."""
    for entity, line in keys._SAID.items():
        for name in line.split():
            assert keys.entity(name) == entity, name
            assert keys.entity(name.replace("-", "_").upper()) == entity, name
            assert keys.entity(name.replace("-", "")) == entity, name


@pytest.mark.parametrize(
    ("key", "value", "time"),
    [
        ("created", 1771296862, True),
        ("startTime", 1771296862123, True),
        ("ts", 1771296862.5, True),
        ("updated_at", 1771296862123456789, True),
        ("created", 2**62, False),
        ("created", 4111111111111111, False),
        ("created", 123456789, False),
        ("created", "1771296862", False),
        ("created", True, False),
        ("callback", 1771296862, False),
        ("phone", 2125550123, False),
    ],
)
def test_times(key: str, value: object, time: bool) -> None:
    assert keys.is_epoch(key, value) is time


def test_what_a_sensitive_object_hands_down() -> None:
    assert keys.inherited("SECRET", "user") == "SECRET"
    assert keys.inherited("SECRET", "type") is None
    assert keys.inherited("PERSON", "user") is None
    assert keys.inherited(None, "user") is None
