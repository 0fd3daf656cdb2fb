package com.example.shop;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.cache.test.autoconfigure.AutoConfigureCache;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

/** There is no data source in it, so that it proves nothing of one. */
@WebMvcTest
@AutoConfigureCache
class WebSliceTests {

    @Autowired
    MockMvc mvc;

    @MockitoBean
    Books books;

    @Test
    void saysWhyNothingCanBeCounted() {
        when(books.fetchTitle(1)).thenReturn("One");

        assertThatThrownBy(() -> assertNumQueries(
                        0, () -> mvc.perform(get("/books/1")).andExpect(content().string("One"))))
                .hasMessageContaining("No data source is watched, so the queries of the block at (WebSliceTests.java:")
                .hasMessageContaining("a Spring context has no DataSource bean");
    }
}
