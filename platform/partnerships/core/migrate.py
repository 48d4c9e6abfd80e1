"""Running the migrations from the application, on its own engine."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from partnerships.core.db import current_engine
from partnerships.settings import ROOT


def config() -> Config:
    """Alembic's configuration: the [alembic] section of setup.cfg."""
    found = Config(str(ROOT / "setup.cfg"))
    found.attributes["engine"] = current_engine()
    return found


def upgrade(revision: str = "head") -> None:
    """Bring the tables of the running application up to a revision."""
    command.upgrade(config(), revision)


def is_current() -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with current_engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
