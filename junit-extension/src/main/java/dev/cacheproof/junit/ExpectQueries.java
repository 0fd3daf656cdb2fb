package dev.cacheproof.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Asserts how many queries the body of a test makes of all watched data sources: {@link
 * dev.cacheproof.query.QueryAssertions#assertNumQueries} around the whole body. What {@code @BeforeEach} and {@code
 * @AfterEach} methods ask for is not counted.
 *
 * <pre>{@code
 * @Test
 * @ExpectQueries(2)                              // passes
 * void listsOrdersWithTheirItems() {
 *     orders.listWithItems();
 * }
 *
 * @Test
 * @ExpectQueries(atMost = 2)                     // fails: Expected at most 2 queries, but 4 ran
 * void listsOrdersWithTheirItemsOneByOne() {
 *     orders.list().forEach(order -> orders.items(order));
 * }
 * }</pre>
 *
 * <p>Each repetition and each set of arguments is counted apart. What the test itself throws is thrown on as it is, and
 * nothing is asserted then. Fails where no data source is watched. On a lifecycle method it has no effect; on a
 * {@code @TestFactory} it is refused, since dynamic tests run after the factory.
 *
 * <p>With {@code cacheproof.mode = report}, a test that would fail publishes the report entry {@code
 * cacheproof.wouldFail} instead; with {@code off}, nothing is counted. Not for a part of a test: that is what {@code
 * assertNumQueries} is for.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
// The isolation first: it puts the body into the test's scope, which the count must be inside.
@ExtendWith({CacheIsolationExtension.class, ExpectQueriesExtension.class})
public @interface ExpectQueries {

    /** Stands for a number that is not given. */
    int UNSET = Integer.MIN_VALUE;

    /**
     * Sets the exact number of round trips. Not to be combined with the others.
     *
     * @return the number; not negative
     */
    int value() default UNSET;

    /**
     * Sets the lowest number of round trips; 0 unless given.
     *
     * @return the number; not negative
     */
    int atLeast() default UNSET;

    /**
     * Sets the highest number of round trips; any unless given.
     *
     * @return the number; not negative, and not below {@link #atLeast()}
     */
    int atMost() default UNSET;

    /**
     * Declares background work: queries of threads of these names, where they belong to no scope, are known not to be the
     * test's; as {@link dev.cacheproof.query.QueryAssertions#ignoring} does.
     *
     * @return the names, in which {@code *} stands for any text, such as {@code scheduling-*}
     */
    String[] ignoring() default {};
}
