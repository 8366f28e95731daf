package io.bulwark.localstack;

import java.nio.file.Path;

/** How to reach an {@link ObjectStore}, in this process or another. */
public final class ObjectStoreAccess {
    /** The bucket that is there from the start. */
    public static final String BUCKET = "bulwark-backups";

    public static final String REGION = "us-east-1";

    private final StackState state;

    ObjectStoreAccess(StackState state) {
        this.state = state;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + state.port(ObjectStore.NAME);
    }

    public String accessKey() {
        return state.secret("object-store/access");
    }

    public String secretKey() {
        return state.secret("object-store/secret");
    }

    /** The folder that holds the objects, for tests that damage one. */
    public Path folder() {
        return state.home().resolve(ObjectStore.NAME);
    }
}
