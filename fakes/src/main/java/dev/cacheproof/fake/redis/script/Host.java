package dev.cacheproof.fake.redis.script;

import java.util.List;
import org.apiguardian.api.API;

/** The server that runs a script, as the script sees it. Used on the thread that runs the script. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface Host {

    /**
     * Runs a command for the script.
     *
     * @param words the command and its arguments; not empty
     * @param protocol the version whose types the answer may have: 2 or 3
     * @return what it answers, also where it fails or is refused
     */
    Answer call(List<byte[]> words, int protocol);

    /**
     * Says whether a command is known.
     *
     * @param words the command and its arguments; not empty
     * @return whether it is
     */
    boolean knows(List<byte[]> words);

    /**
     * Returns the version that is told to scripts.
     *
     * @return such as 7.0.15
     */
    String version();
}
