"""cecil-leaktest: what it promises, and that it can fail: commands that leak in one way each are all noticed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cecil.leaktest import plants, rounds, sample, shapes, trial, values
from cecil.leaktest.demand import Demand
from cecil.leaktest.plants import Way
from cecil.leaktest.residue import Net, Seen, Wanted, bare
from cecil.sanitizer.policy import Policy, built_in_names
from tests.conftest import BIN, ROOT, Run

SAMPLE = b"""\
{"ts":"2026-11-21T14:22:07Z","ctx":{"who":"worker 3","tags":["a","b"]},"msg":"done"}
{"ts":"2026-11-21T14:22:08Z","bob@example.com":{"note":"seen"},"n":17}
2026-11-21 INFO a line of text
"""
NO_NAMES = ("--", "--nlp", "none")


@pytest.fixture(autouse=True)
def redact(launchers: Path, tmp_path: Path) -> None:
    """What is tested, where no test says otherwise."""
    (tmp_path / REDACT).symlink_to(launchers / "cecil-redact")


REDACT = "tested"


def mutant(folder: Path, policy: str = "", code: str = "") -> str:
    """A cecil-redact that does something else than it says: another policy, or what `code` does to it."""
    (folder / "mutant.yaml").write_text(f"version: 1\n{policy}\n")
    script = folder / "mutant"
    script.write_text(
        f"#!{sys.executable} -IS\n"
        "import json, os, subprocess, sys\n"
        "args = sys.argv[1:]\n"
        + (f"args[args.index('--policy') + 1] = {str(folder / 'mutant.yaml')!r}\n" if policy else "")
        + f"run = [{str(folder / REDACT)!r}, *args]\n"
        + (code or "os.execv(run[0], run)\n")
    )
    script.chmod(0o755)
    return str(script)


def report(run: Any) -> Any:
    assert run.returncode in (0, 4), run.stderr
    return json.loads(run.stdout)


def leaktest(cecil: Run, *args: str, **more: Any) -> Any:
    command = () if "--command" in args else ("--command", REDACT)
    return cecil("leaktest", "--json", *args, *command, *NO_NAMES, **more)


def test_nothing_is_left(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "app.jsonl").write_bytes(SAMPLE)
    run = leaktest(cecil, "--values", "600", "app.jsonl")
    told = report(run)
    assert (run.returncode, told["left"], told["leaks"], run.stderr) == (0, 0, [], b"")
    assert told["planted"] == 600 == sum(row["planted"] for row in told["entities"])
    # Few values are a number that JSON can hold, and one in a thousand is planted as one.
    where = {row["where"] for row in told["entities"]}
    assert where - {"number"} == {"key", "text", "line", "own"}
    # Every place of the sample, and no name that is a value.
    assert {row["place"] for row in told["places"]} == {
        "",
        "/ts",
        "/ctx/who",
        "/ctx/tags/*",
        "/msg",
        "/*/note",
    }


def test_a_table_for_people(cecil: Run) -> None:
    run = cecil("leaktest", "--policy", "secrets-only", "--values", "200", *NO_NAMES)
    assert run.returncode == 0
    lines = run.stdout.decode().splitlines()
    assert re.match(r"entity +under keys +in texts +in lines +in the sample +quarantined +left", lines[0])
    assert {line.split()[0] for line in lines[1:] if line} == {"PASSWORD", "PRIVATE_KEY", "SECRET", "200"}
    assert lines[-1].startswith("200 values planted, ")
    assert "nothing is left (policy secrets-only, seed 0)" in lines[-1]


def test_a_command_that_does_nothing_leaks_everything(cecil: Run, tmp_path: Path) -> None:
    """The search sees every encoding: of what goes through as it is, all is found."""
    command = mutant(tmp_path, code="os.execvp('cat', ['cat'])\n")
    run = leaktest(cecil, "--values", "500", "--command", command)
    told = report(run)
    assert run.returncode == 4
    assert told["left"] == told["planted"] == 500
    assert {row["what"] for row in told["leaks"]} == {"whole"}
    encodings = {row["encoding"] for row in told["leaks"]}
    assert encodings == {*plants._TEXT_ENCODINGS}


_MASKED = "entities: {{IBAN_CODE: {{action: mask, keep_last: {}}}}}"
MUTATIONS = {
    "a detector is off": ("silence: [us-ssn, 'presidio:UsSsnRecognizer']", "US_SSN", {"US_SSN"}),
    "an action is keep": ("extends: default\nentities: {IBAN_CODE: keep}", "IBAN_CODE,VIN", {"IBAN_CODE"}),
    "a column is skipped": ("extends: default\nfields: {msg: trust}", "US_SSN", {"US_SSN"}),
    "a mask is too narrow": (_MASKED.format(13), "IBAN_CODE", {"IBAN_CODE"}),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_noticed(cecil: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "app.jsonl").write_bytes(SAMPLE)
    policy, only, entities = MUTATIONS[name]
    command = mutant(tmp_path, policy)
    (tmp_path / "masked.yaml").write_text(f"version: 1\n{_MASKED.format(4)}\n")
    promised = "masked.yaml" if "mask" in name else "default"
    args = ["--policy", promised, "--only", only, "--values", "120"]
    run = leaktest(cecil, *args, "--command", command, "app.jsonl")
    told = report(run)
    assert run.returncode == 4
    assert {row["entity"] for row in told["leaks"]} == entities
    if "column" in name:
        assert {row["place"] for row in told["places"] if row["left"]} == {"/msg"}


_QUARANTINED = (
    "out = subprocess.run(run, capture_output=True).stdout.split(b'\\n')\n"
    "lines = open('input').read().split('\\n')\n"
    "row = json.dumps(dict(source={source}, line=len(lines), reason={reason}, raw=lines[-1]))\n"
    "path = args[args.index('--quarantine') + 1]\n"
    "os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)); open(path, 'a').write(row + '\\n')\n"
    "sys.stdout.buffer.write(b'\\n'.join(out[:-1]))\n"
)
OUTPUTS = {
    "stderr": "out = subprocess.run(run, stdin=open('input', 'rb')); sys.stderr.write(open('input').read())\n",
    "audit": "subprocess.run(run); open(args[args.index('--audit') + 1], 'a').write(open('input').read())\n",
    "stats": "subprocess.run(run); open(args[args.index('--stats-file') + 1], 'a').write(open('input').read())\n",
    "manifest": "subprocess.run(run); open(args[args.index('--manifest') + 1], 'a').write(open('input').read())\n",
    "quarantine, source": _QUARANTINED.format(source="lines[0]", reason="'x'"),
    "quarantine, reason": _QUARANTINED.format(source="'x'", reason="lines[0]"),
    "another line": (
        "out = subprocess.run(run, capture_output=True).stdout.split(b'\\n')\n"
        "out[-1] = open('input', 'rb').readlines()[1]\n"
        "sys.stdout.buffer.write(b'\\n'.join(out))\n"
    ),
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_is_searched(cecil: Run, tmp_path: Path, output: str) -> None:
    code = OUTPUTS[output].replace("'input'", "'kept/input'")
    args = ["--only", "EMAIL_ADDRESS,IBAN_CODE", "--values", "30", "--save", "kept"]
    run = leaktest(cecil, *args, "--command", mutant(tmp_path, code=code))
    assert run.returncode == 4
    assert output.partition(",")[0] in {row["output"] for row in report(run)["leaks"]}


def test_a_quarantine_that_others_can_read_is_no_success(cecil: Run, tmp_path: Path) -> None:
    code = "subprocess.run(run); open(args[args.index('--quarantine') + 1], 'w').close()\n"
    run = leaktest(cecil, "--only", "US_SSN", "--values", "30", "--command", mutant(tmp_path, code=code))
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr == b"cecil-leaktest: the quarantine can be read by others than its owner\n"


def test_lines_that_are_lost_are_no_success(cecil: Run, tmp_path: Path) -> None:
    code = "out = subprocess.run(run, capture_output=True).stdout\nsys.stdout.buffer.write(out[: len(out) // 2])\n"
    run = leaktest(cecil, "--only", "US_SSN", "--values", "30", "--command", mutant(tmp_path, code=code))
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr == (
        b"cecil-leaktest: lines are missing in the output, and are not in the quarantine either\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_no_records_behind(
    tmp_path: Path, env: dict[str, str], number: signal.Signals
) -> None:
    """The folder in which the user's sample was is gone, though the command under test is not done."""
    (tmp_path / "temporary").mkdir()
    command = mutant(tmp_path, code="open('under-way', 'w').close()\nimport time\ntime.sleep(60)\n")
    argv = [BIN / "cecil-leaktest", "--only", "US_SSN", "--values", "20", "--command", command]
    with subprocess.Popen(
        argv,
        cwd=tmp_path,
        env=env | {"TMPDIR": str(tmp_path / "temporary")},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:
        while run.poll() is None and not (tmp_path / "under-way").exists():
            time.sleep(0.02)
        assert os.listdir(tmp_path / "temporary")
        os.killpg(run.pid, number)
        assert run.wait() == -number
    assert os.listdir(tmp_path / "temporary") == []


def test_what_was_planted_can_be_kept(cecil: Run, tmp_path: Path) -> None:
    args = ("--only", "US_SSN", "--values", "20", "--save", "kept")
    assert leaktest(cecil, *args).returncode == 0
    folder = tmp_path / "kept"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "input").read_bytes().count(b"\n") + 1 == (folder / "stdout").read_bytes().count(
        b"\n"
    ) + 1
    again = leaktest(cecil, *args)
    assert (again.returncode, again.stderr) == (1, b"cecil-leaktest: kept: file exists\n")


