package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecorderTests {

    @Test
    void aQueryInsideAQueryIsPartOfIt() {
        Asked pool = Asked.of(Operation.Kind.QUERY, "recorder: pool");
        Asked driver = Asked.of(Operation.Kind.QUERY, "recorder: driver");
        try (Scope scope = Scope.open("delegating")) {
            Recording outer = pool.recorder().begin(pool.recorder().request("select 1"));
            Recording inner = driver.ask("select 1");
            assertThat(driver.recorder().running()).isSameAs(outer);
            outer.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));

            assertThat(inner.isKept()).isFalse();
            assertThat(pool.recorder().running()).isNull();
            assertThat(scope.journal().operations())
                    .extracting(Operation::source)
                    .containsExactly("recorder: pool");
            driver.ask("select 2");
            assertThat(scope.journal().count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CACHE", "LOAD"})
    void aCachesLoaderMayReadAnotherCache(Operation.Kind kind) {
        Asked outer = Asked.of(kind, "recorder: outer " + kind);
        Asked inner = Asked.of(kind, "recorder: inner " + kind);
        try (Scope scope = Scope.open("reading two")) {
            Recording recording = outer.recorder().begin(outer.recorder().request("GET"));
            inner.ask("GET");
            recording.end(Operation.Outcome.of(Operation.Outcome.Status.MISS));

            assertThat(scope.journal().count()).isEqualTo(2);
            assertThat(scope.journal().operations()).hasSize(2);
        }
    }

    @Test
    void numbersSourcesThatWouldShareAName() {
        Recorder first = Recorder.watchingAnother(Operation.Kind.QUERY, "recorder: numbered");
        Recorder second = Recorder.watchingAnother(Operation.Kind.QUERY, "recorder: numbered");
        Recorder cache = Recorder.watchingAnother(Operation.Kind.CACHE, "recorder: numbered");

        assertThat(first.source()).isEqualTo("recorder: numbered");
        assertThat(second.source()).isEqualTo("recorder: numbered-2");
        assertThat(cache.source()).isEqualTo("recorder: numbered");
        assertThat(Recorder.watched(Operation.Kind.QUERY)).contains("recorder: numbered", "recorder: numbered-2");
    }

    @Test
    void declaresNothingUnlessItWatches() {
        Recorder.of(Operation.Kind.QUERY, "recorder: undeclared");

        assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain("recorder: undeclared");
    }

    @Test
    void watchesUntilTheLastSourceOfTheNameHasEnded() {
        Recorder server = Recorder.of(Operation.Kind.COMMAND, "recorder: ending");
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).doesNotContain("recorder: ending");
        Recorder.Watch first = server.watch(none -> true);
        Recorder.Watch second =
                Recorder.of(Operation.Kind.COMMAND, "recorder: ending").watch(none -> true);
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).contains("recorder: ending");
        assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain("recorder: ending");

        first.close();
        first.close();
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).contains("recorder: ending");
        second.close();
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).doesNotContain("recorder: ending");
    }

    @Test
    void aSourceThatDoesNotEndOutlivesOneOfTheSameName() {
        Recorder lasting = Recorder.watching(Operation.Kind.COMMAND, "recorder: lasting");
        lasting.watch(none -> true).close();

        assertThat(Recorder.watched(Operation.Kind.COMMAND)).contains("recorder: lasting");
    }

    @Test
    void provesNothingInOneApplicationByWhatAnotherHas() {
        String application = "recorder: an application";
        RunningTest inside = RunningTest.undeclared("in", "in", this, Settings.current());
        RunningTest elsewhere = RunningTest.undeclared("out", "out", this, Settings.current());
        RunningTest anywhere = RunningTest.undeclared("any", "any", this, Settings.current());
        inside.runIn(Set.of(application, "its parent"));
        elsewhere.runIn(Set.of("another"));
        String name = "recorder: of an application";
        Recorder.Watch watch =
                Recorder.of(Operation.Kind.QUERY, name).within(application).watch();
        Runnable end = Recorder.notWatched(Operation.Kind.QUERY, application, "it has no second one");

        for (RunningTest test : List.of(inside, anywhere)) {
            try (Scope scope = Scope.named("test").root().test(test).open()) {
                assertThat(Recorder.watched(Operation.Kind.QUERY)).contains(name);
                assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).contains("it has no second one");
            }
        }
        try (Scope scope = Scope.named("test").root().test(elsewhere).open()) {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain(name);
            assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).doesNotContain("it has no second one");
        }
        watch.close();
        end.run();
        try (Scope scope = Scope.named("test").root().test(inside).open()) {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain(name);
            assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).doesNotContain("it has no second one");
        }
    }

    @Test
    void countsWhatNobodyOwnsForThoseAloneWhoCanReachTheSource() throws InterruptedException {
        RunningTest inside = RunningTest.undeclared("in", "in", this, Settings.current());
        RunningTest elsewhere = RunningTest.undeclared("out", "out", this, Settings.current());
        inside.runIn(Set.of("recorder: a shop", "its parent"));
        elsewhere.runIn(Set.of("another"));
        Recorder ofAnApplication =
                Recorder.of(Operation.Kind.QUERY, "recorder: orders").within("recorder: a shop");
        Recorder ofAnybody = Recorder.of(Operation.Kind.QUERY, "recorder: orders");

        try (Scope own = Scope.named("in").root().test(inside).open();
                Scope other = Scope.named("out").root().test(elsewhere).open();
                Scope plain = Scope.named("no test").root().open()) {
            Runnable jobs = () -> {
                query(ofAnApplication);
                query(ofAnybody);
                ofAnApplication
                        .receive(ofAnApplication.request("select 1"), List.of(), "a socket")
                        .end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            };
            Thread scheduled = new Thread(jobs, "scheduling-1");
            scheduled.start();
            scheduled.join();

            assertThat(Stream.of(own, plain, other)
                            .map(scope -> scope.journal()
                                    .of("recorder: orders"::equals)
                                    .unattributedCount()))
                    .containsExactly(3L, 3L, 1L);
        }
    }

    @Test
    void aSourceThatAnotherApplicationAsksTooMayBeAnybodys() {
        RunningTest elsewhere = RunningTest.undeclared("out", "out", this, Settings.current());
        elsewhere.runIn(Set.of("recorder: an office"));
        Recorder asked = Recorder.of(Operation.Kind.QUERY, "recorder: shared").within("recorder: a shop");
        try (Scope scope = Scope.named("out").root().test(elsewhere).open()) {
            askFromNowhere(asked);
            asked.sharedWith("recorder: a shop");
            askFromNowhere(asked);
            assertThat(countedAsDoubtful(scope)).as("still of one application").isZero();

            asked.sharedWith("recorder: a third");
            askFromNowhere(asked);
            assertThat(countedAsDoubtful(scope)).isEqualTo(1);
        }
    }

    private static long countedAsDoubtful(Scope scope) {
        return scope.journal().of("recorder: shared"::equals).unattributedCount();
    }

    private static void askFromNowhere(Recorder recorder) {
        recorder.receive(recorder.request("select 1"), List.of(), "a socket")
                .end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
    }

    @Test
    void tellsWhatIsLeftUnwatchedWhereTheTestRunsAlone() {
        RunningTest factory = RunningTest.undeclared("factory", "factory", this, Settings.current());
        RunningTest inside = RunningTest.undeclared("in", "in", this, Settings.current());
        RunningTest elsewhere = RunningTest.undeclared("out", "out", this, Settings.current());
        RunningTest unknown = RunningTest.undeclared("any", "any", this, Settings.current());
        factory.runIn(Set.of("recorder: with two"));
        inside.runWhere(factory);
        elsewhere.runIn(Set.of("recorder: with one"));
        Runnable end = Recorder.leftUnwatched(Operation.Kind.QUERY, "recorder: with two", "the second is final");
        Runnable endOfNone = Recorder.notWatched(Operation.Kind.QUERY, "recorder: with two", "there is no third");

        assertThat(leftIn(inside)).containsExactly("the second is final");
        assertThat(leftIn(elsewhere)).isEmpty();
        assertThat(leftIn(unknown)).as("where nobody has said where it runs").isEmpty();
        try (Scope scope = Scope.named("in").root().test(inside).open()) {
            assertThat(Recorder.unwatchedSources(Operation.Kind.LOAD)).isEmpty();
        }
        end.run();
        endOfNone.run();
        assertThat(leftIn(inside)).isEmpty();
    }

    private static Set<String> leftIn(RunningTest test) {
        try (Scope scope = Scope.named("test").root().test(test).open()) {
            return Recorder.unwatchedSources(Operation.Kind.QUERY);
        }
    }

    private static void query(Recorder recorder) {
        recorder.begin(recorder.request("select 1")).end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
    }

    /** The sources of other tests that run at the same time are asked as well. */
    @Test
    void letsEachSourceOfAKindCatchUpWithWhatMayBeTheScopes() {
        List<@Nullable Scope> askedFor = new ArrayList<>();
        Recorder.CatchingUp catchingUp = scope -> {
            askedFor.add(scope);
            return scope != null;
        };
        Recorder server = Recorder.of(Operation.Kind.COMMAND, "recorder: catching up");
        Recorder other = Recorder.of(Operation.Kind.CACHE, "recorder: of another kind");
        try (Recorder.Watch watch = server.watch(catchingUp);
                Recorder.Watch ofAnotherKind = other.watch(none -> false)) {
            assertThat(Recorder.catchUp(Operation.Kind.COMMAND))
                    .contains("recorder: catching up")
                    .doesNotContain("recorder: of another kind");
            try (Scope scope = Scope.open("counting")) {
                assertThat(Recorder.catchUp(Operation.Kind.COMMAND)).doesNotContain("recorder: catching up");
                assertThat(askedFor).containsExactly(null, scope);
            }
        }
        assertThat(Recorder.catchUp(Operation.Kind.COMMAND)).doesNotContain("recorder: catching up");
        assertThat(askedFor).hasSize(2);
    }

    @Test
    void shortensWhatItShows() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "recorder: long texts");
        try (Scope scope = Scope.open("long texts")) {
            tables.recorder()
                    .begin(tables.recorder().request("x".repeat(5_000)).parameters("y".repeat(401)))
                    .end(Operation.Outcome.of(Operation.Outcome.Status.DONE));

            Operation kept = scope.journal().operations().get(0);
            String shortened = "x".repeat(4_000) + "... (5000 characters)";
            assertThat(kept.text()).isEqualTo(shortened);
            assertThat(kept.shape()).isEqualTo(shortened);
            assertThat(kept.parameters()).isEqualTo("y".repeat(400) + "... (401 characters)");
        }
    }

    @Test
    void rendersParametersWhenTheyAreFirstAskedFor() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "recorder: rendered parameters");
        AtomicInteger rendered = new AtomicInteger();
        try (Scope scope = Scope.open("rendered parameters")) {
            tables.recorder()
                    .begin(tables.recorder().request("select ?").parameters(() -> {
                        rendered.incrementAndGet();
                        return "y".repeat(401);
                    }))
                    .end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            Operation kept = scope.journal().operations().get(0);
            assertThat(rendered).hasValue(0);

            assertThat(kept.parameters()).isEqualTo("y".repeat(400) + "... (401 characters)");
            assertThat(kept.toString()).contains(" yyy");
            assertThat(rendered).hasValue(1);
        }
    }

    @Test
    void learnsParametersWhileTheOperationIsOnItsWay() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "recorder: late parameters");
        try (Scope scope = Scope.open("late parameters")) {
            Recording recording = tables.recorder()
                    .begin(tables.recorder().request("select ?").batchSize(2));
            recording.parameters("[1] [2]");
            recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));

            Operation kept = scope.journal().operations().get(0);
            assertThat(kept).hasToString("QUERY recorder: late parameters: select ? [1] [2]");
            assertThat(kept.batchSize()).isEqualTo(2);
            assertThat(kept.thread()).isEqualTo(Thread.currentThread().getName());
            assertThat(kept.duration().isNegative()).isFalse();
        }
    }

    @Test
    void namesAThreadWithoutAName() throws Exception {
        Asked files = Asked.loads("recorder: nameless");
        try (Scope scope = Scope.open("nameless")) {
            ThreadKind.all().get(0).run(scope.wrap(() -> {
                Thread.currentThread().setName("");
                files.ask(1);
            }));

            assertThat(scope.journal().operations().get(0).thread()).matches("virtual-\\d+");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatItCannotShow() {
        assertThatNullPointerException()
                .isThrownBy(() -> Recorder.watching(Operation.Kind.LOAD, null))
                .withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> Recorder.watchingAnother(Operation.Kind.LOAD, null))
                .withMessage("base");
        assertThatNullPointerException()
                .isThrownBy(() -> Recorder.of(null, "source"))
                .withMessage("kind");
        Recorder recorder = Recorder.of(Operation.Kind.LOAD, "recorder: refusing");
        assertThatNullPointerException()
                .isThrownBy(() -> recorder.request(null))
                .withMessage("shape");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recorder.request("read").batchSize(0))
                .withMessage("batchSize must be at least 1, but is 0");
    }
}
