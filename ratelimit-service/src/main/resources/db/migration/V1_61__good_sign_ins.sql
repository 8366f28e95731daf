-- From where accounts signed in, one row per pair: who belongs there is told from who attacks. Accounts stand as digests.

create table good_sign_in (
    application text        not null,
    place       cidr        not null,
    account     text        not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    count       bigint      not null,
    primary key (application, place, account)
);
create index good_sign_in_forgotten on good_sign_in (last_at);
