package example.shop;

import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.jpa.repository.JpaRepository;

/** The books in the database, and how many there are in a cache. */
public interface Books extends JpaRepository<Book, Long> {

    @Override
    @Cacheable("counts")
    long count();
}
