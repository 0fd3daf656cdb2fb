package dev.cacheproof.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a fake in a field of a test class, before the first method of the test, and ends it after the last.
 *
 * <pre>{@code
 * class SessionTests {
 *     @Fake FakeRedis redis;
 *     Sessions sessions;
 *
 *     @BeforeEach void wire() { sessions = new Sessions(redis.uri()); }
 *
 *     @Test void survivesAnOutage() {
 *         redis.faults().begin(Condition.DOWN);
 *         assertThat(sessions.find("ada")).isEmpty();
 *     }
 * }
 * }</pre>
 *
 * <p>A fake in an instance field is a new one for each test. One in a static field is shared by the tests of the class, and
 * so is one in an instance that is kept for them all ({@code PER_CLASS}): it is there in {@code @BeforeAll}, keeps its port,
 * and is like new before each test, but for its time, which never runs backwards. Entries, faults and settings that {@code
 * @BeforeAll} gave it are gone then; give them in {@code @BeforeEach}. A static field of a superclass is shared by all
 * subclasses, for the whole run.
 *
 * <p>The dynamic tests of a factory have one, so they run one after another: each finds it empty, in the state that the factory
 * and the tests before have left its faults and its clock in.
 *
 * <p>Under {@link CacheIsolation}, tests that share a fake wait for each other; without it, a test that disturbs another
 * that has the field and runs at the same time, by a fault, by moving the clock or by starting, fails and names it.
 *
 * <p>The fake is registered as a cache of the test: {@code assertCaching} makes it cold. What clients ask of it stands in
 * the test's {@linkplain dev.cacheproof.Journal journal}. A fault that {@linkplain dev.cacheproof.fake.Fault#mustFire() must
 * fire} and did not fails the test when it ends.
 *
 * <p>Fails on a field that is final, that holds something already, or whose type is no fake. Fakes start in every {@code
 * cacheproof.mode}, because tests need them.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Target({ElementType.FIELD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(CacheIsolationExtension.class)
public @interface Fake {

    /**
     * Sets the name that the journal and failures show, and that tests lock where they share the fake.
     *
     * @return the name; that of the field where it is empty, with the class in front where the fake is shared or another cache
     *     of the test has that name
     */
    String value() default "";
}
