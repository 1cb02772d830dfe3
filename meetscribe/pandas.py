"""Importing this module gives every pandas DataFrame the accessor `frame.meet`.

>>> import meetscribe.pandas
>>> import pandas as pd
>>> frame = pd.DataFrame({"start": [0.0], "end": [2.0], "speaker": ["Anna"], "text": ["Good morning."]})
>>> frame.meet.speakers()[["speaker", "talk_time_s"]].to_dict("list")
{'speaker': ['Anna'], 'talk_time_s': [2.0]}

`Transcript.to_frame` registers the accessor too. `import meetscribe` does not, because it must not import pandas.
"""

from __future__ import annotations

from meetscribe.transcript.frame.accessor import MeetAccessor

__all__ = ["MeetAccessor"]