def test_the_same_seed_plants_the_same(cecil: Run) -> None:
    told = [leaktest(cecil, "--only", "US_SSN,VIN", "--values", "40", "--seed", seed).stdout for seed in "11"]
    assert told[0] == told[1]


def test_parquet_is_searched(cecil: Run, tmp_path: Path) -> None:
    run = leaktest(cecil, "--only", "EMAIL_ADDRESS", "--values", "40", "--parquet")
    assert run.returncode == 0, run.stderr
    code = "import shutil; shutil.copyfileobj(sys.stdin, sys.stdout)\n"
    run = leaktest(
        cecil,
        "--only",
        "EMAIL_ADDRESS",
        "--values",
        "40",
        "--parquet",
        "--command",
        mutant(tmp_path, code=code),
    )
    assert {"parquet", "stdout"} <= {row["output"] for row in report(run)["leaks"]}


PARQUET: dict[str, dict[str, Any]] = {
    "a page": {"compression": "zstd", "use_dictionary": False, "write_statistics": False},
    "a dictionary": {"compression": "snappy", "use_dictionary": True, "write_statistics": False},
    "statistics": {"compression": "gzip"},
    "bytes": {"compression": "none"},
    "encoded in another way": {"compression": "zstd", "use_dictionary": False, "column_encoding": "DELTA_BYTE_ARRAY"},
}  # fmt: skip


