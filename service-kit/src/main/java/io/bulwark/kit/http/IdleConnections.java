package io.bulwark.kit.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Closes connections whose client has said nothing for {@code quarkus.http.idle-timeout}, whatever is written to it. To note the
 * time of each write as well would cost a call of gRPC, of three writes, a twentieth of its CPU time.
 */
@Singleton
class IdleConnections implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setReadIdleTimeout(options.getIdleTimeout()).setIdleTimeout(0);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customizeHttpServer(options);
    }
}
