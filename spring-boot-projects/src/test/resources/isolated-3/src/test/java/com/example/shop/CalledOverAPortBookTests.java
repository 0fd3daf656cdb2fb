package com.example.shop;

import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
class CalledOverAPortBookTests extends BookTests {

    @Autowired
    TestRestTemplate template;

    @Override
    Callable<String> read(int id) {
        return () -> template.getForObject("/books/{id}", String.class, id);
    }
}
