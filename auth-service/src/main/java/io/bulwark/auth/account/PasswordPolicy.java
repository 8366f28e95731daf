package io.bulwark.auth.account;

import io.bulwark.auth.AuthConfig;
import io.bulwark.kit.problem.Problem;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a new password must be: long, and not one that everybody tries first. No rules of composition and no expiry
 * (NIST SP 800-63B-4, section 3.1.1). Lengths are code points after NFKC, which is also what is hashed.
 */
record PasswordPolicy(int minLength, int maxLength, Set<String> blocklist) {
    /** Of a password that consists of words anybody would guess, that many other characters must be left. */
    private static final int OWN_CHARACTERS = 8;

    /** Shorter parts of an e-mail address are no words worth looking for. */
    private static final int MIN_WORD = 3;

    static PasswordPolicy of(AuthConfig.Password config) {
        return new PasswordPolicy(config.minLength(), config.maxLength(), PasswordBlocklist.load());
    }

    static String normalise(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /** @throws Problem 422 where it is too long to be hashed at all */
    void requireBounded(String password) {
        if (tooLong(password)) {
            throw Problem.invalid("password", "must have at most " + maxLength + " characters");
        }
    }

    private boolean tooLong(String password) {
        return password.codePointCount(0, password.length()) > maxLength;
    }

    /** @return why it must not be taken; null where it may */
    @Nullable
    String objection(String password, String email) {
        if (tooLong(password)) {
            return "must have at most " + maxLength + " characters";
        }
        var normalised = normalise(password);
        if (normalised.codePointCount(0, normalised.length()) < minLength) {
            return "must have at least " + minLength + " characters";
        }
        var folded = normalised.toLowerCase(Locale.ROOT);
        if (blocklist.contains(folded) || isRepetition(folded)) {
            return "is among the first that an attacker tries";
        }
        if (withoutKnownWords(folded, email).length() < OWN_CHARACTERS) {
            return "consists of the account's or the product's name";
        }
        return null;
    }

    /** A unit of up to five characters, over and over. */
    private static boolean isRepetition(String folded) {
        for (var unit = 1; unit <= 5; unit++) {
            if (folded.substring(unit).equals(folded.substring(0, folded.length() - unit))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutKnownWords(String folded, String email) {
        var left = folded.replace("bulwark", "");
        for (var word : email.split("[^\\p{L}\\p{N}]+", -1)) {
            if (word.length() >= MIN_WORD) {
                left = left.replace(word, "");
            }
        }
        return left;
    }
}
