package dev.cacheproof.spring.prices;

import dev.cacheproof.Loads;
import org.springframework.cache.annotation.Cacheable;

/** A service whose answers are cached, by whatever cache manager there is. */
public class Prices {

    @Cacheable("prices")
    public int fetch(String article) {
        return Loads.counted("price list", article::length);
    }
}
