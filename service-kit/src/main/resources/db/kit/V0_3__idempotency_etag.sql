-- What a retried call is answered includes the version that it made, for the next call's If-Match.
alter table idempotency add column etag text;
