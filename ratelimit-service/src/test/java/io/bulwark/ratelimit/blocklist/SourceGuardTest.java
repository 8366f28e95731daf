package io.bulwark.ratelimit.blocklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceGuardTest {
    private final SourceGuard guard =
            new SourceGuard(new Settings(List.of("10.1.0.0/16"), 1_000, Duration.ofSeconds(30)));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/list",
                "http://localhost:8081/list",
                "http://2130706433/list",
                "http://0.0.0.0/list",
                "http://10.0.0.1/list",
                "http://172.16.0.1/list",
                "http://192.168.1.1/list",
                "http://169.254.169.254/latest/meta-data",
                "http://100.64.0.1/list",
                "http://[::1]/list",
                "http://[::ffff:127.0.0.1]/list",
                "http://[64:ff9b::7f00:1]/list",
                "http://[2002:7f00:1::]/list",
                "http://[fd00::1]/list",
                "http://[fe80::1]/list"
            })
    void whatIsNotPublicIsNotAsked(String url) {
        assertThatThrownBy(() -> guard.address(guard.url(url))).hasMessageContaining("not public");
        assertThat(guard.objection(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://203.0.113.7/list",
                "//203.0.113.7/list",
                "/list",
                "http:///list",
                "http://user:secret@203.0.113.7/",
                "http://203.0.113.7/#part",
                "http://203.0.113.7/a b",
                "http://127.1/list",
                "http://203.0.113.7:65536/list",
                "jar:http://203.0.113.7/list"
            })
    void whatIsNoHttpUrlIsNotAsked(String url) {
        assertThatThrownBy(() -> guard.url(url)).isInstanceOf(FetchFailed.class);
        assertThat(guard.objection(url)).isPresent();
    }

    @Test
    void publicHostsAndTheAllowedNetworksAreAsked() throws FetchFailed {
        assertThat(guard.address(guard.url("https://203.0.113.7/list?x=1")).getHostAddress())
                .isEqualTo("203.0.113.7");
        assertThat(guard.address(guard.url("http://10.1.2.3/list")).getHostAddress())
                .isEqualTo("10.1.2.3");
        assertThat(guard.objection("http://[2606:4700::1111]:8080/list")).isEmpty();
    }
}
