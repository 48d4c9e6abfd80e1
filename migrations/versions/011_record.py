"""The record: sealed event by event, closed to change by the database itself, and without the names of people.

Names leave the labels of events, steps, outcomes and versions before anything is sealed: the number of the account stays, and
the State or organisation. Going back, they stay away.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = '011'
down_revision = '010'

BATCH = 1000
# Columns that held "Name, Party".
LABELS = (("event", "actor_label"), ("pledge_step", "actor_label"), ("conference_outcome", "actor_label"), ("need_version", "published_by"),
          ("need_version", "submitted_by"), ("case_item", "done_by"), ("case_support", "answered_by"), ("approach_case", "consent_by"))
SEALED = "EXISTS (SELECT 1 FROM event_seal WHERE event_id = {0})"
REAL = "EXISTS (SELECT 1 FROM event_seal WHERE event_id = {0} AND NOT is_demo)"
# Table, what is refused, when, and the words. An event is open until the commit that seals it; the demonstration can be removed.
RULES = (
    ("event", "UPDATE", SEALED.format("OLD.id"), "an event of the record cannot be changed"),
    ("event", "DELETE", REAL.format("OLD.id"), "an event of the record cannot be removed"),
    ("event_link", "INSERT", SEALED.format("NEW.event_id"), "nothing can be added to an event of the record"),
    ("event_link", "UPDATE", SEALED.format("OLD.event_id"), "an event of the record cannot be changed"),
    ("event_link", "DELETE", REAL.format("OLD.event_id"), "an event of the record cannot be changed"),
    ("event_seal", "UPDATE", "", "a seal of the record cannot be changed"),
    ("event_seal", "DELETE", "", "a seal of the record cannot be removed"),
    ("burial", "UPDATE", "", "a burial cannot be changed"), ("burial", "DELETE", "", "a burial cannot be removed"),
)
# SQLite's INSERT OR REPLACE takes a row's place without asking the triggers of removal.
REPLACED = (("event", "id"), ("event_seal", "number"), ("event_seal", "event_id"))
FUNCTION = """
CREATE FUNCTION record_is_closed() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''%'', TG_ARGV[0] USING ERRCODE = ''restrict_violation''; END'
"""
GUARDED = """
CREATE FUNCTION record_guard_{name}() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN IF {when} THEN RAISE EXCEPTION ''{words}'' USING ERRCODE = ''restrict_violation''; END IF;
 RETURN {row}; END'
