package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

class UnfinishedAnswerTests {

    @AutoClose
    final Database db = new Database();

    static Stream<Named<Object>> unfinished() {
        return Stream.of(
                Named.of("Stream", Stream.of(1)),
                Named.of("IntStream", IntStream.of(1)),
                Named.of("Iterator", List.of(1).iterator()),
                Named.of("CompletableFuture", new CompletableFuture<>()),
                Named.of("CompletionStage", new CompletableFuture<>().minimalCompletionStage()),
                Named.of("Future", new FutureTask<>(() -> 1)),
                Named.of("Flow.Publisher", (Flow.Publisher<Object>) subscriber -> {}),
                Named.of("Publisher", new Lazy()),
                Named.of("Callable", (Callable<Integer>) () -> 1),
                Named.of("List of futures", List.of(CompletableFuture.completedFuture(1), new CompletableFuture<>())),
                Named.of("array of futures", new Object[] {new CompletableFuture<>()}),
                Named.of("Optional of a Stream", Optional.of(Stream.of(1))));
    }

    private static class Base implements Publisher<Integer> {
        @Override
        public void subscribe(Subscriber<? super Integer> subscriber) {}
    }

    private static final class Lazy extends Base {}

    @ParameterizedTest
    @MethodSource("unfinished")
    void isNoProofOfAnyNumber(Object answer) {
        for (int expected : new int[] {0, 1, 2}) {
            assertThat(textOf(() -> db.check().assertNumQueries(expected, () -> {
                        db.name(1);
                        return answer;
                    })))
                    .startsWith("The work may not have run: ");
        }
    }

    static Stream<Object> finished() {
        return Stream.of(
                "text",
                List.of(1, 2),
                Map.of(1, 2),
                Optional.empty(),
                new Object[] {1, "x"},
                new int[] {1},
                CompletableFuture.completedFuture(1),
                CompletableFuture.failedFuture(new IllegalStateException()),
                CompletableFuture.completedStage(1),
                List.of(CompletableFuture.completedFuture(1)),
                (Runnable) () -> {});
    }

    @ParameterizedTest
    @MethodSource("finished")
    void passesWhereTheWorkIsDone(Object answer) {
        assertThatCode(() -> db.check().assertNumQueries(1, () -> {
                    db.name(1);
                    return answer;
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void passesForNoAnswer() {
        assertThat(db.check().<Object>assertNumQueries(0, () -> Optional.empty()))
                .isEqualTo(Optional.empty());
    }

    @Test
    void isExplained() {
        Callable<Stream<String>> lazy = () -> Stream.of(1, 2).map(db::name);

        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(0, lazy));

        assertThat(text).isEqualTo("""
                        The work may not have run: the block at (UnfinishedAnswerTests.java:%d) returned a Stream, and what that asks for later is not counted

                          counted  0 queries so far

                          What to do: consume it inside the block: toList(), join(), get().\
                        """.formatted(block));
    }
}
