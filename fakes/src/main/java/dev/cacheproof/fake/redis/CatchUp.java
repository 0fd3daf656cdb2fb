package dev.cacheproof.fake.redis;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One turn of the serving thread, in which it gets through all that the sockets had received when it was asked to. What is
 * on the clients' side still is not known here.
 */
final class CatchUp implements Runnable {

    /** Spent only where the machine, or a fault that delays answers, keeps the serving thread from its work. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private static final long LOOK_EVERY_MILLIS = 10;

    /** Reads far more than a socket holds; a client that goes on sending must not keep us for ever. */
    private static final int MOST_ROUNDS = 1_000;

    private final TcpServer server;
    private final long end = System.nanoTime() + LONGEST_NANOS;
    private final CompletableFuture<Boolean> caughtUp = new CompletableFuture<>();

    CatchUp(TcpServer server) {
        this.server = server;
    }

    @Override
    public void run() {
        try {
            int rounds = 1;
            while (server.serveOnce() && rounds < MOST_ROUNDS) {
                rounds++;
            }
            OptionalLong waits = server.connections()
                    .map(TcpConnection::waitsUntil)
                    .flatMapToLong(OptionalLong::stream)
                    .reduce(CatchUp::later);
            if (waits.isEmpty()) {
                caughtUp.complete(true);
            } else if (waits.getAsLong() - end > 0) {
                caughtUp.complete(false);
            } else {
                // Just after what goes on at that time.
                server.at(waits.getAsLong() + 1, this);
            }
        } catch (IOException | RuntimeException defect) {
            caughtUp.completeExceptionally(defect);
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    /** Waits for the turn. What a server that has ended was sent is recorded, or never will be. */
    boolean await(Thread serving) {
        boolean interrupted = false;
        try {
            while (serving.isAlive() && System.nanoTime() - end < 0) {
                try {
                    return caughtUp.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    // The server may have ended meanwhile.
                } catch (ExecutionException e) {
                    throw new IllegalStateException("A defect of the fake", e.getCause());
                }
            }
            return !serving.isAlive();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
