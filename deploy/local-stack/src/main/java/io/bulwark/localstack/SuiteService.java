package io.bulwark.localstack;

import java.util.Arrays;
import java.util.List;

/** The five services: what they are called, where they listen, and the schema and login role that is theirs. */
public enum SuiteService {
    AUTH,
    RATELIMIT,
    INCIDENT,
    BACKUP,
    AUDIT;

    /** The application name; also the Kafka principal and the module's folder. */
    public String application() {
        return schema() + "-service";
    }

    /** The database schema and the login role that owns it. */
    public String schema() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * How much memory it takes. ratelimit-service holds all blocks in it, a hundred thousand and more. A young collection takes
     * as long however much it collects, and stops every decision meanwhile: where requests come by the ten thousands a second,
     * there are fewer of them.
     */
    List<String> heap() {
        return this == RATELIMIT ? List.of("-Xmx256m", "-Xmn64m", "-XX:SurvivorRatio=24") : List.of("-Xmx160m");
    }

    /** What is added to the port base: 8081 and on by default. */
    int portOffset() {
        return ordinal() + 1;
    }

    static List<String> schemas() {
        return Arrays.stream(values()).map(SuiteService::schema).toList();
    }

    static List<String> applications() {
        return Arrays.stream(values()).map(SuiteService::application).toList();
    }
}
