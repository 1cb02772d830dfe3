"""Make the recordings in `samples/` again: a stand-up, a planning meeting and an interview, with their truth.

python samples/recipe/make_samples.py -o samples
"""

from __future__ import annotations

import argparse
from pathlib import Path

from make_meeting import make_meeting

STANDUP = ("sally", "robert", "emma")
PLANNING = ("sally", "robert", "kurt", "diana")  # two low and two high voices that are alike
INTERVIEW = ("emma", "angus")


def make_samples(folder: Path) -> None:
    """Write the three recordings and say how much of each overlaps."""
    shares = {
        "standup": make_meeting(folder, "standup", 11, 1.3, STANDUP, overlap=0.0),
        "planning": make_meeting(folder, "planning", 21, 9.0, PLANNING, overlap=0.08),
        "interview": make_meeting(folder, "interview", 31, 3.0, INTERVIEW, stereo=True),
    }
    for name, share in shares.items():
        print(f"{name}: {share:.1%} of the speech overlaps")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("samples"))
    make_samples(parser.parse_args().output)
