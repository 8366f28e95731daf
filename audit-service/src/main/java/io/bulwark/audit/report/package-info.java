/** What is asked of the log again and again. */
@NullMarked
package io.bulwark.audit.report;

import org.jspecify.annotations.NullMarked;
