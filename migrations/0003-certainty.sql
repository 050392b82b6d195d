-- Finding out: what was last asked about a payment, which payments are worth a question, and the budget of
-- questions that all processes share.
alter table payments
  -- The last question to M-Pesa about it: {at, kind, code, detail}.
  add column last_query jsonb,
  -- When its merchant last asked about it while it was open: its answer is worth more then.
  add column wanted_at timestamptz,
  -- When a callback without evidence last made a question due.
  add column hinted_at timestamptz;

-- What a sweep takes without asking M-Pesa: sent by a process that died, or overdue.
create index payments_due_lapsed on payments (due_at)
  where due_at is not null
    and (state in ('sending', 'pending') or (state = 'uncertain' and checkout_request_id is null));
-- What M-Pesa can be asked about, by shortcode, so that a backlog of one hides nothing of another's; in three
-- orders. The last two hold few rows: what settles in time is never in them.
create index payments_askable on payments (shortcode_id, due_at)
  where due_at is not null and state in ('pending', 'uncertain') and checkout_request_id is not null;
create index payments_askable_amount on payments (shortcode_id, amount desc)
  where due_at is not null and state = 'uncertain' and checkout_request_id is not null;
create index payments_askable_wanted on payments (shortcode_id, wanted_at desc)
  where due_at is not null and state in ('pending', 'uncertain') and checkout_request_id is not null
    and wanted_at is not null;

-- How often M-Pesa may be asked with one Daraja app, by all processes together. Keyed as daraja_tokens are.
create table query_budgets (
  credential_id text primary key,
  per_minute double precision not null check (per_minute > 0),
  -- Below this rate it doubles, above it creeps: the half of what Daraja last objected to.
  careful_from double precision not null,
  permits double precision not null check (permits >= 0),
  refilled_at timestamptz not null,
  closed_until timestamptz
);

-- What M-Pesa looks like from here: one row a minute, environment and process, rewritten while it lasts and
-- deleted after an hour. Shares and codes only come out of it, and no merchant's own.
create table network_minutes (
  minute timestamptz not null,
  environment text not null check (environment in ('simulator', 'sandbox', 'production')),
  process uuid not null,
  counts jsonb not null,
  primary key (minute, environment, process)
);

-- Since when Daraja refuses the consumer key and secret, until it takes them again.
alter table shortcodes
  add column credentials_refused_at timestamptz,
  add column credentials_refused_detail text;
create index shortcodes_credential on shortcodes (credential_id);
create index shortcodes_refused on shortcodes (credentials_refused_at)
  where credentials_refused_at is not null;
-- Refusals in a row: the pause before the next try grows with them.
alter table daraja_tokens add column refusals integer not null default 0;
