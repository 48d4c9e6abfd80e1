"""Notices of events to people, how often letters of a kind come, and the log of what the worker did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '007'
down_revision = '006'


def upgrade() -> None:
    op.create_table('job_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('slot', sa.String(length=40), nullable=False),
    sa.Column('host', sa.String(length=120), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run')),
    sa.UniqueConstraint('name', 'slot', name=op.f('uq_job_run_name_slot'))
    )
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_run_started_at'), ['started_at'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('needs', 'matches', 'pledges', 'meetings', 'followups')", name=op.f('ck_notice_kind')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_notice_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('account_id', 'event_id', name=op.f('uq_notice_account_id_event_id'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_account_id_read_at', ['account_id', 'read_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_told'), ['told'], unique=False)

    op.create_table('notice_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('cadence', sa.String(length=32), nullable=False),
    sa.CheckConstraint("cadence IN ('at-once', 'daily', 'weekly', 'never')", name=op.f('ck_notice_setting_cadence')),
    sa.CheckConstraint("kind IN ('needs', 'matches', 'pledges', 'meetings', 'followups')", name=op.f('ck_notice_setting_kind')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_setting_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_setting')),
    sa.UniqueConstraint('account_id', 'kind', name=op.f('uq_notice_setting_account_id_kind'))
    )


def downgrade() -> None:
    op.drop_table('notice_setting')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_told'))
        batch_op.drop_index(batch_op.f('ix_notice_event_id'))
        batch_op.drop_index('ix_notice_account_id_read_at')

    op.drop_table('notice')
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_run_started_at'))

    op.drop_table('job_run')
