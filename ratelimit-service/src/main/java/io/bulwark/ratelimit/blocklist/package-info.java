/** Lists of bad networks that others publish: fetched, checked, and in force beside the blocks of our own people. */
@NullMarked
package io.bulwark.ratelimit.blocklist;

import org.jspecify.annotations.NullMarked;
