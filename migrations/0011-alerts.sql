-- Alerts by mail: what is wrong is a row, from when it was first seen until it is over, and the row is the mail
-- that is still to be sent.
create table alert_incidents (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('failures', 'endpoint_disabled', 'contradiction', 'credentials')),
  -- What it is about: an id, or the side for failures.
  subject text not null,
  live boolean not null,
  -- As it was when it was first seen.
  facts jsonb not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- recovered is told; over is not: deleted, switched off by hand, or no longer to be judged.
  closed_how text check (closed_how in ('recovered', 'over')),
  told_at timestamptz,
  recovery_told_at timestamptz,
  -- When the next mail about it is due; null: none.
  due_at timestamptz,
  leased_by uuid,
  leased_until timestamptz,
  attempts integer not null default 0,
  -- Who has the mail that is due already, when others could not be reached.
  told_to text[] not null default '{}',
  primary key (merchant_id, id),
  constraint alert_incidents_closed check ((closed_at is null) = (closed_how is null))
);
-- One at a time of each matter, whichever process sees it.
create unique index alert_incidents_open on alert_incidents (merchant_id, kind, subject)
  where closed_at is null;
create index alert_incidents_matter on alert_incidents (merchant_id, kind, subject, opened_at);
create index alert_incidents_closed on alert_incidents (closed_at) where closed_at is not null;
create index alert_incidents_due on alert_incidents (due_at) where due_at is not null;

-- When somebody last looked: one process a minute does.
create table alert_looks (
  only_row boolean primary key default true check (only_row),
  looked_at timestamptz not null
);
insert into alert_looks (looked_at) values ('2000-01-01T00:00:00Z');

alter table merchant_settings
  -- Whether the test side is watched as well.
  add column alert_test_side boolean not null default false;
create index merchant_settings_alerts on merchant_settings (merchant_id) where alert_emails <> '{}';
