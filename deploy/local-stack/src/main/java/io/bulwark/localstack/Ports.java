package io.bulwark.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of this machine's loopback interface. */
final class Ports {
    private Ports() {}

    static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A base such that this many ports after it are free; below what the kernel hands out to outgoing connections. */
    static int freeBase(int count) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int base = ThreadLocalRandom.current().nextInt(15_000, 31_000);
            if (IntStream.rangeClosed(base, base + count).allMatch(Ports::free)) {
                return base;
            }
        }
        throw new StackFailure("No " + count + " free ports in a row between 15000 and 31000");
    }

    static void requireFree(int port, String wantedBy) {
        if (!free(port)) {
            var owner = PortOwner.of(port).map(name -> " by " + name).orElse("");
            throw new StackFailure("Port " + port + " (" + wantedBy + ") is taken" + owner
                    + "; stop it, or choose other ports with BULWARK_PORT_BASE");
        }
    }
}
