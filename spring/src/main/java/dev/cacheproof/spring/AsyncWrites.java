package dev.cacheproof.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Writes to caches that return before they are applied. Links to no library. */
interface AsyncWrites {

    /** Where every client waits for its replies. */
    AsyncWrites NONE = new AsyncWrites() {
        @Override
        public void watch(ConfigurableListableBeanFactory beans) {}

        @Override
        public void settle() {}
    };

    /**
     * Watches all clients that there are now, also those that a context has replaced when it was started again.
     *
     * @param beans the beans of the context
     */
    void watch(ConfigurableListableBeanFactory beans);

    /**
     * Waits until all that were begun have ended; those that do not end are dropped, so that they cannot be applied later, and
     * the test is told.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void settle() throws InterruptedException;
}
