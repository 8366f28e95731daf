-- What people ask while an attack goes on must not cost more the more there is of it.

-- How often each place offended within each hour, the worst first.
create table misdeed_tally (
    policy      text        not null,
    application text        not null,
    place       cidr        not null,
    slot        timestamptz not null,
    count       bigint      not null,
    primary key (policy, application, place, slot)
);
insert into misdeed_tally
    select policy, application, place, date_bin('1 hour', at, timestamptz '2000-01-01 00:00:00Z'), sum(count)
    from misdeed group by 1, 2, 3, 4;
create index misdeed_tally_worst on misdeed_tally (policy, slot, count desc) include (application, place);
create index misdeed_tally_slot on misdeed_tally using brin (slot);

-- Blocked addresses, newest first, among any number that are no longer.
create index block_in_force on block (blocked_at desc, id desc) where ended_at is null;

-- Counts come from the index alone.
drop index misdeed_window;
create index misdeed_window on misdeed (policy, application, place, at desc) include (count);
