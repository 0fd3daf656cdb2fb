package dev.cacheproof;

/** Plays an adapter: asks for operations of one source, which no other test uses. */
record Asked(Recorder recorder) {

    static Asked of(Operation.Kind kind, String source) {
        return new Asked(Recorder.of(kind, source));
    }

    static Asked loads(String source) {
        return of(Operation.Kind.LOAD, source);
    }

    Recording ask(String shape) {
        Recording recording = recorder.begin(recorder.request(shape));
        recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
        return recording;
    }

    void ask(int times) {
        for (int i = 0; i < times; i++) {
            ask("get");
        }
    }

    /** Parallel tests work without a scope too; this view shows what was asked here alone. */
    Journal in(Scope scope) {
        return scope.journal().of(recorder.source()::equals);
    }
}
