"""How the tests themselves are shared out."""

from __future__ import annotations

import pytest

from tests.examples import IN_THE_WHOLE_SUITE


@pytest.mark.xdist_group("server")
def test_a_group_of_tests_stays_on_one_worker(request: pytest.FixtureRequest) -> None:
    # Where the suite's two packages do not fit together, groups are spread without a word: twice as many servers start.
    assert request.node.nodeid.endswith("@server") == IN_THE_WHOLE_SUITE
