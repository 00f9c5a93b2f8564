# SPDX-License-Identifier: GPL-2.0-only
"""One run of a campaign, in the campaign's folder: run-one.py KEY.

The results appear in runs/KEY in one step, when they are complete.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main():
    key = sys.argv[1]
    plan = json.loads(Path("plan.json").read_text())
    program = json.loads(Path("program.json").read_text())
    command = [program["path"], *plan["runs"][key]["arguments"]]
    # Not below runs: Snakemake takes away folders there that are empty after a failure.
    for folder in ("logs", "scratch"):
        Path(folder).mkdir(exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"{key}.", dir="scratch"))
    log = Path("logs") / f"{key}.log"
    began = time.monotonic()
    try:
        with open(log, "w") as file:
            print(shlex.join(command), file=file, flush=True)
            try:
                # Options name files as they were called where the campaign was started.
                status = subprocess.call([*command, f"--output={scratch.resolve()}"],
                                         cwd=program["folder"], stdout=file, stderr=file)
            except OSError as error:
                print(f"{error.filename}: {error.strerror}", file=file)
                status = 127
        if status != 0:
            with open(log, "a") as file:
                how = f"signal {-status}" if status < 0 else f"status {status}"
                print(f"ended with {how}", file=file)
            sys.exit(1)
        # How long it took, and of a processor.
        spent = os.times()
        (scratch / "seconds.txt").write_text(f"{time.monotonic() - began:.3f}\n"
                                             f"{spent.children_user + spent.children_system:.3f}\n")
        target = Path("runs") / key
        # In one step over the empty folder that Snakemake has made.
        target.mkdir(parents=True, exist_ok=True)
        os.chmod(scratch, 0o755)
        os.rename(scratch, target)
        log.unlink()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


main()
