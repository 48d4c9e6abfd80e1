"""Values of an action plan's indicators, the Committee's observations about each State, and needs in more languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '014'
down_revision = '013'


def upgrade() -> None:
    op.add_column('account', sa.Column('toured_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('indicator', sa.Column('formula', sa.String(60), nullable=False, server_default=''))
    op.create_table(
        'indicator_value',
        sa.Column('indicator_id', sa.Integer(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('value', sa.BigInteger(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('source', sa.String(400), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint('value >= 0', name=op.f('ck_indicator_value_value_not_negative')),
        sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_indicator_value_indicator_id_indicator')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_value')),
        sa.UniqueConstraint('indicator_id', 'year', name=op.f('uq_indicator_value_indicator_id_year')),
    )
    op.create_index(op.f('ix_indicator_value_indicator_id'), 'indicator_value', ['indicator_id'])
    op.create_index(op.f('ix_indicator_value_is_demo'), 'indicator_value', ['is_demo'])
    op.create_table(
        'observation',
        sa.Column('party_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('figures_on', sa.Date(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_observation_author_id_account')),
        sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_observation_party_id_party')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
        sa.UniqueConstraint('party_id', name=op.f('uq_observation_party_id')),
    )
    op.create_index(op.f('ix_observation_is_demo'), 'observation', ['is_demo'])
    op.create_table(
        'need_wording',
        sa.Column('need_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('summary', sa.Text(), nullable=False),
        sa.Column('of', sa.String(64), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'fr', 'es', 'ar', 'ru', 'zh')", name=op.f('ck_need_wording_language')),
        sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_wording_need_id_need'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_need_wording')),
        sa.UniqueConstraint('need_id', 'language', name=op.f('uq_need_wording_need_id_language')),
    )
    op.create_index(op.f('ix_need_wording_need_id'), 'need_wording', ['need_id'])
    op.create_index(op.f('ix_need_wording_is_demo'), 'need_wording', ['is_demo'])


def downgrade() -> None:
    op.drop_table('need_wording')
    op.drop_table('observation')
    op.drop_table('indicator_value')
    op.drop_column('indicator', 'formula')
    op.drop_column('account', 'toured_at')
