package dev.cacheproof.fake.redis;

/** Runs scenarios in a JVM of their own, whose class path says which version of the client they run on. */
final class ScenarioMain {

    private ScenarioMain() {}

    /** Runs the scenarios of these names; what one throws ends the JVM with its stack trace and exit code 1. */
    public static void main(String[] scenarios) throws ReflectiveOperationException {
        for (String each : scenarios) {
            scenario(each).run();
            System.out.println(each + " passed");
        }
    }

    /** Loads by name, so that only the client is linked that this one uses. */
    static Runnable scenario(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName(ScenarioMain.class.getPackageName() + "." + name);
        return (Runnable) type.getDeclaredConstructor().newInstance();
    }
}
