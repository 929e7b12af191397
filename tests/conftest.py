"""Both engines for every store test: SQLite in a file, PostgreSQL started from the installed binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from svclib.i18n import use_language
from svclib.settings import Settings, load_settings
from svclib.workspace import Workspace, init_database, open_workspace
from svclib.workspace.vault import Vault

# How long one example takes says more about the machine than about the code. In CI the same examples every time, so
# that what is red there is red here; at a desk new ones.
hypothesis_settings.register_profile("svc", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis_settings.load_profile("svc")


# No test sees the developer's settings or the live database, and no fixture of a session either.
for _name in [name for name in os.environ if name.startswith("SVC_")]:
    del os.environ[_name]


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a data folder of its own, and the demo's day."""
    monkeypatch.setenv("SVC_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SVC_TODAY", "2026-08-20")
    use_language("zh_CN")
    yield
    use_language("zh_CN")


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    pytest.fail("PostgreSQL's server is not installed. Run: make test (as root), or apt-get install postgresql")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of our own on a socket in a temporary folder; its address without a database name."""
    binaries = _postgres_binaries()
    home = Path(subprocess.check_output(["mktemp", "-d", "/tmp/svcpg.XXXXXX"], text=True).strip())
    user = None
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root.
        user = "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
        shutil.chown(home, user)
    start = {"user": user, "cwd": str(home), "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    done = subprocess.run(
        [binaries / "initdb", "-D", home / "db", "-U", "svc", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=False,
        **start,
    )
    if done.returncode:
        pytest.fail(f"initdb failed: {done.stderr.decode(errors='replace')}")
    quick = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    # Into a file: a pipe that nobody reads is full after some hundred lines, and the server then stands still.
    log = home.with_name(f"{home.name}.log")
    with log.open("wb") as lines:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "db", "-k", home, *quick], **(start | {"stderr": lines})
        )
    try:
        for _attempt in range(200):
            ready = subprocess.run([binaries / "pg_isready", "-q", "-h", home], check=False)
            if ready.returncode == 0:
                break
            if server.poll() is not None:
                pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
            subprocess.run(["sleep", "0.05"], check=True)
        yield f"postgresql+psycopg://svc@/{{name}}?host={home}"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)
        log.unlink()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with all tables, copied for each test: far quicker than running the migrations again."""
    admin = create_engine(postgres_server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE template_svc"))
    admin.dispose()
    init_database(
        Settings(data_dir=tmp_path_factory.mktemp("template"), database_url=postgres_server.format(name="template_svc"))
    )
    return postgres_server


@pytest.fixture
def postgres_url(postgres_template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL database with all tables and no rows, for this test alone."""
    admin = create_engine(postgres_template.format(name="postgres"), isolation_level="AUTOCOMMIT")
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_svc"))
    yield postgres_template.format(name=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a database with all tables and no rows, once for each engine."""
    if request.param == "postgresql":
        monkeypatch.setenv("SVC_DATABASE_URL", request.getfixturevalue("postgres_url"))
        Vault.create(load_settings().keys)
    chosen = load_settings()
    init_database(chosen)
    return chosen


@pytest.fixture
def ws(settings: Settings) -> Iterator[Workspace]:
    """A workspace on an empty database, once for each engine; today is 20 August 2026."""
    workspace = open_workspace(settings)
    yield workspace
    workspace.close()