"""


def upgrade() -> None:
    op.create_table('event_seal',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('is_reading', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_event_seal')),
    sa.UniqueConstraint('event_id', name=op.f('uq_event_seal_event_id'))
    )
    with op.batch_alter_table('event_seal', schema=None) as batch_op:
        batch_op.create_index('ix_event_seal_is_reading_number', ['is_reading', 'number'], unique=False)
    op.create_table('burial',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('record_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('kind', 'record_id', 'event_id', name=op.f('pk_burial'))
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":  # no number of an event is given twice, also when the demonstration goes
        with op.batch_alter_table('event', recreate='always', table_kwargs={'sqlite_autoincrement': True}):
            pass
    _leave_names_out(connection)
    _seal(connection)
    close(connection)


def downgrade() -> None:
    open_again(op.get_bind())
    op.drop_table('burial')
    with op.batch_alter_table('event_seal', schema=None) as batch_op:
        batch_op.drop_index('ix_event_seal_is_reading_number')
    op.drop_table('event_seal')


def close(connection: sa.Connection) -> None:
    """Let the database itself refuse to change or remove what is on record."""
    if connection.dialect.name == "sqlite":
        for table, act, when, words in RULES:
            op.execute(f"CREATE TRIGGER record_{table}_{act.lower()} BEFORE {act} ON {table} "
                       f"{f'WHEN {when} ' if when else ''}BEGIN SELECT RAISE(ABORT, '{words}'); END")
        for table, key in REPLACED:
            op.execute(f"CREATE TRIGGER record_{table}_{key}_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} "
                       f"WHERE {key} = NEW.{key}) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}.{key}'); END")
        return
    op.execute(FUNCTION)
    for table, act, when, words in RULES:
        name = f"{table}_{act.lower()}"
        op.execute(GUARDED.format(name=name, when=when or "true", words=words, row="OLD" if act == "DELETE" else "NEW"))
        op.execute(f"CREATE TRIGGER record_{name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION record_guard_{name}()")
    for table in ("event", "event_link", "event_seal", "burial"):
        op.execute(f"CREATE TRIGGER record_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                   "EXECUTE FUNCTION record_is_closed('the record cannot be emptied')")


def open_again(connection: sa.Connection) -> None:
    """Take the triggers away."""
    for table, act, _when, _words in RULES:
        name = f"{table}_{act.lower()}"
        op.execute(f"DROP TRIGGER record_{name}" + ("" if connection.dialect.name == "sqlite" else f" ON {table}"))
        if connection.dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION record_guard_{name}()")
    if connection.dialect.name == "sqlite":
        for table, key in REPLACED:
            op.execute(f"DROP TRIGGER record_{table}_{key}_replace")
    else:
        for table in ("event", "event_link", "event_seal", "burial"):
            op.execute(f"DROP TRIGGER record_{table}_truncate ON {table}")
        op.execute("DROP FUNCTION record_is_closed()")


def _leave_names_out(connection: sa.Connection) -> None:
    """Of "Name, Party" keep the party: the longest that a label ends with, else what follows the first comma."""
    parties = sorted(connection.execute(sa.text("SELECT name_en FROM party")).scalars(), key=len, reverse=True)
    for table, column in LABELS:
        labels = connection.execute(sa.text(f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE '%, %'")).scalars().all()
        for label in labels:
            party = next((name for name in parties if label == name or label.endswith(f", {name}")), label.partition(", ")[2])
            connection.execute(sa.text(f"UPDATE {table} SET {column} = :party WHERE {column} = :label"),
                               {"party": party, "label": label})


def _seal(connection: sa.Connection) -> None:
    """Seal every event that is there, in the order of numbers. The hashes are those of core/chain.py on the day of this file."""
    event = sa.table("event", sa.column("id", sa.Integer), sa.column("at", sa.DateTime(timezone=True)), *(
        sa.column(name, kind) for name, kind in (
            ("tag", sa.String), ("subject_kind", sa.String), ("subject_id", sa.Integer), ("subject_label", sa.String),
            ("account_id", sa.Integer), ("actor_label", sa.String), ("changes", sa.JSON), ("note", sa.Text),
            ("audience", sa.String), ("is_demo", sa.Boolean))))
    link = sa.table("event_link", sa.column("event_id", sa.Integer), sa.column("kind"), sa.column("record_id"))
    seal = sa.table("event_seal", *(sa.column(name) for name in ("number", "event_id", "content", "hash", "is_demo", "is_reading")))
    last, place, before = 0, 0, "0" * 64
    while rows := connection.execute(sa.select(event).where(event.c.id > last).order_by(event.c.id).limit(BATCH)).mappings().all():
        links: dict[int, list[list[object]]] = {}
        for row in connection.execute(sa.select(link).where(link.c.event_id.in_([one["id"] for one in rows]))):
            links.setdefault(row.event_id, []).append([row.kind, row.record_id])
        kept = []
        for one in rows:
            place += 1
            moment = one["at"] if one["at"].tzinfo else one["at"].replace(tzinfo=UTC)
            plain = {**one, "at": moment.astimezone(UTC).isoformat()}
            said = json.dumps([plain, sorted(links.get(one["id"], []))], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            content = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
            chained = f"{before}:{place}:{one['id']}:{content}:{int(one['is_demo'])}:0"
            before, last = hashlib.sha256(chained.encode()).hexdigest(), one["id"]
            kept.append({"number": place, "event_id": last, "content": content, "hash": before, "is_demo": one["is_demo"],
                         "is_reading": False})
        connection.execute(sa.insert(seal), kept)
