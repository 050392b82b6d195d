-- What verdicts came to, by quarter of an hour: a page that shows thirty days of a busy merchant adds up some
-- thousands of these instead of millions of payments. They are added up from the feed of events, behind the
-- payments and never within their statements; only for those who look, and for those with very many.
create table verdict_totals (
  merchant_id uuid not null,
  live boolean not null,
  -- The first moment of the quarter of an hour in which the verdicts came.
  quarter timestamptz not null,
  shortcode_id uuid not null,
  outcome text not null check (outcome in ('paid', 'declined', 'refused', 'not_sent')),
  code text not null,
  -- One of the descriptions that came with the code: some codes mean several things.
  description text,
  count bigint not null,
  -- Whole shillings.
  amount bigint not null,
  -- How many verdicts came how long after the prompt, by the steps of the store.
  waits bigint[] not null,
  primary key (merchant_id, live, quarter, shortcode_id, outcome, code)
);
-- Up to which event of the feed they are added up.
create table verdict_totals_reached (
  merchant_id uuid not null,
  live boolean not null,
  tx xid8 not null,
  event_id uuid not null,
  primary key (merchant_id, live)
);

-- Adds one by one; the shorter array counts as filled up with zeros.
create function add_counts(one bigint[], other bigint[]) returns bigint[]
language sql immutable parallel safe as $$
  select array(
    select coalesce(a, 0) + coalesce(b, 0)
    from unnest(one, other) with ordinality as both_of_them (a, b, n) order by n)
$$;
