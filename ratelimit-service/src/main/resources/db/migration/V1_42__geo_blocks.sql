-- Countries and autonomous systems that an application refuses; endpoint null: on all of its endpoints, until null: for good.

create table geo_block (
    id          uuid primary key,
    application text        not null,
    endpoint    text,
    country     text check (country ~ '^[A-Z]{2}$'),
    asn         bigint check (asn between 1 and 4294967295),
    reason      text        not null,
    author      text        not null,
    blocked_at  timestamptz not null,
    until       timestamptz,
    check ((country is null) <> (asn is null)),
    unique nulls not distinct (application, endpoint, country, asn)
);
create index geo_block_due on geo_block (until) where until is not null;
