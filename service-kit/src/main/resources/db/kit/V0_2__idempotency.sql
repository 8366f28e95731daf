-- What a mutation answered, so that a client that retries it is told the same and nothing happens twice.
create table idempotency (
    actor        text not null,
    key          text not null,
    action       text not null,
    request_hash bytea not null,
    status       integer,
    location     text,
    body         text,
    created_at   timestamptz not null default clock_timestamp(),
    primary key (actor, key)
);
create index idempotency_age on idempotency (created_at);
