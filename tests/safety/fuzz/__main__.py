"""The long run: python -m tests.safety.fuzz --seconds N [--target T] [--loop].

Where atheris is installed it leads one target through the code by coverage; otherwise, or with
--loop, the plain mutation loop takes every target in turn and looks at the time as well.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser(prog="python -m tests.safety.fuzz")
parser.add_argument("--seconds", type=int, default=60, help="for each target")
parser.add_argument("--target", help="one of them; all without it")
parser.add_argument("--seed", type=int, default=20261122)
parser.add_argument("--loop", action="store_true", help="without atheris")
chosen = parser.parse_args()

GUIDED = importlib.util.find_spec("atheris") is not None and not chosen.loop
if GUIDED:
    import atheris

    with atheris.instrument_imports(include=["acquirer", "domain", "checkout", "devices"]):
        from tests.safety.fuzz import targets
else:
    from tests.safety.fuzz import targets

from tests.safety.fuzz.loop import fuzz  # noqa: E402  # atheris has to come first

known = {target.name: target for target in targets.TARGETS}
if chosen.target and chosen.target not in known:
    parser.error(f"one of {', '.join(known)}")

if GUIDED and not chosen.target:
    parser.error("atheris takes one --target at a time; --loop takes all")
if GUIDED:
    corpus = Path(tempfile.mkdtemp(prefix="tillwright-corpus-"))
    for number, example in enumerate(known[chosen.target].seeds):
        (corpus / str(number)).write_bytes(example)
    limits = [f"-max_total_time={chosen.seconds}", f"-seed={chosen.seed}", "-timeout=1"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], known[chosen.target].read)
    atheris.Fuzz()

status = 0
for target in [known[chosen.target]] if chosen.target else targets.TARGETS:
    result = fuzz(target, seconds=chosen.seconds, seed=chosen.seed, timed=True)
    print(f"{target.name:18} {result.count:10,} inputs  {result.finding or 'nothing found'}")
    status |= result.finding is not None
sys.exit(status)
