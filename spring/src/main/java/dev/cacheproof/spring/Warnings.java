package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import org.springframework.test.context.TestContext;

/** What a test's author ought to know, although nothing fails by it. */
final class Warnings {

    private Warnings() {}

    /** Returns the name of a test method, to be shown. */
    static String nameOf(TestContext test) {
        return test.getTestClass().getSimpleName() + "." + test.getTestMethod().getName() + "()";
    }

    /** Logs it, and leaves it for the report of the test that this thread works for. */
    static void give(String key, String text) {
        Scope.current().ifPresent(scope -> scope.root().report(key, text));
        System.getLogger("dev.cacheproof").log(System.Logger.Level.WARNING, text);
    }
}
