package io.bulwark.auth.revocation;

/**
 * The generations that a token is issued under.
 *
 * @param user 0 where no person is concerned
 * @param client 0 where no registered client is concerned
 */
public record Generations(long all, long user, long client) {}
