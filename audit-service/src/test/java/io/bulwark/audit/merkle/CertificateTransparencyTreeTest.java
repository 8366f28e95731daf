package io.bulwark.audit.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tree of eight leaves that the Certificate Transparency implementations test with. */
class CertificateTransparencyTreeTest {
    private static final List<Hash> LEAVES = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(HexFormat.of()::parseHex)
            .map(Hash::ofLeaf)
            .toList();

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void rootsAreThoseOfTheReference() {
        var frontier = new Frontier();
        var roots = new ArrayList<String>(List.of(frontier.root().toString()));
        for (var leaf : LEAVES) {
            frontier.append(leaf, (level, index, hash) -> {});
            roots.add(frontier.root().toString());
        }
        assertThat(roots).isEqualTo(ROOTS);
    }

    @Test
    void leafAndNodeHashesAreThoseOfTheReference() {
        assertThat(Hash.ofLeaf("L123456".getBytes(UTF_8)))
                .hasToString("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    }

    @Test
    void consistencyProofFromSixToEightIsThatOfTheReference() {
        var proof = GrownTree.of(LEAVES).tree(8).consistencyProof(6);
        assertThat(proof.stream().map(Hash::toString).map(hex -> hex.substring(0, 8)))
                .containsExactly("0ebc5d34", "ca854ea1", "d37ee418");
    }
}
