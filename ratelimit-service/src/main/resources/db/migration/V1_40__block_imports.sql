-- What became of each bulk import of blocks. Its replica says with every batch that it is still at it: whose has not
-- said so for a while died on the way, and is told as failed.

create table block_import (
    id          uuid primary key,
    author      text        not null,
    state       text        not null check (state in ('RUNNING', 'DONE', 'FAILED')),
    lines       integer     not null,
    entries     integer     not null,
    placed      integer     not null,
    unchanged   integer     not null,
    refused     integer     not null,
    failure     text,
    started_at  timestamptz not null,
    seen_at     timestamptz not null,
    finished_at timestamptz
);
create index block_import_running on block_import (seen_at) where state = 'RUNNING';
create index block_import_started on block_import (started_at);

create table block_import_refusal (
    import_id uuid    not null references block_import on delete cascade,
    line      integer not null,
    message   text    not null
);
create index block_import_refusal_of on block_import_refusal (import_id);
