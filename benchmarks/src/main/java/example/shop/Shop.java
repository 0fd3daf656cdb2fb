package example.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** The application: JPA on a pool of HikariCP and H2, and ten caches of Caffeine. */
@SpringBootApplication
@EnableCaching
public class Shop {}
