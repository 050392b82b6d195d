-- The order of the feed outlasts the server: a transaction's place in it is no longer its id itself. Until a
-- restore into another server the two are the same and this costs nothing, as PostgreSQL puts the body in its
-- place. The first start after one makes the function anew: all places from then on come after all of before.
create function feed_tx(own xid8) returns xid8 language sql stable parallel safe as $$ select own $$;
alter table events alter column tx set default feed_tx(pg_current_xact_id());
