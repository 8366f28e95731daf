-- Orders to give an address its limits again; every replica carries each out once, in their order.

create table limit_reset (
    id          bigint generated always as identity primary key,
    target      cidr        not null,
    application text        not null,
    ordered_at  timestamptz not null
);
