"""Live through many days: python -m tests.safety.simulation --sales N --seed S [--jobs J]."""

from __future__ import annotations

import sys

from tests.safety.simulation.run import main

if __name__ == "__main__":
    sys.exit(main())
