# SPDX-License-Identifier: GPL-2.0-only
"""./mptcp diff: compare two tables of results, as two runs of a campaign or of ./mptcp handover."""

import csv
import math
import signal
import sys
from pathlib import Path


def die(text):
    print(f"mptcp: diff: {text}", file=sys.stderr)
    sys.exit(2)


def as_number(text):
    try:
        return float(text)
    except ValueError:
        return None


def read(name):
    path = Path(name)
    if path.is_dir():
        path = path / "summary.csv"
    try:
        with open(path, newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        die(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")
    if not rows:
        die(f"{path}: empty")
    if any(len(row) != len(rows[0]) for row in rows):
        die(f"{path}: not a table: lines differ in length")
    return path, rows[0], rows[1:]


def by_key(path, rows, keys):
    table = {}
    for row in rows:
        key = tuple(row[:keys])
        if key in table:
            die(f"{path}: two lines begin with {','.join(key)}")
        table[key] = row[keys:]
    return table


def main():
    tolerance = 0.0
    names = []
    arguments = sys.argv[1:]
    while arguments:
        argument = arguments.pop(0)
        if argument == "--tolerance" and arguments:
            argument += "=" + arguments.pop(0)
        if argument.partition("=")[0] == "--tolerance":
            value = as_number(argument.partition("=")[2])
            if value is None or not 0 <= value < math.inf:
                die(f"{argument}: not a part of the value, as 0.01")
            tolerance = value
        elif argument.startswith("-"):
            die(f"unknown option {argument}; accepted: --tolerance=PART")
        else:
            names.append(argument)
    if len(names) != 2:
        die("two tables, or folders with a summary.csv, are wanted: OLD NEW")
    (old_path, old_header, old_rows), (new_path, new_header, new_rows) = read(names[0]), read(names[1])
    if old_header != new_header:
        die(f"{old_path} and {new_path} have different columns")
    # What names a line of the tables of campaigns ends with this column.
    last = next((name for name in ("metric", "run") if name in old_header), None)
    if last:
        keys = old_header.index(last) + 1
    else:
        # The columns on the left that are words.
        keys = 0
        while keys < len(old_header) and old_rows and all(
                as_number(row[keys]) is None for row in old_rows):
            keys += 1
    old, new = by_key(old_path, old_rows, keys), by_key(new_path, new_rows, keys)
    differing = 0
    for key in sorted(old.keys() | new.keys()):
        where = ",".join(key)
        if key not in new or key not in old:
            differing += 1
            print(f"{'-' if key in old else '+'} {where}")
            continue
        for column, a, b in zip(old_header[keys:], old[key], new[key]):
            x, y = as_number(a), as_number(b)
            if a == b or (x is not None and y is not None and
                          abs(x - y) <= tolerance * max(abs(x), abs(y))):
                continue
            differing += 1
            change = ""
            if x and y is not None and math.isfinite(x) and math.isfinite(y):
                change = f" ({(y - x) / abs(x):+.2%})"
            print(f"{where} {column}: {a} -> {b}{change}")
    if differing:
        print(f"{differing} differences")
    sys.exit(1 if differing else 0)


# Whoever reads through a pipe may stop reading.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
main()
