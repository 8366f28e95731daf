-- People and machines, what they prove themselves with, and what of it was revoked.

-- Generations of 'all', 'user:<id>' and 'client:<id>', as on the topic of the same name; a restored schema is raised to
-- the topic's. A row 'session:<id>' is there only until its tombstone is due.
create table revocation (
    key          text primary key,
    generation   bigint not null default 1,
    tombstone_at timestamptz
);
create index revocation_tombstone on revocation (tombstone_at) where tombstone_at is not null;
insert into revocation (key) values ('all');

create table account (
    id                   uuid primary key,
    email                text not null unique,
    name                 text not null,
    roles                varchar[] not null,
    status               text not null check (status in ('ACTIVE', 'DISABLED')),
    password_hash        text not null,
    password_changed_at  timestamptz not null,
    must_change_password boolean not null,
    password_expires_at  timestamptz,
    failures             integer not null default 0,
    failures_since       timestamptz,
    locked_until         timestamptz,
    last_sign_in_at      timestamptz,
    disabled_at          timestamptz,
    disabled_by          text,
    disabled_reason      text,
    created_at           timestamptz not null,
    revision             integer not null default 0
);

-- Written where an attempt counts for no account, so that it takes as long as one that does.
create table decoy (
    slot     integer primary key,
    attempts bigint not null default 0
);
insert into decoy (slot) select generate_series(0, 15);

create table client (
    id          text primary key,
    roles       varchar[] not null,
    application text not null,
    secret_hash text not null,
    created_at  timestamptz not null,
    created_by  text not null,
    deleted_at  timestamptz
);

create table session (
    id           uuid primary key,
    account_id   uuid not null references account (id),
    client_id    text references client (id),
    application  text not null,
    address      text not null,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    end_reason   text
);
create index session_of_account on session (account_id, created_at) where ended_at is null;
create index session_expiry on session (expires_at);

create table refresh_token (
    hash       text primary key,
    session_id uuid not null references session (id) on delete cascade,
    issued_at  timestamptz not null,
    used_at    timestamptz
);
create index refresh_token_of_session on refresh_token (session_id);

-- The private part is sealed with the key that BULWARK_AUTH_KEY_FILE names.
create table signing_key (
    kid         text primary key,
    public_jwk  text not null,
    private_jwk bytea not null,
    created_at  timestamptz not null
);
