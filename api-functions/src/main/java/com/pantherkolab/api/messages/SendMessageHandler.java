package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.util.function.Supplier;

/// `POST /api/messages/send`.
public final class SendMessageHandler implements Handler {
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
        return request.read(SendMessage::read).then(command -> send(request.caller(), command));
    }

    private Outcome send(UserId sender, SendMessage command) {
        String messageId = ids.get();
        String eventId = ids.get();
        return commands.run(() -> Messages.send(
                state.conversation(command.conversationId()), sender, command, messageId, eventId, clock.instant()));
    }
}
