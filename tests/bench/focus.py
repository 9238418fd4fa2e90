"""Holds rows of `cecil-report --format focus` against the public validator of FOCUS: make bench-focus.

The validator on PyPI (focus-validator 1.0.0) knows FOCUS up to 1.0, and in that the names that some columns
had before; so a few of its rules ask for what no data set of 1.0 or later has. They are named here, each with
its reason; every other rule has to hold.

Runs in an environment of its own (see the Makefile), whose Python is the argument.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OUTDATED = {
    "InvoiceIssuer_Required": "the column is InvoiceIssuerName since 1.0",
    "Provider_Required": "the column is ProviderName since 1.0",
    "Publisher_Required": "the column is PublisherName since 1.0",
    "ResourceID_Required": "the column is ResourceId since 1.0",
    "SkuPriceId_Nullable": "asks for ChargeType, which is ChargeCategory since 1.0",
}


def main(python: str) -> int:
    from tests.test_report_page import CALLS

    validator = Path(python).with_name("focus-validator").absolute()
    package = subprocess.run(
        [python, "-c", "import focus_validator as f; print(f.__path__[0])"], capture_output=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        lines = b"".join(call.to_bytes() + b"\n" for call in CALLS)
        command = [str(ROOT / "bin" / "cecil-report"), "--quiet", "--format", "focus"]
        path.write_bytes(subprocess.run(command, input=lines, capture_output=True, check=True).stdout)
        done = subprocess.run(
            [str(validator), "--data-file", str(path), "--validate-version", "1.0"],
            capture_output=True,
            check=False,
            cwd=os.path.dirname(package.stdout.decode().strip()),  # it looks for a file of its own from there
        )
    text = done.stdout.decode() + done.stderr.decode()
    if "Validation" not in text:
        print(text, file=sys.stderr)
        return 1
    failed = [line.split()[0] for line in text.splitlines() if line.endswith(" failed:")]
    for rule in failed:
        print(f"{rule}: {OUTDATED.get(rule, 'FAILED')}")
    wrong = [rule for rule in failed if rule not in OUTDATED]
    print(
        f"{len(wrong)} rules of focus-validator failed that could hold, {len(failed) - len(wrong)} that cannot"
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
