package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.AssertionFailedError;

@ResourceLock("unattributed queries")
class AttributionTests {

    @AutoClose
    final Database db = new Database();

    private final List<ExecutorService> pools = new ArrayList<>();

    @AfterEach
    void endThreads() throws InterruptedException {
        for (ExecutorService pool : pools) {
            pool.shutdownNow();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ExecutorService pool(ThreadFactory threads) {
        ExecutorService pool = Executors.newCachedThreadPool(threads);
        pools.add(pool);
        return pool;
    }

    private ExecutorService pool(String threadName) {
        return pool(task -> new Thread(task, threadName));
    }

    /** Platform threads, and virtual ones where the JDK has them. By reflection, because the tests are compiled for JDK 17. */
    static Stream<Named<ThreadFactory>> kindsOfThread() throws ReflectiveOperationException {
        Named<ThreadFactory> platform = Named.of("platform", Thread::new);
        if (Runtime.version().feature() < 21) {
            return Stream.of(platform);
        }
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        ThreadFactory virtual = (ThreadFactory) type.getMethod("factory").invoke(builder);
        return Stream.of(platform, Named.of("virtual", virtual));
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void countsWhatAPropagatingPoolRuns(ThreadFactory threads) {
        ExecutorService pool = Scope.propagating(pool(threads));

        String names = db.check().assertNumQueries(3, () -> {
            Future<String> first = pool.submit(() -> db.name(1));
            Future<String> second = pool.submit(() -> db.name(2));
            return first.get() + second.get() + db.name(3);
        });

        assertThat(names).isEqualTo("abc");
    }

    @Test
    void sendsNobodyToWrapTheCommonPool() {
        ExecutorService pool = pool(task -> new Thread(task, "ForkJoinPool.commonPool-worker-1"));

        assertThat(textOf(() -> db.check()
                        .assertNumQueries(1, () -> pool.submit(() -> db.name(2)).get())))
                .contains("nobody can wrap the JDK's common pool: give supplyAsync(task, executor)")
                .doesNotContain("wrap the pool once");
        ExecutorService unnamed = pool(task -> new Thread(task, "pool-3-thread-1"));
        assertThat(textOf(() -> db.check()
                        .assertNumQueries(
                                1, () -> unnamed.submit(() -> db.name(2)).get())))
                .as("a pattern for all pools that nobody has named would ignore the block's own")
                .contains("ignoring(threads(\"name-*\"))");
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void failsWhereAPoolIsNotWrapped(ThreadFactory threads) {
        ExecutorService pool = pool(threads);
        Block block = () -> {
            db.name(1);
            pool.submit(() -> db.name(2)).get();
        };

        for (int expected : new int[] {0, 1, 2}) {
            assertThat(textOf(() -> db.check().assertNumQueries(expected, block)))
                    .contains(
                            "unattributed  1 on thread \"", "wrap the pool once with\n    Scope.propagating(executor)");
        }
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void countsWhatAThreadAsksForInAScopeThatWasHandedOn(ThreadFactory threads) {
        db.check().assertNumQueries(2, () -> {
            Scope scope = Scope.current().orElseThrow();
            Thread thread = threads.newThread(scope.wrap(() -> {
                db.name(1);
                db.name(2);
            }));
            thread.start();
            thread.join();
        });
    }

    @Test
    void saysSoWhereTheNumberIsRightAndAnotherThreadIsAtWork() {
        ExecutorService pool = pool("mailer");
        int query = here() + 1;
        Block background = () -> pool.submit(() -> db.name(2)).get();

        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(1, () -> {
            db.name(1);
            background.run();
        }));

        assertThat(text).isEqualTo("""
                        Expected 1 query, and 1 ran in the block at (AttributionTests.java:%d); but 1 more, on another thread, may be the block's too

                          1x select name from item where id = ?
                             values [1]
                             at AttributionTests.saysSoWhereTheNumberIsRightAndAnotherThreadIsAtWork(AttributionTests.java:%d) <- AttributionTests.saysSoWhereTheNumberIsRightAndAnotherThreadIsAtWork(AttributionTests.java:%d)

                          counted on    %s
                          unattributed  1 on thread "mailer": select name from item where id = ?
                                          at AttributionTests.saysSoWhereTheNumberIsRightAndAnotherThreadIsAtWork(AttributionTests.java:%d)

                          What to do: if it is the block's own work, run it in the block's scope: wrap the pool once with
                            Scope.propagating(executor). If it is not, declare it: ignoring(threads("mailer")).\
                        """.formatted(block, block + 1, block, db.name(), query));
    }

    @Test
    void givesTheIntervalWhereNoNumberInItIsRight() {
        ExecutorService pool = pool("mailer");

        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> db.check().assertNumQueries(5, () -> {
                    db.name(1);
                    pool.submit(() -> db.name(2)).get();
                    pool.submit(() -> db.name(2)).get();
                }))
                .withMessageStartingWith("Expected 5 queries, but 1 to 3 ran in the block at ")
                .satisfies(failure -> assertThat(failure.getActual().getValue()).isEqualTo("1 to 3"));
    }

    @Test
    void doesNotBelieveTheCommonPool() {
        CountDownLatch done = new CountDownLatch(1);

        assertThat(textOf(() -> db.check().assertNumQueries(0, () -> {
                    CompletableFuture<Void> query = CompletableFuture.runAsync(() -> {
                        db.name(1);
                        done.countDown();
                    });
                    // Not join alone: a thread that joins may run the task itself.
                    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                    query.join();
                })))
                .startsWith("Expected 0 queries, and none ran in the block at ")
                .contains("1 on thread \"");
    }

    /** Each half of the stream waits for the other, so that two workers share it. */
    private Void inTwoHalves(ExecutorService workers) throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Callable<Void> work = () -> {
            IntStream.rangeClosed(1, 2).parallel().forEach(id -> {
                awaitQuietly(both);
                db.name(id);
            });
            return null;
        };
        return workers.submit(work).get(30, TimeUnit.SECONDS);
    }

    @Test
    void doesNotBelieveAParallelStream() {
        ForkJoinPool workers = new ForkJoinPool(2);
        pools.add(workers);

        for (int expected : new int[] {0, 1, 2}) {
            assertThat(textOf(() -> db.check().assertNumQueries(expected, () -> inTwoHalves(workers))))
                    .contains(
                            "unattributed  1 on thread \"ForkJoinPool-",
                            "\n                1 on thread \"ForkJoinPool-");
        }
    }

    /** The task is the block's; the part of it that another worker steals tells nobody whose it is. */
    @Test
    void doesNotBelieveWhatAnotherWorkerHasStolen() {
        ForkJoinPool workers = new ForkJoinPool(2);
        pools.add(workers);
        ExecutorService propagating = Scope.propagating(workers);

        for (int expected : new int[] {0, 1, 2}) {
            assertThat(textOf(() -> db.check().assertNumQueries(expected, () -> inTwoHalves(propagating))))
                    .contains("1x select name from item where id = ?", "unattributed  1 on thread \"ForkJoinPool-");
        }
    }

    private static void awaitQuietly(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void countsAnAsynchronousTaskOnAPropagatingPool() {
        ExecutorService pool = Scope.propagating(pool("worker"));

        for (int run = 0; run < 200; run++) {
            db.check()
                    .assertNumQueries(
                            1,
                            () -> CompletableFuture.supplyAsync(() -> db.name(1), pool)
                                    .join());
        }
    }

    @Test
    void leavesDeclaredThreadsOutOfAccount() {
        ExecutorService scheduling = pool("scheduling-7");
        ExecutorService mailer = pool("mailer");
        QueryCheck check = db.check().ignoring(threads("scheduling-*"));

        check.assertNumQueries(1, () -> {
            db.name(1);
            scheduling.submit(() -> db.name(2)).get();
        });
        assertThat(textOf(() -> check.assertNumQueries(1, () -> {
                    db.name(1);
                    scheduling.submit(() -> db.name(2)).get();
                    mailer.submit(() -> db.name(2)).get();
                })))
                .contains("1 more", "on thread \"mailer\"")
                .doesNotContain("scheduling-7");
        check.ignoring(threads("mailer")).assertNumQueries(0, () -> {
            mailer.submit(() -> db.name(2)).get();
            scheduling.submit(() -> db.name(2)).get();
        });
    }

    /** What is known to be the block's is counted, whatever its thread is called. */
    @Test
    void countsADeclaredThreadThatWorksInTheScope() {
        ExecutorService pool = Scope.propagating(pool("scheduling-1"));

        db.check()
                .ignoring(threads("*"))
                .assertNumQueries(1, () -> pool.submit(() -> db.name(1)).get());
    }

    @Test
    void selectsThreadsByName() {
        assertThat(Stream.of("a", "ab", "b", "xab", "a\nb").filter(threads("a*")))
                .containsExactly("a", "ab", "a\nb");
        assertThat(Stream.of("a", "ab", "xab").filter(threads("*ab"))).containsExactly("ab", "xab");
        assertThat(Stream.of("a.c", "abc", "a.c.c").filter(threads("a.*c"))).containsExactly("a.c", "a.c.c");
        assertThat(Stream.of("ac", "abbc", "abd").filter(threads("a*c"))).containsExactly("ac", "abbc");
        assertThat(Stream.of("", "x").filter(threads("*"))).containsExactly("", "x");
        assertThat(Stream.of("a.c", "abc").filter(threads("a.c"))).containsExactly("a.c");
    }

    @Test
    void keepsTwoAssertionsAtTheSameTimeApart() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService pool = pool("asserting");
        List<Future<?>> both = new ArrayList<>();
        for (int queries : new int[] {3, 5}) {
            both.add(pool.submit(() -> db.check().assertNumQueries(queries, () -> {
                together.await(30, TimeUnit.SECONDS);
                for (int i = 0; i < queries; i++) {
                    db.name(1);
                }
                together.await(30, TimeUnit.SECONDS);
            })));
        }
        for (Future<?> assertion : both) {
            assertion.get();
        }
    }

    @Test
    void isExactWithManyThreads() throws Exception {
        int threads = 16;
        int scopes = 25;
        ExecutorService pool = pool("asserting");
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            all.add(pool.submit(() -> {
                together.await(30, TimeUnit.SECONDS);
                for (int scope = 0; scope < scopes; scope++) {
                    int queries = (number + scope) % 4;
                    db.check().assertNumQueries(queries, () -> repeat(queries));
                }
                return null;
            }));
        }
        for (Future<?> assertion : all) {
            assertion.get();
        }
    }

    private void repeat(int queries) {
        for (int i = 0; i < queries; i++) {
            db.name(1 + i);
        }
    }

    @Test
    void explainsATaskThatHasNotEnded() {
        ExecutorService pool = Scope.propagating(pool("worker"));
        CountDownLatch release = new CountDownLatch(1);
        List<Future<String>> left = new ArrayList<>();

        int block = here() + 2;
        int handedOver = here() + 3;
        String text = textOf(() -> db.check().assertNumQueries(1, () -> {
            db.name(1);
            left.add(pool.submit(() -> {
                assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
                return db.name(2);
            }));
        }));
        release.countDown();

        assertThat(left).hasSize(1);
        assertThat(text)
                .startsWith("The work has not ended: the block at (AttributionTests.java:" + block
                        + ") returned while tasks"
                        + " that it handed to other threads still run\n"
                        + "\n"
                        + "  counted     1 query so far\n"
                        + "  unfinished  task handed over at AttributionTests.explainsATaskThatHasNotEnded"
                        + "(AttributionTests.java:" + handedOver + ")")
                .endsWith("it here: awaitingTasks(Duration.ofSeconds(10)).");
    }

    @Test
    void waitsForWhatTheBlockHasHandedOver() {
        ExecutorService pool = Scope.propagating(pool("worker"));
        ExecutorService second = Scope.propagating(pool("second"));
        QueryCheck waiting = db.check().awaitingTasks(Duration.ofSeconds(30));

        waiting.assertNumQueries(2, () -> {
            db.name(1);
            CountDownLatch returned = new CountDownLatch(1);
            pool.execute(() -> {
                awaitQuietly(returned);
                second.execute(() -> db.name(2)); // handed on when the block has returned
            });
            new Thread(returned::countDown).start();
        });
        assertThat(textOf(() -> waiting.assertNumQueries(0, () -> pool.execute(() -> db.name(1)))))
                .startsWith("Expected 0 queries, but 1 ran");
    }

    @Test
    void waitsNoLongerThanItIsTold() {
        ExecutorService pool = Scope.propagating(pool("worker"));
        CountDownLatch release = new CountDownLatch(1);

        assertThat(textOf(() -> db.check()
                        .awaitingTasks(Duration.ofMillis(1))
                        .assertNumQueries(0, () -> pool.execute(() -> awaitQuietly(release)))))
                .startsWith("The work has not ended: ")
                .endsWith("it was waited for, for 1 ms: end it inside the block, or wait longer.");
        release.countDown();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryAssertions.awaitingTasks(Duration.ZERO))
                .withMessage("limit must be positive, but is PT0S");
    }

