package dev.cacheproof.spring.prices;

import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A context without Spring Boot, which starts at once. */
@Configuration
@EnableCaching
public class PricesConfiguration {

    @Bean
    CacheManager cacheManager() {
        return new ConcurrentMapCacheManager();
    }

    @Bean
    Prices prices() {
        return new Prices();
    }
}
