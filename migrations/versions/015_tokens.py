"""Keys of programs, and what creating requests were answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '015'
down_revision = '014'
ROLES = "'focal-point', 'donor-officer', 'organisation-officer', 'isu-officer', 'isu-administrator', 'committee-member', 'public'"


def upgrade() -> None:
    op.create_table(
        'token',
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('role', sa.String(32), nullable=False),
        sa.Column('scopes', sa.String(), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('party_id', sa.Integer(), nullable=False),
        sa.Column('expires_on', sa.Date(), nullable=False),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('personal', 'organisation')", name=op.f('ck_token_kind')),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f('ck_token_role')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_token_account_id_account'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_token_party_id_party')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_token')),
        sa.UniqueConstraint('digest', name=op.f('uq_token_digest')),
    )
    op.create_index(op.f('ix_token_account_id'), 'token', ['account_id'])
    op.create_index(op.f('ix_token_party_id'), 'token', ['party_id'])
    op.create_index(op.f('ix_token_is_demo'), 'token', ['is_demo'])
    op.create_table(
        'token_receipt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(200), nullable=False),
        sa.Column('asked', sa.String(64), nullable=False),
        sa.Column('ref', sa.String(32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['token_id'], ['token.id'], name=op.f('fk_token_receipt_token_id_token'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_token_receipt')),
        sa.UniqueConstraint('token_id', 'key', name=op.f('uq_token_receipt_token_id_key')),
    )
    op.create_index(op.f('ix_token_receipt_at'), 'token_receipt', ['at'])


def downgrade() -> None:
    op.drop_table('token_receipt')
    op.drop_table('token')
