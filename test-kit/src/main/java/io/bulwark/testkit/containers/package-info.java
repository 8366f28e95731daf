/**
 * PostgreSQL and Kafka for the tests in containers, where a Docker engine answers. No engine answers where this is built
 * and CI proves the embedded servers, so only the choice and the definitions are tested, not the containers' run.
 */
@NullMarked
package io.bulwark.testkit.containers;

import org.jspecify.annotations.NullMarked;
