"""Rows of an import that are like a record wait for a choice; contributions keep the flow that they came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '019'
down_revision = '018'

FATES = "fate IN ('created', 'updated', 'unchanged', 'rejected'{more})"


def upgrade() -> None:
    with op.batch_alter_table('contribution') as batch_op:
        batch_op.add_column(sa.Column('import_key', sa.String(60), nullable=True))
        batch_op.add_column(sa.Column('description', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('implementer', sa.String(200), nullable=False, server_default=''))
        batch_op.create_unique_constraint(batch_op.f('uq_contribution_import_key'), ['import_key'])
    with op.batch_alter_table('import_row') as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('choice', sa.String(32), nullable=True))
        batch_op.add_column(sa.Column('likeness', sa.JSON(), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_import_row_fate'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_row_fate'), FATES.format(more=", 'waiting'"))
        batch_op.create_check_constraint(batch_op.f('ck_import_row_choice'), "choice IN ('link', 'merge', 'keep')")
        batch_op.create_index(batch_op.f('ix_import_row_key'), ['key'])


def downgrade() -> None:
    op.execute("UPDATE import_row SET fate = 'rejected' WHERE fate = 'waiting'")
    with op.batch_alter_table('import_row') as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_row_key'))
        batch_op.drop_constraint(batch_op.f('ck_import_row_choice'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_import_row_fate'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_row_fate'), FATES.format(more=''))
        for name in ('likeness', 'choice', 'key'):
            batch_op.drop_column(name)
    with op.batch_alter_table('contribution') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_contribution_import_key'), type_='unique')
        for name in ('implementer', 'description', 'import_key'):
            batch_op.drop_column(name)
