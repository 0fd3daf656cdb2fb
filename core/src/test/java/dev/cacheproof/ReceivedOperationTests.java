package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Operation.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whose a command is that arrives over a socket: the thread that reads it is nobody's. */
class ReceivedOperationTests {

    private final Recorder server = Recorder.of(Operation.Kind.COMMAND, "received: " + System.identityHashCode(this));

    private static final ThreadKind PLATFORM = ThreadKind.all().get(0);

    private void receive(Collection<Scope> owners) throws Exception {
        // Another thread, as a server's is: the scope that this one is in must not matter.
        PLATFORM.run(() -> {
            Recording recording = server.receive(server.request("GET", "7"), owners, "connection 3");
            recording.end(Outcome.of(Outcome.Status.HIT));
        });
    }

    private Journal in(Scope scope) {
        return scope.journal().of(server.source()::equals);
    }

    @Test
    void belongsToTheInnermostScopeThatItsOwnerHasOpen() throws Exception {
        try (Scope test = Scope.open("test")) {
            receive(Set.of(test));
            try (Scope block = Scope.open("block")) {
                receive(Set.of(test));

                assertThat(in(block).count()).isEqualTo(1);
                assertThat(in(block).unattributedCount()).isZero();
                assertThat(in(block).operations()).singleElement().satisfies(operation -> {
                    assertThat(operation.text()).isEqualTo("GET 7");
                    assertThat(operation.shape()).isEqualTo("GET #");
                    assertThat(operation.thread()).isEqualTo("connection 3");
                    assertThat(operation.callSite()).isEmpty();
                });
            }
            assertThat(in(test).operations()).hasSize(2);
            assertThat(in(test).unattributedCount()).as("counted apart as well").isZero();
        }
    }

    @Test
    void belongsToWhoSaidThatTheySendIt() {
        String key = "key of " + System.identityHashCode(this);
        try (Scope sender = Scope.named("sender").root().sending("GET", key).open()) {
            assertThat(Scope.senderOf((command, argument) -> command.equals("GET") && argument.equals(key)))
                    .containsSame(sender);
            assertThat(Scope.senderOf((command, argument) -> command.equals("SET") && argument.equals(key)))
                    .isEmpty();
        }
        assertThat(Scope.senderOf((command, argument) -> argument.equals(key)))
                .as("once it is closed")
                .isEmpty();
    }

    @Test
    void isDoubtfulInScopesThatAreOpenSideBySide() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        try (Scope test = Scope.open("test")) {
            Future<Long> doubtfulInTheOther = PLATFORM.start(() -> {
                try (Scope.Attachment attached = test.attach();
                        Scope block = Scope.open("the other block")) {
                    opened.countDown();
                    read.await();
                    assertThat(in(block).count()).isZero();
                    return in(block).unattributedCount();
                }
            });
            opened.await();
            try (Scope block = Scope.open("block")) {
                receive(Set.of(test));

                assertThat(in(block).count()).isZero();
                assertThat(in(block).unattributedCount()).isEqualTo(1);
                assertThat(in(block).unattributed()).hasSize(1);
            } finally {
                read.countDown();
            }
            assertThat(doubtfulInTheOther.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(in(test).count()).isEqualTo(1);
            assertThat(in(test).unattributedCount()).isZero();
        }
    }

    @Test
    void isDoubtfulInEachTestThatSharesTheServer() throws Exception {
        try (Scope first = Scope.named("first").root().open();
                Scope second = Scope.named("second").root().open();
                Scope stranger = Scope.named("stranger").root().open()) {
            receive(List.of(first, second));

            assertThat(List.of(in(first).count(), in(first).unattributedCount()))
                    .containsExactly(0L, 1L);
            assertThat(in(second).unattributedCount()).isEqualTo(1);
            assertThat(in(stranger).unattributedCount()).isZero();
        }
    }

    @Test
    void isDoubtfulEverywhereWhereNobodyOwnsTheServer() throws Exception {
        try (Scope scope = Scope.open("somebody")) {
            receive(Set.of());

            assertThat(in(scope).count()).isZero();
            assertThat(in(scope).unattributedCount()).isEqualTo(1);
        }
    }

    /** A server that a test has started, and others use after it: to count nothing for them would be a lie. */
    @Test
    void isDoubtfulEverywhereOnceItsOwnerIsClosed() throws Exception {
        Scope over = Scope.named("over").root().open();
        over.close();
        try (Scope next = Scope.open("next")) {
            receive(Set.of(over));

            assertThat(in(next).count()).isZero();
            assertThat(in(next).unattributedCount()).isEqualTo(1);
            assertThat(in(over).count() + in(over).unattributedCount()).isZero();
        }
    }

    @Test
    void belongsToTheOwnerThatIsNotClosed() throws Exception {
        Scope over = Scope.named("over").root().open();
        over.close();
        try (Scope next = Scope.named("next").root().open();
                Scope stranger = Scope.named("stranger").root().open()) {
            receive(List.of(over, next));

            assertThat(in(next).count()).isEqualTo(1);
            assertThat(in(stranger).unattributedCount()).isZero();
        }
    }

    @Test
    void hidesItsValuesIfAnyTestThatItMayBelongToDoes() {
        Settings masked =
                Settings.resolve(name -> name.equals("cacheproof.values") ? Optional.of("masked") : Optional.empty());
        RunningTest test = RunningTest.undeclared("id", "aTest", "a run of its own", masked);
        try (Scope shown = Scope.named("shown").root().open();
                Scope hidden = Scope.named("hidden").root().test(test).open();
                Scope inside = Scope.open("inside")) {
            assertThat(isMasked(List.of(shown))).isFalse();
            assertThat(isMasked(List.of(hidden))).isTrue();
            assertThat(isMasked(List.of(inside))).isTrue();
            assertThat(isMasked(List.of(shown, hidden))).isTrue();
        }
    }

    private boolean isMasked(Collection<Scope> owners) {
        return server.receive(server.request("GET", "7"), owners, "connection 3")
                .isMasked();
    }

    @Test
    void commandsThatAreSentTogetherShareARoundTrip() {
        try (Scope scope = Scope.open("pipeline")) {
            for (boolean pipelined : new boolean[] {false, true, true, false}) {
                server.receive(server.request("GET", "7").pipelined(pipelined), Set.of(scope), "connection 3")
                        .end(Outcome.of(Outcome.Status.MISS));
            }

            assertThat(in(scope).count()).isEqualTo(4);
            assertThat(in(scope).roundTrips().count()).isEqualTo(2);
            assertThat(in(scope).roundTrips().operations()).hasSize(2);
            assertThat(in(scope).commands().roundTrips().operations()).noneMatch(Operation::isPipelined);
        }
    }

    @Test
    void countsUnattributedRoundTripsToo() {
        try (Scope scope = Scope.open("pipeline")) {
            server.receive(server.request("GET", "7"), Set.of(), "connection 3");
            server.receive(server.request("GET", "8").pipelined(true), Set.of(), "connection 3");

            assertThat(in(scope).unattributedCount()).isEqualTo(2);
            assertThat(in(scope).roundTrips().unattributedCount()).isEqualTo(1);
        }
    }
}
