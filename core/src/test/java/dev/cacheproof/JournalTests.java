package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTests {

    @Test
    void listsOperationsOfAllKindsInTheOrderInWhichTheyBegan() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "journal: tables");
        Asked cache = Asked.of(Operation.Kind.CACHE, "journal: cache");
        try (Scope scope = Scope.open("all kinds")) {
            Recording outer = cache.recorder().begin(cache.recorder().request("GET 1"));
            tables.ask("select 1");
            outer.end(Operation.Outcome.of(Operation.Outcome.Status.MISS));
            tables.ask("select 2");

            List<Operation> operations = scope.journal().operations();
            assertThat(operations).extracting(Operation::shape).containsExactly("GET 1", "select 1", "select 2");
            assertThat(operations).extracting(Operation::sequence).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void narrowsToAKindAndToASource() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "journal: narrowed tables");
        Asked others = Asked.of(Operation.Kind.QUERY, "journal: other tables");
        Asked cache = Asked.of(Operation.Kind.CACHE, "journal: narrowed cache");
        Asked files = Asked.loads("journal: narrowed files");
        try (Scope scope = Scope.open("narrowed")) {
            tables.ask(1);
            others.ask(2);
            cache.ask(4);
            files.ask(8);

            Journal journal = scope.journal();
            assertThat(journal.count()).isEqualTo(15);
            assertThat(journal.sql().count()).isEqualTo(3);
            assertThat(journal.sql().operations()).hasSize(3);
            assertThat(journal.cache().count()).isEqualTo(4);
            assertThat(journal.loads().operations()).hasSize(8);
            assertThat(journal.only(Operation.Kind.TRANSACTION).count()).isZero();
            assertThat(others.in(scope).count()).isEqualTo(2);
            assertThat(others.in(scope).operations()).hasSize(2);
        }
    }

    @Test
    void countsAnOperationWhenItBeginsAndListsItWhenItEnds() {
        Asked files = Asked.loads("journal: files on their way");
        try (Scope scope = Scope.open("on its way")) {
            Recording recording = files.recorder().begin(files.recorder().request("read"));
            assertThat(scope.journal().count()).isEqualTo(1);
            assertThat(scope.journal().operations()).isEmpty();

            recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            recording.end(Operation.Outcome.of(Operation.Outcome.Status.HIT));
            assertThat(scope.journal().operations())
                    .singleElement()
                    .satisfies(operation ->
                            assertThat(operation.outcome().status()).isEqualTo(Operation.Outcome.Status.DONE));
        }
    }

    @Test
    void leavesUnattributedOperationsOfIgnoredThreadsOutOfAccount() throws Exception {
        Asked files = Asked.loads("journal: ignored files");
        try (Scope scope = Scope.open("with background work")) {
            ThreadKind.all().get(0).run(() -> {
                Thread.currentThread().setName("scheduling-1");
                files.ask(2);
                Thread.currentThread().setName("request-1");
                files.ask(3);
            });

            Journal journal = files.in(scope);
            assertThat(journal.unattributedCount()).isEqualTo(5);
            Journal ignoring = journal.ignoring(name -> name.startsWith("scheduling-"));
            assertThat(ignoring.unattributedCount()).isEqualTo(3);
            assertThat(ignoring.unattributed()).hasSize(3);
            assertThat(ignoring.ignoring(name -> name.startsWith("request-")).unattributedCount())
                    .isZero();
        }
    }

    @Test
    void keepsTheFirstTenthAndTheLastNineTenthsOfTheDetails() {
        Asked files = Asked.loads("journal: many files");
        try (Scope scope = Scope.named("long").details(20).open()) {
            for (int i = 0; i < 100; i++) {
                files.ask("read " + i);
            }

            List<Operation> retained = scope.journal().retained();
            assertThat(scope.journal().count()).isEqualTo(100);
            assertThat(retained).hasSize(20);
            assertThat(retained.subList(0, 3))
                    .extracting(Operation::text)
                    .containsExactly("read 0", "read 1", "read 82");
            assertThat(retained.get(19).text()).isEqualTo("read 99");
        }
    }

    @Test
    void doesNotListWhatItHasNotKept() {
        Asked files = Asked.loads("journal: too many files");
        try (Scope scope = Scope.named("import").details(10).open()) {
            files.ask(10);
            assertThat(scope.journal().operations()).hasSize(10);
            assertThat(scope.journal().isTruncated()).isFalse();

            files.ask(2);
            assertThat(scope.journal().isTruncated()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> scope.journal().operations())
                    .withMessage("journal truncated: 2 of 12 operations of scope \"import\" were not kept."
                            + " Raise details(n) where the scope is opened, or look at retained().");
            assertThat(scope.journal().print())
                    .startsWith("(journal truncated: 2 operations were not kept)\n   1  LOAD");
        }
    }

    /** What the test did before must not keep an assertion about one block from its details. */
    @Test
    void aNestedScopeIsTruncatedOnlyByItsOwnOperations() {
        Asked files = Asked.loads("journal: nested files");
        try (Scope outer = Scope.named("outer").details(20).open()) {
            files.ask(50);
            try (Scope inner = Scope.open("inner")) {
                files.ask(10);
                assertThat(inner.journal().operations()).hasSize(10);

                files.ask(9);
                assertThat(inner.journal().isTruncated()).isTrue();
            }
            assertThat(outer.journal().isTruncated()).isTrue();
        }
    }

    /** Ten thousand was taken for "not set", so that advice to raise the details to it had no effect. */
    @Test
    void aNestedScopeMayKeepMoreThanTheOneAroundIt() {
        Asked files = Asked.loads("journal: raised details");
        try (Scope outer = Scope.named("outer").details(10).open();
                Scope inner = Scope.named("inner").details(10_000).open()) {
            files.ask(50);

            assertThat(inner.journal().operations()).hasSize(50);
            assertThat(outer.journal().retained()).hasSize(10);
            assertThat(outer.journal().count()).isEqualTo(50);
        }
    }

    @Test
    void printsALineForEachOperation() {
        Asked tables = Asked.of(Operation.Kind.QUERY, "shop");
        Asked cache = Asked.of(Operation.Kind.CACHE, "prices");
        try (Scope scope = Scope.open("printed")) {
            cache.recorder()
                    .begin(cache.recorder().request("GET #").text("GET 7"))
                    .end(Operation.Outcome.of(Operation.Outcome.Status.MISS));
            tables.recorder()
                    .begin(tables.recorder()
                            .request("select * from price where id = ?")
                            .text("select *\n  from price where id = ?")
                            .parameters("[7]"))
                    .end(Operation.Outcome.failed(new IllegalStateException("down")));
            scope.gate(operation -> Gate.Verdict.refuse("closed today"));
            tables.ask("select 1");

            assertThat(scope.journal().print()).isEqualTo("""
                               1  CACHE       prices: GET 7  miss
                               2  QUERY       shop: select * from price where id = ?  [7]\
                              failed: java.lang.IllegalStateException: down
                               3  QUERY       shop: select 1  refused: closed today
                            """);
        }
    }

    @Test
    void printsCallSitesWhereTheyAreRecorded() {
        Asked files = Asked.loads("journal: files with call sites");
        try (Scope scope = Scope.named("with call sites").callSites().open()) {
            files.ask("read");

            assertThat(scope.journal().print())
                    .matches(
                            "(?s)   1  LOAD        journal: files with call sites: read"
                                    + "  at JournalTests\\.printsCallSitesWhereTheyAreRecorded\\(JournalTests\\.java:\\d+\\).*");
        }
    }

    @Test
    void isAtHandInTheInnermostScopeOfTheThread() {
        Asked files = Asked.loads("journal: at hand");
        try (Scope test = Scope.open("test")) {
            files.ask(1);
            try (Scope block = Scope.open("block")) {
                assertThat(files.in(block).count()).isZero();
                assertThat(Journal.current().print()).isEmpty();
            }
            assertThat(Journal.current().print())
                    .isEqualTo(test.journal().print())
                    .contains("journal: at hand: get");
        }
    }

    @Test
    void saysWhereThereIsNone() throws Exception {
        ThreadKind.all().get(0).run(() -> {
            Thread.currentThread().setName("nowhere");
            assertThatIllegalStateException()
                    .isThrownBy(Journal::current)
                    .withMessage("Thread \"nowhere\" is in no scope, so nothing is recorded for it. With"
                            + " cacheproof-junit-extension, the thread that runs a test is in one; elsewhere, open one:"
                            + " try (Scope scope = Scope.open(\"checkout\")).");
        });
    }
}
