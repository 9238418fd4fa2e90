"""Values that a statement of SQL names by their place, and only those."""

import json

import pytest

from cecil import Detector, Policy
from cecil.sanitizer.detectors.secrets.columns import ColumnRecognizer
from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.spans import Miss
from tests.conftest import build_cache, build_sanitizer


def found(text: str) -> list[tuple[str, str]]:
    """Entities and texts of this recognizer."""
    detector = Detector(nlp="none", cache=build_cache())
    return [
        (one.entity, text[one.start : one.end]) for one in detector.find(text) if one.detector == "column"
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("INSERT INTO users (id, last_name, password) VALUES (17, 'Lee', 'hunter2')", ["Lee", "hunter2"]),
        (
            "insert into `app`.`users`(`id`,`password`) values(1,'hunter2'),(2,'hunter3');",
            ["hunter2", "hunter3"],
        ),
        ("INSERT INTO \"users\" (\"password\",\"n\") VALUES (E'it''s \\'x\\'', now())", ["it''s \\'x\\'"]),
        ("REPLACE INTO [dbo].[users] ([password], [n]) VALUES (N'hunter2', cast('1' as int))", ["hunter2"]),
        ("INSERT INTO users\n  (password,\n   n)\nVALUES\n  ('hunter2',\n   1)", ["hunter2"]),
        ("SQL: insert into users (last_name, password) values (Lee, hunter2)", ["Lee", "hunter2"]),
        ("INSERT INTO users (n, password) VALUES (1, 'a9b8c7'), (2, 'hunt", ["a9b8c7", "hunt"]),
        ("Key (last_name, passport)=(Lee, X1234567) already exists.", ["Lee", "X1234567"]),
        ("Key (u.last_name)=(Lee, Ann) already exists.", ["Lee, Ann"]),
        ("[SQL: INSERT INTO u (n, password) VALUES (?, ?)] [parameters: (1, 'hunter2')]", ["hunter2"]),
        (
            "INSERT INTO u (n, password, at) VALUES ($1::VARCHAR, $2, now()) parameters: [('a', 'hunter2'), ('b', 'hunter3')]",
            ["hunter2", "hunter3"],
        ),
        ("[SQL: UPDATE u SET last_name=%s, n=%s WHERE u.id = %s] [parameters: ('Lee', 1, 17)]", ["Lee"]),
        ("SELECT * FROM u WHERE n IN (?) AND \"last_name\" = ? LIMIT ?\", args=['x', 'Lee', 5]", ["Lee"]),
        ("SELECT 1 WHERE last_name=@p0 -- params: ('Lee',)", ["Lee"]),
        (
            "INSERT INTO u (n, password) VALUES ($1, $2) DETAIL:  Parameters: $1 = 'ann', $2 = 'it''s hunter2'",
            ["it''s hunter2"],
        ),
        ("UPDATE u SET password = $2 WHERE id = $1 parameters: $1 = '17', $2 = 'hunter2'", ["hunter2"]),
        ("UPDATE u SET password = $2 WHERE id = $1 parameters: (17, 'hunter2')", ["hunter2"]),
        ("UPDATE u SET password = $1 parameters: $1 = NULL", []),
        ("UPDATE u SET password = $1, n = $2 parameters: $1 = 'hunter2', and more", ["hunter2"]),
        ('select * from u where password = ? limit 1 ["hunter2"]', ["hunter2"]),
        ("insert into u (n, password) values (?, ?) [ 'a', 'hunter2' ]", ["hunter2"]),
        ('INSERT INTO u (n, password) VALUES ($1,$2); ["17","hunter2"]', ["hunter2"]),
        ("INSERT INTO u (n, cvv) VALUES (1, '737'), (2, '000')", ["737"]),
        ("INSERT INTO u (n, zip) VALUES (1, '10001')", ["10001"]),
        ("INSERT INTO u (n, ssn) VALUES (1, '000-00-0000')", []),
        ('it costs $12; ["hunter2"]', []),
        ('is it so? ["hunter2"]', []),
        # What a query calls a string.
        (
            "SELECT '413-55-1000x' AS ssn, 'Adeyemi' AS \"last_name\", 'x' AS plan",
            ["413-55-1000x", "Adeyemi"],
        ),
        ("insert into u select 'it''s x' || 'y', 'hG5kLm9q' as [password] from t", ["hG5kLm9q"]),
        ("SELECT 'AS password', 'hG5kLm9q' AS n, 'active' AS token, 'All' AS city, '' AS ssn", []),
        ("known as 'hG5kLm9q' as password", []),
        ("SELECT 'ssn' AS kind, ' AS ssn, 'x1' AS n", []),
        # What a URL asks for.
        ("GET /p?$filter=SSN eq '412739985' and contains(LastName,'Adeyemi')", ["412739985", "Adeyemi"]),
        ("/p?%24filter=Person/Password%20eq%20%27hG5kLm9q%27&$top=2", ["hG5kLm9q"]),
        ('/Users?filter=urn.password+eq+"hG5kLm9q"&n=1', ["hG5kLm9q"]),
        ("/Users?filter=password+sw+%22hG5kLm9q%22", ["hG5kLm9q"]),
        ("/p?$filter=ssn eq 412739985 or n eq 412739985", ["412739985"]),
        ("/p?$filter=Status eq 'hG5kLm9q' and Email eq 'sent' and Phone eq 12", []),
        ("where SSN eq '412739985'", []),
        # What makes the hash of a password.
        ("UPDATE u SET h = crypt('hG5kLm9q', gen_salt('bf', 8))", ["hG5kLm9q"]),
        ("WHERE h = crypt('hG5kLm9q', h)", ["hG5kLm9q"]),
        ("decrypt('hG5kLm9q', 'x') pg.crypt('hG5kLm9q', 'x') crypt('changeme', h) crypt(pw, h)", []),
        # MyBatis
        (
            "SELECT n WHERE n=? AND password=? AND ssn=?\n==> Parameters: a (b)(String), hG5kLm9q(String), 412739985(Long)",
            ["hG5kLm9q", "412739985"],
        ),
        ("UPDATE u SET password = ?, n = ? ==> Parameters: null, 17(Integer)", []),
        ("UPDATE u SET password = ?, n = ? ==> Parameters: hG5kLm9q(String)", []),
        ("UPDATE u SET password = ? ==> Parameters: hG5kLm9q(String", []),
        ("==> Parameters: hG5kLm9q(String), 17(Integer)", []),
        # What names nobody's value.
        ("INSERT INTO users (id, password) VALUES (?, ?)", []),
        ("INSERT INTO users (id, password) VALUES (%(id)s, %(password)s)", []),
        ("INSERT INTO users (id, password) VALUES (1, NULL), (2, DEFAULT)", []),
        ("INSERT INTO users (id, password) VALUES (1, 'hunter2', 3)", []),
        ("INSERT INTO users (id, n) VALUES (1, 'hunter2')", []),
        ("INSERT INTO users (, password) VALUES (1, 'changeme')", []),
        ("INSERT INTO users (email, zip) VALUES ('sent', 'no')", []),
        ("INSERT INTO users (password) VALUES ", []),
        ("INSERT INTO users (id, password) VALUES (\"a\" b, 'hunter2')", []),
        ("INSERT INTO u (n, password) VALUES (?) parameters: (1, 'hunter2')", []),
        ("SELECT count(*) FROM u; parameters: (1, 'hunter2')", []),
        ("called with args: ('hunter2', 1)", []),
        ("called, args: ('hunter2', 1)", []),
        ("put it into a box (password) of any value (hunter2)", []),
        ("Key ()=() exists", []),
        ("Key (password)=() exists", []),
        ("turned the key (last_name, n)=(x)", []),
    ],
)
def test_statements(text: str, values: list[str]) -> None:
    assert [value for _, value in found(text)] == values


