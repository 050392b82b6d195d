-- Webhooks signed by an ed25519 key of the endpoint's own (Standard Webhooks `v1a`), and since when an
-- endpoint that was switched off may have missed something.
alter table webhook_endpoints
  add column signature_schemes text[] not null default '{v1}'
    check (signature_schemes <@ '{v1,v1a}'::text[] and cardinality(signature_schemes) > 0),
  -- The private key is sealed; the public one lies open, as it is published.
  add column signing_key_sealed bytea,
  add column public_key text,
  -- During a rotation the former key signs as well, until it expires.
  add column previous_signing_key_sealed bytea,
  add column previous_public_key text,
  add column previous_signing_key_expires_at timestamptz,
  add column missed_since timestamptz,
  add constraint webhook_endpoints_signing_key
    check ((signing_key_sealed is null) = (public_key is null)
      and (not 'v1a' = any (signature_schemes) or public_key is not null));
