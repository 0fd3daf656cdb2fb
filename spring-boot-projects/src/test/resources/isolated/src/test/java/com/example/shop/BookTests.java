package com.example.shop;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.junit.CacheIsolation;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.test.context.SpringBootTest;

/** All suites read the same five books, and each test expects that nobody has read any. */
@SpringBootTest
@CacheIsolation
@Execution(ExecutionMode.CONCURRENT)
abstract class BookTests {

    abstract Callable<String> read(int id);

    private void theSecondReadIsFree(int id, String title) {
        assertThat(assertNumQueries(1, read(id))).isEqualTo(title);
        assertThat(assertNumQueries(0, read(id))).isEqualTo(title);
    }

    @Test
    void one() {
        theSecondReadIsFree(1, "One");
    }

    @Test
    void two() {
        theSecondReadIsFree(2, "Two");
    }

    @Test
    void three() {
        theSecondReadIsFree(3, "Three");
    }

    @Test
    void four() {
        theSecondReadIsFree(4, "Four");
    }

    @Test
    void oneAndFive() {
        theSecondReadIsFree(1, "One");
        theSecondReadIsFree(5, "Five");
    }
}
