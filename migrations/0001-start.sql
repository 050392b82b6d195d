-- Every tenant table leads its key with merchant_id, so that it can be partitioned or sharded by merchant
-- and no row can be reached without naming whose it is. No unique constraint leaves merchant_id out.

create table merchants (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null
);

create table shortcodes (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  environment text not null check (environment in ('simulator', 'sandbox', 'production')),
  kind text not null check (kind in ('paybill', 'till')),
  -- Daraja's BusinessShortCode: the paybill, or the store number of a till.
  number text not null,
  -- Daraja's PartyB where it differs: the till number.
  till_number text check ((kind = 'till') = (till_number is not null)),
  -- Rows with the same consumer key and secret share one OAuth token under this id.
  credential_id text not null,
  credentials_sealed bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  verified_at timestamptz,
  disabled_at timestamptz,
  primary key (merchant_id, id)
);

create table api_keys (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  name text not null,
  key_hash bytea not null,
  -- The last characters of the key, to recognise it by.
  hint text not null,
  live boolean not null,
  shortcode_id uuid,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (merchant_id, id)
);
create index api_keys_hash on api_keys (key_hash);

create table webhook_endpoints (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  live boolean not null,
  url text not null,
  format text not null check (format in ('event', 'daraja')),
  -- Null: every type.
  event_types text[],
  description text,
  secret_sealed bytea not null,
  -- During a rotation the former secret signs as well, until it expires.
  previous_secret_sealed bytea,
  previous_secret_expires_at timestamptz,
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, id)
);

-- The integer id that records of /api/stk-push carry.
create sequence payment_numbers;

create table payments (
  merchant_id uuid not null,
  id uuid not null,
  number bigint not null default nextval('payment_numbers'),
  shortcode_id uuid not null,
  environment text not null,
  live boolean not null,
  state text not null
    check (state in ('queued', 'sending', 'pending', 'uncertain', 'succeeded', 'failed')),
  -- How it ended: paid and declined are M-Pesa's verdicts, refused is Daraja's answer to the push,
  -- not_sent means that no prompt was ever asked for.
  outcome text check (outcome in ('paid', 'declined', 'refused', 'not_sent')),
  amount integer not null check (amount between 1 and 250000),
  phone text not null check (phone ~ '^254[17][0-9]{8}$'),
  reference text not null,
  description text,
  tag text,
  metadata jsonb,
  idempotency_key text,
  request_hash bytea,
  expires_at timestamptz not null,
  -- The row is the job: what is due and not under a lease is taken by a sweep.
  due_at timestamptz,
  leased_by uuid,
  leased_until timestamptz,
  attempts integer not null default 0,
  queries integer not null default 0,
  event_count integer not null default 0,
  merchant_request_id text,
  checkout_request_id text,
  result_code text,
  result_desc text,
  receipt text,
  paid_at timestamptz,
  evidence jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sent_at timestamptz,
  prompted_at timestamptz,
  settled_at timestamptz,
  primary key (merchant_id, id),
  constraint payments_settled check (
    (state in ('succeeded', 'failed')) = (settled_at is not null)
    and (settled_at is null) = (outcome is null)
    and (state = 'succeeded') = (outcome is not distinct from 'paid')
  ),
  constraint payments_queued_unsent check (state <> 'queued' or sent_at is null)
) with (fillfactor = 80);
create unique index payments_idempotency on payments (merchant_id, live, idempotency_key)
  where idempotency_key is not null;
-- Apart, so that a backlog of one kind does not stand in the way of the other's claims.
create index payments_due_queued on payments (due_at) where state = 'queued';
create index payments_due_open on payments (due_at)
  where due_at is not null and state in ('sending', 'pending', 'uncertain');
-- Those that nothing can be asked about: few, and the ones that a person must look into.
create index payments_unaskable on payments (created_at) where due_at is null and state = 'uncertain';
create index payments_checkout on payments (checkout_request_id, merchant_id)
  where checkout_request_id is not null;
create index payments_phone on payments (merchant_id, phone, id);
create index payments_reference on payments (merchant_id, reference, id);
create index payments_tag on payments (merchant_id, tag, id) where tag is not null;
create index payments_receipt on payments (merchant_id, receipt) where receipt is not null;

create table events (
  merchant_id uuid not null,
  id uuid not null,
  live boolean not null,
  type text not null,
  payment_id uuid,
  -- Counts the events of one payment from 1.
  sequence integer not null,
  -- The payment (or endpoint) as it was when this happened, so that a late delivery tells no newer state.
  snapshot jsonb not null,
  -- Daraja's callback, byte for byte, when one brought this about.
  callback text,
  created_at timestamptz not null,
  -- The feed is ordered by transaction and shows only what no running transaction can still precede.
  tx xid8 not null default pg_current_xact_id(),
  primary key (merchant_id, id)
);
create index events_feed on events (merchant_id, tx, id);
create index events_payment on events (merchant_id, payment_id, sequence) where payment_id is not null;

create table webhook_deliveries (
  merchant_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  payment_id uuid,
  state text not null check (state in ('pending', 'delivered', 'failed', 'cancelled')),
  attempts integer not null default 0,
  due_at timestamptz,
  leased_by uuid,
  leased_until timestamptz,
  -- One entry an attempt, oldest first; bounded by the store.
  attempt_log jsonb not null default '[]',
  last_status integer,
  last_error text,
  created_at timestamptz not null,
  delivered_at timestamptz,
  primary key (merchant_id, id),
  constraint webhook_deliveries_due check ((state = 'pending') = (due_at is not null))
) with (fillfactor = 80);
create index webhook_deliveries_due on webhook_deliveries (due_at) where due_at is not null;
create index webhook_deliveries_endpoint_due on webhook_deliveries (merchant_id, endpoint_id, due_at)
  where due_at is not null;
create index webhook_deliveries_endpoint on webhook_deliveries (merchant_id, endpoint_id, id);
create index webhook_deliveries_payment on webhook_deliveries (merchant_id, payment_id)
  where payment_id is not null;

-- Only callbacks that changed no state: second, late, contradicting, refused, without a token.
create table callbacks (
  merchant_id uuid not null,
  id uuid not null,
  payment_id uuid,
  kind text not null
    check (kind in ('duplicate', 'receipt', 'contradicted', 'refused', 'hint', 'unmatched')),
  reason text not null,
  body text not null,
  ip text,
  received_at timestamptz not null,
  primary key (merchant_id, id)
);
create index callbacks_payment on callbacks (merchant_id, payment_id) where payment_id is not null;

-- The server that this database was last started on: after a restore into another one, transaction ids of
-- the former mean nothing.
create table installation (
  only_row boolean primary key default true check (only_row),
  system_identifier text not null
);

-- One OAuth token a credential, shared by all processes (Safaricom's FAQ: a new token ends the former one).
create table daraja_tokens (
  credential_id text primary key,
  token_sealed bytea,
  expires_at timestamptz,
  generation bigint not null default 0,
  refreshing_by uuid,
  refreshing_until timestamptz,
  refused_at timestamptz,
  refused_detail text
);

-- A UUIDv7 (RFC 9562) for rows that a statement makes by itself; PostgreSQL has its own only from 18 on.
create function new_uuid_v7(at timestamptz) returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3)
        from 1 for 6
      ), 52, 1), 53, 1),
    'hex')::uuid
$$;