def test_what_a_column_promises() -> None:
    text = "INSERT INTO p (mrn, dob, phone, last_name) VALUES ('8812734', '1980-04-12', '2025550143', 'Lee')"
    assert found(text) == [
        ("MEDICAL_RECORD_NUMBER", "8812734"),
        ("DATE_OF_BIRTH", "1980-04-12"),
        ("PHONE_NUMBER", "2025550143"),
        ("PERSON", "Lee"),
    ]


def test_a_table_is_not_too_wide() -> None:
    names, values = ", ".join(["password"] * 501), ", ".join(["'hunter2'"] * 501)
    assert found(f"INSERT INTO u ({names}) VALUES ({values})") == []
    assert len(found(f"INSERT INTO u ({names[10:]}) VALUES ({values[11:]})")) == 500


@pytest.mark.parametrize(
    ("record", "after"),
    [
        (
            {"sql": "UPDATE u SET password = ? WHERE id = ?", "bindings": ["hunter2", 17]},
            {"sql": "UPDATE u SET password = ? WHERE id = ?", "bindings": ["<PASSWORD>", 17]},
        ),
        (
            {"query": "UPDATE u SET password=$2 WHERE id=$1", "params": [17, "hunter2"]},
            {"query": "UPDATE u SET password=$2 WHERE id=$1", "params": [17, "<PASSWORD>"]},
        ),
        (
            {"m": 'INSERT INTO u (n, password) VALUES ($1, $2) -- PARAMETERS: ["a1","hunter2"]'},
            {"m": 'INSERT INTO u (n, password) VALUES ($1, $2) -- PARAMETERS: ["a1","<PASSWORD>"]'},
        ),
        ({"query": "password = ?", "params": ["hunter2"]}, {"query": "password = ?", "params": ["hunter2"]}),
        (
            {"sql": "UPDATE u SET password = ?", "params": ["hunter2", 17]},
            {"sql": "UPDATE u SET password = ?", "params": ["hunter2", 17]},
        ),
    ],
)
def test_parameters_beside_their_statement(record: object, after: object) -> None:
    assert build_sanitizer().redact(record)[0] == after


