package com.example.shop;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.test.web.reactive.server.WebTestClient;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
class ServedCountTests extends CountedBookTests {

    @Autowired
    TestRestTemplate template;

    @Autowired
    WebTestClient client;

    @Override
    String overAPort(int count) {
        return template.getForObject("/books/first/{count}", String.class, count);
    }

    @Override
    String withAFluentClient(int count) {
        return client.get()
                .uri("/books/first/{count}", count)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }
}
