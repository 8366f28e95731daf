/**
 * What every request and every answer goes through: bodies that are bounded and there, failures that are problem+json. And
 * answers that memory has no room for.
 */
@NullMarked
package io.bulwark.kit.http;

import org.jspecify.annotations.NullMarked;
