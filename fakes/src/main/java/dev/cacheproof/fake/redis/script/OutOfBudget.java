package dev.cacheproof.fake.redis.script;

/** Ends a script that has run for too long; an error, so that no script can catch it. */
final class OutOfBudget extends Error {

    private static final long serialVersionUID = 1;

    OutOfBudget(String text) {
        super(text, null, false, false);
    }
}
