-- What a gateway's word on the client is worth, and how it likes to be answered. Neither hops nor own_addresses: the
-- service's trusted proxies count as the gateway's own.

alter table gateway
    add column hops                 integer check (hops between 0 and 16),
    add column own_addresses        varchar[] not null default '{}',
    add column address_header       text,
    add column header_profile       text      not null default 'IETF',
    add column undecided            text      not null default 'REFUSE',
    add column credential_headers   varchar[] not null default '{}',
    add column authenticated_header text,
    add column version              integer   not null default 0,
    add check (hops is null or own_addresses = '{}');
