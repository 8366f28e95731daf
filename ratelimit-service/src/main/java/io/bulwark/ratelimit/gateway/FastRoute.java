package io.bulwark.ratelimit.gateway;

import io.vertx.core.http.HttpServerRequest;

/** Answers on the event loop and from memory what gateways ask for every request of an application. */
public interface FastRoute {
    /**
     * Sees every request first, so it tells by a glance at the path whether it is meant.
     *
     * @return whether it answers, now or once the body is there; what it does not answer it leaves as it was
     */
    boolean answers(HttpServerRequest request);
}
