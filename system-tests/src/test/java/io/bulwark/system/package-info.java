/** Stories across the services, told through HTTP and Kafka only, on the local stack. */
@NullMarked
package io.bulwark.system;

import org.jspecify.annotations.NullMarked;
