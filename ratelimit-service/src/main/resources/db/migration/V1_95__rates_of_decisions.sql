-- What gateways ask about is counted here, what they report besides is not counted together with it.

alter table request_series add column source text not null default 'reports';
alter table request_series alter column source drop default;
alter table request_series drop constraint request_series_pkey;
alter table request_series add primary key (application, endpoint, source);

alter table request_interval add column source text not null default 'reports';
alter table request_interval alter column source drop default;
alter table request_interval drop constraint request_interval_pkey;
alter table request_interval add primary key (application, endpoint, source, minutes, at);

alter table request_hour add column source text not null default 'reports';
alter table request_hour alter column source drop default;
alter table request_hour drop constraint request_hour_pkey;
alter table request_hour add primary key (application, endpoint, source, minutes, at);
