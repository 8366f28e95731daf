package io.bulwark.ratelimit.prefix;

/** The name of an endpoint as {@link Scope#ENDPOINT} has it, checked without a pattern. */
public final class EndpointName {
    private static final int MAX_LENGTH = 64;

    private EndpointName() {}

    public static boolean isOne(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        for (var i = 1; i < name.length(); i++) {
            var letter = name.charAt(i);
            if (!isAlphanumeric(letter) && letter != '-' && letter != '_' && letter != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char letter) {
        return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9';
    }
}
