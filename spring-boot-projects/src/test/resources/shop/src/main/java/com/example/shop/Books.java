package com.example.shop;

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
    }
}
