package io.bulwark.ratelimit;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service. */
@QuarkusMain
public final class Main {
    /**
     * Where Quarkus does not look whether a URI is one. It would refuse with 400 whatever is none before anybody is asked, and what gateways ask
     * has in it what their clients asked for: browsers send {@code ?q=a|b} as it is. {@code gateway.FastPath} looks instead.
     */
    private static final String ANY_URI = "vertx.disableURIValidation";

    Main() {}

    /** @param arguments of Quarkus */
    public static void main(String... arguments) {
        System.setProperty(ANY_URI, "true");
        Quarkus.run(arguments);
    }
}
