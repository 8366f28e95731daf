-- What is counted per place, whichever policy counts it: one row per report, by the time at which it happened. Rows go by
-- the time at which they came, so that a backlog is counted like the present.

create table misdeed (
    policy      text        not null,
    application text        not null,
    place       cidr        not null,
    at          timestamptz not null,
    count       integer     not null check (count > 0),
    received_at timestamptz not null default clock_timestamp()
);
insert into misdeed
    select 'login', application, subject, failed_at, 1, received_at from login_failure order by received_at;
drop table login_failure;
create index misdeed_window on misdeed (policy, application, place, at desc);
create index misdeed_recent on misdeed (policy, at);
create index misdeed_received on misdeed using brin (received_at);

-- Who was seen with whom: accounts tried from a place, places that tried an account, places of a network. One row per pair
-- and minute, with its first and last time, tells exactly who was there within a window of a minute or more, and keeps
-- what is read small however often somebody tries. Accounts stand as digests.

create table sighting (
    policy      text        not null,
    application text        not null,
    subject     text        not null,
    minute      timestamptz not null,
    member      text        not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    count       bigint      not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (policy, application, subject, minute, member)
);
create index sighting_received on sighting using brin (received_at);

-- What the policies concluded: a row for as long as a subject stays at the threshold or comes back within a window.

create table episode (
    id           uuid primary key,
    policy       text        not null,
    application  text        not null,
    subject      text        not null,
    first_at     timestamptz not null,
    last_at      timestamptz not null,
    members      integer     not null,
    observations bigint      not null,
    outcome      text        not null check (outcome in ('blocked', 'noted', 'spared', 'watched')),
    concluded_at timestamptz not null
);
create index episode_subject on episode (policy, application, subject, last_at desc);
create index episode_newest on episode (concluded_at desc, id desc);
