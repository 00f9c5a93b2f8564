# SPDX-License-Identifier: GPL-2.0-only
"""./mptcp rerun: repeat the run of a results folder, and compare what it writes byte for byte.

rerun.py FOLDER --arguments prints where the run was started and its arguments, one a line;
rerun.py FOLDER NEW compares.
"""

import filecmp
import json
import sys
from pathlib import Path


def die(text, status=2):
    print(f"mptcp: rerun: {text}", file=sys.stderr)
    sys.exit(status)


def read(folder):
    try:
        record = json.loads((folder / "run.json").read_text())
        if record["program"] != "mptcp-handover":
            die(f"{folder}/run.json: unknown program {record['program']}")
        if not all(isinstance(argument, str) for argument in record["arguments"]):
            raise TypeError
        for name in ("ns3", "module", "compiler", "folder"):
            record[name]
        return record
    except OSError as error:
        die(f"{folder}/run.json: cannot be read: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        die(f"{folder}/run.json: not the record of a run")


def same(name, old, new):
    """Byte for byte; a record but for where the run was started, which may be gone."""
    if not (old / name).is_file():
        return False
    if name != Path("run.json"):
        return filecmp.cmp(old / name, new / name, shallow=False)
    return {**read(old), "folder": ""} == {**read(new), "folder": ""}


def main():
    folder = Path(sys.argv[1])
    record = read(folder)
    if sys.argv[2] == "--arguments":
        print("\n".join([record["folder"], *record["arguments"]]))
        return
    again = Path(sys.argv[2])
    new = read(again)
    for what, name in (("ns3", "ns-3"), ("module", "the module"), ("compiler", "the compiler")):
        if record[what] != new[what]:
            print(f"{name} was {record[what]} and is {new[what]}", file=sys.stderr)
    files = sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    wrong = [f for f in files if not same(f, folder, again)]
    for name in wrong:
        print(f"differs: {name}" if (folder / name).is_file() else f"was not there: {name}")
    print(f"{len(files)} files, {len(files) - len(wrong)} the same, byte for byte")
    sys.exit(1 if wrong else 0)


main()
