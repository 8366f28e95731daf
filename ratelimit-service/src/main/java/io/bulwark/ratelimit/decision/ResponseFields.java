package io.bulwark.ratelimit.decision;

/** Where header fields of an answer are written to, in whatever protocol it is given. */
@FunctionalInterface
public interface ResponseFields {
    void put(CharSequence name, CharSequence value);
}
