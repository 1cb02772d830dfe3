from __future__ import annotations

import pytest

from meetscribe.cli.display.tables import print_columns, print_score_table


def test_columns_are_aligned_by_their_width_on_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """Wide characters count double; chosen columns are right-aligned; lines have no trailing spaces."""
    print_columns(("name", "words", "first"), [("安娜安", "7", "x"), ("Ben", "1234567", "")], right=(1,))
    assert capsys.readouterr().out == "name      words  first\n安娜安        7  x\nBen     1234567\n"


def test_inner_columns_of_scores_are_right_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_score_table(("metric", "rate", "of"), [("WER", "9.0 %", "1 of 11"), ("DER", "n/a", "no turns")])
    assert capsys.readouterr().out == "metric   rate  of\nWER     9.0 %  1 of 11\nDER       n/a  no turns\n\n"
