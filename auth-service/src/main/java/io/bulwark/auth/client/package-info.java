/** Machines: clients with a secret, roles and the application they act for. */
@NullMarked
package io.bulwark.auth.client;

import org.jspecify.annotations.NullMarked;
