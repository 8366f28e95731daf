package io.bulwark.ratelimit.crowdsec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.crowdsec.Bouncers.Bouncer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BouncersTest {
    private static final UUID GATEWAY = UUID.randomUUID();

    @Test
    void oneOfAnotherKeyAddressOrProgramIsAnotherOne() {
        var bouncers = new Bouncers(Shop.config());
        bouncers.advance(new Bouncer(GATEWAY, "192.0.2.1", "nginx"), 7);

        assertThat(bouncers.position(new Bouncer(GATEWAY, "192.0.2.1", "nginx")))
                .isEqualTo(7);
        assertThat(bouncers.position(new Bouncer(UUID.randomUUID(), "192.0.2.1", "nginx")))
                .isEqualTo(Bouncers.NOWHERE);
        assertThat(bouncers.position(new Bouncer(GATEWAY, "192.0.2.2", "nginx")))
                .isEqualTo(Bouncers.NOWHERE);
        assertThat(bouncers.position(new Bouncer(GATEWAY, "192.0.2.1", "traefik")))
                .isEqualTo(Bouncers.NOWHERE);
    }

    @Test
    void theLongestSilentIsForgottenFirst() {
        var bouncers = new Bouncers(Shop.config());
        for (var i = 0; i < Shop.config().bouncers(); i++) {
            bouncers.advance(bouncer(i), i);
        }
        assertThat(bouncers.position(bouncer(0))).isZero();

        bouncers.advance(bouncer(99), 99);

        assertThat(bouncers.position(bouncer(1))).isEqualTo(Bouncers.NOWHERE);
        assertThat(bouncers.position(bouncer(0))).isZero();
    }

    private static Bouncer bouncer(int number) {
        return new Bouncer(GATEWAY, "192.0.2." + number, "nginx");
    }
}
