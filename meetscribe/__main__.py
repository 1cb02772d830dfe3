"""`python -m meetscribe` runs the command `meetscribe`."""

from __future__ import annotations

from meetscribe.cli import main

if __name__ == "__main__":
    main()
