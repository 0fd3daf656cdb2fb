package dev.cacheproof.fake.redis;

import dev.cacheproof.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Clients that wait on threads of their own. */
final class Waiters {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Waiters() {}

    /** Lets a thread ask for something, and returns when it waits. */
    static <T> CompletableFuture<T> start(FakeRedis redis, Supplier<T> command) {
        int before = count(redis);
        CompletableFuture<T> answer = begin(command);
        await(redis, before + 1);
        return answer;
    }

    /** Lets a thread ask for something. */
    static <T> CompletableFuture<T> begin(Supplier<T> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(command.get());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "waiter");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /** Waits until so many clients wait. */
    static void await(FakeRedis redis, int clients) {
        try {
            Deadline.after(LIMIT).await(() -> count(redis) == clients, () -> clients + " clients that wait");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(FakeRedis redis) {
        return redis.engine().inspect(() -> redis.engine().waits().size());
    }

    static <T> T answer(CompletableFuture<T> answer) {
        try {
            return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }
}
