package dev.cacheproof.spring;

import org.springframework.cache.Cache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;

/** Caches whose writes wait for the end of a transaction. */
final class TransactionalCaches {

    private TransactionalCaches() {}

    static Cache target(Cache cache) {
        Cache target = cache;
        while (target instanceof TransactionAwareCacheDecorator decorator) {
            target = decorator.getTargetCache();
        }
        return target;
    }
}
