"""Follow-ups: about a match, put off until a day, and why a suggestion was not needed; the rules as the ISU set them.

Going back, follow-ups that came from the newer rules stay, as if a person had noted them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '009'
down_revision = '008'

OLD = ('meeting-action', 'no-contact', 'pledge-past-date', 'similar-need')
NEW = ('interest-silent', 'need-expiring', 'deadline-near', 'state-unheard', 'near-completion', 'neighbours', 'offer-fits',
       'donor-free')
DISMISSALS = "'not-now', 'already-done', 'not-useful', 'wrong-partner', 'other'"


def one_of(column: str, *values: str) -> str:
    """The rule that a column holds one of these values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table('followup_rule',
    sa.Column('rule', sa.String(length=32), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint(one_of('rule', *OLD, *NEW, 'own'), name=op.f('ck_followup_rule_rule')),
    sa.CheckConstraint('number IS NULL OR number >= 1', name=op.f('ck_followup_rule_number_from_one')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_followup_rule_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_followup_rule')),
    sa.UniqueConstraint('rule', name=op.f('uq_followup_rule_rule'))
    )
    with op.batch_alter_table('followup_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_followup_rule_is_demo'), ['is_demo'], unique=False)

    with op.batch_alter_table('followup', schema=None) as batch_op:
        batch_op.add_column(sa.Column('match_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('snoozed_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('dismissal', sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f('ix_followup_match_id'), ['match_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_followup_match_id'), 'match', ['match_id'], ['id'], ondelete='CASCADE')
        batch_op.drop_constraint(batch_op.f('ck_followup_reason'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_followup_reason'), one_of('reason', *OLD, *NEW, 'own'))
        batch_op.create_check_constraint(batch_op.f('ck_followup_dismissal'),
                                         f"dismissal IS NULL OR dismissal IN ({DISMISSALS})")
        batch_op.create_check_constraint(batch_op.f('ck_followup_only_open_snoozed'),
                                         "snoozed_until IS NULL OR status = 'open'")
        batch_op.create_check_constraint(batch_op.f('ck_followup_dismissed_is_dropped'),
                                         "dismissal IS NULL OR (status = 'dropped' AND suggestion IS NOT NULL)")
    # Until now a suggestion that was not needed became a follow-up dropped in the moment it was made. PostgreSQL and SQLite
    # have no sum of moments in common; one that was taken and later dropped was the exception and counts as not needed.
    op.execute("UPDATE followup SET dismissal = 'other' WHERE status = 'dropped' AND suggestion IS NOT NULL")


def downgrade() -> None:
    op.execute(f"UPDATE followup SET reason = 'own' WHERE {one_of('reason', *NEW)}")
    with op.batch_alter_table('followup', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_followup_dismissed_is_dropped'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_followup_only_open_snoozed'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_followup_dismissal'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_followup_reason'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_followup_reason'), one_of('reason', *OLD, 'own'))
        batch_op.drop_constraint(batch_op.f('fk_followup_match_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_followup_match_id'))
        batch_op.drop_column('dismissal')
        batch_op.drop_column('snoozed_until')
        batch_op.drop_column('match_id')
    op.drop_table('followup_rule')
