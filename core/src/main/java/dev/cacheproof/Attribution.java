package dev.cacheproof;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose an operation is.
 *
 * @param scope the innermost scope that it belongs to for certain; null where it belongs to none
 * @param witnesses the scopes that it may belong to as well, which count it apart
 */
record Attribution(@Nullable Scope scope, List<Scope> witnesses) {

    /** Work of a thread is that of the scope it is in; without one, it may be anybody's who can reach what is asked. */
    static Attribution of(ProcessState.ThreadState thread, Operation.Request request) {
        Scope scope = thread.scope();
        return scope == null ? ofNobody(request) : new Attribution(scope, List.of());
    }

    private static Attribution ofNobody(Operation.Request request) {
        return new Attribution(
                null, ProcessState.open().stream().filter(request::mayBeOf).toList());
    }

    /**
     * What arrives over a socket comes from a thread that is not known, of one of the owners. Of the scopes that these have
     * open, those that lie around each other all count it. Where they branch, each branch may be meant. An owner that is
     * closed asks for nothing any more: who uses a server that has outlived them all is not known.
     *
     * @param request what has arrived
     * @param owners whose the socket is; empty where that is not known either
     */
    static Attribution among(Operation.Request request, Collection<Scope> owners) {
        List<Scope> alive = owners.stream().filter(owner -> !owner.isClosed()).toList();
        if (alive.isEmpty()) {
            return ofNobody(request);
        }
        List<Scope> open = ProcessState.open().stream()
                .filter(each -> alive.stream().anyMatch(each::isInside))
                .toList();
        Scope innermost = null;
        for (Scope each : open) {
            boolean branches = open.stream().anyMatch(other -> !each.isInside(other) && !other.isInside(each));
            if (!branches && (innermost == null || each.isInside(innermost))) {
                innermost = each;
            }
        }
        Scope certain = innermost;
        List<Scope> possible = certain == null
                ? open
                : open.stream()
                        .filter(each -> each != certain && each.isInside(certain))
                        .toList();
        return new Attribution(certain, possible);
    }

    boolean isOfNobody() {
        return scope == null && witnesses.isEmpty();
    }
}
