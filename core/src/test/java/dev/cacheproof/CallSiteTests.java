package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallSiteTests {

    private static final Asked FILES = Asked.loads("call site: files");

    @Test
    void showsTheLineThatAskedAndItsCallers() {
        String callSite = callSiteOf(new Reader()::read);

        assertThat(callSite)
                .matches("CallSiteTests\\.Reader\\.line\\(CallSiteTests\\.java:\\d+\\)"
                        + " <- CallSiteTests\\.showsTheLineThatAskedAndItsCallers\\(CallSiteTests\\.java:\\d+\\)");
    }

    /** A helper that calls itself would hide the line that is to be changed. */
    @Test
    void showsOfEachClassTheLineItWasLeftByAndTheOneItWasEnteredBy() {
        StackTraceElement[] stack = {
            frame("shop.Jdbc", "run", 9),
            frame("shop.Jdbc$Query", "list", 14),
            frame("shop.Jdbc", "with", 20),
            frame("shop.Jdbc", "list", 31),
            frame("org.springframework.aop.Proxy", "invoke", 5),
            frame("shop.Items", "find", 12),
            frame("shop.Orders", "items", 40),
            frame("shop.Orders", "list", 41),
            frame("shop.Page", "render", 7)
        };

        assertThat(new CallSite(CallSite.nearest(stack)))
                .hasToString("Jdbc.run(Jdbc.java:9) <- Jdbc.list(Jdbc.java:31) <- Items.find(Items.java:12)"
                        + " <- Orders.items(Orders.java:40) <- Orders.list(Orders.java:41)");
    }

    private static StackTraceElement frame(String type, String method, int line) {
        String file = type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "") + ".java";
        return new StackTraceElement(type, method, file, line);
    }

    @Test
    void tellsWaysApartThatLookAlike() {
        try (Scope scope = Scope.named("with call sites").root().callSites().open()) {
            Runnable twice = () -> Stream.<Runnable>of(CallSiteTests::first, CallSiteTests::second)
                    .forEach(Runnable::run);
            twice.run();
            for (int i = 0; i < 2; i++) {
                third(3);
            }

            List<Operation> asked = scope.journal().operations();
            assertThat(asked.get(0).callSite()).isEqualTo(asked.get(1).callSite());
            assertThat(asked.get(0).callPath()).isNotEqualTo(asked.get(1).callPath());
            assertThat(asked.get(2).callPath())
                    .as("another time")
                    .isEqualTo(asked.get(3).callPath());
        }
    }

    private static void first() {
        ask();
    }

    private static void second() {
        ask();
    }

    private static void third(int depth) {
        if (depth > 0) {
            third(depth - 1);
        } else {
            ask();
        }
    }

    private static void ask() {
        FILES.ask("ask");
    }

    @Test
    void namesALambdaAfterTheMethodThatItIsIn() {
        Runnable lambda = () -> FILES.ask(1);

        assertThat(callSiteOf(lambda))
                .matches("CallSiteTests\\.namesALambdaAfterTheMethodThatItIsIn\\(CallSiteTests\\.java:\\d+\\) <- .*");
    }

    @Test
    void leavesOutTheFramesOfTheJdk() {
        assertThat(callSiteOf(() -> Stream.of("a").forEach(FILES::ask))).doesNotContain("java.util", "Stream");
    }

    @Test
    void isEmptyUnlessAScopeRecordsIt() {
        try (Scope scope = Scope.named("without call sites").root().open()) {
            FILES.ask(1);

            assertThat(scope.journal().operations().get(0).callSite()).isEmpty();
        }
    }

    @Test
    void isRecordedForAScopeInsideOneThatRecordsIt() {
        try (Scope outer = Scope.named("outer").callSites().open();
                Scope inner = Scope.open("inner")) {
            FILES.ask(1);

            assertThat(outer.name()).isEqualTo("outer");
            assertThat(inner.journal().operations().get(0).callSite()).isPresent();
        }
    }

    @Test
    void isRecordedForStrangersWhereAnOpenScopeWantsIt() throws Exception {
        Asked files = Asked.loads("call site: strangers' files");
        try (Scope scope = Scope.named("recording").callSites().open()) {
            ThreadKind.all().get(0).run(() -> files.ask("read"));

            assertThat(files.in(scope).unattributed().get(0).callSite()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.shop.Prices",
                "dev.cacheproof.samples.tiered.Tiers",
                "dev.cacheproof.ScopeTests$Inner",
                "dev.cacheproof.junit.IsolationTestCase",
                "dev.cacheproofs.Other"
            })
    void knowsTheApplication(String className) {
        assertThat(CallSite.isApplication(className)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.ArrayList",
                "jdk.internal.misc.Unsafe",
                "dev.cacheproof.Scope",
                "dev.cacheproof.Scope$Builder",
                "org.junit.jupiter.engine.Whatever",
                "org.springframework.cache.Cache",
                "com.shop.Prices$$SpringCGLIB$$0",
                "com.shop.Price$HibernateProxy$x1",
                "com.shop.Prices$MockitoMock$12",
                "com.github.benmanes.caffeine.cache.BoundedLocalCache"
            })
    void knowsWhatIsNotTheApplication(String className) {
        assertThat(CallSite.isApplication(className)).isFalse();
    }

    @Test
    void showsWhatItHasOfCodeThatWasCompiledWithoutLines() {
        StackTraceElement frame = new StackTraceElement("com.shop.Prices", "read", null, -1);

        assertThat(new CallSite(List.of(frame))).hasToString("Prices.read(unknown source)");
        assertThat(CallSite.NONE.line()).isEqualTo("(unknown)");
    }

    @Test
    void knowsBesideWhichFramesACacheWasAsked() {
        StackTraceElement read = frame("com.shop.Prices", "read");
        StackTraceElement asked = frame("org.springframework.cache.interceptor.CacheInterceptor", "invoke");
        StackTraceElement proxy = frame("com.shop.Prices$$SpringCGLIB$$0", "read");
        StackTraceElement open = frame("com.shop.Shop", "open");
        StackTraceElement main = frame("com.shop.Main", "main");
        List<StackTraceElement> shown = List.of(read, open, main);

        assertThat(pastCaches(shown, read, asked, proxy, open, main)).containsExactly(main);
        assertThat(pastCaches(shown, read, open, asked, main)).containsExactly(read);
        assertThat(pastCaches(shown, asked, read, open, main)).containsExactly(open, main);
        assertThat(pastCaches(shown, read, open, main)).containsExactly(read, open, main);
    }

    private static List<StackTraceElement> pastCaches(List<StackTraceElement> shown, StackTraceElement... stack) {
        return CallSite.pastCaches(shown, stack);
    }

    private static StackTraceElement frame(String className, String method) {
        return new StackTraceElement(className, method, null, -1);
    }

    private static String callSiteOf(Runnable work) {
        try (Scope scope = Scope.named("with call sites").root().callSites().open()) {
            work.run();
            return scope.journal().operations().get(0).callSite().orElseThrow();
        }
    }

    private static final class Reader {
        void read() {
            line();
        }

        private void line() {
            FILES.ask("read");
        }
    }
}
