-- What a payment costs: no index entry that nothing reads, plans that hold from the first row on, and tables
-- that stay swept however many rows they keep.

-- The backlog's counts read the indexes of the sweeps instead.
drop index payments_due_open;
drop index payments_unaskable;
drop index webhook_deliveries_due;

-- What a key of one shortcode may see is found without reading past what all others were paid.
create index payments_shortcode on payments (shortcode_id, id);
-- Of a shortcode whose payments nearly all succeed, its few failures.
create index payments_failed on payments (shortcode_id, id) where state = 'failed';
-- The feeds of the live and of the test side are told apart, so that neither reads through the other.
drop index events_feed;
create index events_feed on events (merchant_id, live, tx, id);
-- What was given up, among millions that were delivered.
create index webhook_deliveries_failed on webhook_deliveries (merchant_id, id)
  where state in ('failed', 'cancelled');

-- A plan that is made while a table is empty finds all its indexes equally good and takes the youngest, so that
-- for its first minutes a new installation would read through a whole merchant for each payment. On a table
-- with rows that cannot happen, and nothing is made anew.
do $$
declare tenant_table text;
begin
  foreach tenant_table in array array['payments', 'events', 'webhook_deliveries'] loop
    if not exists (select from payments) and not exists (select from events) then
      execute format('alter table %I drop constraint %I', tenant_table, tenant_table || '_pkey');
      execute format('alter table %I add primary key (merchant_id, id)', tenant_table);
    end if;
  end loop;
end $$;

-- By default a table is swept once a fifth of it is dead: of thirty million rows that is so late that all
-- sweeps of open ones wade through millions of dead entries. A sweep reads all indexes, though, so that at a
-- high rate it must not come with every few hundred thousand rows either; nor must an analysis, which reads
-- thirty thousand pages from all over a table, come with every fiftieth of it.
alter table payments set (
  autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200000,
  autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_vacuum_insert_threshold = 1000000,
  autovacuum_analyze_scale_factor = 0.2
);
alter table events set (
  autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_vacuum_insert_threshold = 1000000,
  autovacuum_analyze_scale_factor = 0.2
);
alter table webhook_deliveries set (
  autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200000,
  autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_vacuum_insert_threshold = 1000000,
  autovacuum_analyze_scale_factor = 0.2
);
