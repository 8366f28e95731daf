-- One block per target, application and endpoint (null: all of them). An ended block keeps its row, and with it its
-- version, until the topic has its tombstone.

create table block (
    id         uuid primary key,
    target     cidr        not null,
    application text       not null,
    endpoint   text,
    reason     text        not null,
    policy     text,
    author     text        not null,
    blocked_at timestamptz not null,
    until      timestamptz not null,
    ended_at   timestamptz,
    ended_by   text,
    version    bigint      not null,
    unique nulls not distinct (target, application, endpoint)
);
create index block_due on block (until) where ended_at is null;
create index block_ended on block (ended_at) where ended_at is not null;
create index block_newest on block (blocked_at desc, id desc);
create index block_covering on block using gist (target inet_ops);
