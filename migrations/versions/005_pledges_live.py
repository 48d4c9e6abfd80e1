"""The life of a pledge: steps with evidence in place of bare payments, parts, reports; conferences with targets and
outcomes; assessed contributions.

What a pledge in kind was said to be worth moves from its amount to its valuation: only money has an amount.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '005'
down_revision = '004'


PLEDGE_RULES = {
    'only_money_has_amount': "kind NOT IN ('in-kind', 'political') OR amount IS NULL",
    'valuation_of_in_kind': "valuation IS NULL OR (kind = 'in-kind' AND valuation > 0 AND valuation_currency <> '')",
    'delivered_is_not_money': "status <> 'delivered' OR kind IN ('in-kind', 'political')",
    'in_kind': "in_kind IS NULL OR in_kind IN ('equipment', 'expertise', 'training')",
    'earmarking': "earmarking IS NULL OR earmarking IN ('none', 'soft', 'earmarked', 'tight')",
    'oda': "oda IN ('unknown', 'yes', 'no', 'partly')",
}


def one_record(*more: str) -> str:
    """The rule that a document belongs to one record."""
    owners = ('need', 'offer', 'meeting', 'conference', *more)
    return ' + '.join(f'CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END' for one in owners) + ' = 1'


def upgrade() -> None:
    op.create_table('assessment',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=160), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('paid_amount', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=400), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_assessment_amount_positive')),
    sa.CheckConstraint('paid_amount = 0 OR paid_on IS NOT NULL', name=op.f('ck_assessment_paid_has_date')),
    sa.CheckConstraint('paid_amount >= 0 AND paid_amount <= amount', name=op.f('ck_assessment_paid_within_amount')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_assessment_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('party_id', 'year', 'purpose', name=op.f('uq_assessment_party_id_year_purpose'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_party_id'), ['party_id'], unique=False)

    op.create_table('conference_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('actor_label', sa.String(length=300), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_conference_outcome_number_from_one')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_conference_outcome_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference_outcome')),
    sa.UniqueConstraint('conference_id', 'number', name=op.f('uq_conference_outcome_conference_id_number'))
    )
    op.create_table('conference_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('object', sa.String(length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('source', sa.String(length=400), nullable=False),
    sa.CheckConstraint("object IN ('need', 'programme', 'isu-work-plan', 'sponsorship', 'meeting-costs', 'fund')", name=op.f('ck_conference_target_object')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_conference_target_amount_positive')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_conference_target_conference_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference_target')),
    sa.UniqueConstraint('conference_id', 'object', 'year', 'currency', name=op.f('uq_conference_target_conference_id_object_year_currency'))
    )
    op.create_table('pledge_need',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('amount IS NULL OR amount > 0', name=op.f('ck_pledge_need_amount_positive')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_pledge_need_need_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_need_pledge_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_need')),
    sa.UniqueConstraint('pledge_id', 'need_id', name=op.f('uq_pledge_need_pledge_id_need_id'))
    )
    with op.batch_alter_table('pledge_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_need_need_id'), ['need_id'], unique=False)

    op.create_table('pledge_partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('amount IS NULL OR amount > 0', name=op.f('ck_pledge_partner_amount_positive')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_pledge_partner_party_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_partner_pledge_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_partner')),
    sa.UniqueConstraint('pledge_id', 'party_id', name=op.f('uq_pledge_partner_pledge_id_party_id'))
    )
    with op.batch_alter_table('pledge_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_partner_party_id'), ['party_id'], unique=False)

    op.create_table('pledge_portion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_pledge_portion_amount_positive')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_portion_pledge_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_portion')),
    sa.UniqueConstraint('pledge_id', 'year', name=op.f('uq_pledge_portion_pledge_id_year'))
    )
    op.create_table('pledge_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('paid_amount', sa.BigInteger(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('evidence', sa.String(length=400), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('settlement', sa.Text(), nullable=False),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('record', 'report')", name=op.f('ck_pledge_report_outcome')),
    sa.CheckConstraint("side IN ('donor', 'recipient')", name=op.f('ck_pledge_report_side')),
    sa.CheckConstraint('(settled_on IS NULL) = (outcome IS NULL)', name=op.f('ck_pledge_report_settled_has_outcome')),
    sa.CheckConstraint('paid_amount >= 0', name=op.f('ck_pledge_report_paid_not_negative')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_pledge_report_party_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_report_pledge_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_report'))
    )
    with op.batch_alter_table('pledge_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_report_pledge_id'), ['pledge_id'], unique=False)

    op.create_table('pledge_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('evidence', sa.String(length=400), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('actor_label', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind <> 'payment' OR amount IS NOT NULL", name=op.f('ck_pledge_step_payment_has_amount')),
    sa.CheckConstraint("kind IN ('announced', 'confirmed', 'agreed', 'payment', 'payment-voided', 'delivered', 'reduced', 'increased', 'on-course', 'corrected', 'withdrawn', 'lapsed', 'struck', 'restored')", name=op.f('ck_pledge_step_kind')),
    sa.CheckConstraint("voided_at IS NULL OR kind = 'payment'", name=op.f('ck_pledge_step_only_payments_voided')),
    sa.CheckConstraint('amount IS NULL OR amount > 0', name=op.f('ck_pledge_step_amount_positive')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_pledge_step_document_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_step_pledge_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_step'))
    )
    with op.batch_alter_table('pledge_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_step_day'), ['day'], unique=False)
        batch_op.create_index(batch_op.f('ix_pledge_step_pledge_id'), ['pledge_id'], unique=False)

    op.execute("INSERT INTO pledge_step (pledge_id, kind, day, amount, note, evidence, account_id, actor_label, at) "
               "SELECT id, 'announced', announced_on, announced_amount, '', '', NULL, '', created_at FROM pledge "
               "WHERE announced_on IS NOT NULL AND source = '' ORDER BY id")
    for kind in ('confirmed', 'agreed'):
        op.execute("INSERT INTO pledge_step (pledge_id, kind, day, amount, note, evidence, account_id, actor_label, at) "
                   f"SELECT id, '{kind}', {kind}_on, NULL, '', '', NULL, '', updated_at FROM pledge "
                   f"WHERE {kind}_on IS NOT NULL AND source = '' ORDER BY id")
    op.execute("INSERT INTO pledge_step (pledge_id, kind, day, amount, note, evidence, account_id, actor_label, at) "
               "SELECT payment.pledge_id, 'payment', payment.paid_on, payment.amount, payment.note, '', payment.recorded_by, '', "
               "pledge.updated_at FROM payment JOIN pledge ON pledge.id = payment.pledge_id ORDER BY payment.id")
    with op.batch_alter_table('payment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payment_pledge_id'))

    op.drop_table('payment')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.add_column(sa.Column('presence', sa.String(length=32), server_default='present', nullable=False))
        batch_op.add_column(sa.Column('speaking', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('spoke_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_attendance_presence'), "presence IN ('expected', 'present')")
        batch_op.create_check_constraint(batch_op.f('ck_attendance_speaking_from_one'), 'speaking IS NULL OR speaking > 0')

    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reference_currency', sa.String(length=3), server_default='USD', nullable=False))

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pledge_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_pledge_id'), ['pledge_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_document_pledge_id'), 'pledge', ['pledge_id'], ['id'], ondelete='CASCADE')
        batch_op.drop_constraint(batch_op.f('ck_document_one_record'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_document_one_record'), one_record('pledge'))

    with op.batch_alter_table('import', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conference_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_import_conference_id'), 'conference', ['conference_id'], ['id'], ondelete='SET NULL')
        batch_op.drop_constraint(batch_op.f('ck_import_what'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_what'), "what IN ('needs', 'offers', 'pledges', 'contributions')")

    with op.batch_alter_table('pledge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_kind', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('valuation', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('valuation_currency', sa.String(length=3), server_default='', nullable=False))
        batch_op.add_column(sa.Column('earmarking', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('themes', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('place', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('channel', sa.String(length=32), server_default='', nullable=False))
        batch_op.add_column(sa.Column('oda', sa.String(length=32), server_default='unknown', nullable=False))
        batch_op.add_column(sa.Column('heard_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('as_typed', sa.String(length=400), server_default='', nullable=False))
        batch_op.drop_constraint(batch_op.f('ck_pledge_status'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_pledge_status'), "status IN ('announced', 'confirmed', 'agreed', 'paid', "
                                         "'delivered', 'withdrawn', 'lapsed', 'struck')")

    op.execute("UPDATE pledge SET valuation = amount, valuation_currency = currency WHERE kind = 'in-kind' AND amount IS NOT NULL")
    op.execute("UPDATE pledge SET amount = NULL, announced_amount = NULL, currency = '', paid_amount = 0, status = 'delivered' "
               "WHERE kind IN ('in-kind', 'political') AND status = 'paid'")
    op.execute("UPDATE pledge SET amount = NULL, announced_amount = NULL, currency = '', paid_amount = 0 "
               "WHERE kind IN ('in-kind', 'political')")
    with op.batch_alter_table('pledge', schema=None) as batch_op:
        for name, rule in PLEDGE_RULES.items():
            batch_op.create_check_constraint(batch_op.f(f'ck_pledge_{name}'), rule)



def downgrade() -> None:
    op.execute("DELETE FROM \"import\" WHERE what IN ('pledges', 'contributions')")
    op.execute("DELETE FROM document WHERE pledge_id IS NOT NULL")
    with op.batch_alter_table('pledge', schema=None) as batch_op:
        for name in PLEDGE_RULES:
            batch_op.drop_constraint(batch_op.f(f'ck_pledge_{name}'), type_='check')
    op.execute("UPDATE pledge SET amount = valuation, announced_amount = valuation, currency = valuation_currency "
               "WHERE valuation IS NOT NULL")
    op.execute("UPDATE pledge SET status = 'agreed', agreed_on = COALESCE(agreed_on, confirmed_on, announced_on) "
               "WHERE status = 'delivered'")
    op.execute("UPDATE pledge SET status = 'withdrawn' WHERE status = 'struck'")
    with op.batch_alter_table('pledge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_pledge_status'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_pledge_status'), "status IN ('announced', 'confirmed', 'agreed', 'paid', "
                                         "'withdrawn', 'lapsed')")
        batch_op.drop_column('as_typed')
        batch_op.drop_column('heard_on')
        batch_op.drop_column('oda')
        batch_op.drop_column('channel')
        batch_op.drop_column('place')
        batch_op.drop_column('themes')
        batch_op.drop_column('earmarking')
        batch_op.drop_column('valuation_currency')
        batch_op.drop_column('valuation')
        batch_op.drop_column('in_kind')

    with op.batch_alter_table('import', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_import_what'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_what'), "what IN ('needs', 'offers')")
        batch_op.drop_constraint(batch_op.f('fk_import_conference_id'), type_='foreignkey')
        batch_op.drop_column('conference_id')

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_document_one_record'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_document_one_record'), one_record())
        batch_op.drop_constraint(batch_op.f('fk_document_pledge_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_document_pledge_id'))
        batch_op.drop_column('pledge_id')

    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.drop_column('reference_currency')

    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_attendance_speaking_from_one'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_attendance_presence'), type_='check')
        batch_op.drop_column('spoke_at')
        batch_op.drop_column('speaking')
        batch_op.drop_column('presence')

    op.create_table('payment',
    sa.Column('id', sa.INTEGER(), nullable=False),
    sa.Column('pledge_id', sa.INTEGER(), nullable=False),
    sa.Column('paid_on', sa.DATE(), nullable=False),
    sa.Column('amount', sa.BIGINT(), nullable=False),
    sa.Column('note', sa.VARCHAR(length=400), nullable=False),
    sa.Column('recorded_by', sa.INTEGER(), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_amount_positive')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_payment_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment'))
    )
    with op.batch_alter_table('payment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_pledge_id'), ['pledge_id'], unique=False)
    op.execute("INSERT INTO payment (pledge_id, paid_on, amount, note, recorded_by) SELECT pledge_id, day, amount, "
               "SUBSTR(note, 1, 400), account_id FROM pledge_step WHERE kind = 'payment' AND voided_at IS NULL ORDER BY id")

    with op.batch_alter_table('pledge_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pledge_step_pledge_id'))
        batch_op.drop_index(batch_op.f('ix_pledge_step_day'))

    op.drop_table('pledge_step')
    with op.batch_alter_table('pledge_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pledge_report_pledge_id'))

    op.drop_table('pledge_report')
    op.drop_table('pledge_portion')
    with op.batch_alter_table('pledge_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pledge_partner_party_id'))

    op.drop_table('pledge_partner')
    with op.batch_alter_table('pledge_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pledge_need_need_id'))

    op.drop_table('pledge_need')
    op.drop_table('conference_target')
    op.drop_table('conference_outcome')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_party_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_is_demo'))

    op.drop_table('assessment')
