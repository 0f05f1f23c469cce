"""Run every benchmark of this folder, one after the other: ``make bench``.

A benchmark that lacks what it compares with exits with 2 and says what it needs; the others run all the same.
"""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    here = Path(__file__).resolve()
    failed = []
    for script in sorted(here.parent.glob("*.py")):
        if script == here:
            continue
        print(f"== {script.name}", flush=True)
        code = subprocess.run([sys.executable, str(script)], check=False).returncode
        if code == 2:
            print(f"{script.name} was not measured")
        elif code:
            failed.append(script.name)
    if failed:
        print("failed:", ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
