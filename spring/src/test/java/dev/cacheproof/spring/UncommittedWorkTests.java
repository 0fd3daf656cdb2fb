package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.spring.library.Library;
import dev.cacheproof.spring.library.Shelves;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

@SpringJUnitConfig({Library.class, UncommittedWorkTests.Listeners.class})
@CacheIsolation
@Transactional
class UncommittedWorkTests {

    record Moved(int id) {}

    record Lost(int id) {}

    @Configuration
    static class Listeners {
        @Bean
        Listeners.OnMoved onMoved() {
            return new OnMoved();
        }

        static class OnMoved {
            @TransactionalEventListener
            public void moved(Moved event) {}

            @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
            public void lost(Lost event) {}
        }
    }

    @Autowired
    Shelves shelves;

    @Test
    void findsAnEvictionThatNeverComes() {
        assertThatThrownBy(() -> assertCaching(cold(1).warm(1), () -> {
                    shelves.forget(1);
                    return shelves.name(1);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "changes of caches wait: for a commit, which the transaction of the test never makes");
        assertThat(UncommittedWork.waiting()).singleElement().asString().endsWith("changes of caches wait");
    }

    @Test
    void findsAListenerThatIsNeverCalled() {
        shelves.publish(new Moved(1));

        assertThat(UncommittedWork.waiting()).containsExactly("1 call of a @TransactionalEventListener waits");
    }

    @Test
    void mindsNoListenerThatARollbackCalls() {
        shelves.publish(new Lost(1));

        assertThat(UncommittedWork.waiting()).isEmpty();
    }

    @Test
    void mindsNoTestThatPutsNothingOff() {
        assertThat(shelves.code(1)).isEqualTo("S1");
        assertThat(UncommittedWork.waiting()).isEmpty();
    }
}
