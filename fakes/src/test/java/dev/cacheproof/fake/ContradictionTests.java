package dev.cacheproof.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every pair of methods by which a fault is described: those that make no sense together are refused, all others not. */
class ContradictionTests {

    private static final Map<String, Supplier<Fault>> EFFECTS = new LinkedHashMap<>();
    private static final Map<String, UnaryOperator<Fault>> OPTIONS = new LinkedHashMap<>();

    static {
        EFFECTS.put("reset", Fault::reset);
        EFFECTS.put("disconnect", Fault::disconnect);
        EFFECTS.put("silence", Fault::silence);
        EFFECTS.put("delay", () -> Fault.delay(Duration.ofSeconds(1)));
        EFFECTS.put("error", () -> Fault.error("ERR"));
        EFFECTS.put("truncate", () -> Fault.truncate(1));
        EFFECTS.put("garbage", () -> Fault.garbage("?"));
        EFFECTS.put("lostWrite", Fault::lostWrite);
        EFFECTS.put("lostDelete", Fault::lostDelete);
        EFFECTS.put("eviction", Fault::eviction);
        EFFECTS.put("falseMiss", Fault::falseMiss);
        EFFECTS.put("emptyMiss", Fault::emptyMiss);
        EFFECTS.put("staleRead", Fault::staleRead);
        EFFECTS.put("lostInvalidation", Fault::lostInvalidation);
        OPTIONS.put("on", fault -> fault.on("GET"));
        OPTIONS.put("onKeys", fault -> fault.onKeys("k"));
        OPTIONS.put("ofClient", fault -> fault.ofClient("c"));
        OPTIONS.put("atLeast", fault -> fault.atLeast(1));
        OPTIONS.put("nth", fault -> fault.nth(2));
        OPTIONS.put("first", fault -> fault.first(3));
        OPTIONS.put("every", fault -> fault.every(2));
        OPTIONS.put("withProbability", fault -> fault.withProbability(0.5, 1));
        OPTIONS.put("startingIn", fault -> fault.startingIn(Duration.ofSeconds(1)));
        OPTIONS.put("lasting", fault -> fault.lasting(Duration.ofSeconds(1)));
        OPTIONS.put("onConnect", Fault::onConnect);
        OPTIONS.put("duringHandshake", Fault::duringHandshake);
        OPTIONS.put("afterApplying", Fault::afterApplying);
        OPTIONS.put("mustFire", Fault::mustFire);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        List<String> refused = new ArrayList<>();
        EFFECTS.forEach((name, effect) -> {
            List<String> options = new ArrayList<>();
            OPTIONS.forEach((option, method) -> {
                if (isRefused(() -> method.apply(effect.get()))) {
                    options.add(option);
                }
            });
            if (!options.isEmpty()) {
                refused.add(name + ": " + String.join(" ", options));
            }
        });
        OPTIONS.forEach((name, first) -> {
            List<String> options = new ArrayList<>();
            OPTIONS.forEach((option, second) -> {
                boolean inThisOrder = isRefused(() -> second.apply(first.apply(Fault.reset())));
                assertThat(isRefused(() -> first.apply(second.apply(Fault.reset()))))
                        .as("%s after %s", name, option)
                        .isEqualTo(inThisOrder);
                if (inThisOrder) {
                    options.add(option);
                }
            });
            if (!options.isEmpty()) {
                refused.add(name + ": " + String.join(" ", options));
            }
        });

        assertThat(String.join("\n", refused)).isEqualTo("""
                        truncate: onConnect
                        lostWrite: onConnect duringHandshake afterApplying
                        lostDelete: onConnect duringHandshake afterApplying
                        eviction: onConnect duringHandshake afterApplying
                        falseMiss: onConnect duringHandshake afterApplying
                        emptyMiss: onConnect duringHandshake afterApplying
                        staleRead: onConnect duringHandshake afterApplying
                        lostInvalidation: onConnect duringHandshake afterApplying
                        on: on onConnect
                        onKeys: onKeys onConnect duringHandshake
                        ofClient: ofClient onConnect
                        atLeast: atLeast onConnect
                        nth: nth first every
                        first: nth first
                        every: nth every
                        withProbability: withProbability
                        startingIn: startingIn
                        lasting: lasting
                        onConnect: on onKeys ofClient atLeast duringHandshake afterApplying
                        duringHandshake: onKeys onConnect afterApplying
                        afterApplying: onConnect duringHandshake""");
    }

    private static boolean isRefused(Supplier<Fault> fault) {
        try {
            return fault.get() == null;
        } catch (IllegalArgumentException refusal) {
            return true;
        }
    }

    @Test
    void saysWhatDoesNotGoTogether() {
        assertRefused(
                () -> Fault.reset().nth(2).first(3),
                "first(3) does not go with nth(2): nth names the only match that it fires at. Leave one of them out.");
        assertRefused(
                () -> Fault.reset().every(2).nth(4),
                "nth(4) does not go with every(2): nth names the only match that it fires at. Leave one of them out.");
        assertRefused(
                () -> Fault.lostWrite().on("SET").afterApplying(),
                "afterApplying() does not go with lostWrite(): it happens while the command is applied. Leave one of"
                        + " them out.");
        assertRefused(
                () -> Fault.emptyMiss("<null>").onConnect(),
                "onConnect() does not go with emptyMiss(...): who connects reads and writes nothing. Leave one of them"
                        + " out.");
        assertRefused(
                () -> Fault.staleRead().duringHandshake(),
                "duringHandshake() does not go with staleRead(): a client that introduces itself reads and writes"
                        + " nothing. Leave one of them out.");
        assertRefused(
                () -> Fault.reset().onConnect().ofClient("orders-*"),
                "ofClient(orders-*) does not go with onConnect(): who connects has sent no command, no key and no name"
                        + " yet. Leave one of them out.");
        assertRefused(
                () -> Fault.reset().duringHandshake().onKeys("a*"),
                "onKeys(a*) does not go with duringHandshake(): a client that introduces itself names no keys. Leave one"
                        + " of them out.");
        assertRefused(
                () -> Fault.truncate(3).onConnect(),
                "onConnect() does not go with truncate(3): who connects is sent no answer. Leave one of them out.");
        assertRefused(
                () -> Fault.reset().duringHandshake().afterApplying(),
                "afterApplying() does not go with duringHandshake(): a fault strikes at one point of a command's life."
                        + " Leave one of them out.");
        assertRefused(
                () -> Fault.reset().on("GET", "MGET").on("SET"),
                "on(SET) does not go with on(GET, MGET): all commands are named in one call. Leave one of them out.");
        assertRefused(
                () -> Fault.reset().lasting(Duration.ofMinutes(1)).lasting(Duration.ofMinutes(2)),
                "lasting(PT2M) does not go with lasting(PT1M): a fault takes it once. Leave one of them out.");
    }

    private static void assertRefused(Supplier<Fault> fault, String message) {
        assertThatIllegalArgumentException().isThrownBy(fault::get).withMessage(message);
    }

    @Test
    void saysOnceWhenItStrikes() {
        assertThat(Fault.truncate(3).afterApplying()).hasToString("answer cut off after 3 bytes");
        assertThat(Fault.reset().onConnect().onConnect()).hasToString("reset on connect");
    }
}
