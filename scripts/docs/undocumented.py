#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Warnings of Doxygen on standard input, but for functions that override what ns-3 documents.

Prints the others and exits with 1 if there are any.
"""
import re
import sys

found = 0
for line in sys.stdin:
    place = re.match(r"(\S+):(\d+): warning: Member .*\(function\) .* is not documented", line)
    if place:
        with open(place.group(1), encoding="utf-8") as header:
            text = "".join(header.readlines()[int(place.group(2)) - 1:])
        if re.match(r"[^;{]*\boverride\b", text):
            continue
    if line.strip():
        print(line.rstrip())
        found += 1
sys.exit(1 if found else 0)
