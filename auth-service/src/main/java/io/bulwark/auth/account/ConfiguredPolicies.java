package io.bulwark.auth.account;

import io.bulwark.auth.AuthConfig;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** The policies as configured. */
@Dependent
class ConfiguredPolicies {
    @Produces
    @Dependent
    PasswordPolicy passwordPolicy(AuthConfig config) {
        return PasswordPolicy.of(config.password());
    }
}
