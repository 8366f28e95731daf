package io.bulwark.ratelimit.prefix;

import io.bulwark.events.Envelope;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a block holds: behind the gateways of one application.
 *
 * @param endpoint the one endpoint it holds for; null for all of them
 */
public record Scope(String application, @Nullable String endpoint) {
    /** An application's name. No blanks: the key of the topic is made of it. */
    public static final String APPLICATION = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** An endpoint's name, as gateways send it. */
    public static final String ENDPOINT = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final Pattern APPLICATION_NAME = Pattern.compile(APPLICATION);

    /** The default application where none is named. */
    public static String application(@Nullable String named) {
        return named == null ? Envelope.DEFAULT_APPLICATION : named;
    }

    /** Every endpoint of the application; of the default one where none is named. */
    public static Scope everything(@Nullable String application) {
        return new Scope(application(application), null);
    }

    /** False for a name that an outsider wrote into an event and that names no application. */
    public static boolean isApplication(String name) {
        return APPLICATION_NAME.matcher(name).matches();
    }
}
