package io.bulwark.testkit.architecture.sample.first;

import io.bulwark.kit.audit.Audited;
import io.bulwark.testkit.architecture.sample.second.Second;
import jakarta.inject.Inject;
import jakarta.persistence.Entity;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Breaks every rule that a class alone can break: what is recorded is said of each endpoint, not of all together. */
@Audited("first.change")
public class FirstResource {
    @Inject
    Second second;

    @GET
    public List<Row> rows() {
        return List.of();
    }

    @POST
    @SuppressWarnings("JavaTimeDefaultTimeZone") // it is here to be found
    public void change() throws InterruptedException {
        Supplier<Instant> now = Instant::now;
        var time = List.of(System.currentTimeMillis(), LocalDate.now(), Clock.systemUTC(), now);
        var chance = List.of(new Random(), Math.random());
        Thread.sleep(time.size() + chance.size());
    }

    @Incoming("blocked-addresses")
    public void consume() {}

    @Incoming("ip-blocked")
    @Incoming("lifted-blocks")
    public void consumeBoth() {}

    @Entity
    public static class Row {}

    public static class RowMapper {}
}
