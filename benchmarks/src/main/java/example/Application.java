package example;

import java.util.function.IntFunction;

/** Code that asks for a query from some depth of its own. */
public final class Application {

    private Application() {}

    /**
     * Calls a query from below some frames.
     *
     * @param frames how many
     * @param query the query
     * @param course its argument
     * @return its answer
     */
    public static String ask(int frames, IntFunction<String> query, int course) {
        return frames <= 1 ? query.apply(course) : ask(frames - 1, query, course);
    }
}
