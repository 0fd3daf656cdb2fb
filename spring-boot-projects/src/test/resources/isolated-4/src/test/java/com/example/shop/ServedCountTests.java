package com.example.shop;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureTestRestTemplate;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.client.RestTestClient;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@AutoConfigureTestRestTemplate
@AutoConfigureRestTestClient
class ServedCountTests extends CountedBookTests {

    @Autowired
    TestRestTemplate template;

    @Autowired
    RestTestClient client;

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
