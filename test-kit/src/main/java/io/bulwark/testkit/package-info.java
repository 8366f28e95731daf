/** Real servers, tokens and probes for the tests of the services. */
@NullMarked
package io.bulwark.testkit;

import org.jspecify.annotations.NullMarked;
