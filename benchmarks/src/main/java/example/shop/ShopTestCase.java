package example.shop;

import java.util.Objects;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;

/** A test class of the application. All that add nothing to this share a context. */
@SpringBootTest(classes = Shop.class)
@SuppressWarnings("NullAway.Init")
public class ShopTestCase {

    @Autowired
    private CacheManager caches;

    /** Leaves an entry in each cache. */
    protected void warmAll() {
        for (String name : caches.getCacheNames()) {
            Objects.requireNonNull(caches.getCache(name)).put(1, "entry");
        }
    }
}
