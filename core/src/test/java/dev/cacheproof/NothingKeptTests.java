package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, because it is about the time when no scope is open in the whole process. */
@Isolated
class NothingKeptTests {

    @Test
    void keepsNothingWhileNoScopeIsOpen() {
        Asked files = Asked.loads("nothing kept: files");
        Recording before = files.ask("read");
        assertThat(Recorder.isIdle()).isTrue();
        assertThat(before.isKept()).isFalse();

        try (Scope scope = Scope.open("later")) {
            assertThat(Recorder.isIdle()).isFalse();
            Recording inside = files.ask("read");
            assertThat(inside.isKept()).isTrue();
            assertThat(scope.journal().count()).isEqualTo(1);
            assertThat(scope.journal().unattributedCount()).isZero();
        }
        assertThat(Recorder.isIdle()).isTrue();
    }

    @Test
    void aResetOutsideOfTestsIsRefusedUnderATestThatRuns() {
        RunningTest other = RunningTest.undeclared("id", "PriceTests > reads", "a run", Settings.current());
        CacheIsolationEngine engine =
                CacheIsolationEngine.of(CacheRegistry.create().add("prices", FakeCache::new));
        engine.reset();
        try (Scope scope = Scope.named("of the other").test(other).open()) {
            Throwable refused = org.assertj.core.api.Assertions.catchThrowable(
                    () -> ThreadKind.all().get(0).run(engine::reset));

            assertThat(refused).hasRootCauseInstanceOf(AssertionError.class);
            assertThat(refused.getCause()).hasMessageContaining("reset by  a thread that works for no test");
        }
    }
}
