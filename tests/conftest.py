"""Both engines for every store test: SQLite in a file, PostgreSQL started from the installed binaries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings

from svclib.i18n import use_language
from svclib.settings import Settings, load_settings
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.access import hashing
from tests.examples import IN_THE_WHOLE_SUITE, examples
from tests.stores import EMPTY, Stores, Template, postgres

# How long one example takes says more about the machine than about the code. In CI the same examples every time, so
# that what is red there is red here; at a desk new ones. Among the whole suite's workers a failure is told as it was
# met: making it small may take five minutes, and is done where its test is run alone.
_SMALLER = set() if IN_THE_WHOLE_SUITE else {Phase.shrink}
_PHASES = {Phase.explicit, Phase.reuse, Phase.generate, Phase.target} | _SMALLER
hypothesis_settings.register_profile(
    "svc",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=examples(100),
    print_blob=True,
    phases=tuple(_PHASES),
)
hypothesis_settings.load_profile("svc")

# A hash that takes a tenth of a second guards nobody here. The processes that tests start hash as in an office.
hashing.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

# No test sees the developer's settings or the live database, and no fixture of a session either.
for _name in [name for name in os.environ if name.startswith("SVC_")]:
    del os.environ[_name]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's bytes name no test: a workbook says when it was made, and all workers must have the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a data folder of its own, and the demo's day."""
    monkeypatch.setenv("SVC_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SVC_TODAY", "2026-08-20")
    use_language("zh_CN")
    yield
    use_language("zh_CN")
    # Where a command of a test has sent the log to is closed by now.
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def sqlite_stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """The templates of databases in files."""
    return Stores(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The templates of databases of a PostgreSQL server, which is started from the installed binaries."""
    with postgres() as address:
        stores = Stores(tmp_path_factory.mktemp("postgres"), address)
        yield stores
        stores.close()


@pytest.fixture
def postgres_url(postgres_stores: Stores, tmp_path: Path) -> Iterator[str]:
    """The address of a PostgreSQL database with all tables and no rows, for this test alone."""
    with postgres_stores.copy(EMPTY, tmp_path / "keys-of-postgres") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """The templates of either engine."""
    found: Stores = request.getfixturevalue({"sqlite": "sqlite_stores", "postgresql": "postgres_stores"}[request.param])
    return found


@pytest.fixture
def template() -> Template:
    """What the database of a test holds at first: nothing, where a module does not say otherwise."""
    return EMPTY


@pytest.fixture
def settings(stores: Stores, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a database of the test's own, once for each engine."""
    with stores.copy(template, tmp_path / "data") as address:
        if address:
            monkeypatch.setenv("SVC_DATABASE_URL", address)
        yield load_settings()


@pytest.fixture
def ws(settings: Settings) -> Iterator[Workspace]:
    """A workspace on that database; today is 20 August 2026."""
    workspace = open_workspace(settings)
    yield workspace
    workspace.close()
