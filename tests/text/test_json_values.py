from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from meetscribe.text.json_values import as_json, encodable


def test_values_become_json() -> None:
    """Tuples become lists, paths and keys become text, and what UTF-8 cannot encode a question mark."""
    value = {1: (True, None, 0.5), "path": PurePosixPath("a/b"), "name": "odd\udcff"}
    assert as_json(value) == {"1": [True, None, 0.5], "path": "a/b", "name": "odd?"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {1, 2}, object()])
def test_values_without_json_are_refused(value: object) -> None:
    """What JSON cannot hold is an error, not a guess."""
    with pytest.raises(ValueError, match="JSON cannot hold"):
        as_json([value])


def test_deep_nesting_is_refused() -> None:
    """A value at the limit of nesting is copied, one level more is refused."""
    assert as_json([[1]], max_depth=2) == [[1]]
    with pytest.raises(ValueError, match="nested"):
        as_json([[1]], max_depth=1)


@pytest.mark.parametrize(("text", "encoded"), [("plain", "plain"), ("é我", "é我"), ("a\udc80b", "a?b")])
def test_text_is_encodable(text: str, encoded: str) -> None:
    """Only lone surrogates are replaced."""
    assert encodable(text) == encoded
