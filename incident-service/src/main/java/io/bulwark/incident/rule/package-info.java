/** Alert rules: what is counted, per how long, and how severe it is to exceed it. */
@NullMarked
package io.bulwark.incident.rule;

import org.jspecify.annotations.NullMarked;
