package io.bulwark.localstack;

import java.nio.file.Path;

/** Where the tests run. */
final class Machine {
    static final Path ROOT = Path.of(System.getProperty("bulwark.root"));

    private Machine() {}
}
