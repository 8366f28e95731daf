package io.bulwark.kit.access;

/** What a caller may be; claim {@code groups} of its token, unless configured otherwise. */
public final class Roles {
    /** Sees and changes itself. */
    public static final String USER = "user";
    /** Reads everything, changes nothing. */
    public static final String AUDITOR = "auditor";
    /** Incidents, blocks, containment. */
    public static final String RESPONDER = "responder";
    /** Policies, backups, restores, checklists, routine tasks. */
    public static final String OPERATOR = "operator";
    /** All of it, and users, roles, secrets, keys. */
    public static final String ADMIN = "admin";
    /** A machine: asks for decisions, reads decisions, reports observations. */
    public static final String GATEWAY = "gateway";
    /** A machine: what one service needs of another. */
    public static final String SERVICE = "service";

    private Roles() {}
}
