package io.bulwark.testkit.containers;

import io.bulwark.localstack.StackFailure;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Containers or embedded servers: {@code BULWARK_TEST_SERVERS} says it, or else whether an engine answers. */
final class ServersChoice {
    static final String VARIABLE = "BULWARK_TEST_SERVERS";

    private ServersChoice() {}

    static boolean containers(Map<String, String> environment, BooleanSupplier engineAnswers) {
        var told = environment.getOrDefault(VARIABLE, "");
        return switch (told) {
            case "" -> engineAnswers.getAsBoolean();
            case "embedded" -> false;
            case "docker" -> {
                if (!engineAnswers.getAsBoolean()) {
                    throw new StackFailure(VARIABLE + "=docker, but no Docker engine of this machine answers");
                }
                yield true;
            }
            default -> throw new StackFailure(VARIABLE + " is embedded or docker, not " + told);
        };
    }
}