@pytest.mark.parametrize("place", PARQUET)
def test_every_part_of_parquet_is_searched(tmp_path: Path, place: str) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = str(tmp_path / "t.parquet")
    values = [f"some text {n}" for n in range(2000)] + ["zebrahunter2tango"]
    pq.write_table(pa.table({"m": values}), path, **PARQUET[place])
    net = Net(["zebrahunter2tango"])
    texts = list(trial.parquet_texts(path))
    assert any(net.caught(Seen(text).bare) for text in texts)
    # The greatest value of the column, word for word: of its statistics.
    assert PARQUET[place].get("write_statistics", True) is any(text == "zebrahunter2tango" for text in texts)


def test_what_parquet_says_beside_its_values(tmp_path: Path) -> None:
    """Numbers, names, metadata, what is in a dictionary and in no row, and what lies between the parts: each is
    seen in one way only."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = str(tmp_path / "t.parquet")
    hidden = {
        "a name": "zebra-colümn-11",
        "metadata": "zebra-wríter-22",
        "a number": "219099999021909",
        "a dictionary": "zebra-entry-33",
        "between": "zebra-between-44",
    }
    schema = pa.schema(
        [(hidden["a name"], pa.int64()), ("d", pa.dictionary(pa.int32(), pa.string()))],
        metadata={"made by": hidden["metadata"]},
    )
    entries = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), ["x", hidden["a dictionary"]])
    numbers = pa.array([1, int(hidden["a number"])], pa.int64())
    table = pa.Table.from_arrays([numbers, entries], schema=schema)
    pq.write_table(table, path, compression="gzip", write_statistics=False)
    data = (tmp_path / "t.parquet").read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    (tmp_path / "t.parquet").write_bytes(data[:footer] + hidden["between"].encode() + data[footer:])
    net = Net([bare(one) for one in hidden.values()])
    caught = net.caught([one for text in trial.parquet_texts(path) for one in Seen(text).bare])
    assert [name for at, name in enumerate(hidden) if at not in caught] == []
    pq.write_table(table.schema.empty_table(), path)  # no row has the name
    assert 0 in net.caught([one for text in trial.parquet_texts(path) for one in Seen(text).bare])
    (tmp_path / "t.parquet").write_bytes(b"PAR1PAR1")
    with pytest.raises(trial.LeaktestError, match="damaged"):
        list(trial.parquet_texts(path))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--", "--check"], "--check does not go with a leak test"),
        (["--", "--policy", "llm"], "--policy does not go with a leak test\nhint: --policy stands before --"),
        (["--", "file"], "files stand before --\nhint: cecil-leaktest FILE -- option of cecil-redact"),
        (["--values", "0"], "nothing is planted\nhint: --values 20000"),
        (["--only", "US_SSN", "--skip", "US_SSN"], "the policy promises nothing that could be planted"),
        (["empty"], "there is nothing in the sample\nhint: leave FILE out, and records are invented"),
    ],
)
def test_what_cannot_be_tested(cecil: Run, tmp_path: Path, args: list[str], said: str) -> None:
    (tmp_path / "empty").touch()
    run = cecil("leaktest", *args)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.decode().startswith(f"cecil-leaktest: {said}")


def test_a_command_that_fails(cecil: Run, tmp_path: Path) -> None:
    run = leaktest(cecil, "--values", "20", "--command", "nothing-here")
    assert (run.returncode, b"cannot be run" in run.stderr) == (1, True)
    run = cecil("leaktest", "--policy", "gdpr", "--values", "20", "--", "--key-file", "none")
    assert run.returncode == 1
    assert run.stderr.startswith(b"cecil-leaktest: cecil-redact ended with status 2: cecil-redact: none: ")


def test_a_search_that_is_blind_is_a_bug(tmp_path: Path) -> None:
    plant = plants.Plant(
        values.Value("US_SSN", "US_SSN", "1", "219-09-9999", ""), Way("text", "", "", ""), "", "{}", ""
    )
    tried = trial.Trial(trial.Command(("false",), ()), str(tmp_path), "auto")
    with pytest.raises(trial.BlindError) as error:
        tried.run([plant], [Wanted(plant.value.core)])
    assert (error.value.numbers, error.value.status) == ([0], 70)
    assert "219" not in str(error.value)


@pytest.mark.parametrize("name", ["secrets-only", "hipaa"])
def test_every_sort_makes_what_the_search_sees(name: str) -> None:
    """In every way: `Rounds` leaves out what the search does not see, which is only what is short in base64."""
    demand = Demand(Policy.built_in(name))
    chance = Random(5)
    sorts = demand.sorts()
    assert len({sort.entity for sort in sorts}) >= (3 if name == "secrets-only" else 100)
    for sort in sorts:
        for way in chance.sample(found := list(plants.ways(sort, "auto")), min(4, len(found))):
            value = sort.value(chance)
            plant = plants.planted(value, way, demand, chance)
            if plant is None:
                continue
            seen = Wanted(value.core, demand.kept(value)).left(Seen(plant.line)) == "whole"
            assert seen or (way.where == "key" and way.encoding == "base64" and len(value.core) < 10)


def test_values_are_those_of_a_run_once_and_not_in_the_sample() -> None:
    demand = Demand(Policy.built_in("default"), frozenset({"AGE", "UK_NHS"}))
    lines = [b'{"m": "NHS number 943 476 5919"}']
    made = rounds.Rounds(demand, sample.carriers(lines), lines, "auto", Random(1))
    (batch,) = made.plants(200)
    cores = [bare(one.value.core) for one in batch if one.value.entity == "UK_NHS"]
    assert len(set(cores)) == len(cores) > 20
    assert "9434765919" not in cores


def test_what_the_command_leaves_of_a_record_anyway_is_not_planted_there(tmp_path: Path) -> None:
    lines = [b'{"created": 1763735400, "m": "done"}', b'{"text": "done"}', b'{"']
    tried = trial.Trial(
        trial.Command((str(BIN / "cecil-redact"),), ("--policy", "hipaa")), str(tmp_path), "auto"
    )
    carriers = tried.left(sample.carriers(lines))
    # Of a date the year is left; what was not written leaves nothing.
    assert [(one.place, one.left) for one in carriers] == [
        ("/m", '{"created": 1735689600, "m": "done"}\n'), ("/text", '{"text": "done"}\n'), ("", ""),
    ]  # fmt: skip
    ages = "".join(f" {age}" for age in range(140))
    carriers = [carriers[0], carriers[1]._replace(left=ages)]
    demand = Demand(Policy.built_in("hipaa"), frozenset({"US_SSN", "AGE"}))
    (batch,) = rounds.Rounds(demand, carriers, lines, "auto", Random(1)).plants(400)
    planted = {(one.value.entity, one.place) for one in batch}
    assert {("AGE", "/m"), ("US_SSN", "/m"), ("US_SSN", "/text")} <= planted
    assert ("AGE", "/text") not in planted


def test_a_sample_is_fair_and_bounded() -> None:
    taken = sample.take((b"%d" % n for n in range(10_000)), Random(1))
    assert len(set(taken)) == sample.RECORDS
    assert 4_000 < sum(map(int, taken)) / len(taken) < 6_000
    assert sample.take([b"x" * (sample.LONGEST + 1), b" ", b"{}"], Random(1)) == [b"{}"]
    records = [json.dumps({f"k{chr(97 + n % 26)}{chr(97 + n // 26)}": "x"}).encode() for n in range(600)]
    assert len(sample.carriers([*records, b"\xff"])) == sample.PLACES


def test_values_stand_over_borders() -> None:
    chance = Random(3)
    demand = Demand(Policy.built_in("default"), frozenset({"EMAIL_ADDRESS"}))
    made = rounds.Rounds(demand, [], [], "auto", chance)
    (batch,) = made.plants(4000)
    fed = trial.stream(batch, "auto")
    assert fed.over_border >= len(fed.data) // plants.BORDER - 1 > 2
    lines = fed.data.split(b"\n")
    assert [line for line, owner in zip(lines, fed.owners, strict=True) if owner >= 0] == [
        plant.line.encode() for plant in batch
    ]
    net = Net([bare(one.value.core) for one in batch])
    others = [line for line, owner in zip(lines, fed.owners, strict=True) if owner < 0]
    assert others and not any(net.caught(Seen(line.decode()).bare) for line in others)


@pytest.mark.parametrize(
    ("core", "kept", "text", "left"),
    [
        ("219-09-9999", "", "ssn 219099999", "whole"),
        ("219-09-9999", "", "ssn ***-**-9999", None),
        ("219-09-9999", "", "ssn 219-09-9***", "part"),
        # The hexadecimal digits of a text are read as that text, and are no number's.
        ("7765206123456", "", b"wnoted".hex() + "7765206e6f746564", None),
        ("7765206123456", "", "7765206e6f746564 776520612", "part"),
        ("219-09-9999", "", b"ssn 219-09-9***".hex(), "part"),
        ("4111111111111111", "411111******1111", "411111******1111", None),
        ("4012888888881881", "401288******1881", "40128888****1881", "part"),
        ("737", "", '{"cvv": 737}', "whole"),
        ("737", "", '{"cvv": 7370}', None),
        ("hunter2-Zebra", "", r'{"m": "{\"p\": \"hun\\u0074er2-Zebra\"}"}', "whole"),
        ("hunter2-Zebra", "", "aHVudGVyMi1aZWJyYQ==", "whole"),
        ("hunter2-Zebra", "", "%68unter2%2DZebra and", "whole"),
        ("hunter2-Zebra", "", "&#104;unter2-Zebra", "whole"),
        ("hunter2-Zebra", "", "ｈｕｎｔｅｒ２－Ｚｅｂｒａ", "whole"),
        ("hunter2-Zebra", "", "h\u200bunter2-Ze\u00adbra", "whole"),
        ("hunter2-Zebra", "", b"hunter2-Zebra".hex(), "whole"),
        ("hunter2-Zebra", "", "at 3 {x: hunter2-Zebra}", "whole"),
        ("hunter2-Zebra", "", "<PASSWORD>", None),
    ],
)
def test_what_is_left(core: str, kept: str, text: str, left: str | None) -> None:
    assert Wanted(core, kept).left(Seen(text)) == left


def test_a_net_catches_only_what_is_sure() -> None:
    net = Net(["zebrahunter2", "short", "longenough99"])
    assert net.caught(["xxzebrahunter2", "short"]) == {0}
    assert net.caught([]) == set() == Net(["short"]).caught(["short"])


def test_a_policy_as_a_promise() -> None:
    text = """
