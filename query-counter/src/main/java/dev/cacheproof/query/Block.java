package dev.cacheproof.query;

import org.apiguardian.api.API;

/**
 * A block of code that returns nothing and may throw anything; what it throws is thrown on as it is.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Block {

    /**
     * Runs the block.
     *
     * @throws Exception whatever the code under test throws
     */
    void run() throws Exception;
}
