-- The audit log: who did what from where. Each merchant's entries are a chain, in which every hash is over the
-- entry and the hash before it (docs/audit-log.md), so that what is altered or taken away shows.

-- Where each chain ends: the lock that gives entries their order, and what shows a tail that was cut off.
create table audit_heads (
  merchant_id uuid primary key references merchants (id),
  sequence bigint not null check (sequence > 0),
  hash bytea not null check (length(hash) = 32)
);

create table audit_entries (
  merchant_id uuid not null,
  sequence bigint not null,
  id uuid not null,
  at timestamptz not null,
  live boolean,
  action text not null,
  actor_kind text not null check (actor_kind in ('key', 'user', 'cli', 'system')),
  actor_id text,
  actor_name text,
  actor_role text,
  target_id text,
  target_name text,
  -- JSON as text: the hash is over these very bytes.
  changes text not null,
  detail text not null,
  ip text,
  user_agent text,
  hash bytea not null check (length(hash) = 32),
  primary key (merchant_id, sequence)
);
-- An entry whose answer was lost is written again and must not stand twice.
create unique index audit_entries_id on audit_entries (merchant_id, id);
create index audit_entries_action on audit_entries (merchant_id, action, sequence);
create index audit_entries_actor on audit_entries (merchant_id, actor_id, sequence);

-- Whoever owns the tables can take these away; what was changed then, the chain shows.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_kept before update or delete on audit_entries
  for each row execute function refuse_audit_change();
create trigger audit_heads_kept before delete on audit_heads
  for each row execute function refuse_audit_change();
create trigger audit_heads_forward before update on audit_heads
  for each row when (new.merchant_id <> old.merchant_id or new.sequence <> old.sequence + 1)
  execute function refuse_audit_change();
create trigger audit_entries_not_truncated before truncate on audit_entries
  for each statement execute function refuse_audit_change();
create trigger audit_heads_not_truncated before truncate on audit_heads
  for each statement execute function refuse_audit_change();
