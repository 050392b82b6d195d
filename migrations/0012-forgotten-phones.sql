-- Phone numbers that can be forgotten: a masked form in their place, and how far along each merchant is.

-- The first digits say which network and country, the last two tell a customer's payments apart at a glance.
alter table payments drop constraint payments_phone_check;
alter table payments add constraint payments_phone_check
  check (phone ~ '^254[17]([0-9]{8}|[*]{6}[0-9]{2})$') not valid;

-- Up to which event of the feed the numbers of settled payments are forgotten.
create table phones_forgotten (
  merchant_id uuid not null,
  live boolean not null,
  tx xid8 not null,
  event_id uuid not null,
  primary key (merchant_id, live)
);

-- 254712345678 as 2547******78; what is masked stays as it is.
create function masked_phone(phone text) returns text language sql immutable parallel safe as $$
  select left(phone, 4) || '******' || right(phone, 2)
$$;

-- A text with that number masked, in whichever form somebody wrote it.
create function without_phone(value text, phone text) returns text language sql immutable parallel safe as $$
  select case when phone like '%*%' then value
    else regexp_replace(value, '(?<![0-9])([+]?254|0)?' || right(phone, 9) || '(?![0-9])',
      masked_phone(phone), 'g') end
$$;

-- A JSON text with every Kenyan mobile number masked: one that is a number becomes a string. Daraja's
-- CheckoutRequestIDs are a time and the customer's number.
create function without_phones(json_text text) returns text language sql immutable parallel safe as $$
  select regexp_replace(regexp_replace(regexp_replace(regexp_replace(json_text,
    'ws_CO_([0-9]{17})([17])[0-9]{6}([0-9]{2})(?![0-9])', 'ws_CO_\1\2******\3', 'g'),
    '(:\s*)254([17])[0-9]{6}([0-9]{2})(?=\s*[,}])', '\1"254\2******\3"', 'g'),
    '(?<![0-9])254([17])[0-9]{6}([0-9]{2})(?![0-9])', '254\1******\2', 'g'),
    '(?<![0-9])0([17])[0-9]{6}([0-9]{2})(?![0-9])', '254\1******\2', 'g')
$$;
