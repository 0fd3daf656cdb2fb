package dev.cacheproof.spring.reading;

import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Service;

@Service
public class Desk {

    private final JdbcTemplate database;

    Desk(JdbcTemplate database) {
        this.database = database;
    }

    /** Asks a number of queries. */
    public String browse(int queries) {
        for (int i = 0; i < queries; i++) {
            database.queryForObject("select title from book where id = ?", String.class, 1);
        }
        return "browsed " + queries;
    }

    @Async
    public CompletableFuture<String> browseLater(int queries) {
        return CompletableFuture.completedFuture(browse(queries));
    }
}
