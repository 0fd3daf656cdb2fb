package com.example.shop;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.cacheproof.junit.CacheIsolation;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

/**
 * Each test lets the same controller run another number of queries. They say that they use no cache, so none waits for
 * another. JUnit has the methods of a class that it orders on one thread, unless they say that they may run at once.
 */
@CacheIsolation(only = CacheIsolation.NONE)
@Execution(ExecutionMode.CONCURRENT)
abstract class CountedBookTests {

    /**
     * On four threads, the first two tests are in their blocks at the same time. Not each two: where many wait, JUnit
     * runs a test on the thread that is to start the next one, which it would wait for.
     */
    private static final CountDownLatch MEETING = new CountDownLatch(2);

    private static final boolean AT_ONCE = Boolean.getBoolean("junit.jupiter.execution.parallel.enabled");

    @Autowired
    MockMvc mvc;

    abstract String overAPort(int count);

    abstract String withAFluentClient(int count);

    static IntStream counts() {
        return IntStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void countsOverMockMvc(int count) {
        counts(count, () -> mvc.perform(get("/books/first/{count}", count))
                .andReturn()
                .getResponse()
                .getContentAsString());
    }

    @ParameterizedTest
    @MethodSource("counts")
    void countsOverAPort(int count) {
        counts(count, () -> overAPort(count));
    }

    @ParameterizedTest
    @MethodSource("counts")
    void countsWithAFluentClient(int count) {
        counts(count, () -> withAFluentClient(count));
    }

    private static void counts(int count, Callable<String> call) {
        String titles = assertNumQueries(count, () -> {
            if (AT_ONCE) {
                MEETING.countDown();
                assertThat(MEETING.await(60, TimeUnit.SECONDS)).isTrue();
            }
            return call.call();
        });
        assertThat(titles.split(" ")).hasSize(count);
    }
}
