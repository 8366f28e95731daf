/** What runs the benchmarks and prints their figures; a benchmark of package-private code stands in that code's package. */
@NullMarked
package io.bulwark.bench;

import org.jspecify.annotations.NullMarked;
