-- Which fields tell a gateway's clients what they have left, and by which header it says that it knows who the client is.

alter table gateway
    add column header_profile       text not null default 'IETF',
    add column authenticated_header text;
