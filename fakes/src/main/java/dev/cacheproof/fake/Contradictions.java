package dev.cacheproof.fake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which methods of {@link Fault} do not go together, and why. */
final class Contradictions {

    private static final String CONNECT = "onConnect";
    private static final String HANDSHAKE = "duringHandshake";
    private static final String AFTERWARDS = "afterApplying";

    /** What a client does not notice. */
    private static final List<String> SILENT =
            List.of("lostWrite", "lostDelete", "eviction", "falseMiss", "emptyMiss", "staleRead", "lostInvalidation");

    private static final List<String> ONCE = List.of(
            "onKeys", "ofClient", "atLeast", "nth", "first", "every", "withProbability", "startingIn", "lasting");

    private static final Map<Set<String>, String> REASONS = reasons();

    /** One method that was called, as it was written. */
    record Call(String method, String text) {

        static Call of(String method, Object argument) {
            return new Call(method, method + "(" + argument + ")");
        }
    }

    private Contradictions() {}

    private static Map<Set<String>, String> reasons() {
        Map<Set<String>, String> reasons = new HashMap<>();
        for (String each : SILENT) {
            reasons.put(Set.of(each, AFTERWARDS), "it happens while the command is applied");
            reasons.put(Set.of(each, CONNECT), "who connects reads and writes nothing");
            reasons.put(Set.of(each, HANDSHAKE), "a client that introduces itself reads and writes nothing");
        }
        for (String each : List.of("on", "onKeys", "ofClient", "atLeast")) {
            reasons.put(Set.of(each, CONNECT), "who connects has sent no command, no key and no name yet");
        }
        for (String each : ONCE) {
            reasons.put(Set.of(each), "a fault takes it once");
        }
        reasons.put(Set.of("on"), "all commands are named in one call");
        reasons.put(Set.of("onKeys", HANDSHAKE), "a client that introduces itself names no keys");
        reasons.put(Set.of("truncate", CONNECT), "who connects is sent no answer");
        String oneTime = "a fault strikes at one point of a command's life";
        reasons.put(Set.of(CONNECT, HANDSHAKE), oneTime);
        reasons.put(Set.of(CONNECT, AFTERWARDS), oneTime);
        reasons.put(Set.of(HANDSHAKE, AFTERWARDS), oneTime);
        reasons.put(Set.of("nth", "first"), "nth names the only match that it fires at");
        reasons.put(Set.of("nth", "every"), "nth names the only match that it fires at");
        return Map.copyOf(reasons);
    }

    /**
     * Makes sure that a method does not contradict those that were called before.
     *
     * @throws IllegalArgumentException if it does; the text names both
     */
    static void refuse(Call call, List<Call> before) {
        for (Call each : before) {
            String reason = reason(call, each);
            if (reason != null) {
                throw new IllegalArgumentException(
                        call.text + " does not go with " + each.text + ": " + reason + ". Leave one of them out.");
            }
        }
    }

    private static @Nullable String reason(Call call, Call before) {
        // A set of two that are the same is refused.
        return REASONS.get(
                call.method.equals(before.method) ? Set.of(call.method) : Set.of(call.method, before.method));
    }
}
