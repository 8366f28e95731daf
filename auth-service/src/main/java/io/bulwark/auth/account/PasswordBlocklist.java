package io.bulwark.auth.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Passwords long enough to be allowed and common enough to be guessed: one a line, in lower case. */
final class PasswordBlocklist {
    private static final String RESOURCE = "/password-blocklist.txt";

    private PasswordBlocklist() {}

    static Set<String> load() {
        var stream = Objects.requireNonNull(PasswordBlocklist.class.getResourceAsStream(RESOURCE), RESOURCE);
        try (var lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
