package io.bulwark.testkit.architecture.sample.second;

import io.bulwark.kit.access.ReadsOnly;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.testkit.architecture.sample.first.FirstResource;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Breaks one rule: it closes a cycle of features. */
@PermitAll
public record Second(FirstResource first, InstantSource clock) {
    @GET
    public LocalDate today() {
        return LocalDate.now(clock.withZone(ZoneOffset.UTC));
    }

    @POST
    @Audited("sample.change")
    public void change() {}

    @PUT
    @NotAudited("an event is its record")
    public void tell() {}

    @POST
    @ReadsOnly
    public void ask() {}

    @Incoming("ip-blocked")
    public void consume() {}
}
