/** Commands of an incident's responder that concern people. */
@NullMarked
package io.bulwark.auth.response;

import org.jspecify.annotations.NullMarked;
