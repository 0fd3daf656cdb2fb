package com.example.shop;

import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;

class CalledBookTests extends BookTests {

    @Autowired
    Books books;

    @Override
    Callable<String> read(int id) {
        return () -> books.fetchTitle(id);
    }
}
