# SPDX-License-Identifier: GPL-2.0-only
"""What a campaign file asks for: one process for each combination of values and each seed."""

import hashlib
import itertools
import json
import re
import sys
from pathlib import Path

try:
    import tomllib
except ImportError:
    sys.exit("mptcp: campaign: Python 3.11 or newer is wanted")

KEYS = {
    "seeds": "a number of runs, or a list of run numbers",
    "compare": "the parameter whose values are compared",
    "baseline": "the value of it that others are compared with",
    "fixed": "a table of options that all runs have",
    "parameters": "a table of options with lists of values",
}
MOST_RUNS = 100_000


class Wrong(Exception):
    """Something in a file that cannot be done, in one line."""


def text_of(value):
    """As on a command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def check_option(where, name, value):
    if not re.fullmatch(r"[A-Za-z0-9_:]+", name):
        raise Wrong(f"{where}.{name}: not the name of an option")
    if name in ("RngRun", "RngSeed"):
        own = "seeds" if name == "RngRun" else "seed"
        raise Wrong(f"{where}.{name}: use {own}, which overrides it")
    if name.startswith("Print"):
        raise Wrong(f"{where}.{name}: asks the program something, and makes no run")
    if name in ("run", "output"):
        raise Wrong(f"{where}.{name}: is chosen for each run; seeds says which runs there are")
    if not isinstance(value, (str, int, float)) or (isinstance(value, str) and "\n" in value):
        raise Wrong(f"{where}.{name}: not a text, number, true or false")


def read_seeds(value):
    whole = lambda v: isinstance(v, int) and not isinstance(v, bool)
    if whole(value) and 1 <= value <= MOST_RUNS:
        return list(range(1, value + 1))
    if isinstance(value, list) and value and all(whole(v) and v >= 0 for v in value):
        if len(set(value)) == len(value):
            return sorted(value)
    raise Wrong(f"seeds: not a number of runs from 1 to {MOST_RUNS}, nor a list of different ones")


def read(path):
    """The plan: fixed, parameters, compare, baseline, and runs by their names."""
    try:
        with open(path, "rb") as file:
            asked = tomllib.load(file)
    except OSError as error:
        raise Wrong(f"cannot be read: {error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"not TOML: {error}")
    for key in asked:
        if key not in KEYS:
            raise Wrong(f"{key}: unknown; accepted: {', '.join(KEYS)}")
    fixed = asked.get("fixed", {})
    parameters = asked.get("parameters", {})
    for where, table in (("fixed", fixed), ("parameters", parameters)):
        if not isinstance(table, dict):
            raise Wrong(f"{where}: not a table: [{where}]")
    for name, value in fixed.items():
        check_option("fixed", name, value)
    for name, values in parameters.items():
        if not isinstance(values, list) or not values:
            raise Wrong(f"parameters.{name}: not a list of values")
        for value in values:
            check_option("parameters", name, value)
        if len({text_of(value) for value in values}) < len(values):
            raise Wrong(f"parameters.{name}: a value stands there twice")
        if name in fixed:
            raise Wrong(f"parameters.{name}: is fixed too")
    if "schemes" not in parameters:
        raise Wrong("parameters.schemes: missing; the names that ./mptcp handover --help lists")
    for value in parameters["schemes"]:
        if text_of(value) == "all" or "," in text_of(value):
            raise Wrong("parameters.schemes: one name each, since each run is a process")
    seeds = read_seeds(asked.get("seeds", 1))
    compare = asked.get("compare", "schemes")
    if compare not in parameters:
        raise Wrong(f"compare: no parameter {compare!r}; there are: {', '.join(parameters)}")
    values = [text_of(value) for value in parameters[compare]]
    baseline = text_of(asked.get("baseline", values[0]))
    if baseline not in values:
        raise Wrong(f"baseline: {baseline!r} is no value of {compare}: {', '.join(values)}")

    runs = {}
    names = sorted(parameters)
    combinations = list(itertools.product(*([text_of(v) for v in parameters[n]] for n in names)))
    if len(combinations) * len(seeds) > MOST_RUNS:
        raise Wrong(f"{len(combinations) * len(seeds)} runs are more than {MOST_RUNS}")
    # A value that the file does not name is the program's own, but for what campaigns never need.
    defaults = {"pcap": "none", "series": "delays"}
    common = {**defaults, **{name: text_of(value) for name, value in fixed.items()}}
    for combination in combinations:
        for seed in seeds:
            chosen = dict(zip(names, combination))
            options = {**common, **chosen, "run": str(seed)}
            arguments = [f"--{name}={value}" for name, value in sorted(options.items())]
            # Another fixed value makes another run.
            digest = hashlib.sha256("\0".join(arguments).encode()).hexdigest()[:8]
            label = "-".join([*combination, f"run{seed}"])
            key = re.sub(r"[^A-Za-z0-9.+-]", "_", label)[:120] + "-" + digest
            runs[key] = {"parameters": chosen, "run": seed, "arguments": arguments}
    return {
        "fixed": common,
        "parameters": {name: [text_of(v) for v in parameters[name]] for name in names},
        "seeds": seeds,
        "compare": compare,
        "baseline": baseline,
        "runs": runs,
    }


def load(folder):
    """The plan that a campaign's folder has."""
    try:
        return json.loads((Path(folder) / "plan.json").read_text())
    except OSError as error:
        sys.exit(f"campaign: {folder}: no campaign has been run there: {error.strerror}")
