package dev.cacheproof.spring.reading;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableAsync;

/** An application whose work is done by many threads. It does not know the toolkit. */
@SpringBootApplication
@EnableAsync
public class ReadingRoom {}
