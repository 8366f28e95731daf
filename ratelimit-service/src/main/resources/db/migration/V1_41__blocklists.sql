-- Lists of others that are subscribed to: what is wanted of each, and what became of fetching it. What it holds is one
-- value, 17 bytes a network, for it is written and read as a whole.

create table blocklist (
    application   text        not null,
    name          text        not null,
    url           text        not null,
    format        text        not null check (format in ('plain', 'csv', 'json')),
    refresh       bigint      not null,
    expiry        bigint      not null,
    max_entries   integer     not null,
    shadow        boolean     not null,
    note          text,
    version       bigint      not null,
    changed_at    timestamptz not null,
    changed_by    text        not null,
    networks      bytea,
    entries       integer     not null default 0,
    refused       integer     not null default 0,
    sha256        text,
    etag          text,
    last_modified text,
    fetched_at    timestamptz,
    attempted_at  timestamptz,
    next_at       timestamptz not null,
    failure       text,
    failures      integer     not null default 0,
    primary key (application, name)
);
comment on column blocklist.refresh is 'seconds';
comment on column blocklist.expiry is 'seconds after fetched_at';
comment on column blocklist.fetched_at is 'when its source last said that this is the list';
create index blocklist_due on blocklist (next_at);
