package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.UserId;
import java.time.Clock;

/// `POST /api/messages/typing`. What is one too many in its window, or too much for a large group, is answered 200
/// and told to nobody.
public final class TypingHandler implements Handler {
    private final StateReader state;
    private final Commands commands;
    private final Clock clock;

    public TypingHandler(StateReader state, Commands commands, Clock clock) {
        this.state = state;
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public Outcome handle(Request request) {
        return request.read(AnnounceTyping::read).then(command -> announce(request.caller(), command));
    }

    private Outcome announce(UserId user, AnnounceTyping command) {
        Conversation conversation = state.conversationOf(user, command.conversationId());
        if (conversation == null) {
            return new Outcome.Refused(Refusal.noSuchConversation());
        }
        if (conversation.participants().size() > Typing.MAX_PARTICIPANTS) {
            return new Outcome.Done();
        }
        return commands.save(
                new Change.TypingAnnounced(Typing.entry(conversation, user, command.isTyping(), clock.instant())),
                new Outcome.Done());
    }
}
