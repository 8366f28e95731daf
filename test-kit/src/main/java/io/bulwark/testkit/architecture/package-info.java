/** What the shape of every service must be, as one test per service. */
@NullMarked
package io.bulwark.testkit.architecture;

import org.jspecify.annotations.NullMarked;
