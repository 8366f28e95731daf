-- The databases that are backed up. The credential is readable with the key file only.

create table source (
    id            uuid primary key,
    name          text not null unique,
    application   text not null,
    host          text not null,
    port          integer not null,
    database_name text not null,
    username      text not null,
    ssl_mode      text not null,
    credential    bytea not null,
    every_seconds bigint not null,
    created_at    timestamptz not null,
    created_by    text not null
);
