package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestScopeTests {

    private final RequestCache<String> flags = RequestCache.named("flags");
    private final ExecutorService pool = Executors.newFixedThreadPool(1);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    private String onPool(Callable<String> task) throws Exception {
        return pool.submit(task).get(30, TimeUnit.SECONDS);
    }

    private String lookUp() {
        CachedResponse<String> response = flags.get("beta");
        return response.isFound() ? "found " + response.value() : "missed";
    }

    @Test
    void whatARequestCachesEndsWithIt() {
        try (RequestScope request = RequestScope.open()) {
            flags.set("beta", "on");
            assertThat(lookUp()).isEqualTo("found on");
        }
        assertThat(lookUp()).isEqualTo("missed");
        try (RequestScope next = RequestScope.open()) {
            assertThat(lookUp()).isEqualTo("missed");
        }
    }

    @Test
    void withoutARequestNothingIsCached() {
        flags.set("beta", "on");
        assertThat(lookUp()).isEqualTo("missed");
        flags.delete("beta");
        flags.clear();
        try (RequestScope request = RequestScope.open()) {
            assertThat(lookUp()).isEqualTo("missed");
        }
    }

    @Test
    void aValueIsKeptByReference() {
        RequestCache<Object> values = RequestCache.named("values");
        Object value = new Object();
        try (RequestScope request = RequestScope.open()) {
            values.set("key", value);
            assertThat(values.get("key").value()).isSameAs(value);
        }
    }

    @Test
    void namespacesAreApart() {
        RequestCache<String> other = RequestCache.named("other");
        try (RequestScope request = RequestScope.open()) {
            flags.set("beta", "on");
            other.set("beta", "off");
            assertThat(lookUp()).isEqualTo("found on");
            other.clear();
            assertThat(lookUp()).isEqualTo("found on");
            assertThat(other.get("beta").isFound()).isFalse();
        }
    }

    @Test
    void twoCachesOfOneNameHaveTheSameEntries() {
        try (RequestScope request = RequestScope.open()) {
            RequestCache.<String>named("flags").set("beta", "on");
            assertThat(lookUp()).isEqualTo("found on");
            flags.delete("beta");
            assertThat(RequestCache.named("flags").get("beta").isFound()).isFalse();
        }
    }

    @Test
    void aTieredCacheOfTheSameNameIsApart() {
        TieredCache<Integer> tiers =
                new TieredCache<>("flags", new NoRemoteCache(), new NumberSerializer(), TierPolicy.usual());
        try (RequestScope request = RequestScope.open()) {
            tiers.setAllTiers("beta", 1, Duration.ofMinutes(1));
            assertThat(lookUp()).isEqualTo("missed");
            flags.set("beta", "on");
            assertThat(tiers.get("beta").value()).isEqualTo(1);
        }
    }

    private static final class NumberSerializer implements Serializer<Integer> {
        @Override
        public byte[] write(Integer value) {
            return new byte[] {value.byteValue()};
        }

        @Override
        public Integer read(byte[] bytes) {
            return (int) bytes[0];
        }
    }

    @Test
    void aNullIsLoadedOnce() {
        try (Scope scope = Scope.open("request");
                RequestScope request = RequestScope.open()) {
            for (int i = 0; i < 2; i++) {
                assertThat(flags.getOrLoad("beta", () -> Loads.counted("flags", () -> null)))
                        .isNull();
            }
            assertThat(scope.journal().loads().count()).isEqualTo(1);
        }
    }

    @Test
    void anInnerRequestStartsEmptyAndTheOuterIsRestored() {
        try (RequestScope outer = RequestScope.open()) {
            outer.forceMiss();
            flags.set("beta", "outer");
            try (RequestScope inner = RequestScope.open()) {
                assertThat(lookUp()).isEqualTo("missed");
                assertThat(RequestScope.isMissForced()).isFalse();
                flags.set("beta", "inner");
                inner.forceMiss();
            }
            assertThat(lookUp()).isEqualTo("found outer");
            assertThat(RequestScope.isMissForced()).isTrue();
        }
        assertThat(RequestScope.isMissForced()).isFalse();
    }

    @Test
    void aRequestThatIsClosedBeforeTheOneInsideItLeavesNothingBehind() {
        try (RequestScope outermost = RequestScope.open()) {
            flags.set("beta", "outermost");
            RequestScope outer = RequestScope.open();
            try (RequestScope inner = RequestScope.open()) {
                flags.set("beta", "inner");
                outer.close();
                assertThat(lookUp()).isEqualTo("found inner");
            }
            assertThat(lookUp()).isEqualTo("found outermost");
            outer.close();
            assertThat(lookUp()).isEqualTo("found outermost");
        }
        assertThat(RequestScope.current()).isNull();
    }

    @Test
    void aThreadInheritsNoRequest() throws Exception {
        try (RequestScope request = RequestScope.open()) {
            flags.set("beta", "on");
            // The pool's thread starts here: an inheritable thread-local would hand it this request, for good.
            assertThat(onPool(this::lookUp)).isEqualTo("missed");
        }
    }

    @Test
    void aTaskThatIsHandedOverWorksForTheRequest() throws Exception {
        try (RequestScope request = RequestScope.open()) {
            request.forceMiss();
            flags.set("beta", "on");
            assertThat(onPool(request.wrap((Callable<String>) this::lookUp))).isEqualTo("found on");
            assertThat(onPool(request.wrap(() -> RequestScope.isMissForced() ? "forced" : "not forced")))
                    .isEqualTo("forced");
            onPool(request.wrap(() -> {
                flags.set("beta", "off");
                return "";
            }));
            assertThat(lookUp()).isEqualTo("found off");
            assertThat(onPool(this::lookUp)).as("the thread, after the task").isEqualTo("missed");
        }
    }

    @Test
    void aTaskLeavesItsThreadAsItWasAlsoWhenItFails() throws Exception {
        RequestScope request = RequestScope.open();
        request.close();
        IllegalStateException broken = new IllegalStateException("broken");
        try (RequestScope other = RequestScope.open()) {
            flags.set("beta", "other");
            Runnable failing = request.wrap((Runnable) () -> {
                RequestScope forgotten = RequestScope.open();
                forgotten.forceMiss();
                throw broken;
            });
            assertThatThrownBy(failing::run).isSameAs(broken);
            assertThat(lookUp()).isEqualTo("found other");
            Callable<String> failingCall = request.wrap((Callable<String>) () -> {
                throw broken;
            });
            assertThatThrownBy(failingCall::call).isSameAs(broken);
            assertThat(lookUp()).isEqualTo("found other");
        }
    }

    @Test
    void aTaskThatOutlivesItsRequestRunsWithoutOne() throws Exception {
        Callable<String> late;
        try (RequestScope request = RequestScope.open()) {
            flags.set("beta", "on");
            late = request.wrap(() -> {
                flags.set("beta", "late");
                return lookUp();
            });
        }
        assertThat(onPool(late)).isEqualTo("missed");
        assertThat(late.call()).isEqualTo("missed");
    }

    @Test
    void anExecutorCarriesTheRequestOfWhoeverSubmits() throws Exception {
        Executor propagating = RequestScope.propagating(pool);
        try (RequestScope request = RequestScope.open()) {
            flags.set("beta", "on");
            assertThat(CompletableFuture.supplyAsync(this::lookUp, propagating).get(30, TimeUnit.SECONDS))
                    .isEqualTo("found on");
        }
        assertThat(CompletableFuture.supplyAsync(this::lookUp, propagating).get(30, TimeUnit.SECONDS))
                .isEqualTo("missed");
    }

    @Test
    void aForcedMissIsNoEntryThatCouldBeClearedOrDeleted() {
        try (RequestScope request = RequestScope.open()) {
            request.forceMiss();
            flags.clear();
            assertThat(RequestScope.isMissForced()).isTrue();
        }
    }

    @Test
    void refusesWhatCannotBeAName() {
        assertThatThrownBy(() -> RequestCache.named("tier:outlines"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("namespace must consist of letters, digits, - and _, but is \"tier:outlines\"");
        assertThatThrownBy(() -> flags.get("")).hasMessage("key must not be empty");
        assertThatThrownBy(() -> flags.set("", "on")).hasMessage("key must not be empty");
        assertThatThrownBy(() -> flags.delete("")).hasMessage("key must not be empty");
    }
}
