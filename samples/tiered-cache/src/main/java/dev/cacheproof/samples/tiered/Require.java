package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** Says what may be passed in, in one place. */
final class Require {

    /** Without separators and wildcards, so that no name can reach into what belongs to another. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_:-]+");

    private Require() {}

    static String name(String parameter, String name) {
        Objects.requireNonNull(name, parameter);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    parameter + " must consist of letters, digits, - and _, but is \"" + name + "\"");
        }
        return name;
    }

    static String prefix(String parameter, String prefix) {
        Objects.requireNonNull(prefix, parameter);
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    parameter + " must consist of letters, digits, -, _ and :, but is \"" + prefix + "\"");
        }
        return prefix;
    }

    static void key(String key) {
        Objects.requireNonNull(key, "key");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key must not be empty");
        }
    }

    static Duration positive(String parameter, Duration duration) {
        Objects.requireNonNull(duration, parameter);
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(parameter + " must be positive, but is " + duration);
        }
        return duration;
    }

    static void notNegative(String parameter, Duration duration) {
        Objects.requireNonNull(duration, parameter);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(parameter + " must not be negative, but is " + duration);
        }
    }
}
