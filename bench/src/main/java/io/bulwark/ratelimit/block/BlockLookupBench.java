package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import java.time.Instant;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One look among many blocks: addresses and networks of seven lengths, an eighth of the clients blocked. */
@State(Scope.Thread)
public class BlockLookupBench {
    private static final int CLIENTS = 1 << 14;
    private static final int[] LENGTHS = {32, 32, 32, 32, 32, 24, 22, 20, 16, 27};
    private static final long UNTIL = 4_000_000_000_000L;

    @Param({"100", "100000"})
    int blocks;

    private final BlockTable table = new BlockTable();
    private final Network[] clients = new Network[CLIENTS];
    private int next;

    @Setup(Level.Trial)
    public void fill() {
        var random = new SplittableRandom(4);
        var scope = new io.bulwark.ratelimit.prefix.Scope("shop", null);
        var blocked = new Network[blocks];
        for (var i = 0; i < blocks; i++) {
            blocked[i] = address(random).masked(LENGTHS[i % LENGTHS.length]);
            table.put(blocked[i], scope, Remediation.BAN, Instant.ofEpochMilli(UNTIL), i + 1L);
        }
        for (var i = 0; i < CLIENTS; i++) {
            clients[i] = i % 8 == 0 ? Network.of(blocked[random.nextInt(blocks)].bytes()) : address(random);
        }
    }

    @Benchmark
    public long lookUp() {
        next = next + 1 & CLIENTS - 1;
        return table.blockedUntil(clients[next], "shop", "login", 1_800_000_000_000L);
    }

    private static Network address(SplittableRandom random) {
        var bits = random.nextInt();
        return Network.of(new byte[] {
            (byte) (11 + Math.floorMod(bits >>> 24, 100)), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits
        });
    }
}
