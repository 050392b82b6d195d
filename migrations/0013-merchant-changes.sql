-- Whose keys, shortcodes or endpoints were changed by which transaction. What processes remember of a
-- merchant they read again then, whoever changed it: a program, or a person with plain SQL.

create table merchant_changes (
  -- Of all zeros: everybody's.
  merchant_id uuid not null,
  -- In the order of commits a row may come late: readers compare snapshots, as the event feed does.
  tx xid8 not null default pg_current_xact_id(),
  primary key (merchant_id, tx)
);
create index merchant_changes_tx on merchant_changes (tx);

-- The argument names the column that holds the merchant.
create function note_merchant_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    insert into merchant_changes (merchant_id) values ('00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into merchant_changes (merchant_id) values ((to_jsonb(old) ->> tg_argv[0])::uuid)
    on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' then
    insert into merchant_changes (merchant_id) values ((to_jsonb(new) ->> tg_argv[0])::uuid)
    on conflict do nothing;
  end if;
  return null;
end $$;

-- All columns but last_used_at, which is written a thousand times more often and decides nothing.
create trigger api_keys_changed
  after insert or delete or update of merchant_id, id, name, key_hash, hint, live, shortcode_id, scopes,
    created_at, expires_at, revoked_at
  on api_keys for each row execute function note_merchant_change('merchant_id');
-- All but what Daraja thinks of the credentials, which it says of all shortcodes of an app at once.
create trigger shortcodes_changed
  after insert or delete or update of merchant_id, id, environment, kind, number, till_number, credential_id,
    credentials_sealed, created_at, disabled_at, pull_transactions
  on shortcodes for each row execute function note_merchant_change('merchant_id');
create trigger webhook_endpoints_changed after insert or update or delete on webhook_endpoints
  for each row execute function note_merchant_change('merchant_id');
create trigger merchants_changed after update or delete on merchants
  for each row execute function note_merchant_change('id');

create trigger api_keys_emptied after truncate on api_keys execute function note_merchant_change();
create trigger shortcodes_emptied after truncate on shortcodes execute function note_merchant_change();
create trigger webhook_endpoints_emptied after truncate on webhook_endpoints
  execute function note_merchant_change();
create trigger merchants_emptied after truncate on merchants execute function note_merchant_change();
