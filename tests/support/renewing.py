"""A PostgreSQL database laid anew for each test: only what a test wrote is put back, a tenth of the time of a new copy."""

from __future__ import annotations

import psycopg
from psycopg import sql

KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept._written (name text);
CREATE TABLE kept._sequences AS SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
CREATE FUNCTION kept._mark() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO kept._written VALUES (TG_TABLE_NAME); RETURN NULL; END';
"""
# Connections that a test left in the middle of something; those that rest are the application's own and serve the next test.
ENDED = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
         "AND backend_type = 'client backend' AND state IS DISTINCT FROM 'idle'")
COUNTERS = ("SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 1), last_value IS NOT NULL) "
            "FROM kept._sequences")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def keep(url: str) -> None:
    """Keep every table as it is now, and have each note when it is written to. The database is then a template."""
    with psycopg.connect(_plain(url)) as connection:
        connection.execute(KEEP)
        for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            table = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(table))
            connection.execute(sql.SQL("CREATE TRIGGER _mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.{} "
                                       "FOR EACH STATEMENT EXECUTE FUNCTION kept._mark()").format(table))


def put_back(url: str) -> bool:
    """Put back what was written since `keep`, ending connections that are in the middle of something.

    Returns: False where the server does not let this user do so (it must switch foreign keys off), or where a test took
    away what was kept: copy the template then.
    """
    try:
        with psycopg.connect(_plain(url)) as connection:
            connection.execute("SET session_replication_role = replica")  # no foreign keys, no marks
            connection.execute(ENDED)
            written = connection.execute("SELECT DISTINCT name FROM kept._written").fetchall()
            for (name,) in written:
                table = sql.Identifier(name)
                for statement in ("DELETE FROM public.{0} now WHERE now::text NOT IN (SELECT was::text FROM kept.{0} was)",
                                  "INSERT INTO public.{0} SELECT was.* FROM kept.{0} was "
                                  "WHERE was::text NOT IN (SELECT now::text FROM public.{0} now)"):
                    connection.execute(sql.SQL(statement).format(table))
            connection.execute("DELETE FROM kept._written")
            connection.execute(COUNTERS)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable):
        return False
    return True
