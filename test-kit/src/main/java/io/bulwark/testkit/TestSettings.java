package io.bulwark.testkit;

/** Where the running servers are: system properties, which every class loader of a Quarkus test sees. */
final class TestSettings {
    static final String ISSUER = "bulwark.test.issuer";
    static final String ISSUER_KEY = "bulwark.test.issuer-key";
    static final String KAFKA = "bulwark.test.kafka";
    static final String KAFKA_PASSWORD = "bulwark.test.kafka.password.";
    static final String DATABASE_URL = "bulwark.test.database";
    static final String DUMP_PASSWORD = "bulwark.test.database.dump-password";
    static final String SUPERUSER = "bulwark.test.database.superuser";
    static final String SUPERUSER_PASSWORD = "bulwark.test.database.superuser-password";

    private TestSettings() {}

    static String get(String name) {
        var value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: is the test a @SuiteTest?");
        }
        return value;
    }
}