def rules(fields: dict[str, str]) -> Policy:
    return Policy.parse(json.dumps({"version": 1, "extends": "default", "fields": fields}).encode(), "p.yaml")


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"params[0]": "trust"}, ["hunter2", 17]),
        ({"params[0]": "redact"}, ["<PASSWORD>", 17]),
        ({"params[1]": "redact"}, ["<PASSWORD>", None]),
        ({"params[1]": "trust"}, ["<PASSWORD>", 17]),
        ({"params[1]": "drop"}, ["<PASSWORD>", None]),
        ({"params[0]": "drop"}, [None, 17]),
    ],
)
def test_a_rule_for_one_parameter(fields: dict[str, str], after: object) -> None:
    """What a policy says of an item goes before what its column says."""
    record = {"query": "UPDATE u SET password=$1 WHERE id=$2", "params": ["hunter2", 17]}
    assert build_sanitizer(rules(fields)).redact(record)[0]["params"] == after


def test_a_rule_for_an_item_of_a_pair() -> None:
    record = {"b": [["password", "hG5kLm9q"], ["user", "x"]]}
    assert build_sanitizer().redact(record)[0] == {"b": [["password", "<PASSWORD>"], ["user", "x"]]}
    assert build_sanitizer(rules({"b[*][1]": "trust"})).redact(record)[0] == record
    one = {"b": [["password", "hG5kLm9q"], ["api_token", "hG5kLm9qhG5kLm9q"]]}
    assert build_sanitizer(rules({"b[1][1]": "trust"})).redact(one)[0] == {
        "b": [["password", "<PASSWORD>"], ["api_token", "hG5kLm9qhG5kLm9q"]]
    }
    assert build_sanitizer(rules({"b[0][0]": "trust"})).redact(record)[0] == {
        "b": [["password", "<PASSWORD>"], ["user", "x"]]
    }


def test_a_statement_in_a_record_comes_out_clean_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    clean, _ = sanitizer.redact({"sql": "insert into u (n, password) values (1, 'hunter2')"})
    assert clean == {"sql": "insert into u (n, password) values (1, '<PASSWORD>')"}
    assert sanitizer.redact(clean)[0] == clean


def test_why_a_value_stays_is_told() -> None:
    misses: list[Miss] = []
    text = "insert into u (last_name, password) values ('none', 'changeme')"
    assert ColumnRecognizer(NameRecognizer()).find(text, misses) == []
    assert [(one.entity, one.why) for one in misses] == [
        ("PERSON", "not what its name promises"),
        ("PASSWORD", "a stand-in word"),
    ]
