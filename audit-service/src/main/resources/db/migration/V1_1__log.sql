-- One row per event, in the order of a Merkle log (RFC 6962). `leaf` is what the tree commits to and what verification
-- believes; every other column is its projection, there for queries, and must say the same.

create table entry (
    index       bigint primary key check (index >= 0),
    leaf        bytea not null,
    leaf_hash   bytea not null check (octet_length(leaf_hash) = 32),
    payload     bytea,
    received_at timestamptz not null,
    topic       text not null,
    source      text not null,
    event_id    text not null,
    type        text not null,
    application text not null,
    subject     text,
    occurred_at timestamptz not null,
    actor_id    text,
    actor_name  text,
    roles       text[] not null,
    action      text,
    target      text,
    outcome     text,
    address     inet,
    occurrences integer not null,
    data        text,
    unique (event_id, source)
);
comment on column entry.payload is 'The event''s data where it is too large for the leaf, which then holds its SHA-256';
create index entry_actor_id on entry (actor_id, index) where actor_id is not null;
create index entry_actor_name on entry (lower(actor_name), index) where actor_name is not null;
create index entry_target on entry (target, index) where target is not null;
create index entry_action on entry (action, index) where action is not null;
create index entry_type on entry (type, index);
create index entry_admin_action on entry (occurred_at, index) where topic = 'audit-trail' and 'admin' = any (roles);
create index entry_occurred_at on entry using brin (occurred_at);
create index entry_words on entry using gin (to_tsvector('simple', data));

-- Complete subtrees of 256, 65,536, ... leaves (levels 8, 16, ...): what lies between is recomputed from at most 256
-- hashes, for a 256th of the rows.
create table merkle_node (
    level smallint not null check (level > 0 and level % 8 = 0),
    index bigint not null check (index >= 0),
    hash  bytea not null check (octet_length(hash) = 32),
    primary key (level, index)
);

create table head (
    only_one boolean primary key default true check (only_one),
    size     bigint not null,
    root     bytea not null,
    frontier bytea not null
);
insert into head (size, root, frontier) values (0, sha256(''), '');

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on entry execute function refuse_change();
create trigger append_only before update or delete or truncate on merkle_node execute function refuse_change();
create trigger stays before delete or truncate on head execute function refuse_change();
create trigger only_grows before update on head for each row when (new.size < old.size) execute function refuse_change();
