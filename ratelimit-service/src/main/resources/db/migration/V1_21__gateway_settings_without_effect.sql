-- Nothing reads them: a setting that has no effect promises what does not happen.

alter table gateway
    drop column header_profile,
    drop column credential_headers,
    drop column authenticated_header;
