"""Run the benchmarks: python -m tests.benchmarks [NAME …]. Nothing is asserted by time; ratios are of one run.

A benchmark is a module of this package with a docstring and `run(folder) -> Iterator[Measure | Figure]`; name it below.
"""

import importlib
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

BENCHMARKS = ("import_rows", "list_people", "open_page", "open_rounds", "hold_pages", "plan_province", "plan_rotation")


def main(names: list[str]) -> None:
    for name in [name for name in os.environ if name.startswith("SVC_")]:
        del os.environ[name]
    for name in names or BENCHMARKS:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        print(f"{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        with TemporaryDirectory() as folder:
            for measure in module.run(Path(folder)):
                print(measure.line(), flush=True)


main(sys.argv[1:])
