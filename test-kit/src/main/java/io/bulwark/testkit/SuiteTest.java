package io.bulwark.testkit;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Stereotype;
import jakarta.inject.Singleton;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of one service as it runs: HTTP in, rows and events out, against a real PostgreSQL and a real Kafka with the
 * service's own role and principal.
 */
@QuarkusTest
@Stereotype // Quarkus makes a bean of a test for its own annotation only
@Singleton
@WithTestResource(SuiteServers.class)
@ExtendWith(UsualPatience.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SuiteTest {}
