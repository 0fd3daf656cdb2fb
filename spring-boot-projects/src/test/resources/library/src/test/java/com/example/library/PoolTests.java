package com.example.library;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.junit.CacheIsolation;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** The pool is watched, and is configured, found, checked and measured as if it were not. */
@SpringBootTest(properties = "spring.cache.type=jcache")
@CacheIsolation
class PoolTests {

    @Autowired
    DataSource database;

    @Autowired
    Books books;

    MockMvc mvc;

    @BeforeEach
    void serve(@Autowired WebApplicationContext application) {
        mvc = MockMvcBuilders.webAppContextSetup(application).build();
    }

    @Test
    void isWatched() {
        assertNumQueries(1, () -> books.findTitle(1));
    }

    @Test
    void hasTheSizeOfTheProperties() throws Exception {
        assertThat(database.isWrapperFor(HikariDataSource.class)).isTrue();
        assertThat(database.unwrap(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(7);
    }

    @Test
    void isHealthy() throws Exception {
        mvc.perform(get("/actuator/health/db"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.status").value("UP"))
                .andExpect(jsonPath("$.details.database").value("H2"));
    }

    @Test
    void isMeasured() throws Exception {
        books.findTitle(2);
        mvc.perform(get("/actuator/metrics/hikaricp.connections.max"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.measurements[0].value").value(7.0));
    }
}
