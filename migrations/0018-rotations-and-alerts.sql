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

-- `told_at` and `recovery_told_at` come when the last recipient has a mail, or is given up.
alter table alert_incidents
  -- When the mails about its beginning and its end first reached somebody.
  add column first_mailed_at timestamptz,
  add column over_mailed_at timestamptz,
  -- Who is to hear that it is over: those who were told that it began; null: everybody.
  add column over_to text[];

-- Where the reference of a payment is its customer's number, no alert keeps it.
update alert_incidents i
set facts = i.facts || jsonb_build_object('reference', without_phone(p.reference, p.phone))
from payments p
where i.kind = 'contradiction' and p.merchant_id = i.merchant_id and p.id = i.subject::uuid;

-- Nor does one keep the query of an address, which may hold a token.
update alert_incidents
set facts = facts || jsonb_build_object('url', regexp_replace(facts ->> 'url', '[?].*$', '?…'))
where kind = 'endpoint_disabled' and facts ->> 'url' like '%?%';
