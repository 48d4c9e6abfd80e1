"""Imports of IATI activities, and how donors classify their pledges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '020'
down_revision = '019'

OLD = "what IN ('needs', 'offers', 'pledges', 'contributions')"
NEW = "what IN ('needs', 'offers', 'pledges', 'contributions', 'activities')"
AID = "aid_type IS NULL OR aid_type IN ('A02', 'B01', 'B02', 'B03', 'B04', 'C01', 'D01', 'D02')"


def _what(words: str) -> None:
    with op.batch_alter_table('import', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_import_what'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_what'), words)


def upgrade() -> None:
    _what(NEW)
    op.create_table(
        'pledge_terms',
        sa.Column('pledge_id', sa.Integer(), nullable=False),
        sa.Column('aid_type', sa.String(32), nullable=True),
        sa.Column('finance_type', sa.String(32), nullable=True),
        sa.Column('tied_status', sa.String(32), nullable=True),
        sa.Column('gender', sa.String(32), nullable=True),
        sa.Column('disability', sa.String(32), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.CheckConstraint(AID, name=op.f('ck_pledge_terms_aid_type')),
        sa.CheckConstraint("finance_type IS NULL OR finance_type IN ('110', '421', '422')",
                           name=op.f('ck_pledge_terms_finance_type')),
        sa.CheckConstraint("tied_status IS NULL OR tied_status IN ('3', '4', '5')", name=op.f('ck_pledge_terms_tied_status')),
        sa.CheckConstraint("gender IS NULL OR gender IN ('0', '1', '2')", name=op.f('ck_pledge_terms_gender')),
        sa.CheckConstraint("disability IS NULL OR disability IN ('0', '1', '2')", name=op.f('ck_pledge_terms_disability')),
        sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_terms_pledge_id_pledge'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_terms')),
        sa.UniqueConstraint('pledge_id', name=op.f('uq_pledge_terms_pledge_id')),
    )
    op.create_index(op.f('ix_pledge_terms_is_demo'), 'pledge_terms', ['is_demo'])


def downgrade() -> None:
    op.drop_table('pledge_terms')
    op.execute("DELETE FROM \"import\" WHERE what = 'activities'")
    _what(OLD)
