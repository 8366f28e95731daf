/**
 * The machine that Bulwark runs on where there is no Docker: PostgreSQL, a Kafka broker and an S3-compatible store as
 * real servers from Maven artifacts, and the five services as processes beside them. {@code ./bulwark} is its command
 * line; the tests use the same classes.
 */
@NullMarked
package io.bulwark.localstack;

import org.jspecify.annotations.NullMarked;
