"""`import meetscribe.pandas` gives every DataFrame the accessor `frame.meet`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import meetscribe.pandas
import pandas as pd
frame = pd.DataFrame({"start": [0.0, 2.0], "end": [2.0, 3.0], "speaker": ["Anna", None], "text": ["Yes.", "No."]})
print(frame.meet.labels, frame.meet.talk_time()["seconds"].tolist(), frame.meet.talk_time()["share"].tolist())
"""


def test_a_frame_from_elsewhere_has_the_accessor() -> None:
    """The accessor is registered in a fresh interpreter; rows without a speaker are in no total."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert done.stdout == "['Anna'] [2.0] [1.0]\n", done.stderr
