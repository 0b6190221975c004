package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `POST /api/messages/send`.
public final class SendMessageHandler implements Handler {
    private static final String ROUTE = "messages/send";

    private final StateReader state;
    private final Commands commands;
    private final Clock clock;
    private final Supplier<String> ids;

    public SendMessageHandler(StateReader state, Commands commands, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Outcome handle(Request request) {
        return request.read(SendMessage::read)
                .then(command ->
                        send(request.caller(), command, once(request.caller(), request.idempotencyKey(), command)));
    }

    private Outcome send(UserId sender, SendMessage command, Idempotency once) {
        String messageId = ids.get();
        return commands.run(
                once,
                Messages::sent,
                () -> Messages.send(
                        state.conversationOf(sender, command.conversationId()),
                        sender,
                        command,
                        messageId,
                        once,
                        clock.instant()));
    }

    /// The key is `tempId`; the header says the same where both are there.
    private Idempotency once(UserId sender, @Nullable String header, SendMessage command) {
        Aggregate aggregate = Aggregate.conversation(command.conversationId());
        String key = command.tempId() == null ? header : command.tempId();
        return Idempotency.of(sender, ROUTE, aggregate, key, command, ids);
    }
}
