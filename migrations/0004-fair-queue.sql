-- The queue is served merchant by merchant and shortcode by shortcode, each in the order in which its own
-- payments are due; and what expires in it is found without regard to whose turn it is.
create index payments_queued_turns on payments (merchant_id, shortcode_id, due_at) where state = 'queued';
create index payments_queued_expiry on payments (expires_at) where state = 'queued';
-- The former order, by due time alone, serves nothing any more, and a plan that took to it would read through
-- one merchant's whole queue to find another's first.
drop index payments_due_queued;
