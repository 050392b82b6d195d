-- People who sign in, their sessions, and what each of them is to which merchant. People belong to no merchant:
-- one of them may work for several. What they are to a merchant is the merchant's own.

create table users (
  id uuid primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  two_factor_enabled boolean not null default false,
  -- An IANA name such as Africa/Nairobi; null: the merchant's.
  time_zone text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The ways in which somebody can prove who they are; here the hash of a password.
create table user_credentials (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index user_credentials_user on user_credentials (user_id);

create table user_sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  -- Of no use by itself: the cookie also holds its signature.
  token text not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index user_sessions_user on user_sessions (user_id);

create table user_two_factors (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  -- Both encrypted under a key that is derived from SUKUMA_SECRET.
  secret text not null,
  backup_codes text not null,
  verified boolean not null,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);
create index user_two_factors_user on user_two_factors (user_id);

-- What was sent to somebody and is to come back once: resets of passwords, half-done sign-ins.
create table user_verifications (
  id uuid primary key,
  -- The SHA-256 of what was sent.
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index user_verifications_identifier on user_verifications (identifier);
create index user_verifications_expired on user_verifications (expires_at);

-- Links that sign somebody in, once.
create table sign_in_links (
  token_hash bytea primary key,
  user_id uuid not null references users (id) on delete cascade,
  expires_at timestamptz not null
);

-- How often something was tried, by the SHA-256 of what is limited; shared by all processes.
create table attempt_limits (
  key bytea primary key,
  -- When what was taken will have been earned again; rows of the past say nothing.
  earned_at timestamptz not null
);
create index attempt_limits_earned on attempt_limits (earned_at);

create table members (
  merchant_id uuid not null references merchants (id),
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'developer', 'support')),
  created_at timestamptz not null,
  primary key (merchant_id, user_id)
);
create index members_user on members (user_id);

create table invitations (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  email text not null check (email = lower(email)),
  role text not null check (role in ('owner', 'developer', 'support')),
  -- Null: made on the command line.
  invited_by uuid references users (id) on delete set null,
  token_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  cancelled_at timestamptz,
  primary key (merchant_id, id)
);
create index invitations_token on invitations (token_hash);
create index invitations_email on invitations (merchant_id, email);

-- Whoever signs up first, with nobody there yet, owns the first merchant. One row at the most says who it was.
create table first_sign_up (
  one boolean primary key default true check (one),
  user_id uuid not null,
  at timestamptz not null
);
