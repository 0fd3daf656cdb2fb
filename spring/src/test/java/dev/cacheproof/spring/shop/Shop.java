package dev.cacheproof.spring.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** A small application as users have them. It does not know the toolkit. */
@SpringBootApplication
@EnableCaching
public class Shop {}
