# SPDX-License-Identifier: GPL-2.0-only
"""What a campaign's runs say together: one tidy table, means with intervals, series for plots."""

import csv
import math
import statistics
from pathlib import Path

# Columns of a run's summary.csv that are words.
NOT_METRICS = ("scheme", "traffic")


def student_95(freedom):
    """The two-sided 95 % quantile of Student's t distribution."""
    exact = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
    if freedom <= len(exact):
        return exact[freedom - 1]
    # Expansion in 1 / freedom around the normal distribution's: right to 0.003.
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def interval(values):
    """Half the width of the 95 % confidence interval of the mean."""
    if len(values) < 2:
        return math.nan
    return student_95(len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))


def write_csv(path, header, rows):
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def number(value):
    return "nan" if math.isnan(value) else f"{value:.6g}"


def sort_key(text):
    """Numbers by value, before words."""
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def collect(folder, plan):
    """The rows of all finished runs: parameters by name, run, and the values by column."""
    rows = []
    columns = []
    for key, run in plan["runs"].items():
        path = Path(folder) / "runs" / key / "summary.csv"
        if not path.exists():
            continue
        with open(path, newline="") as file:
            reader = csv.DictReader(file)
            columns = [c for c in reader.fieldnames if c not in NOT_METRICS]
            for line in reader:
                rows.append({
                    "parameters": run["parameters"],
                    "run": run["run"],
                    "traffic": line["traffic"],
                    "values": {c: line[c] for c in columns},
                })
    order = lambda row: (
        [sort_key(row["parameters"][p]) for p in sorted(plan["parameters"])],
        row["traffic"], row["run"],
    )
    return sorted(rows, key=order), columns


def summarize(folder, plan):
    """Write results.csv and summary.csv; returns what the plots need."""
    folder = Path(folder)
    rows, columns = collect(folder, plan)
    names = sorted(plan["parameters"])
    write_csv(
        folder / "results.csv",
        [*names, "traffic", "run", *columns],
        [
            [*(row["parameters"][n] for n in names), row["traffic"], row["run"],
             *(row["values"][c] for c in columns)]
            for row in rows
        ],
    )
    # By combination and traffic: values by metric and run.
    groups = {}
    for row in rows:
        key = (tuple(row["parameters"][n] for n in names), row["traffic"])
        for column in columns:
            value = float(row["values"][column])
            if not math.isnan(value):
                groups.setdefault(key, {}).setdefault(column, {})[row["run"]] = value
    lines = []
    compared = names.index(plan["compare"])
    for (combination, traffic), metrics in groups.items():
        base = list(combination)
        base[compared] = plan["baseline"]
        others = groups.get((tuple(base), traffic), {})
        for metric in columns:
            values = metrics.get(metric)
            if not values:
                continue
            line = [*combination, traffic, metric, len(values),
                    number(statistics.mean(values.values())), number(interval(list(values.values()))),
                    number(statistics.median(values.values()))]
            paired = [values[r] - others.get(metric, {})[r]
                      for r in values if r in others.get(metric, {})]
            if combination[compared] == plan["baseline"] or not paired:
                line += ["nan", "nan"]
            else:
                line += [number(statistics.mean(paired)), number(interval(paired))]
            lines.append(line)
    write_csv(
        folder / "summary.csv",
        [*names, "traffic", "metric", "n", "mean", "interval_95", "median", "difference",
         "difference_interval_95"],
        lines,
    )
    return names, groups


def label_of(plan, names, combination):
    """What tells a combination from the others."""
    parts = []
    for name, value in zip(names, combination):
        if name == plan["compare"]:
            parts.insert(0, value)
        elif len(plan["parameters"][name]) > 1:
            parts.append(f"{name} {value}")
    return ", ".join(parts)


