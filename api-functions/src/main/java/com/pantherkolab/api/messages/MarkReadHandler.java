package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.util.function.Supplier;

/// `POST /api/messages/read`. Idempotent by nature: a mark that is there already is answered and told to nobody.
public final class MarkReadHandler implements Handler {
    private final StateReader state;
    private final Commands commands;
    private final Clock clock;
    private final Supplier<String> ids;

    public MarkReadHandler(StateReader state, Commands commands, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Outcome handle(Request request) {
        return request.read(MarkRead::read).then(command -> mark(request.caller(), command));
    }

    private Outcome mark(UserId reader, MarkRead command) {
        Idempotency once = Idempotency.unkeyed(Aggregate.conversation(command.conversationId()), ids.get());
        return commands.run(once, ReadMarks::marked, () -> decide(reader, command, once));
    }

    private Decision decide(UserId reader, MarkRead command, Idempotency once) {
        Conversation conversation = state.conversationOf(reader, command.conversationId());
        if (conversation == null) {
            return new Decision.Refuse(Refusal.noSuchConversation());
        }
        return ReadMarks.mark(
                conversation, state.membership(conversation, reader), command.sequence(), once, clock.instant());
    }
}
