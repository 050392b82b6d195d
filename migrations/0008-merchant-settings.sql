-- What a merchant has set for itself. No row: everything as it is by default.
create table merchant_settings (
  merchant_id uuid primary key references merchants (id),
  time_zone text not null default 'Africa/Nairobi' check (length(time_zone) between 1 and 64),
  -- Of mails.
  language text not null default 'en' check (language in ('en', 'sw')),
  -- After so many days the phone numbers of settled payments are erased; null: they are kept.
  phone_retention_days integer check (phone_retention_days between 1 and 3650),
  alert_emails text[] not null default '{}' check (cardinality(alert_emails) <= 20),
  -- Of the payments that M-Pesa or this gateway could fail, not those that customers declined.
  alert_failures boolean not null default true,
  alert_failures_percent integer not null default 25 check (alert_failures_percent between 1 and 100),
  alert_failures_minutes integer not null default 15 check (alert_failures_minutes between 5 and 1440),
  alert_failures_payments_min integer not null default 10
    check (alert_failures_payments_min between 1 and 10000),
  alert_endpoint_disabled boolean not null default true,
  alert_contradiction boolean not null default true,
  alert_credentials boolean not null default true,
  updated_at timestamptz not null
);
-- Whose phone numbers are not kept for ever: few, and looked for by the one that erases them.
create index merchant_settings_retention on merchant_settings (phone_retention_days)
  where phone_retention_days is not null;
