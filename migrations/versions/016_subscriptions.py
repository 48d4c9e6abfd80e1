"""Letters to people without an account: what an address follows, and where one POST ends a letter's kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '016'
down_revision = '015'


def upgrade() -> None:
    op.add_column('mail', sa.Column('leave', sa.String(600), nullable=False, server_default=''))
    op.create_table(
        'subscription',
        sa.Column('key', sa.String(32), nullable=False),
        sa.Column('address', sa.String(254), nullable=False),
        sa.Column('query', sa.String(600), nullable=False),
        sa.Column('rhythm', sa.String(32), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint("rhythm IN ('weekly', 'daily')", name=op.f('ck_subscription_rhythm')),
        sa.CheckConstraint('failures >= 0', name=op.f('ck_subscription_failures_not_negative')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
        sa.UniqueConstraint('key', name=op.f('uq_subscription_key')),
    )
    op.create_index('ix_subscription_address', 'subscription', ['address'])
    op.create_index(op.f('ix_subscription_confirmed_at'), 'subscription', ['confirmed_at'])
    op.create_index(op.f('ix_subscription_is_demo'), 'subscription', ['is_demo'])


def downgrade() -> None:
    op.drop_table('subscription')
    op.drop_column('mail', 'leave')
