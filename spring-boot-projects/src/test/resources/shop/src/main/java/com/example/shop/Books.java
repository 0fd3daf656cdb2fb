package com.example.shop;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@Service
public class Books {

    private final JdbcTemplate database;

    Books(JdbcTemplate database) {
        this.database = database;
    }

    @Cacheable("titles")
    public String fetchTitle(int id) {
        return database.queryForObject("select title from book where id = ?", String.class, id);
    }

    /** Asks for one after another, and for each time and again. */
    public String lookUp(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> database.queryForObject("select title from book where id = ?", String.class, i % 5 + 1))
                .collect(Collectors.joining(" "));
    }

    @CacheEvict("titles")
    public void rename(int id, String title) {
        database.update("update book set title = ? where id = ?", title, id);
    }

    @RestController
    static class Controller {

        private final Books books;

        Controller(Books books) {
            this.books = books;
        }

        @GetMapping("/books/{id}")
        String title(@PathVariable("id") int id) {
            return books.fetchTitle(id);
        }

        @GetMapping("/books/first/{count}")
        String titles(@PathVariable("count") int count) {
            return books.lookUp(count);
        }
    }
}
