package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.script.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns replies of commands into what a script is given, and what it returns into the reply to its client. */
final class ScriptReplies {

    private static final int RESP3 = 3;

    private ScriptReplies() {}

    static Answer toAnswer(Reply reply, int protocol) {
        if (reply instanceof Reply.Status status) {
            return new Answer.Status(status.text());
        } else if (reply instanceof Reply.Failure failure) {
            return new Answer.Failure(failure.text());
        } else if (reply instanceof Reply.Int number) {
            return new Answer.Int(number.number());
        } else if (reply instanceof Reply.Bulk bulk) {
            return new Answer.Bulk(bulk.bytes());
        } else if (reply instanceof Reply.Real real) {
            return protocol >= RESP3
                    ? new Answer.Real(real.number())
                    : new Answer.Bulk(Doubles.print(real.number()).getBytes(StandardCharsets.US_ASCII));
        } else if (reply instanceof Reply.Verbatim verbatim) {
            return protocol >= RESP3
                    ? new Answer.Verbatim(verbatim.format(), verbatim.text())
                    : new Answer.Bulk(verbatim.text().getBytes(StandardCharsets.UTF_8));
        } else if (reply instanceof Reply.Nil || reply instanceof Reply.NilArray) {
            // What is nothing in RESP2 is false to a script.
            return protocol >= RESP3 ? new Answer.Nil() : new Answer.Bool(false);
        } else if (reply instanceof Reply.Versioned versioned) {
            return toAnswer(versioned.reply(), protocol);
        }
        return collection(reply, protocol);
    }

    private static Answer collection(Reply reply, int protocol) {
        if (reply instanceof Reply.Array array) {
            return new Answer.Array(all(array.elements(), protocol));
        } else if (reply instanceof Reply.Members members) {
            List<Answer> elements = all(members.elements().elements(), protocol);
            return protocol >= RESP3 ? new Answer.Members(elements) : new Answer.Array(elements);
        } else if (reply instanceof Reply.Pairs pairs) {
            List<Answer> elements = all(pairs.keysAndValues(), protocol);
            return protocol >= RESP3 ? new Answer.Pairs(elements) : new Answer.Array(elements);
        } else if (reply instanceof Reply.Couples couples) {
            List<Answer> elements = all(couples.elements(), protocol);
            return new Answer.Array(protocol >= RESP3 ? nested(elements) : elements);
        }
        throw new IllegalStateException("no script is given such a reply: " + reply);
    }

    private static List<Answer> nested(List<Answer> elements) {
        List<Answer> couples = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += 2) {
            couples.add(new Answer.Array(elements.subList(i, i + 2)));
        }
        return couples;
    }

    private static List<Answer> all(List<Reply> replies, int protocol) {
        return replies.stream().map(each -> toAnswer(each, protocol)).toList();
    }

    static Reply toReply(Answer answer) {
        if (answer instanceof Answer.Status status) {
            return Replies.status(status.text());
        } else if (answer instanceof Answer.Failure failure) {
            return Replies.error(failure.text());
        } else if (answer instanceof Answer.Int number) {
            return Replies.integer(number.number());
        } else if (answer instanceof Answer.Bulk bulk) {
            return Replies.bulk(bulk.bytes());
        } else if (answer instanceof Answer.Bool bool) {
            return new Reply.Bool(bool.value());
        } else if (answer instanceof Answer.Real real) {
            return Replies.real(real.number());
        } else if (answer instanceof Answer.BigNumber number) {
            return new Reply.BigNumber(number.digits());
        } else if (answer instanceof Answer.Verbatim verbatim) {
            return new Reply.Verbatim(verbatim.format(), verbatim.text());
        } else if (answer instanceof Answer.Array array) {
            return Replies.array(replies(array.elements()));
        } else if (answer instanceof Answer.Pairs pairs) {
            return new Reply.Pairs(replies(pairs.keysAndValues()));
        } else if (answer instanceof Answer.Members members) {
            return new Reply.Members(new Reply.Array(replies(members.elements())));
        }
        return Replies.NIL;
    }

    private static List<Reply> replies(List<Answer> answers) {
        return answers.stream().map(ScriptReplies::toReply).toList();
    }
}
