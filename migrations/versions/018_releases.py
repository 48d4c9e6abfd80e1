"""Dated releases of open data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '018'
down_revision = '017'


def upgrade() -> None:
    op.create_table(
        'release',
        sa.Column('ref', sa.String(24), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('actor_label', sa.String(300), nullable=False),
        sa.Column('licence', sa.String(40), nullable=False),
        sa.Column('licence_url', sa.String(300), nullable=False),
        sa.Column('counts', sa.JSON(), nullable=False),
        sa.Column('left_out', sa.JSON(), nullable=False),
        sa.Column('fingerprint', sa.String(64), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('stored_as', sa.String(64), nullable=True),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint('(withdrawn_at IS NULL) = (stored_as IS NOT NULL)', name=op.f('ck_release_file_until_withdrawn')),
        sa.CheckConstraint('number > 0', name=op.f('ck_release_number_from_one')),
        sa.CheckConstraint('size > 0', name=op.f('ck_release_size_positive')),
        sa.CheckConstraint("withdrawn_at IS NULL OR reason <> ''", name=op.f('ck_release_withdrawn_has_reason')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_release')),
        sa.UniqueConstraint('ref', name=op.f('uq_release_ref')),
    )
    op.create_index(op.f('ix_release_day'), 'release', ['day'])
    op.create_index(op.f('ix_release_is_demo'), 'release', ['is_demo'])


def downgrade() -> None:
    op.drop_table('release')
