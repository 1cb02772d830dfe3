"""Benchmarks of meetscribe, most of them compared with other packages; stored results are switched off."""

import os

os.environ.setdefault("MEETSCRIBE_RUN__CACHE", "false")
