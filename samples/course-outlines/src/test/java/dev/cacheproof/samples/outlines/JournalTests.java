package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Journal;
import dev.cacheproof.Scope;
import dev.cacheproof.cache.WatchedCaches;
import dev.cacheproof.junit.CacheIsolation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@CacheIsolation(only = CacheIsolation.NONE) // its cache is its own
@ExtendWith(CourseDatabase.class)
class JournalTests {

    // tag::journal[]
    @Test
    void cacheAndDatabaseStandInOneList(DataSource dataSource) {
        Map<String, List<String>> cache = WatchedCaches.of("titles", new ConcurrentHashMap<>());
        Database database = new Database(dataSource);

        try (Scope scope = Scope.open("two reads")) {
            for (int read = 1; read <= 2; read++) {
                cache.computeIfAbsent("all", key -> database.list("select title from course", row -> row.getString(1)));
            }
            assertThat(scope.journal().print()).isEqualTo("""
                               1  CACHE       titles: GET all  miss
                               2  QUERY       courses: select title from course
                               3  CACHE       titles: GET all  hit
                            """);
        }
    }
    // end::journal[]

    @Test
    void aTestHasAJournalOfItsOwn(DataSource dataSource) {
        new Database(dataSource).list("select title from course", row -> row.getString(1));

        // tag::own[]
        String asked = Journal.current().print(); // by this test, up to now
        // end::own[]
        assertThat(asked).isEqualTo("   1  QUERY       courses: select title from course\n");
    }
}
