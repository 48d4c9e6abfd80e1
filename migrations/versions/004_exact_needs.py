"""exact needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '004'
down_revision = '003'


def upgrade() -> None:
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_mail_attempts_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('key', name=op.f('uq_mail_key'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_mail_sent_at_id', ['sent_at', 'id'], unique=False)

    op.create_table('search_word',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('record_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'word', 'record_id', name=op.f('pk_search_word'))
    )
    with op.batch_alter_table('search_word', schema=None) as batch_op:
        batch_op.create_index('ix_search_word_record', ['kind', 'record_id'], unique=False)

    op.create_table('import',
    sa.Column('ref', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('status_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("status IN ('previewed', 'confirmed', 'undone', 'dropped')", name=op.f('ck_import_status')),
    sa.CheckConstraint("what IN ('needs', 'offers')", name=op.f('ck_import_what')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_import_account_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_import_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import')),
    sa.UniqueConstraint('ref', name=op.f('uq_import_ref'))
    )
    with op.batch_alter_table('import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_party_id'), ['party_id'], unique=False)

    op.create_table('saved_search',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('query', sa.String(length=600), nullable=False),
    sa.Column('cadence', sa.String(length=32), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("cadence IN ('never', 'daily', 'weekly')", name=op.f('ck_saved_search_cadence')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_search_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search'))
    )
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_search_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_saved_search_is_demo'), ['is_demo'], unique=False)

    op.create_table('amendment',
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('status_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("status IN ('draft', 'submitted', 'returned', 'published', 'dropped')", name=op.f('ck_amendment_status')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_amendment_author_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_amendment_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['account.id'], name=op.f('fk_amendment_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment'))
    )
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_amendment_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_amendment_need_id'), ['need_id'], unique=False)
        batch_op.create_index('ix_amendment_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index('uq_amendment_open', ['need_id'], unique=True, sqlite_where=sa.text("status IN ('draft', 'returned', 'submitted')"), postgresql_where=sa.text("status IN ('draft', 'returned', 'submitted')"))

    op.create_table('document',
    sa.Column('ref', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('media', sa.String(length=8), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stored_as', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('need_id', sa.Integer(), nullable=True),
    sa.Column('offer_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('conference_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("media IN ('pdf', 'docx', 'xlsx', 'png', 'jpeg')", name=op.f('ck_document_media')),
    sa.CheckConstraint('CASE WHEN need_id IS NULL THEN 0 ELSE 1 END + CASE WHEN offer_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN conference_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_document_one_record')),
    sa.CheckConstraint('size > 0', name=op.f('ck_document_size_positive')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_document_account_id')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_document_conference_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_document_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_document_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_document_offer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_document_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('ref', name=op.f('uq_document_ref')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_document_stored_as'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_offer_id'), ['offer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_party_id'), ['party_id'], unique=False)

    op.create_table('import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('fate', sa.String(length=32), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.Column('record_version', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.CheckConstraint("fate IN ('created', 'updated', 'unchanged', 'rejected')", name=op.f('ck_import_row_fate')),
    sa.ForeignKeyConstraint(['import_id'], ['import.id'], name=op.f('fk_import_row_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row'))
    )
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.create_index('ix_import_row_import', ['import_id', 'number'], unique=False)

    op.create_table('need_cost',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.CheckConstraint("kind IN ('staff', 'equipment', 'training', 'services', 'coordination')", name=op.f('ck_need_cost_kind')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_need_cost_amount_positive')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_cost_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_cost')),
    sa.UniqueConstraint('need_id', 'year', 'kind', name=op.f('uq_need_cost_need_id_year_kind'))
    )
    with op.batch_alter_table('need_cost', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_cost_need_id'), ['need_id'], unique=False)

    op.create_table('need_cover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('by_whom', sa.String(length=200), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_need_cover_amount_positive')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_cover_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_cover'))
    )
    with op.batch_alter_table('need_cover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_cover_need_id'), ['need_id'], unique=False)

    op.create_table('need_people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('reached', sa.String(length=32), nullable=False),
    sa.Column('sex', sa.String(length=32), nullable=False),
    sa.Column('age', sa.String(length=32), nullable=False),
    sa.Column('disability', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint("age IN ('children', 'adults', 'older', 'all')", name=op.f('ck_need_people_age')),
    sa.CheckConstraint("disability IN ('with', 'without', 'all')", name=op.f('ck_need_people_disability')),
    sa.CheckConstraint("reached IN ('survivors', 'affected', 'at-risk')", name=op.f('ck_need_people_reached')),
    sa.CheckConstraint("sex IN ('female', 'male', 'all')", name=op.f('ck_need_people_sex')),
    sa.CheckConstraint('number > 0', name=op.f('ck_need_people_number_positive')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_people_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_people'))
    )
    with op.batch_alter_table('need_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_people_need_id'), ['need_id'], unique=False)

    op.create_table('need_programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=1), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.CheckConstraint("part IN ('a', 'b', 'c', 'd', 'e', 'f')", name=op.f('ck_need_programme_part')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_programme_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_programme')),
    sa.UniqueConstraint('need_id', 'part', name=op.f('uq_need_programme_need_id_part'))
    )
    with op.batch_alter_table('need_programme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_programme_need_id'), ['need_id'], unique=False)

    op.create_table('need_version',
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('small', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.String(length=300), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=300), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_need_version_number_from_one')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_version_need_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_version')),
    sa.UniqueConstraint('need_id', 'number', name=op.f('uq_need_version_need_id_number'))
    )
    with op.batch_alter_table('need_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_version_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_need_version_need_id'), ['need_id'], unique=False)

    op.create_table('need_work',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=200), nullable=False),
    sa.Column('contamination', sa.String(), nullable=False),
    sa.Column('suspected_m2', sa.BigInteger(), nullable=False),
    sa.Column('confirmed_m2', sa.BigInteger(), nullable=False),
    sa.Column('cancelled_m2', sa.BigInteger(), nullable=False),
    sa.Column('reduced_m2', sa.BigInteger(), nullable=False),
    sa.Column('cleared_m2', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('suspected_m2 >= 0 AND confirmed_m2 >= 0 AND cancelled_m2 >= 0 AND reduced_m2 >= 0 AND cleared_m2 >= 0', name=op.f('ck_need_work_areas_not_negative')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_work_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_work'))
    )
    with op.batch_alter_table('need_work', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_work_need_id'), ['need_id'], unique=False)

    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offer_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_match_offer_id'), ['offer_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_match_offer_id'), 'offer', ['offer_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.add_column(sa.Column('amounts_visibility', sa.String(length=32), server_default='public', nullable=False))
        batch_op.add_column(sa.Column('details_visibility', sa.String(length=32), server_default='public', nullable=False))
        batch_op.add_column(sa.Column('channels', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('national_note', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('risks', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('gender_analysis', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('sustainability', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('plan_title', sa.String(length=300), server_default='', nullable=False))
        batch_op.add_column(sa.Column('plan_year', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('plan_url', sa.String(length=500), server_default='', nullable=False))
        batch_op.add_column(sa.Column('outcome', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('supporters', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('received', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('import_key', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('submitted_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_need_party_id_import_key'), ['party_id', 'import_key'])
        for part in ('amounts_visibility', 'details_visibility'):
            batch_op.create_check_constraint(batch_op.f(f'ck_need_{part}'), f"{part} IN ('public', 'states-parties', 'parties', 'isu')")
        batch_op.create_check_constraint(batch_op.f('ck_need_received_not_negative'), 'received IS NULL OR received >= 0')
        batch_op.create_foreign_key(batch_op.f('fk_need_submitted_by_id'), 'account', ['submitted_by_id'], ['id'])

    # A page of the list is walked in these alone; they take the place of narrower ones.
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_index('ix_need_status_deadline_id')
        batch_op.drop_index('ix_need_status_theme_id')
        batch_op.drop_index('ix_need_party_id_status')
        batch_op.drop_index(batch_op.f('ix_need_published_at'))
        batch_op.drop_index(batch_op.f('ix_need_asked_usd'))
        batch_op.create_index('ix_need_newest', ['status', 'published_at', 'id', 'party_id', 'theme', 'kinds', 'visibility', 'amounts_visibility', 'valid_until', 'asked_usd', 'deadline'], unique=False)
        batch_op.create_index('ix_need_nearest', ['status', 'deadline', 'id', 'party_id', 'theme', 'kinds', 'visibility', 'amounts_visibility', 'valid_until', 'asked_usd', 'published_at'], unique=False)
        batch_op.create_index('ix_need_of_party', ['party_id', 'status', 'published_at', 'id', 'theme', 'kinds', 'visibility', 'amounts_visibility', 'valid_until', 'asked_usd', 'deadline'], unique=False)

    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nature', sa.String(length=32), server_default='help', nullable=False))
        batch_op.add_column(sa.Column('quantities', sa.String(length=400), server_default='', nullable=False))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('import_key', sa.String(length=160), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_offer_party_id_import_key'), ['party_id', 'import_key'])
        batch_op.create_check_constraint(batch_op.f('ck_offer_nature'), "nature IN ('help', 'equipment-after-completion', "
                                         "'experts', 'expert-agency', 'contact-point')")

    with op.batch_alter_table('priorities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('amount_typical', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('channels', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('budget_month', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('decision_months', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('budget_note', sa.Text(), server_default='', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_priorities_budget_month'),
                                         'budget_month IS NULL OR budget_month BETWEEN 1 AND 12')
        batch_op.create_check_constraint(batch_op.f('ck_priorities_amount_typical_not_negative'),
                                         'amount_typical IS NULL OR amount_typical >= 0')



def downgrade() -> None:
    with op.batch_alter_table('priorities', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_priorities_amount_typical_not_negative'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_priorities_budget_month'), type_='check')
        batch_op.drop_column('budget_note')
        batch_op.drop_column('decision_months')
        batch_op.drop_column('budget_month')
        batch_op.drop_column('channels')
        batch_op.drop_column('amount_typical')

    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_offer_nature'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_offer_party_id_import_key'), type_='unique')
        batch_op.drop_column('import_key')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('quantities')
        batch_op.drop_column('nature')

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_index('ix_need_of_party')
        batch_op.drop_index('ix_need_nearest')
        batch_op.drop_index('ix_need_newest')
        batch_op.create_index(batch_op.f('ix_need_asked_usd'), ['asked_usd'], unique=False)
        batch_op.create_index(batch_op.f('ix_need_published_at'), ['published_at'], unique=False)
        batch_op.create_index('ix_need_party_id_status', ['party_id', 'status'], unique=False)
        batch_op.create_index('ix_need_status_theme_id', ['status', 'theme', 'id'], unique=False)
        batch_op.create_index('ix_need_status_deadline_id', ['status', 'deadline', 'id'], unique=False)

    with op.batch_alter_table('need', schema=None) as batch_op:
        for name in ('received_not_negative', 'details_visibility', 'amounts_visibility'):
            batch_op.drop_constraint(batch_op.f(f'ck_need_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_need_submitted_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_need_party_id_import_key'), type_='unique')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('submitted_by_id')
        batch_op.drop_column('import_key')
        batch_op.drop_column('received')
        batch_op.drop_column('supporters')
        batch_op.drop_column('outcome')
        batch_op.drop_column('plan_url')
        batch_op.drop_column('plan_year')
        batch_op.drop_column('plan_title')
        batch_op.drop_column('sustainability')
        batch_op.drop_column('gender_analysis')
        batch_op.drop_column('risks')
        batch_op.drop_column('national_note')
        batch_op.drop_column('channels')
        batch_op.drop_column('details_visibility')
        batch_op.drop_column('amounts_visibility')

    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_match_offer_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_match_offer_id'))
        batch_op.drop_column('offer_id')

    with op.batch_alter_table('need_work', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_work_need_id'))

    op.drop_table('need_work')
    with op.batch_alter_table('need_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_version_need_id'))
        batch_op.drop_index(batch_op.f('ix_need_version_is_demo'))

    op.drop_table('need_version')
    with op.batch_alter_table('need_programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_programme_need_id'))

    op.drop_table('need_programme')
    with op.batch_alter_table('need_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_people_need_id'))

    op.drop_table('need_people')
    with op.batch_alter_table('need_cover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_cover_need_id'))

    op.drop_table('need_cover')
    with op.batch_alter_table('need_cost', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_cost_need_id'))

    op.drop_table('need_cost')
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index('ix_import_row_import')

    op.drop_table('import_row')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_party_id'))
        batch_op.drop_index(batch_op.f('ix_document_offer_id'))
        batch_op.drop_index(batch_op.f('ix_document_need_id'))
        batch_op.drop_index(batch_op.f('ix_document_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_document_is_demo'))
        batch_op.drop_index(batch_op.f('ix_document_conference_id'))

    op.drop_table('document')
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.drop_index('uq_amendment_open', sqlite_where=sa.text("status IN ('draft', 'returned', 'submitted')"), postgresql_where=sa.text("status IN ('draft', 'returned', 'submitted')"))
        batch_op.drop_index('ix_amendment_status_submitted_at')
        batch_op.drop_index(batch_op.f('ix_amendment_need_id'))
        batch_op.drop_index(batch_op.f('ix_amendment_is_demo'))

    op.drop_table('amendment')
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_search_is_demo'))
        batch_op.drop_index(batch_op.f('ix_saved_search_account_id'))

    op.drop_table('saved_search')
    with op.batch_alter_table('import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_party_id'))
        batch_op.drop_index(batch_op.f('ix_import_is_demo'))
        batch_op.drop_index(batch_op.f('ix_import_account_id'))

    op.drop_table('import')
    with op.batch_alter_table('search_word', schema=None) as batch_op:
        batch_op.drop_index('ix_search_word_record')

    op.drop_table('search_word')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_sent_at_id')
        batch_op.drop_index(batch_op.f('ix_mail_account_id'))

    op.drop_table('mail')
