"""Documents that were published are withdrawn, not deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '013'
down_revision = '012'


def upgrade() -> None:
    op.add_column('document', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('document', 'withdrawn_at')
