"""`meetscribe profiles export` and `import` never merge."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from meetscribe.profiles import ProfileStore
from tests.support.voiceprints import profile

Call = Callable[..., Result]


def test_profiles_move_and_are_never_merged(call: Call) -> None:
    """An export is imported elsewhere; a conflict is reported with exit code 6 and resolved by --replace only."""
    ProfileStore().add(profile("Anna", (1.0,)))
    assert call("profiles", "export", "-o", "all.json").exit_code == 0
    assert call("profiles", "export", "-o", "all.json").exit_code == 3
    assert call("profiles", "forget", "anna").exit_code == 0
    assert "would be added" in call("profiles", "import", "all.json", "--dry-run").stderr
    assert call("profiles", "import", "all.json").exit_code == 0
    ProfileStore().remove(ProfileStore().require("Anna"))
    ProfileStore().add(profile("anna", (0.5,)))
    assert "Anna: would not be imported" in call("profiles", "import", "all.json", "--dry-run").stderr
    done = call("profiles", "import", "all.json")
    assert done.exit_code == 6 and "--replace" in done.stderr
    assert "Anna: not imported, because the stored profile differs\n" in done.stderr
    assert call("profiles", "import", "all.json", "--replace").exit_code == 0
    assert [one.name for one in ProfileStore().all()] == ["Anna"]
    listed = json.loads(call("profiles", "list", "--json").stdout)
    assert listed["profiles"][0]["consent"]["declared_by"] == "Anna" and "vector" not in json.dumps(listed)