version: 1
entities: {URL: keep, IBAN_CODE: {action: mask, keep_last: 4}, EMAIL_ADDRESS: surrogate}
allow: [{regex: ".*@example.com", ignore_case: true}]
fields: {msg: trust, "a.b": keep, "**.free": redact}
keys: {add: {STAFF_ID: [staff-no]}}
cases: [{when: {path: kind, equals: x}, entities: {VIN: keep}}]
"""
    demand = Demand(Policy.parse(text.encode(), "p.yaml"), without=frozenset({"AGE"}))
    entities = {sort.entity for sort in demand.sorts()}
    assert entities.isdisjoint({"URL", "VIN", "AGE"})
    assert {"IBAN_CODE", "STAFF_ID", "US_SSN"} <= entities
    assert demand.reaches(("x", "msg")) and not demand.reaches(("msg",)) and not demand.reaches(("a", "b", 0))
    assert demand.names("STAFF_ID") == ["staff-no", "staffno"] and demand.says(["staff-no"], "STAFF_ID")
    iban = values.Value("IBAN_CODE", "IBAN_CODE", "DE89370400440532013000", "DE89370400440532013000", "")
    assert demand.kept(iban).endswith("3000")
    for domain, holds in (("example.com", False), ("corp.example", True)):
        mail = values.Value("EMAIL_ADDRESS", "EMAIL_ADDRESS", f"ann@{domain}", "ann", "")
        assert demand.holds(mail) is holds


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d{3}-?[A-C]\w",
        "(?:ab|cd)+[^x]",
        "a.b",
        r"[\d\s]x?",
        "(?>a)b*+",
        r"^\bx$",
        "[^0-9a-z]",
        "[^a]\\D\\S\\W",
    ],
)
def test_a_text_of_a_shape(pattern: str) -> None:
    chance = Random(1)
    for _ in range(30):
        assert re.fullmatch(pattern, shapes.matching(pattern, chance))


def test_no_text_of_a_shape_that_refers_back() -> None:
    with pytest.raises(re.error):
        shapes.matching(r"(a)\1", Random(1))


@pytest.mark.slow
@pytest.mark.parametrize("name", built_in_names())
def test_nothing_is_left_by_any_built_in_policy(cecil: Run, name: str) -> None:
    """What `make bench-leaktest` measures, with fewer values."""
    told = report(leaktest(cecil, "--policy", name, "--values", "1500", "--seed", "2", timeout=600))
    assert (told["left"], told["leaks"]) == (0, [])
    assert told["planted"] >= 1000


def test_it_reads_the_engine_in_no_other_way() -> None:
    """What judges whether something is left imports nothing of the engine."""
    text = (ROOT / "cecil" / "leaktest" / "residue.py").read_text()
    assert "cecil.sanitizer" not in text
