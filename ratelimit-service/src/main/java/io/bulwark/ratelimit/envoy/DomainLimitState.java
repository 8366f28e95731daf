package io.bulwark.ratelimit.envoy;

/**
 * How much an address has left of a limit of an Envoy domain that counts it by nothing else, for people who ask why.
 *
 * @param name the rule's; its descriptor's key where it has none
 * @param resetSeconds until all of it is there again
 * @param over whether a request that does not say what it costs would find too little
 */
public record DomainLimitState(
        String domain, String name, long limit, long remaining, long resetSeconds, boolean shadow, boolean over) {}
