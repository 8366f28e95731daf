package io.bulwark.events;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which record stands for which {@code ce_type}, read off the sealed interfaces. */
public final class EventTypes {
    private static final Map<String, Class<? extends SuiteEvent>> BY_NAME = new TreeMap<>();

    static {
        collect(SuiteEvent.class);
    }

    private EventTypes() {}

    /** Every {@code ce_type} of the contract with its record, sorted by name. */
    public static Map<String, Class<? extends SuiteEvent>> all() {
        return Collections.unmodifiableMap(BY_NAME);
    }

    /** The {@code ce_type} of an event record. */
    public static String nameOf(Class<? extends SuiteEvent> event) {
        var type = event.getAnnotation(EventType.class);
        if (type == null) {
            throw new IllegalArgumentException(event + " has no @EventType");
        }
        return type.value();
    }

    /** The record of this type among those of one topic's interface; empty for a type that a newer producer made up. */
    public static <E extends SuiteEvent> Optional<Class<? extends E>> find(String type, Class<E> family) {
        var found = BY_NAME.get(type);
        return found != null && family.isAssignableFrom(found)
                ? Optional.of(found.asSubclass(family))
                : Optional.empty();
    }

    private static void collect(Class<?> type) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted);
            }
        } else {
            var event = type.asSubclass(SuiteEvent.class);
            if (BY_NAME.put(nameOf(event), event) != null) {
                throw new IllegalStateException("Two records claim " + nameOf(event));
            }
        }
    }
}
