package io.bulwark.auth.client;

import io.bulwark.kit.access.Roles;
import java.util.Set;

/** What a client may be called and may be. */
final class ClientRules {
    /**
     * Never the form of a user's id, for both stand in {@code sub}, nor the suite's own name.
     */
    static final String ID =
            "(?!bulwark$)(?![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$)[a-z0-9][a-z0-9-]{1,62}";

    static final String APPLICATION = "[a-z0-9][a-z0-9-]{0,62}";

    static final Set<String> ASSIGNABLE = Set.of(
            Roles.USER, Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN, Roles.GATEWAY, Roles.SERVICE);

    private ClientRules() {}
}
