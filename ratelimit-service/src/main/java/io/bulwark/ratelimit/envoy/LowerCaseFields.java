package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.ResponseFields;
import java.util.Locale;
import java.util.Map;

/** Header fields as Envoy adds them to an answer. */
record LowerCaseFields(Map<String, String> fields) implements ResponseFields {
    @Override
    public void put(CharSequence name, String value) {
        fields.put(name.toString().toLowerCase(Locale.ROOT), value);
    }
}
