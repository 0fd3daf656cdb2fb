package com.example.library;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.junit.CacheIsolation;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.orm.jpa.DataJpaTest;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@DataJpaTest
@Import(Books.class)
@CacheIsolation
class SliceTests {

    @Autowired
    Books books;

    @Test
    void countsInTheTransactionOfTheTest() {
        assertThat(assertNumQueries(1, () -> books.findTitle(1))).isEqualTo("One");
        // The persistence context of the test has it.
        assertNumQueries(0, () -> books.findTitle(1));
    }

    @RepeatedTest(2)
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    void theSecondLevelSavesTheSecondQuery() {
        assertThat(assertNumQueries(1, () -> books.findTitle(2))).isEqualTo("Two");
        assertThat(assertNumQueries(0, () -> books.findTitle(2))).isEqualTo("Two");
    }
}
