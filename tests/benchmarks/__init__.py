"""Measurements beside other tools; what is measured is done anew each time, never read from an earlier run."""

import os

os.environ.setdefault("MEETSCRIBE_RUN__CACHE", "false")
