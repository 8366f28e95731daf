package io.bulwark.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of this machine's loopback interface. */
final class Ports {
    /** Below what the kernel hands out to outgoing connections. */
    private static final int FIRST = 15_000;

    private static final int BLOCKS = 320;

    /** More than anybody asks for at once. */
    private static final int BLOCK = 50;

    /** The first port of every block that this process uses: taken until it ends, so that no other draws the block. */
    private static final List<ServerSocket> DRAWN = new CopyOnWriteArrayList<>();

    private Ports() {}

    static boolean free(int port) {
        try (var socket = listen(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A base such that it and this many ports after it are free, and nobody else's while this process lives. */
    static int freeBase(int count) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int block = FIRST + BLOCK * ThreadLocalRandom.current().nextInt(BLOCKS);
            if (draw(block, count)) {
                return block + 1;
            }
        }
        throw new StackFailure("No " + count + " free ports in a row between 15000 and 31000");
    }

    /** Leaves the block to others where one of the ports in it is taken. */
    private static boolean draw(int block, int count) {
        try {
            var drawn = listen(block);
            int base = block + 1;
            if (IntStream.rangeClosed(base, base + count).allMatch(Ports::free)) {
                return DRAWN.add(drawn);
            }
            drawn.close();
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    static void requireFree(int port, String wantedBy) {
        if (!free(port)) {
            var owner = PortOwner.of(port).map(name -> " by " + name).orElse("");
            throw new StackFailure("Port " + port + " (" + wantedBy + ") is taken" + owner
                    + "; stop it, or choose other ports with BULWARK_PORT_BASE");
        }
    }
}