    @Test
    void seesAnUnfinishedTaskOfAScopeInsideTheBlock() {
        ExecutorService pool = Scope.propagating(pool("worker"));
        CountDownLatch release = new CountDownLatch(1);

        assertThat(textOf(() -> db.check().assertNumQueries(0, () -> {
                    try (Scope inner = Scope.open("inner")) {
                        assertThat(inner.journal().count()).isZero();
                        pool.execute(() -> {
                            awaitQuietly(release);
                            db.name(1);
                        });
                    }
                })))
                .startsWith("The work has not ended: ");
        release.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void doesNotWaitForATaskThatThePoolRefused() {
        ThreadPoolExecutor full = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        full.shutdown();
        ExecutorService pool = Scope.propagating(full);

        db.check().assertNumQueries(1, () -> {
            assertThatThrownBy(() -> pool.execute(() -> db.name(2))).isInstanceOf(RejectedExecutionException.class);
            db.name(1);
        });
    }

    @Test
    void countsATaskThatFails() {
        ExecutorService pool = Scope.propagating(pool("worker"));

        db.check().assertNumQueries(1, () -> {
            Future<?> failing = pool.submit(() -> {
                db.name(1);
                throw new IllegalStateException("after the query");
            });
            assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        });
    }

    @Test
    void forgetsTheScopeOnAPooledThread() throws Exception {
        ExecutorService plain = pool("worker");
        ExecutorService pool = Scope.propagating(plain);
        db.check().assertNumQueries(1, () -> pool.submit(() -> db.name(1)).get());

        assertThat(plain.submit(Scope::current).get()).isEmpty();
    }
}