# What is drawn with intervals: file, kind of traffic, column, factor, name of the axis.
BARS = (
    ("interruption", "bulk", "interruption_ms", 1, "Longest interruption of a bulk transfer (ms)"),
    ("goodput", "bulk", "goodput_mbps", 1, "Goodput (Mb/s)"),
    ("cellular", "bulk", "cellular_down_bytes", 1e-6, "Over cellular, down (MB)"),
    ("energy", "bulk", None, 1, "Energy of both radios, estimated (J)"),
    ("request-delay", "requests", "delay_99_ms", 1, "99 % of the requests take no longer than (ms)"),
    ("page-time", "pages", "delay_median_ms", 1, "Median time until a page is complete (ms)"),
    ("late-frames", "frames", "late", 1, "Frames that came after the deadline, or not at all"),
)


def write_series(folder, plan, names, groups):
    """The series of the plots, and parameters.gp, which lists them."""
    folder = Path(folder)
    series = folder / "series"
    series.mkdir(exist_ok=True)
    for old in series.iterdir():
        old.unlink()
    combinations = []
    for combination, _ in groups:
        if combination not in combinations:
            combinations.append(combination)
    # As the file has them.
    rank = {v: i for i, v in enumerate(plan["parameters"][plan["compare"]])}
    compared = names.index(plan["compare"])
    combinations.sort(key=lambda c: rank[c[compared]])
    drawn = []
    titles = []
    scarce = []
    for name, traffic, column, factor, title in BARS:
        lines = []
        for position, combination in enumerate(combinations):
            metrics = groups.get((combination, traffic), {})
            if column is None:
                wifi, cellular = metrics.get("wifi_joule", {}), metrics.get("cellular_joule", {})
                values = {r: wifi[r] + cellular[r] for r in wifi if r in cellular}
            else:
                values = {r: v * factor for r, v in metrics.get(column, {}).items()}
            if not values:
                continue
            label = label_of(plan, names, combination)
            half = interval(list(values.values()))
            lines.append((position, label, statistics.mean(values.values()), half, list(values.values())))
        if not lines:
            continue
        drawn.append(name)
        titles.append(title)
        # Below five runs an interval says nothing: each run is a point.
        few = any(len(line[4]) < 5 for line in lines)
        scarce.append(int(few))
        with open(series / f"{name}.dat", "w") as file:
            print("# position label mean half_interval", file=file)
            for position, label, mean, half, values in lines:
                print(f'{position} "{label}" {mean:.6g} {"nan" if few else f"{half:.6g}"}', file=file)
        with open(series / f"{name}-points.dat", "w") as file:
            print("# position value", file=file)
            for position, label, mean, half, values in lines:
                for value in values if few else ():
                    print(f"{position} {value:.6g}", file=file)
    curves = []
    for position, combination in enumerate(combinations):
        delays = []
        for key, run in plan["runs"].items():
            if tuple(run["parameters"][n] for n in names) == combination:
                for path in (folder / "runs" / key).glob("*/requests/delay-cdf.dat"):
                    with open(path) as file:
                        delays += [float(l.split()[0]) for l in file if not l.startswith("#")]
        if delays:
            delays.sort()
            curves.append((position, label_of(plan, names, combination)))
            step = max(1, len(delays) // 1000)
            with open(series / f"requests-{position}.dat", "w") as file:
                print("# delay_ms part_that_took_no_longer", file=file)
                for i in [*range(0, len(delays) - 1, step), len(delays) - 1]:
                    print(f"{delays[i]:.6g} {(i + 1) / len(delays):.6g}", file=file)
    quote = lambda items: "|".join(str(i) for i in items)
    (folder / "parameters.gp").write_text(
        f"bars = \"{' '.join(drawn)}\"\nfew = \"{' '.join(map(str, scarce))}\"\nbar_titles = \"{quote(titles)}\"\n"
        f"curves = \"{' '.join(str(p) for p, _ in curves)}\"\n"
        f"curve_titles = \"{quote(label for _, label in curves)}\"\n"
        f"positions = {len(combinations)}\n"
        f"longest_label = {max(len(label_of(plan, names, c)) for c in combinations)}\n"
    )
