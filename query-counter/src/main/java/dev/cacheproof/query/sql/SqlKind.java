package dev.cacheproof.query.sql;

import java.util.Set;
import org.apiguardian.api.API;

/**
 * Tells what an SQL statement is for. It is found by the words of the statement, as H2, PostgreSQL and MySQL read them; where
 * they disagree or do not tell, it is {@link #OTHER} rather than a guess.
 *
 * <p>A statement that contains others is of the kind that changes data: {@code with d as (delete from a returning *) select *
 * from d} is a {@link #DELETE}, and so is H2's {@code select * from old table (delete from a)}. If it changes data in more
 * than one way, it is {@link #OTHER}. What a function, a trigger or a rule does has no part in its kind.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum SqlKind {

    /**
     * Reads, and changes no data: {@code SELECT}, also with {@code FOR UPDATE} or into a variable or a file; {@code VALUES},
     * {@code TABLE}, {@code WITH}; the cursor of PostgreSQL, {@code DECLARE ... CURSOR} and {@code FETCH}; {@code COPY ... TO}.
     */
    READ,

    /**
     * Adds rows: {@code INSERT}, also with {@code ON CONFLICT} or {@code ON DUPLICATE KEY}; {@code COPY ... FROM}; {@code LOAD
     * DATA} and {@code LOAD XML} of MySQL.
     */
    INSERT,

    /** Changes rows: {@code UPDATE}. */
    UPDATE,

    /** Removes rows: {@code DELETE}. {@code TRUNCATE} is {@link #DDL}. */
    DELETE,

    /** Adds rows or changes those that are there: {@code MERGE}, {@code REPLACE}, {@code UPSERT}. */
    MERGE,

    /**
     * Runs a procedure, a prepared statement or a block of code, and may do anything: {@code CALL}, also as <code>{call
     * f(?)}</code>, {@code EXEC}, {@code EXECUTE}, {@code DO}.
     */
    CALL,

    /**
     * Defines what there is and who may use it: {@code CREATE}, {@code ALTER}, {@code DROP}, {@code RENAME}, {@code COMMENT},
     * {@code GRANT}, {@code REVOKE}, {@code SECURITY LABEL}, {@code REASSIGN OWNED}, {@code REINDEX}, {@code IMPORT}; {@code
     * TRUNCATE}, as the manuals of H2 and MySQL have it; {@code SELECT ... INTO} a table and {@code REFRESH MATERIALIZED
     * VIEW}, as {@code CREATE TABLE ... AS}.
     */
    DDL,

    /**
     * Does nothing but begin, end or divide a transaction: {@code BEGIN}, {@code START TRANSACTION}, {@code COMMIT}, {@code
     * END}, {@code ABORT}, {@code ROLLBACK}, {@code SAVEPOINT}, {@code RELEASE}. What alone makes up a text of this kind is
     * counted as no query, so whatever may do more is {@link #OTHER}: a procedural {@code BEGIN ... END}, {@code PREPARE
     * TRANSACTION}, {@code XA}. {@code SET TRANSACTION} is {@link #SESSION}.
     */
    TRANSACTION,

    /**
     * Sets, shows or holds something of the connection or the server, and changes no row: {@code SET}, {@code RESET}, {@code
     * USE}, {@code SHOW}, {@code LISTEN}, {@code UNLISTEN}, {@code DISCARD}, {@code PREPARE}, {@code DEALLOCATE}, {@code
     * LOCK}, {@code UNLOCK}, {@code MOVE}, {@code CLOSE}, PostgreSQL's {@code LOAD} of a library.
     */
    SESSION,

    /**
     * Is none of these, or cannot be known: {@code EXPLAIN} and {@code DESCRIBE}, which may run what they explain; maintenance
     * such as {@code ANALYZE}, {@code VACUUM}, {@code CHECKPOINT}, {@code FLUSH}, {@code KILL}; {@code NOTIFY}, {@code
     * HANDLER}, {@code XA}, {@code RUNSCRIPT}; procedural code; several statements of different kinds; text that is no SQL.
     */
    OTHER;

    @SuppressWarnings("ImmutableEnumChecker") // what Set.of returns is
    private final Set<String> names = Set.of(name());

    /** As an operation has it, made once. */
    Set<String> names() {
        return names;
    }
}
