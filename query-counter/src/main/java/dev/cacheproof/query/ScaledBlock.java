package dev.cacheproof.query;

import org.apiguardian.api.API;

/**
 * A block of code that works on a given amount of data and may throw anything; what it throws is thrown on as it is.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface ScaledBlock {

    /**
     * Runs the block.
     *
     * @param amount the amount of data, in whatever unit the test has chosen
     * @throws Exception whatever the code under test throws
     */
    void run(int amount) throws Exception;
}
