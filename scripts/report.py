# SPDX-License-Identifier: GPL-2.0-only
"""One page of a folder of results: report.py FOLDER writes FOLDER/report.html.

Tables, parameters and pictures, all of it in the file, for a browser without a network.
"""

import base64
import csv
import json
import sys
from pathlib import Path

try:
    import jinja2
except ImportError:
    sys.exit("mptcp: not installed: jinja2, a package for Python (Debian: python3-jinja2)")

PAGE = """<!DOCTYPE html>
<!-- SPDX-License-Identifier: GPL-2.0-only -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<style>
body { font: 15px/1.45 sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; font-size: 13px; margin: 1rem 0; display: block; overflow-x: auto }
th, td { padding: 0.15rem 0.6rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
img { max-width: 100%; height: auto }
figure { margin: 1.5rem 0 } figcaption { color: #555 }
</style>
</head>
<body>
<h1>{{ title }}</h1>
{% for table in tables %}
<h2>{{ table.title }}</h2>
<table>
<tr>{% for cell in table.header %}<th>{{ cell }}</th>{% endfor %}</tr>
{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
{% endfor %}
<h2>Pictures</h2>
{% for picture in pictures %}
<figure><img alt="{{ picture.text }}" src="data:image/png;base64,{{ picture.data }}">
<figcaption>{{ picture.text }}</figcaption></figure>
{% endfor %}
<h2>Parameters</h2>
<table>
{% for name, value in parameters %}<tr><td>{{ name }}</td><td>{{ value }}</td></tr>
{% endfor %}</table>
</body>
</html>
"""

# What is known of pictures, in the order in which they are shown; others follow.
TEXTS = {
    "interruption": "Longest time without a byte for the application, by strategy; mean of the "
                    "seeds and its 95 % interval, or the seeds themselves where they are few",
    "goodput": "Bytes delivered once and in order, over each access or by strategy",
    "strategies": "Strategies with a connection manager: WiFi's signal, what each access carried, "
                  "and when subflows were opened and closed",
    "schemes": "All schemes side by side",
    "map": "What the network is made of, and with radios where they stand and the phone goes",
    "data-sequence": "Which access sent which byte of the stream",
    "window-rtt": "Congestion window, round-trip time and retransmission time-out",
    "queues": "Packets that wait in front of each access, and bytes at the receiver that wait for a "
              "hole to be filled",
    "block-delay": "Delay of blocks of a bulk transfer",
    "requests-cdf": "How long small requests took",
    "pages-cdf": "How long web pages took",
    "frames-cdf": "How old frames were",
    "request-delay": "What 99 % of the small requests do not exceed, by strategy",
    "page-time": "How long web pages took, by strategy",
    "late-frames": "Frames that were too old when they came, by strategy",
    "cellular": "Bytes over cellular, by strategy",
    "energy": "Energy of both radios, by strategy: an estimate",
}


def table_of(path, keep=None):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    header, rows = rows[0], rows[1:]
    if keep:
        rows = [row for row in rows if keep(dict(zip(header, row)))]
    used = [i for i in range(len(header)) if any(row[i] != "nan" for row in rows)]
    clean = lambda cell: "" if cell == "nan" else cell.replace("_", " ")
    return {
        "header": [clean(header[i]) for i in used],
        "rows": [[clean(row[i]) for i in used] for row in rows],
    }


def main():
    folder = Path(sys.argv[1])
    tables = []
    parameters = []
    if (folder / "plan.json").exists():
        plan = json.loads((folder / "plan.json").read_text())
        title = f"A campaign of {len(plan['runs'])} runs"
        parameters = [*plan["fixed"].items(),
                      *((n, ", ".join(v)) for n, v in plan["parameters"].items()),
                      ("run", ", ".join(map(str, plan["seeds"]))), ("baseline", plan["baseline"])]
        first = next(iter(sorted((folder / "runs").glob("*/run.json"))), None)
        tables.append({"title": "Mean, 95 % interval, paired difference against the baseline",
                       **table_of(folder / "summary.csv")})
    else:
        title = "A phone that changes networks"
        first = folder / "run.json"
        with open(folder / "summary.csv", newline="") as file:
            kinds = list(dict.fromkeys(row["traffic"] for row in csv.DictReader(file)))
        for kind in kinds:
            tables.append({"title": kind,
                           **table_of(folder / "summary.csv", lambda row: row["traffic"] == kind)})
    if first and first.exists():
        record = json.loads(first.read_text())
        if not parameters:
            parameters = sorted(record["options"].items())
        parameters += [("ns-3", record["ns3"]), ("module", record["module"]),
                       ("compiler", record["compiler"])]
        parameters += sorted(record["attributes"].items())
    order = {name: i for i, name in enumerate(TEXTS)}
    paths = sorted(folder.glob("*.png"), key=lambda p: (order.get(p.stem, len(order)), p.stem))
    pictures = [{"text": TEXTS.get(p.stem, p.stem),
                 "data": base64.b64encode(p.read_bytes()).decode()} for p in paths]
    page = jinja2.Environment(autoescape=True).from_string(PAGE).render(
        title=title, tables=tables, pictures=pictures, parameters=parameters)
    (folder / "report.html").write_text(page)


main()
