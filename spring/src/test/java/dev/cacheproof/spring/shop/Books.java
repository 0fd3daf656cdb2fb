package dev.cacheproof.spring.shop;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

@Service
public class Books {

    private final JdbcTemplate database;

    Books(JdbcTemplate database) {
        this.database = database;
    }

    /** Fetches a title, or takes it from the cache. */
    @Cacheable("titles")
    public String fetchTitle(int id) {
        return database.queryForObject("select title from book where id = ?", String.class, id);
    }

    /** Changes a title, so that nobody is served the old one. */
    @CacheEvict("titles")
    public void rename(int id, String title) {
        database.update("update book set title = ? where id = ?", title, id);
    }
}
