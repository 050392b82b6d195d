-- Secrets and keys that were replaced before the last one, while they sign along too, the newest last. Kept
-- beside those of `previous_…`, so that a process of the version before goes on as it did; where that one has
-- ended the previous ones, those before them are over as well.
alter table webhook_endpoints
  add column earlier_secrets_sealed bytea[] not null default '{}',
  add column earlier_secrets_expire_at timestamptz[] not null default '{}',
  add column earlier_signing_keys_sealed bytea[] not null default '{}',
  add column earlier_public_keys text[] not null default '{}',
  add column earlier_signing_keys_expire_at timestamptz[] not null default '{}',
  add constraint webhook_endpoints_earlier
    check (cardinality(earlier_secrets_sealed) = cardinality(earlier_secrets_expire_at)
      and cardinality(earlier_signing_keys_sealed) = cardinality(earlier_signing_keys_expire_at)
      and cardinality(earlier_public_keys) = cardinality(earlier_signing_keys_expire_at));
