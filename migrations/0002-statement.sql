-- M-Pesa's own list of a shortcode's transactions as a source of evidence: which shortcodes it may be pulled
-- for, and how their pulls go.
alter table shortcodes
  -- Off unless asked for: in production the API must be ordered from Safaricom first.
  add column pull_transactions boolean not null default false;
-- Shortcodes of several merchants may stand for one number, and then share its statement.
create index shortcodes_number on shortcodes (environment, number);
create index shortcodes_pulled on shortcodes (merchant_id, id) where pull_transactions;

-- Those that a statement may settle, by shortcode and age.
create index payments_uncertain on payments (merchant_id, shortcode_id, sent_at) where state = 'uncertain';

-- One row a shortcode that was ever pulled for: its lease, its rhythm, and what the last statement told.
create table statement_pulls (
  merchant_id uuid not null,
  shortcode_id uuid not null,
  next_at timestamptz not null,
  leased_by uuid,
  leased_until timestamptz,
  -- Pulls in a row that failed, and that settled nothing: the pause grows with them.
  failures integer not null default 0,
  idle integer not null default 0,
  last_at timestamptz,
  last_outcome text,
  last_detail text,
  -- Why payments stayed open at the last statement: {payment id: reason}; bounded by the store.
  remarks jsonb not null default '{}',
  primary key (merchant_id, shortcode_id)
);
