-- Who may ask for decisions with a static key. The key has 256 random bits, so a plain digest keeps it safe.

create table gateway (
    id            uuid primary key,
    name          text        not null unique,
    application   text        not null,
    key_hash      bytea       not null unique,
    registered_at timestamptz not null,
    registered_by text        not null
);
