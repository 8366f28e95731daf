package io.bulwark.audit.verification;

import io.bulwark.audit.log.Entry;
import io.bulwark.audit.log.Leaf;
import io.bulwark.audit.log.Projection;
import io.bulwark.audit.merkle.Hash;
import java.util.ArrayList;

/** Whether the parts of a stored entry agree: hash, canonical bytes, payload and every column. */
final class EntryCheck {
    private EntryCheck() {}

    /** Adds what is wrong; false where anything is. */
    static boolean isSound(Entry entry, Findings findings) {
        var problems = new ArrayList<String>();
        var eventId = entry.columns().eventId();
        if (!Hash.ofLeaf(entry.leaf()).equals(entry.leafHash())) {
            problems.add("leaf does not have the hash leaf_hash");
        }
        try {
            var leaf = entry.decoded();
            eventId = leaf.envelope().id();
            checkContent(entry, leaf, problems);
        } catch (IllegalArgumentException e) {
            problems.add("leaf cannot be read: " + e.getMessage());
        }
        if (!problems.isEmpty()) {
            findings.add(entry.index(), eventId, String.join("; ", problems));
        }
        return problems.isEmpty();
    }

    private static void checkContent(Entry entry, Leaf leaf, ArrayList<String> problems) {
        if (!leaf.digested() && entry.payload() != null) {
            problems.add("payload is not empty though the leaf holds the data");
        }
        var data = entry.data(leaf);
        if (data == null) {
            problems.add("payload is gone");
            return;
        }
        if (!leaf.commitsTo(data)) {
            problems.add("payload does not have the digest in the leaf");
        }
        for (var column : Projection.of(leaf, data).differences(entry.columns())) {
            problems.add("column " + column + " does not say what the leaf says");
        }
    }
}
