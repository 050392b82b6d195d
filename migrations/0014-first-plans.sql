-- What PostgreSQL is to think of the great tables before it has analysed them: that all rows may be one
-- merchant's. Of a table that it knows nothing about it expects two hundred merchants with few rows each, and
-- finds any index that begins with the merchant as good as the primary key; a connection keeps such a plan,
-- and in the first minute of a busy new installation each payment would then cost as much as there are
-- payments. A table that has rows is analysed by itself, within a minute of its first ones.
do $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if not exists (select from payments) and not exists (select from events)
    and not exists (select from webhook_deliveries) then
    insert into payments (merchant_id, id, number, shortcode_id, environment, live, state, amount, phone,
      reference, expires_at, created_at, updated_at)
    select nobody, gen_random_uuid(), 0, nobody, 'simulator', false, 'queued', 1, '254700000000', '', now(),
      now(), now()
    from generate_series(1, 10);
    insert into events (merchant_id, id, live, type, sequence, snapshot, created_at)
    select nobody, gen_random_uuid(), false, '', 1, '{}', now() from generate_series(1, 10);
    insert into webhook_deliveries (merchant_id, id, endpoint_id, event_id, state, created_at)
    select nobody, gen_random_uuid(), nobody, nobody, 'delivered', now() from generate_series(1, 10);
    analyze payments (merchant_id);
    analyze events (merchant_id);
    analyze webhook_deliveries (merchant_id);
    delete from payments where merchant_id = nobody;
    delete from events where merchant_id = nobody;
    delete from webhook_deliveries where merchant_id = nobody;
  end if;
end $$;
