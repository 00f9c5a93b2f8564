#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes cellular-down.trace and cellular-up.trace, in Mahimahi's format: 5 s of a link whose rate
swings around 8 and 3 Mb/s, and which carries nothing from 3 s to 3.4 s. Nothing was measured."""
from math import pi, sin
from pathlib import Path

OPPORTUNITY = 1504  # bytes
LENGTH = 5000  # ms

for name, mean, swing, period in (("down", 8e6, 0.6, 2500), ("up", 3e6, 0.5, 1700)):
    lines = []
    due = 0.0
    for time in range(1, LENGTH + 1):
        if not 3000 <= time < 3400:
            due += mean * (1 + swing * sin(2 * pi * time / period)) / 8000
        while due >= OPPORTUNITY or (time == LENGTH and lines[-1] < LENGTH):
            due -= OPPORTUNITY
            lines.append(time)
    text = "".join(f"{line}\n" for line in lines)
    (Path(__file__).parent / f"cellular-{name}.trace").write_text(text)
