"""Shares: a need that its State lets one partner see until a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '012'
down_revision = '011'


def upgrade() -> None:
    op.create_table('need_share',
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_need_share_account_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_share_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_need_share_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_share')),
    sa.UniqueConstraint('need_id', 'party_id', name=op.f('uq_need_share_need_id_party_id'))
    )
    with op.batch_alter_table('need_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_share_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index('ix_need_share_party_id', ['party_id', 'need_id', 'until', 'ended_at'], unique=False)


def downgrade() -> None:
    op.drop_table('need_share')
