-- Events commit with the change they tell of (outbox) and with the effect they have (inbox).

create table outbox (
    seq        bigint generated always as identity primary key,
    id         uuid not null unique,
    topic      text not null,
    key        text,
    headers    text[] not null,
    value      bytea,
    created_at timestamptz not null default clock_timestamp(),
    sent_at    timestamptz
);
create index outbox_unsent on outbox (seq) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;
alter table outbox set (autovacuum_vacuum_scale_factor = 0.02);

-- The day is that of the event's own time, so that an event delivered twice always meets its first row.
create table inbox (
    day         date not null,
    source      text not null,
    id          text not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (day, source, id)
) partition by range (day);
create table inbox_other partition of inbox default;
