package com.pantherkolab.api.conversations;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `POST /api/conversations`.
public final class CreateConversationHandler implements Handler {
    static final String ROUTE = "conversations";

    private final StateReader state;
    private final Commands commands;
    private final Clock clock;
    private final Supplier<String> ids;

    public CreateConversationHandler(StateReader state, Commands commands, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Outcome handle(Request request) {
        return request.read(body -> CreateConversation.read(body, request.caller()))
                .then(command -> create(request.caller(), request.idempotencyKey(), command));
    }

    private Outcome create(UserId creator, @Nullable String key, CreateConversation command) {
        String conversationId = Conversations.id(command, creator, key, ids.get());
        Aggregate aggregate = Aggregate.conversation(conversationId);
        Idempotency once = Idempotency.of(creator, ROUTE, aggregate, key, command, ids);
        return commands.run(
                once,
                Conversations::created,
                () -> Conversations.create(
                        existing(conversationId, creator), conversationId, creator, command, once, clock.instant()));
    }

    private Conversations.@Nullable View existing(String conversationId, UserId creator) {
        Conversation conversation = state.conversation(conversationId);
        return conversation == null
                ? null
                : Conversations.View.of(
                        conversation, state.membership(conversation, creator).lastReadSequence());
    }
}
