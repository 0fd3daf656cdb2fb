package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, because every open scope counts what its strangers ask for, and keeps the details of few of them. */
@Isolated
class ManyScopesTests {

    private static final int THREADS = 16;
    private static final int SCOPES_OF_EACH = 625;

    @AutoClose
    final Database db = new Database();

    /** Threads wait for one another's connections, so that a scope goes on with one that another has just used. */
    @Test
    void countsExactlyInTenThousandScopesOnSixteenThreads() throws Exception {
        db.pool().setMaximumPoolSize(THREADS / 2);
        List<FutureTask<Integer>> threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> start(() -> countInScopes(thread)))
                .toList();

        for (FutureTask<Integer> thread : threads) {
            assertThat(thread.get(60, TimeUnit.SECONDS)).as("wrong counts").isZero();
        }
        HikariDataSource pool = db.pool();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                .as("but the one that keeps the database")
                .isOne();
    }

    private interface Counting {
        int run() throws Exception;
    }

    private static FutureTask<Integer> start(Counting counting) {
        FutureTask<Integer> task = new FutureTask<>(counting::run);
        new Thread(task, "counting").start();
        return task;
    }

    /** Returns how many scopes counted wrongly. */
    private int countInScopes(int thread) throws Exception {
        int wrong = 0;
        for (int i = 0; i < SCOPES_OF_EACH; i++) {
            int asked = (thread + i) % 4;
            try (Scope scope = Scope.open("scope " + i);
                    Connection connection = db.connect();
                    PreparedStatement select = connection.prepareStatement(Database.BY_ID)) {
                select.setInt(1, 1 + thread % 5);
                for (int query = 0; query < asked; query++) {
                    select.executeQuery().close();
                }
                wrong += scope.journal().sql().count() == asked
                                && scope.journal().sql().operations().size() == asked
                        ? 0
                        : 1;
                try (Scope nested = Scope.open("nested")) {
                    select.executeQuery().close();
                    wrong += nested.journal().sql().count() == 1 ? 0 : 1;
                }
                wrong += scope.journal().sql().count() == asked + 1 ? 0 : 1;
            }
        }
        return wrong;
    }
}
