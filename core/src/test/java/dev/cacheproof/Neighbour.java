package dev.cacheproof;

import java.util.Set;

/** Opens the scopes of tests as the JUnit extension does: each a root, for a test of some run. */
final class Neighbour {

    private Neighbour() {}

    static Scope claiming(String name, Object run, String... locked) {
        return open(RunningTest.claiming(name, name, run, Set.of(locked), Settings.current()));
    }

    static Scope undeclared(String name, Object run) {
        return open(RunningTest.undeclared(name, name, run, Settings.current()));
    }

    static Scope open(RunningTest test) {
        return Scope.named(test.name()).root().test(test).open();
    }
}
