package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** As it was before anybody knew of cacheproof. */
@SpringBootTest
class BooksTests {

    @Autowired
    Books books;

    @Test
    void fetchesATitle() {
        assertThat(books.fetchTitle(1)).isEqualTo("One");
    }

    @Test
    void fetchesAnother() {
        assertThat(books.fetchTitle(2)).isEqualTo("Two");
    }

    @Test
    void servesTheNewTitle() {
        books.rename(3, "III");
        assertThat(books.fetchTitle(3)).isEqualTo("III");
        books.rename(3, "Three");
    }
}
